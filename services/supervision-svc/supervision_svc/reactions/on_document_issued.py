"""A document was issued: the task that waits for it is done, and where the rules follow it up, another opens."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.document import DocumentIssued
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from supervision_svc.reactions.streams import task_of_decision, task_of_document
from supervision_svc.task.follow_up import FollowUp, follow_up
from supervision_svc.task.hear_outcome import HearOutcome, hear_outcome
from supervision_svc.task.state import TASK


def react(recorded: Recorded[DocumentIssued], rules: Rules) -> Sequence[Order]:
    """Whether a row follows it up is asked when the order is carried out."""
    del rules
    issued = recorded.event
    orders = [
        Order(
            TASK,
            follow_up,
            FollowUp(issued, recorded.meta.id),
            stream=task_of_document(issued.document_id),
            key="follow_up",
            matter=issued.matter_id,
        )
    ]
    if issued.founding is not None:
        task = task_of_decision(issued.founding.minutes_id, issued.founding.decision_no)
        heard = HearOutcome(issued.matter_id, "document_issued", issued.number, issued.issued_at)
        orders.append(Order(TASK, hear_outcome, heard, stream=task, matter=issued.matter_id))
    return orders


ON_DOCUMENT_ISSUED = Reaction("hear_issued_document", "document", DocumentIssued, react)
