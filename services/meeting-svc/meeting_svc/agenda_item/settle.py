"""Note on the item what its sitting made of it: decided, or put off to a later sitting."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.events.meeting import AgendaDecided, AgendaHeldOver, AgendaItemEvent
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import CLOSED, AgendaItem
from meeting_svc.sitting.outcomes import DEFERRED

CALLED_OFF = "called_off"
"""The sitting is not held; what it would have dealt with waits."""


@dataclass(frozen=True, slots=True)
class Settle:
    """``outcome`` as in the sitting's decision, or ``called_off``."""

    sitting_id: UUID
    outcome: str


def settle(command: Settle, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """Quiet where the item is closed already or stands on another sitting's order of business."""
    del rules
    elsewhere = item.sitting_id not in {None, command.sitting_id}
    if item.submitted is None or item.stage in CLOSED or elsewhere:
        return []
    if command.outcome in (DEFERRED, CALLED_OFF):
        return [Told(AgendaHeldOver(item_id=item.id, from_sitting_on=item.sitting_on, reason=command.outcome))]
    return [Told(AgendaDecided(item_id=item.id, sitting_id=command.sitting_id, outcome=command.outcome))]
