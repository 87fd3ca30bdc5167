"""A sitting was called off: its items wait for a later one."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import SittingCalledOff
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.agenda_item.settle import CALLED_OFF, Settle, settle
from meeting_svc.agenda_item.state import AGENDA_ITEM


def react(recorded: Recorded[SittingCalledOff], rules: Rules) -> Sequence[Order]:
    del rules
    off = recorded.event
    command = Settle(off.sitting_id, CALLED_OFF)
    return [Order(AGENDA_ITEM, settle, command, stream=item, key=str(item)) for item in off.items]


ON_SITTING_CALLED_OFF = Reaction("release_items", "meeting", SittingCalledOff, react)
