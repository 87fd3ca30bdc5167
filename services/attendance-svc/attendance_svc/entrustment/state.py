"""An entrustment: given, and one day over."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import EntrustmentEnded, EntrustmentGiven
from chancery.thing import Thing

EntrustmentEvent = EntrustmentGiven | EntrustmentEnded


@dataclass(frozen=True, slots=True)
class Entrustment:
    id: UUID
    given: EntrustmentGiven | None = None
    ended_at: datetime | None = None

    @property
    def over(self) -> bool:
        return self.ended_at is not None


def evolve(entrustment: Entrustment, event: EntrustmentEvent) -> Entrustment:
    match event:
        case EntrustmentGiven():
            return replace(entrustment, given=event)
        case EntrustmentEnded():
            return replace(entrustment, ended_at=event.ended_at)
        case _:
            assert_never(event)


ENTRUSTMENT: Thing[Entrustment, EntrustmentEvent] = Thing(
    "entrustment", Entrustment, evolve, (EntrustmentGiven, EntrustmentEnded)
)
