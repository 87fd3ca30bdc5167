"""Whether somebody acts."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import ActingEnded, ActingStarted
from chancery.service import derived
from chancery.thing import Thing

ActingEvent = ActingStarted | ActingEnded


@dataclass(frozen=True, slots=True)
class Acting:
    id: UUID
    started: ActingStarted | None = None
    over: bool = False


def evolve(acting: Acting, event: ActingEvent) -> Acting:
    match event:
        case ActingStarted():
            return replace(acting, started=event, over=False)
        case ActingEnded():
            return replace(acting, over=True)
        case _:
            assert_never(event)


ACTING: Thing[Acting, ActingEvent] = Thing("acting", Acting, evolve, (ActingStarted, ActingEnded))


def acting_of(absence: UUID) -> UUID:
    """The acting that belongs to an absence."""
    return derived(absence, "acting")
