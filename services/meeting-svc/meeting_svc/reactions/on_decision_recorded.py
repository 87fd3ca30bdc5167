"""A sitting dealt with an item: the item says so itself, or waits for a later sitting."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import DecisionRecorded
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.agenda_item.settle import Settle, settle
from meeting_svc.agenda_item.state import AGENDA_ITEM


def react(recorded: Recorded[DecisionRecorded], rules: Rules) -> Sequence[Order]:
    del rules
    decision = recorded.event.decision
    return [Order(AGENDA_ITEM, settle, Settle(recorded.event.sitting_id, decision.outcome), stream=decision.item_id)]


ON_DECISION_RECORDED = Reaction("settle_item", "meeting", DecisionRecorded, react)
