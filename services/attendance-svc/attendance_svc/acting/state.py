"""Whether somebody acts, or nobody was named who could."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import ActingEnded, ActingGapEnded, ActingNotNamed, ActingStarted
from chancery.service import derived
from chancery.thing import Thing

ActingEvent = ActingStarted | ActingNotNamed | ActingGapEnded | ActingEnded


@dataclass(frozen=True, slots=True)
class Acting:
    """``gap`` is there while somebody is away and nobody was named to act."""

    id: UUID
    started: ActingStarted | None = None
    over: bool = False
    gap: ActingNotNamed | None = None

    @property
    def running(self) -> ActingStarted | None:
        return None if self.over else self.started


def evolve(acting: Acting, event: ActingEvent) -> Acting:
    match event:
        case ActingStarted():
            return replace(acting, started=event, over=False, gap=None)
        case ActingNotNamed():
            return replace(acting, gap=event)
        case ActingGapEnded():
            return replace(acting, gap=None)
        case ActingEnded():
            return replace(acting, over=True)
        case _:
            assert_never(event)


ACTING: Thing[Acting, ActingEvent] = Thing(
    "acting", Acting, evolve, (ActingStarted, ActingNotNamed, ActingGapEnded, ActingEnded)
)


def acting_of(absence: UUID) -> UUID:
    """The acting that belongs to an absence."""
    return derived(absence, "acting")
