"""Put an item on a sitting's order of business, once the sitting is called (列入议程)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chancery.events.meeting import AgendaItemEvent, AgendaScheduled
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem, Stage


@dataclass(frozen=True, slots=True)
class Schedule:
    sitting_id: UUID
    sitting_on: date


def schedule(command: Schedule, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """Quiet where the item has gone elsewhere meanwhile: the sitting then finds that out when it comes to it."""
    del rules
    if not item.accepted or item.stage not in {Stage.ACCEPTED, Stage.HELD_OVER}:
        return []
    return [Told(AgendaScheduled(item_id=item.id, sitting_id=command.sitting_id, sitting_on=command.sitting_on))]
