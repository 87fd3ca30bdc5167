"""A document that a meeting ordered was issued: the task that waits for it is done."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.document import DocumentIssued
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, derived
from supervision_svc.task.close import HearOutcome, hear_outcome
from supervision_svc.task.state import TASK


def react(recorded: Recorded[DocumentIssued], rules: Rules) -> Sequence[Order]:
    del rules
    issued = recorded.event
    if issued.founding is None:
        return []
    task = derived(issued.founding.minutes_id, "task", issued.founding.decision_no)
    heard = HearOutcome(issued.matter_id, "document_issued", issued.number, issued.issued_at)
    return [Order(TASK, hear_outcome, heard, stream=task, matter=issued.matter_id)]


ON_DOCUMENT_ISSUED = Reaction("hear_issued_document", "document", DocumentIssued, react)
