"""Put a matter to a body (议题报送)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from chancery.calendar import local_day
from chancery.events.meeting import AgendaAccepted, AgendaHeldOver, AgendaItemEvent, AgendaSubmitted, MatterFacts
from chancery.events.parts import PaperRef
from chancery.names import PersonId
from chancery.refusal import Excusable, Reason, Refused
from chancery.rules.gates import joined
from chancery.rules.grounds import bound_by
from chancery.rules.resolve import Case
from chancery.rules.rulebook import NOTHING, Rules
from chancery.rules.ruling import AnyRuling, Hit, Ruling
from chancery.rules.setting_aside import LEAD, PROPOSER, effective, excusable, excused, proved
from chancery.rules.tables import AGENDA, Agenda
from chancery.thing import Told
from meeting_svc.agenda_item.papers import KeptFile, KeptFiles, unusable
from meeting_svc.agenda_item.state import COMES_AGAIN, AgendaItem, Stage
from meeting_svc.agenda_item.way import has_the_word, proposer_of
from meeting_svc.clerks import unknown_body
from meeting_svc.competence import competence_of
from meeting_svc.facts import case_of, facts_of
from meeting_svc.matter.state import Matter

GATE_STAGES = ("submission", "agenda")
HARD = frozenset({"must", "in_principle"})
PAPERS_LATE = "papers_late"


@dataclass(frozen=True, slots=True)
class Submit:
    """``matter`` as its file stands now. ``for_unit`` None: the matter's lead unit.

    ``earlier`` is the item, as it stands now, that was given or taken back and comes again with this one; ``kept``
    are those files of ``papers`` that are here.
    """

    by: PersonId
    at: datetime
    matter: Matter
    body: str
    for_unit: str | None = None
    sitting_on: date | None = None
    papers: tuple[PaperRef, ...] = ()
    on_paper: tuple[str, ...] = ()
    earlier: AgendaItem | None = None
    kept: KeptFiles = field(default_factory=dict[str, KeptFile])


def submit(command: Submit, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """Take the item in, or name everything that stands in its way.

    Late papers are no error where the rules hold the item over. Where nobody but the proposer himself would have to
    say a word, in his own right, the item is on the agenda at once.

    Raises:
        Refused: one reason per unmet gate, missing paper, wrong body or wrong proposer, each with its clauses.
    """
    facts = command.matter.facts
    if facts is None:
        raise Refused(Reason("matter_not_open"))
    if item.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("already_submitted"))
    if rules.body(command.body) is None:
        raise Refused(unknown_body(rules, command.body))
    unit = command.for_unit or facts.lead_unit
    proposer = proposer_of(rules, command.by, unit)
    asked = facts_of(rules, facts, proposer)

    excepted = proved(command.matter.claims, command.matter.evidence)
    agenda = rules.ask(AGENDA, excepted=excepted, body=command.body, **asked)
    case = case_of(facts, raiser=command.by, applicant=command.by, body=command.body)
    competence, not_competent = _competence(command, facts, rules, case)
    lacking = [
        *_earlier(command),
        *not_competent,
        *_proposer(rules, agenda, command, unit, proposer),
        *_papers(rules, agenda, command),
        *unusable(command.papers, command.kept),
    ]
    due, late = _lead(rules, agenda, command)
    if late and agenda.first is not None and agenda.first.outcome.on_late != "next_session":
        params = {"due_on": str(due)}
        ways = _ways(rules, agenda.first, LEAD, case)
        lacking.append(Reason(PAPERS_LATE, tuple(agenda.citations), params, subject="sitting_on", excusable=ways))
    under: list[AnyRuling] = [agenda, competence]
    missing: list[Reason] = []
    for stage in GATE_STAGES:
        gates, unmet = rules.unmet_gates(
            stage,
            asked | {"body": command.body},
            command.matter.evidence,
            case,
            excuses=command.matter.excuses,
            claims=command.matter.claims,
        )
        under.append(bound_by(gates))
        missing = joined(missing, unmet)
    lacking += missing
    if lacking:
        raise Refused(*lacking)

    submitted = AgendaSubmitted(
        item_id=item.id,
        matter_id=command.matter.id,
        facts=facts,
        body=command.body,
        sitting_on=command.sitting_on,
        papers=command.papers,
        on_paper=command.on_paper,
        submitted_by=command.by,
        for_unit=unit,
        submitted_at=command.at,
        papers_due_on=due,
        exceptions=effective(rules.pack.rows(AGENDA), command.matter.claims, command.matter.evidence),
        resubmits=command.earlier.id if command.earlier is not None else None,
    )
    standing = rules.own_standing(command.by, unit if rules.works_in(command.by, unit) else None)
    told: list[Told[AgendaItemEvent]] = [Told(submitted, tuple(one for one in under if one.citations), standing)]
    if late:
        held_over = AgendaHeldOver(item_id=item.id, from_sitting_on=command.sitting_on, reason=PAPERS_LATE)
        told.append(Told(held_over, (agenda,), standing))
    if agenda.first is not None and _at_once(rules, agenda.first, command, case):
        accepted = AgendaAccepted(
            item_id=item.id, matter_id=command.matter.id, body=command.body, accepted_at=command.at
        )
        told.append(Told(accepted, (agenda,), standing))
    return told


def _earlier(command: Submit) -> list[Reason]:
    """Only what was given or taken back comes again, and to the same file."""
    before = command.earlier
    if before is None:
        return []
    if before.submitted is None or before.submitted.matter_id != command.matter.id:
        return [Reason("item_of_another_matter", subject="resubmits")]
    if before.stage not in COMES_AGAIN:
        return [Reason("item_not_given_back", params={"stage": before.stage.value}, subject="resubmits")]
    return []


def _at_once(rules: Rules, hit: Hit[Agenda], command: Submit, case: Case) -> bool:
    """Whether nobody but the proposer would have to say a word; where there is a checklist, somebody has."""
    if hit.outcome.checklist and hit.force in HARD:
        return False
    return has_the_word(rules, hit.outcome.route, command.by, command.body, case)


def _ways(rules: Rules, hit: Hit[Agenda], what: str, case: Case) -> tuple[Excusable, ...]:
    """By whom it could be excused, if it can."""
    return excusable(AGENDA.name, hit, what, lambda who: rules.who(who, case).people())


def _competence(command: Submit, facts: MatterFacts, rules: Rules, case: Case) -> tuple[AnyRuling, list[Reason]]:
    """Rows that say where the matter must go bind; where several bodies may, whoever chooses has chosen or submits."""
    matter = command.matter
    found = competence_of(rules, facts, proved(matter.claims, matter.evidence))
    bodies = list(dict.fromkeys(hit.outcome.body for hit in found.binding))
    if bodies and command.body not in bodies:
        names = {"body": rules.titled(command.body), "bodies": "、".join(rules.titled(one) for one in bodies)}
        return found.ruling, [Reason("body_not_competent", found.bound_by, names, subject="body")]
    if command.body not in found.bodies or not found.choosers:
        return found.resting(command.body), []
    if matter.chosen == command.body or rules.is_one_of(command.by, found.choosers, case, "choose") is not None:
        return found.resting(command.body), []
    cites = tuple(found.choosing.citations)
    names = {
        "bodies": "、".join(rules.titled(one) for one in found.bodies),
        "who": "、".join(rules.titled(one.name) if one.name else one.written() for one in found.choosers),
        "chosen": rules.titled(matter.chosen) if matter.chosen else "",
    }
    code = "body_not_chosen" if matter.chosen is None else "another_body_chosen"
    return found.ruling, [Reason(code, cites, names, subject="body")]


def _proposer(rules: Rules, agenda: Ruling[Agenda], command: Submit, unit: str, proposer: str | None) -> list[Reason]:
    if proposer is None and not rules.works_in(command.by, unit):
        return [Reason("not_of_the_unit", params={"unit": rules.titled(unit)}, subject="for_unit")]
    hit = agenda.first
    if hit is None or not hit.outcome.proposers or hit.force not in HARD or proposer in hit.outcome.proposers:
        return []
    if excused(command.matter.excuses, AGENDA.name, hit, [PROPOSER]):
        return []
    params = {"unit": rules.titled(proposer or unit), "body": rules.titled(command.body)}
    ways = _ways(rules, hit, PROPOSER, NOTHING)
    return [Reason("not_a_proposer", tuple(agenda.citations), params, excusable=ways)]


def _papers(rules: Rules, agenda: Ruling[Agenda], command: Submit) -> list[Reason]:
    hit: Hit[Agenda] | None = agenda.first
    if hit is None or hit.force not in HARD:
        return []
    there = {paper.kind for paper in command.papers} | set(command.on_paper)
    wanted = dict.fromkeys((*((hit.outcome.form,) if hit.outcome.form else ()), *hit.outcome.attachments))
    cites = tuple(agenda.citations)
    return [
        Reason(
            "needs_paper",
            cites,
            {"paper": rules.titled(kind), "kind": kind},
            subject="papers",
            excusable=_ways(rules, hit, kind, NOTHING),
        )
        for kind in wanted
        if kind not in there and not excused(command.matter.excuses, AGENDA.name, hit, [kind])
    ]


def _lead(rules: Rules, agenda: Ruling[Agenda], command: Submit) -> tuple[date | None, bool]:
    """The day the papers were due by, and whether they came after it; None where nothing is regulated."""
    hit = agenda.first
    if hit is None or hit.outcome.lead is None or command.sitting_on is None:
        return None, False
    due = rules.lead(hit.outcome.lead, command.sitting_on).due_on
    binding = hit.force in HARD and hit.outcome.on_late is not None
    binding = binding and not excused(command.matter.excuses, AGENDA.name, hit, [LEAD])
    return due, binding and local_day(command.at) > due
