"""Whether a day of a leader counts as one of field research."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import ResearchDayRecorded, ResearchDayStruck
from chancery.service import stream_of
from chancery.thing import Thing

ResearchEvent = ResearchDayRecorded | ResearchDayStruck


@dataclass(frozen=True, slots=True)
class ResearchDay:
    id: UUID
    recorded: tuple[ResearchDayRecorded, ...] = ()

    @property
    def counts(self) -> bool:
        return bool(self.recorded)


def evolve(day: ResearchDay, event: ResearchEvent) -> ResearchDay:
    match event:
        case ResearchDayRecorded():
            return replace(day, recorded=(*day.recorded, event))
        case ResearchDayStruck():
            return replace(day, recorded=())
        case _:
            assert_never(event)


RESEARCH_DAY: Thing[ResearchDay, ResearchEvent] = Thing(
    "research_day", ResearchDay, evolve, (ResearchDayRecorded, ResearchDayStruck)
)


def day_of(tenant: str, person: str, day: date) -> UUID:
    """The stream of one leader's day: a day counts once, however often it is recorded."""
    return stream_of(tenant, "research_day", f"{person}/{day.isoformat()}")
