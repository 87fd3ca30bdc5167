"""A number register (发文登记): one issuer's code in one year, counting from its first number, no gap and no reuse."""

from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from chancery.events.document import NumberAssigned, RegisterEvent, RegisterOpened
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Register:
    """``next_seq`` is what the next document gets; ``given`` keeps the whole number each document has."""

    id: UUID
    opened: bool = False
    next_seq: int = 1
    given: dict[UUID, NumberAssigned] = field(default_factory=dict[UUID, NumberAssigned])


def evolve(register: Register, event: RegisterEvent) -> Register:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case RegisterOpened():
            return replace(register, opened=True, next_seq=event.next_seq)
        case NumberAssigned():
            return replace(register, next_seq=event.seq + 1, given=register.given | {event.document_id: event})
        case _:
            assert_never(event)


REGISTER: Thing[Register, RegisterEvent] = Thing(
    "document_register", Register, evolve, (RegisterOpened, NumberAssigned), of_many=True
)
