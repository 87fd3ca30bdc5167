"""A document gave its number up: the register calls it void, also where the call broke off in between."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.outgoing import DocumentNumberGivenUp
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from document_svc.register.cancel import CancelGivenUp, cancel_given_up
from document_svc.register.state import REGISTER


def react(recorded: Recorded[DocumentNumberGivenUp], rules: Rules) -> Sequence[Order]:
    del rules
    up = recorded.event
    matter = recorded.meta.correlation
    return [Order(REGISTER, cancel_given_up, CancelGivenUp(up), stream=up.register_id, matter=matter)]


ON_NUMBER_GIVEN_UP = Reaction("cancel_number", "document", DocumentNumberGivenUp, react)
