"""Enter a task that a person brings: an instruction, a finding, a motion, a petition, a message (登记立项)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chancery.calendar import Count, Span, end_of
from chancery.deadlines import counted
from chancery.events.parts import Counted
from chancery.events.supervision import AnotherLeadNamed, TaskEvent, TaskSource
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import TASK_SOURCES, TaskRule
from chancery.thing import Told
from supervision_svc.task.opening import DUE, ToDo, clock_of, opening, supervisor_of
from supervision_svc.task.responsible import naming, wrong
from supervision_svc.task.state import Stage, Task

HEARD = frozenset({"meeting_decision", "issued_document"})
"""Sources of which the house hears by itself, so that nobody types them twice."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody enters. ``received_at`` is when it came in; ``due_on`` a day that was set with it."""

    source: str
    title: str
    text: str
    received_at: datetime
    lead: str | None = None
    cooperating: tuple[str, ...] = ()
    reference: str | None = None
    given_by: str | None = None
    channel: str | None = None
    simple: bool | None = None
    kind: str | None = None
    features: tuple[str, ...] = ()
    proposer: str | None = None
    due_on: date | None = None
    major: bool | None = None
    also_lead: tuple[str, ...] = ()
    also_lead_reason: str | None = None
    responsible: tuple[str, ...] = ()
    outside_id: str | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """The units concerned, each once, the lead first."""
        return tuple(dict.fromkeys(unit for unit in (self.lead, *self.also_lead, *self.cooperating) if unit))


@dataclass(frozen=True, slots=True)
class Enter:
    by: PersonId
    at: datetime
    matter_id: UUID
    said: Said


