"""Record a day of field research, or strike it (登记、撤销调研日)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attendance_svc.keepers import keeps
from attendance_svc.research_day.state import ResearchDay, ResearchEvent
from chancery.calendar import local_day
from chancery.events.attendance import ResearchDayRecorded, ResearchDayStruck
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Record:
    by: PersonId
    person_id: str
    day: date
    place: str
    subject: str


@dataclass(frozen=True, slots=True)
class Strike:
    by: PersonId
    person_id: str
    day: date
    reason: str


def record(command: Record, day: ResearchDay, rules: Rules) -> Sequence[Told[ResearchEvent]]:
    """By the leader himself or the office for him; the same place and subject twice is once.

    Raises:
        Refused: the day lies ahead, or he holds no post on it; (forbidden) for somebody else.
    """
    _may(command.by, command.person_id, rules)
    reasons: list[Reason] = []
    if command.day > local_day(rules.at):
        reasons.append(Reason("day_lies_ahead", subject="day"))
    if not any(a.person == command.person_id and a.holds(command.day) for a in rules.roster.appointments):
        reasons.append(Reason("holds_no_post", params={"who": rules.roster.name(command.person_id)}))
    if reasons:
        raise Refused(*reasons)
    if any((one.place, one.subject) == (command.place, command.subject) for one in day.recorded):
        return []
    told = ResearchDayRecorded(
        person_id=command.person_id,
        day=command.day,
        place=command.place,
        subject=command.subject,
        recorded_by=command.by,
    )
    return [Told(told)]


def strike(command: Strike, day: ResearchDay, rules: Rules) -> Sequence[Told[ResearchEvent]]:
    """The day counts no more; struck twice is once.

    Raises:
        Refused: it was never recorded; (forbidden) for somebody else.
    """
    _may(command.by, command.person_id, rules)
    if not day.counts:
        raise not_found("research_day")
    return [Told(ResearchDayStruck(person_id=command.person_id, day=command.day, reason=command.reason))]


def _may(by: PersonId, person: str, rules: Rules) -> None:
    if by != person and not keeps(rules, by):
        raise Refused(Reason("not_your_research_day"), kind="forbidden")
