"""A request was taken in: the register of its year gives it a number, and the request carries it."""

from collections.abc import Sequence

from chancery.calendar import local_day
from chancery.envelope import Recorded
from chancery.events.disclosure import RequestNumberAssigned, RequestReceived
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, stream_of
from disclosure_svc.request.receive import CarryNumber, carry_number
from disclosure_svc.request.state import REQUEST
from disclosure_svc.request_register.state import REGISTER, AssignNumber, assign_number


def ask_for_number(recorded: Recorded[RequestReceived], rules: Rules) -> Sequence[Order]:
    del rules
    received = recorded.event
    year = local_day(received.starts_at).year
    stream = stream_of(recorded.tenant, "request_register", str(year))
    return [Order(REGISTER, assign_number, AssignNumber(received.request_id, year), stream=stream)]


def carry(recorded: Recorded[RequestNumberAssigned], rules: Rules) -> Sequence[Order]:
    del rules
    assigned = recorded.event
    return [Order(REQUEST, carry_number, CarryNumber(assigned.number), stream=assigned.request_id)]


ON_REQUEST_RECEIVED = Reaction("assign_request_number", "disclosure", RequestReceived, ask_for_number)
ON_REQUEST_NUMBER = Reaction("carry_request_number", "disclosure", RequestNumberAssigned, carry)
