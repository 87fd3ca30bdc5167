"""Register a unit, or its new name (登记单位)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.keepers import keeper
from attendance_svc.unit.state import Unit
from chancery.events.attendance import UnitRegistered
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class RegisterUnit:
    by: PersonId | None
    unit: UnitRegistered


def register_unit(command: RegisterUnit, unit: Unit, rules: Rules) -> Sequence[Told[UnitRegistered]]:
    """What is known already is not told again."""
    keeper(rules, command.by)
    return [] if unit.known == command.unit else [Told(command.unit)]
