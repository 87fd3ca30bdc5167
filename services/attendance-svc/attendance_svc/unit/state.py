"""A unit as registered."""

from dataclasses import dataclass, replace
from uuid import UUID

from chancery.events.attendance import UnitRegistered
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Unit:
    id: UUID
    known: UnitRegistered | None = None


def evolve(unit: Unit, event: UnitRegistered) -> Unit:
    return replace(unit, known=event)


UNIT: Thing[Unit, UnitRegistered] = Thing("unit", Unit, evolve, (UnitRegistered,))
