"""A register gave a number: the document carries it, also where the call that asked for it broke off in between."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.document import NumberAssigned
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from document_svc.document.carry_number import CarryNumber, carry_number
from document_svc.document.state import DOCUMENT


def react(recorded: Recorded[NumberAssigned], rules: Rules) -> Sequence[Order]:
    del rules
    assigned = recorded.event
    return [Order(DOCUMENT, carry_number, CarryNumber(assigned), stream=assigned.document_id)]


ON_NUMBER_ASSIGNED = Reaction("carry_number", "document", NumberAssigned, react)
