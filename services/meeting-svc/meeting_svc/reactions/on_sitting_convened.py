"""A sitting was called: its items stand on an order of business, so no other sitting takes them."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import SittingConvened
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.agenda_item.schedule import Schedule, schedule
from meeting_svc.agenda_item.state import AGENDA_ITEM


def react(recorded: Recorded[SittingConvened], rules: Rules) -> Sequence[Order]:
    del rules
    sitting = recorded.event
    command = Schedule(sitting.sitting_id, sitting.sitting_on)
    return [Order(AGENDA_ITEM, schedule, command, stream=item.item_id, key=str(item.item_id)) for item in sitting.items]


ON_SITTING_CONVENED = Reaction("schedule_items", "meeting", SittingConvened, react)
