"""Whether an item can still be moved by hand: what the verbs of the way to the agenda all ask first."""

from chancery.events.meeting import AgendaSubmitted
from chancery.refusal import Reason
from meeting_svc.agenda_item.state import CLOSED, AgendaItem, Stage


def not_at_hand(item: AgendaItem) -> tuple[AgendaSubmitted | None, tuple[Reason, ...]]:
    """What was submitted, and the reasons why nobody may touch it now; no reason where it is at hand."""
    if item.submitted is None:
        return None, (Reason("not_submitted"),)
    if item.stage in CLOSED:
        return item.submitted, (Reason("item_closed", params={"stage": item.stage.value}),)
    if item.stage is Stage.SCHEDULED:
        return item.submitted, (Reason("item_scheduled"),)
    return item.submitted, ()
