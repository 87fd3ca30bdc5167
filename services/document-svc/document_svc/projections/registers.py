"""Which numbers did each register give, set aside or call void, and to which document? (文号簿)"""

from collections.abc import Sequence
from typing import Any

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.document import NumberAssigned, RegisterOpened
from chancery.events.outgoing import NumberCancelled, NumberReserved
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case RegisterOpened() as event:
            return [_register(recorded, event, event.next_seq)]
        case NumberReserved() as event:
            number = _number(recorded, event, stands="reserved", reason=event.reason)
            return [_register(recorded, event, event.seq + 1), number]
        case NumberAssigned() as event:
            number = _number(recorded, event, stands="given", document_id=event.document_id)
            if event.reserved:
                return [_version(recorded), number]
            return [_register(recorded, event, event.seq + 1), number]
        case NumberCancelled() as event:
            number = _number(recorded, event, stands="void", reason=event.reason, document_id=event.document_id)
            return [_version(recorded), number]
        case _:
            return []


def _register(recorded: Recorded[Event], event: Any, next_seq: int) -> Upsert:
    row = {
        "register_id": recorded.stream,
        "series": event.series,
        "code": event.code,
        "year": event.year,
        "next_seq": next_seq,
        "version": recorded.version,
    }
    return Upsert("registers", ("register_id",), row)


def _version(recorded: Recorded[Event]) -> Patch:
    return Patch("registers", {"register_id": recorded.stream}, {"version": recorded.version})


def _number(recorded: Recorded[Event], event: Any, **how: Any) -> Upsert:
    row = {
        "register_id": recorded.stream,
        "seq": event.seq,
        "number": event.number,
        "document_id": None,
        "given_at": recorded.business_at,
        "reason": None,
    }
    return Upsert("numbers_given", ("register_id", "seq"), row | how)


REGISTERS = Projection(
    "registers",
    2,
    ("registers", "numbers_given"),
    frozenset(kind.event_name for kind in (RegisterOpened, NumberAssigned, NumberReserved, NumberCancelled)),
    project,
)
