"""Which numbers did each register give, to which document? (文号簿)"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.document import NumberAssigned, RegisterOpened
from chancery.thing import Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case RegisterOpened() as event:
            row = {
                "register_id": recorded.stream,
                "series": event.series,
                "code": event.code,
                "year": event.year,
                "next_seq": event.next_seq,
                "version": recorded.version,
            }
            return [Upsert("registers", ("register_id",), row)]
        case NumberAssigned() as event:
            register = {
                "register_id": recorded.stream,
                "series": event.series,
                "code": event.code,
                "year": event.year,
                "next_seq": event.seq + 1,
                "version": recorded.version,
            }
            given = {
                "register_id": recorded.stream,
                "seq": event.seq,
                "number": event.number,
                "document_id": event.document_id,
                "given_at": recorded.business_at,
            }
            return [
                Upsert("registers", ("register_id",), register),
                Upsert("numbers_given", ("register_id", "seq"), given),
            ]
        case _:
            return []


REGISTERS = Projection(
    "registers",
    1,
    ("registers", "numbers_given"),
    frozenset({RegisterOpened.event_name, NumberAssigned.event_name}),
    project,
)
