"""An entrustment: given, and one day over."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import EntrustmentEnded, EntrustmentGiven
from chancery.thing import Thing

EntrustmentEvent = EntrustmentGiven | EntrustmentEnded


@dataclass(frozen=True, slots=True)
class Entrustment:
    id: UUID
    given: EntrustmentGiven | None = None
    over: bool = False


def evolve(entrustment: Entrustment, event: EntrustmentEvent) -> Entrustment:
    match event:
        case EntrustmentGiven():
            return replace(entrustment, given=event)
        case EntrustmentEnded():
            return replace(entrustment, over=True)
        case _:
            assert_never(event)


ENTRUSTMENT: Thing[Entrustment, EntrustmentEvent] = Thing(
    "entrustment", Entrustment, evolve, (EntrustmentGiven, EntrustmentEnded)
)
