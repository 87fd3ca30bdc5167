"""Which times of one person are set aside, and for which absences."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import TimeAwayFreed, TimeAwayKept
from chancery.service import stream_of
from chancery.thing import Thing

TimeAwayEvent = TimeAwayKept | TimeAwayFreed


@dataclass(frozen=True, slots=True)
class TimeAway:
    """``kept`` are the times set aside, by absence."""

    id: UUID
    kept: Mapping[str, TimeAwayKept] = field(default_factory=dict[str, TimeAwayKept])


def evolve(times: TimeAway, event: TimeAwayEvent) -> TimeAway:
    match event:
        case TimeAwayKept():
            return replace(times, kept={**times.kept, event.absence_id: event})
        case TimeAwayFreed():
            left = {absence: kept for absence, kept in times.kept.items() if absence != event.absence_id}
            return replace(times, kept=left)
        case _:
            assert_never(event)


TIME_AWAY: Thing[TimeAway, TimeAwayEvent] = Thing(
    "time_away", TimeAway, evolve, (TimeAwayKept, TimeAwayFreed), of_many=True
)


def times_of(tenant: str, person: str) -> UUID:
    """The stream of a person's times. All that is said of them is said there, so two cannot take one time at once."""
    return stream_of(tenant, "time_away", person)


def meets(kept: TimeAwayKept, starts_at: datetime, ends_at: datetime) -> bool:
    return kept.starts_at < ends_at and starts_at < kept.ends_at
