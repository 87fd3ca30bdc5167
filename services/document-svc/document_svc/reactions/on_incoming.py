"""A document came in: its register numbers it, and what it replaces is told; also where the call broke off."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.incoming import IncomingNumberAssigned, IncomingReceived
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, stream_of
from document_svc.incoming.receive import (
    AssignIncomingNumber,
    CarryIncomingNumber,
    NoteResubmission,
    assign_incoming_number,
    carry_incoming_number,
    fingerprint_of,
    note_resubmission,
    year_of,
)
from document_svc.incoming.state import INCOMING, INCOMING_REGISTER


def number_it(recorded: Recorded[IncomingReceived], rules: Rules) -> Sequence[Order]:
    del rules
    received = recorded.event
    year = year_of(received.received_at)
    known = received.number is not None and received.content is not None
    command = AssignIncomingNumber(
        received.register_of,
        year,
        received.incoming_id,
        fingerprint_of(received.sender, received.number or "", received.content or "") if known else None,
    )
    stream = stream_of(recorded.tenant, "incoming_register", f"{received.register_of}/{year}")
    return [Order(INCOMING_REGISTER, assign_incoming_number, command, stream=stream)]


def carry_it(recorded: Recorded[IncomingNumberAssigned], rules: Rules) -> Sequence[Order]:
    del rules
    assigned = recorded.event
    return [Order(INCOMING, carry_incoming_number, CarryIncomingNumber(assigned), stream=assigned.incoming_id)]


def tell_the_first(recorded: Recorded[IncomingReceived], rules: Rules) -> Sequence[Order]:
    del rules
    received = recorded.event
    if received.resubmits is None:
        return []
    return [Order(INCOMING, note_resubmission, NoteResubmission(received.incoming_id), stream=received.resubmits)]


ON_INCOMING_RECEIVED = Reaction("number_incoming", "document", IncomingReceived, number_it)
ON_INCOMING_NUMBER = Reaction("carry_incoming_number", "document", IncomingNumberAssigned, carry_it)
ON_INCOMING_AGAIN = Reaction("note_resubmission", "document", IncomingReceived, tell_the_first)
