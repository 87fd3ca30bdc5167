"""A number register (发文登记): one code in one year, counting from its first number, no gap and no reuse."""

from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from chancery.events.document import NumberAssigned, RegisterEvent, RegisterOpened
from chancery.events.outgoing import NumberCancelled, NumberReserved
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Register:
    """``next_seq`` is what the next document gets; ``given`` keeps the whole number each document has.

    ``reserved`` are the numbers set aside and not given yet, ``void`` those nobody gets any more.
    """

    id: UUID
    opened: bool = False
    next_seq: int = 1
    given: dict[UUID, NumberAssigned] = field(default_factory=dict[UUID, NumberAssigned])
    reserved: dict[int, NumberReserved] = field(default_factory=dict[int, NumberReserved])
    void: frozenset[int] = frozenset()


def evolve(register: Register, event: RegisterEvent) -> Register:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case RegisterOpened():
            return replace(register, opened=True, next_seq=event.next_seq)
        case NumberReserved():
            reserved = register.reserved | {event.seq: event}
            return replace(register, next_seq=event.seq + 1, reserved=reserved)
        case NumberAssigned():
            given = register.given | {event.document_id: event}
            if not event.reserved:
                return replace(register, next_seq=event.seq + 1, given=given)
            return replace(register, given=given, reserved=_without(register.reserved, event.seq))
        case NumberCancelled():
            given = register.given
            if event.document_id is not None:
                given = {one: number for one, number in given.items() if one != event.document_id}
            left = _without(register.reserved, event.seq)
            return replace(register, given=given, reserved=left, void=register.void | {event.seq})
        case _:
            assert_never(event)


def _without(reserved: dict[int, NumberReserved], seq: int) -> dict[int, NumberReserved]:
    return {one: kept for one, kept in reserved.items() if one != seq}


REGISTER: Thing[Register, RegisterEvent] = Thing(
    "document_register",
    Register,
    evolve,
    (RegisterOpened, NumberAssigned, NumberReserved, NumberCancelled),
    of_many=True,
)
