"""An item came onto an order of business after the call: no other sitting takes it."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import ItemAdded
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.agenda_item.schedule import Schedule, schedule
from meeting_svc.agenda_item.state import AGENDA_ITEM


def react(recorded: Recorded[ItemAdded], rules: Rules) -> Sequence[Order]:
    del rules
    added = recorded.event
    command = Schedule(added.sitting_id, added.sitting_on)
    return [Order(AGENDA_ITEM, schedule, command, stream=added.item.item_id)]


ON_ITEM_ADDED = Reaction("schedule_added_item", "meeting", ItemAdded, react)
