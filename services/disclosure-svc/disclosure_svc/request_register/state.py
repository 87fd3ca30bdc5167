"""Which numbers of requests a year has given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chancery.events.disclosure import RequestNumberAssigned
from chancery.rules.rulebook import Rules
from chancery.thing import Thing, Told


@dataclass(frozen=True, slots=True)
class Register:
    id: UUID
    last: int = 0
    given: frozenset[UUID] = frozenset()


def evolve(register: Register, event: RequestNumberAssigned) -> Register:
    return replace(register, last=event.seq, given=register.given | {event.request_id})


REGISTER: Thing[Register, RequestNumberAssigned] = Thing(
    "request_register", Register, evolve, (RequestNumberAssigned,), of_many=True
)


@dataclass(frozen=True, slots=True)
class AssignNumber:
    request_id: UUID
    year: int


def assign_number(command: AssignNumber, register: Register, rules: Rules) -> Sequence[Told[RequestNumberAssigned]]:
    """Year and number: no gap, no reuse, one for each."""
    del rules
    if command.request_id in register.given:
        return []
    seq = register.last + 1
    number = f"{command.year}-{seq:04d}"
    return [Told(RequestNumberAssigned(year=command.year, seq=seq, number=number, request_id=command.request_id))]
