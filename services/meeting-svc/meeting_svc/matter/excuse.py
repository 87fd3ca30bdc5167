"""Excuse one thing that the rules ask of a matter in principle, with the reason (同意例外)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from chancery.events.meeting import MatterEvent, MatterFacts, RequirementExcused
from chancery.names import PersonId
from chancery.refusal import Excusable, Reason, Refused
from chancery.rules.excusing import Excusing, excusing
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.setting_aside import LEAD, PROPOSER, excusable, proved
from chancery.rules.tables import AGENDA, GATES
from chancery.thing import Told
from meeting_svc.clerks import unknown_body
from meeting_svc.facts import case_of, facts_of
from meeting_svc.matter.proposing import proposers_of
from meeting_svc.matter.state import Matter

STAGES: Final = ("submission", "agenda", "decision")
"""The gates that are asked here."""


@dataclass(frozen=True, slots=True)
class ExcuseRequirement:
    """``body`` is the body the matter is to be put to, where the row speaks of one."""

    by: PersonId
    asked: Excusing
    body: str | None = None


def excuse(command: ExcuseRequirement, matter: Matter, rules: Rules) -> Sequence[Told[MatterEvent]]:
    """By the one whom the row names; from then on it asks this of the matter no more. What must be is never excused.

    Raises:
        Refused: the matter has no file, there is no such row, it must be kept, or nothing of it is unmet; (forbidden)
            another may excuse it, or it is his own matter.
    """
    facts = matter.facts
    if facts is None:
        raise Refused(Reason("matter_not_open"))
    if command.body is not None and rules.body(command.body) is None:
        raise Refused(unknown_body(rules, command.body))
    case = case_of(facts, raiser=matter.opened_by, applicant=matter.opened_by, body=command.body)
    given = excusing(
        command.asked,
        command.by,
        rules,
        case,
        tables=(GATES.name, AGENDA.name),
        given=matter.excuses,
        unmet=tuple(_unmet(matter, facts, rules, case, command.body)),
    )
    told = RequirementExcused(matter_id=matter.id, excuse=given.excuse)
    return [Told(told, (given.under,), given.standing)]


def _unmet(matter: Matter, facts: MatterFacts, rules: Rules, case: Case, body: str | None) -> Iterator[Excusable]:
    """What the gates lack now; what the body asks of any item is asked anew with each submission."""
    for proposer in proposers_of(rules, facts):
        asked = facts_of(rules, facts, proposer) | {"body": body}
        for stage in STAGES:
            _, reasons = rules.unmet_gates(
                stage, asked, matter.evidence, case, excuses=matter.excuses, claims=matter.claims
            )
            yield from (way for reason in reasons for way in reason.excusable)
        agenda = rules.ask(AGENDA, excepted=proved(matter.claims, matter.evidence), **asked).first
        if body is None or agenda is None:
            continue
        wanted = [*((agenda.outcome.form,) if agenda.outcome.form else ()), *agenda.outcome.attachments]
        for what in (LEAD, PROPOSER, *wanted):
            yield from excusable(AGENDA.name, agenda, what, lambda who: rules.who(who, case).people())
