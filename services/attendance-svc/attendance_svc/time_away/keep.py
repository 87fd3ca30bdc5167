"""Set a time aside for an absence before it is put forward, and free it again (占用、释放外出时段)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.time_away.state import TimeAway, TimeAwayEvent, meets
from chancery.calendar import local_day
from chancery.events.attendance import TimeAwayFreed, TimeAwayKept
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class KeepTime:
    person_id: str
    absence_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class FreeTime:
    person_id: str
    absence_id: str


def keep_time(command: KeepTime, times: TimeAway, rules: Rules) -> Sequence[Told[TimeAwayEvent]]:
    """No two absences of one person are given the same time, also where neither is known of the other yet.

    A time that was set aside counts as long as it is not freed, until the person is back: a longer absence that was
    asked for keeps its time while it waits. Absences of the roster count whether a time was set aside or not.

    Raises:
        Refused: another absence has a moment of it.
    """
    others = {
        other.id: other.starts_at
        for other in rules.roster.absences_of(command.person_id, command.starts_at, command.ends_at)
        if other.id != command.absence_id
    }
    for kept in times.kept.values():
        known = rules.roster.absences.get(kept.absence_id)
        over = known is not None and known.returned_at is not None
        if kept.absence_id == command.absence_id or over or not meets(kept, command.starts_at, command.ends_at):
            continue
        others.setdefault(kept.absence_id, kept.starts_at)
    if others:
        raise Refused(
            *(
                Reason("over_another_absence", params={"from": local_day(starts).isoformat()})
                for starts in sorted(others.values())
            )
        )
    wanted = TimeAwayKept(
        person_id=command.person_id,
        absence_id=command.absence_id,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
    )
    return [] if times.kept.get(command.absence_id) == wanted else [Told(wanted)]


def free_time(command: FreeTime, times: TimeAway, rules: Rules) -> Sequence[Told[TimeAwayEvent]]:
    """The absence was refused or taken back, or never came to be; freed twice is once."""
    del rules
    if command.absence_id not in times.kept:
        return []
    return [Told(TimeAwayFreed(person_id=command.person_id, absence_id=command.absence_id))]
