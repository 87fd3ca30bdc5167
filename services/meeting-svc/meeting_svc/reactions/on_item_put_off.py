"""An item was put off since whoever is in charge of it was not there: it waits for a later sitting."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import ItemPutOff
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.agenda_item.settle import Settle, settle
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.sitting.outcomes import DEFERRED


def react(recorded: Recorded[ItemPutOff], rules: Rules) -> Sequence[Order]:
    del rules
    off = recorded.event
    return [Order(AGENDA_ITEM, settle, Settle(off.sitting_id, DEFERRED), stream=off.item_id)]


ON_ITEM_PUT_OFF = Reaction("put_item_off", "meeting", ItemPutOff, react)
