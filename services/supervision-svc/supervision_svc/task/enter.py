"""Enter a task that a person brings: an instruction, a finding, a motion, a petition, a message (登记立项)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chancery.calendar import Count, Span, end_of
from chancery.deadlines import counted
from chancery.events.parts import Counted
from chancery.events.supervision import TaskEvent, TaskSource
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import TASK_SOURCES, TaskRule
from chancery.thing import Told
from supervision_svc.task.opening import DUE, ToDo, clock_of, opening, supervisor_of
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
    said = command.said
    ruling, due = asked_for(said, rules, command.at)
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
    )
    told = opening(rules, task, to_do, ruling, due)
    return [Told(one.event, one.under, standing) for one in told]


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
    ruling = rules.ask(
        TASK_SOURCES,
        source=said.source,
        kind=said.kind,
        features=frozenset(said.features),
        proposer=said.proposer,
        departments=len(dict.fromkeys(unit for unit in (said.lead, *said.cooperating) if unit)),
    )
    facts = {"channel": said.channel, "simple": said.simple, "source": said.source}
    due = _set(said, rules) or clock_of(rules, ruling, said.received_at, body=None, kind=said.kind, **facts)
    return ruling, due


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
    for subject, units in (("lead", (said.lead,)), ("cooperating", said.cooperating)):
        strange = [unit for unit in units if unit is not None and unit not in rules.roster.units]
        wrong += [Reason("unit_not_known", params={"unit": unit}, subject=subject) for unit in strange]
    if said.given_by is not None and said.given_by not in rules.roster.persons:
        wrong.append(Reason("person_not_known", params={"person": said.given_by}, subject="given_by"))
    if said.received_at > now:
        wrong.append(Reason("received_later_than_now", subject="received_at"))
    if wrong:
        raise Refused(*wrong)


def _set(said: Said, rules: Rules) -> Counted | None:
    """The day that was set with it; no calendar moves it."""
    if said.due_on is None:
        return None
    count = Count(
        starts_at=said.received_at,
        span=Span(n=0, unit="calendar_day"),
        due_on=said.due_on,
        due_at=end_of(said.due_on, rules.closing),
        calendar_version=rules.calendar.version,
        set_to=said.due_on,
    )
    return counted(count, name=DUE, rule="instruction", clauses=(), force="must")