def enter(command: Enter, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the unit that the rows name to watch over it; where they name none, the unit that enters it watches.

    Raises:
        Refused: it is there already, or of a source, unit, channel, kind or feature these rules do not know, each
            named; the house hears of the source itself; it came in after now; (forbidden) another unit watches.
    """
    if task.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("task_opened_already"))
    said = as_entered(command.said, command.by, rules)
    ruling, due = asked_for(said, rules, command.at)
    lacking = [*_from_another(said, ruling, rules), *_leads(said, ruling)]
    case = Case(lead_unit=said.lead, units_involved=said.units)
    lacking += wrong(rules, naming(rules, ruling.rows), said.responsible, case)
    if lacking:
        raise Refused(*lacking)
    watching = supervisor_of(ruling)
    if watching is not None and not rules.works_in(command.by, watching):
        params = {"unit": rules.titled(watching)}
        raise Refused(Reason("not_the_supervisor", tuple(ruling.citations), params), kind="forbidden")
    standing = rules.own_standing(command.by, watching)
    own = next((seat.unit for seat in rules.roster.held_by(command.by, rules.at) if seat.unit), None)
    if watching is None and own is None:
        raise Refused(Reason("of_no_unit"), kind="forbidden")
    to_do = ToDo(
        matter_id=command.matter_id,
        source=source_of(said, task.id),
        title=said.title,
        text=said.text,
        lead=said.lead,
        cooperating=said.cooperating,
        opened_at=command.at,
        features=said.features,
        supervisor=own,
        kind=said.kind,
        major=said.major,
        proposer=said.proposer,
        outside_id=said.outside_id,
        responsible=said.responsible,
    )
    told = [*opening(rules, task, to_do, ruling, due)]
    told += [another_lead(task.id, command.matter_id, unit, said, command) for unit in said.also_lead]
    return [Told(one.event, one.under, standing) for one in told]


def another_lead(task_id: UUID, matter_id: UUID, unit: str, said: Said, command: Enter) -> Told[TaskEvent]:
    named = AnotherLeadNamed(
        task_id=task_id,
        matter_id=matter_id,
        unit=unit,
        reason=said.also_lead_reason or "—",
        named_by=command.by,
        named_at=command.at,
    )
    return Told(named)


def as_entered(said: Said, by: PersonId, rules: Rules) -> Said:
    """With who brings it forward found from whoever gave it, else from the unit that enters it, never as it is said."""
    if said.proposer is not None and rules.known("proposers", said.proposer) is None:
        return said
    if said.given_by is not None:
        posts = {seat.post for seat in rules.roster.held_by(said.given_by, rules.at)}
        found = next((post for post in sorted(posts) if rules.pack.term("proposers", post) is not None), None)
        return replace(said, proposer=found or _kind_of_unit(said.given_by, rules))
    return said if said.proposer is not None else replace(said, proposer=_kind_of_unit(by, rules))


def _kind_of_unit(person: str, rules: Rules) -> str | None:
    units = [seat.unit for seat in rules.roster.held_by(person, rules.at) if seat.unit]
    kinds = [rules.roster.units[unit].kind for unit in units if unit in rules.roster.units]
    return next((kind for kind in kinds if rules.pack.term("proposers", kind) is not None), None)


def _from_another(said: Said, ruling: Ruling[TaskRule], rules: Rules) -> list[Reason]:
    """Where the rules know the source, but only from others: who those are, with the clauses."""
    if ruling.regulated or said.given_by is None:
        return []
    words = rules.pack.vocabulary("proposers")
    found = [rules.ask(TASK_SOURCES, **_facts(replace(said, proposer=word))) for word in sorted(words)]
    fits = [(word, one) for word, one in zip(sorted(words), found, strict=True) if one.regulated]
    if not fits:
        return []
    cites = tuple({cite.clause: cite for _, one in fits for cite in one.citations}.values())
    who = "、".join(rules.titled(word) for word, _ in fits)
    return [Reason("comes_from_another", cites, {"who": who}, "given_by")]


def _leads(said: Said, ruling: Ruling[TaskRule]) -> list[Reason]:
    """One leads where the rules want exactly one; a second only for a recorded reason where they want one normally."""
    strict = [hit for hit in ruling.hits if "lead" in hit.outcome.model_fields_set and hit.outcome.lead == "exactly"]
    usual = [hit for hit in ruling.hits if hit.outcome.lead == "normally"]
    reasons: list[Reason] = []
    if said.lead is None and said.cooperating:
        reasons += [Reason("needs_one_lead", hit.cites, subject="lead") for hit in strict[:1]]
    if said.also_lead and strict:
        cites = tuple({cite.clause: cite for hit in strict for cite in hit.cites}.values())
        reasons.append(Reason("exactly_one_lead", cites, subject="also_lead"))
    elif said.also_lead and usual and not said.also_lead_reason:
        cites = tuple({cite.clause: cite for hit in usual for cite in hit.cites}.values())
        reasons.append(Reason("second_lead_needs_reason", cites, subject="also_lead_reason"))
    return reasons


def source_of(said: Said, event_id: UUID) -> TaskSource:
    return TaskSource(
        kind=said.source,
        event_id=event_id,
        reference=said.reference,
        given_by=said.given_by,
        channel=said.channel,
    )


def asked_for(said: Said, rules: Rules, now: datetime) -> tuple[Ruling[TaskRule], Counted | None]:
    """What the rules make of it, and by when it is due.

    Raises:
        Refused: it speaks of what these rules do not know, each named; or came in after now.
    """
    _known(said, rules, now)
    ruling = rules.ask(TASK_SOURCES, **_facts(said))
    facts = {"channel": said.channel, "simple": said.simple, "source": said.source}
    due = _set(said, rules) or clock_of(rules, ruling, said.received_at, body=None, kind=said.kind, **facts)
    return ruling, due


def _facts(said: Said) -> dict[str, Any]:
    return {
        "source": said.source,
        "kind": said.kind,
        "features": frozenset(said.features),
        "proposer": said.proposer,
        "major": said.major,
        "departments": len(said.units),
    }


def _known(said: Said, rules: Rules, now: datetime) -> None:
    wrong: list[Reason] = []
    if said.source in HEARD:
        wrong.append(Reason("heard_by_itself", params={"source": rules.titled(said.source)}, subject="source"))
    for vocabulary, subject, words in (
        ("task_sources", "source", (said.source,)),
        ("channels", "channel", (said.channel,)),
        ("kinds", "kind", (said.kind,)),
        ("features", "features", said.features),
        ("proposers", "proposer", (said.proposer,)),
    ):
        strange = [word for word in words if word is not None and rules.known(vocabulary, word) is None]
        wrong += [Reason("word_not_known", params={"word": word}, subject=subject) for word in strange]
    units_said = (("lead", (said.lead,)), ("cooperating", said.cooperating), ("also_lead", said.also_lead))
    for subject, units in units_said:
        strange = [unit for unit in units if unit is not None and unit not in rules.roster.units]
        wrong += [Reason("unit_not_known", params={"unit": unit}, subject=subject) for unit in strange]
    if said.given_by is not None and said.given_by not in rules.roster.persons:
        wrong.append(Reason("person_not_known", params={"person": said.given_by}, subject="given_by"))
    if said.received_at > now:
        wrong.append(Reason("received_later_than_now", subject="received_at"))
    if wrong:
        raise Refused(*wrong)


def _set(said: Said, rules: Rules) -> Counted | None:
    return set_to(said.due_on, said.received_at, rules) if said.due_on is not None else None


def set_to(due_on: date, since: datetime, rules: Rules) -> Counted:
    """The day that was set with it; no calendar moves it."""
    count = Count(
        starts_at=since,
        span=Span(n=0, unit="calendar_day"),
        due_on=due_on,
        due_at=end_of(due_on, rules.closing),
        calendar_version=rules.calendar.version,
        set_to=due_on,
    )
    return counted(count, name=DUE, rule="instruction", clauses=(), force="must")
