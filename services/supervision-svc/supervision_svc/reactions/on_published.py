"""A document became public: a task that waits for this is done."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.disclosure import Published
from chancery.rules.rulebook import Rules
from chancery.rules.tables import TASK_SOURCES
from chancery.service import Order, Reaction
from supervision_svc.reactions.streams import task_of_decision, task_of_document
from supervision_svc.task.hear_outcome import HearOutcome, hear_outcome
from supervision_svc.task.state import TASK


def react(recorded: Recorded[Published], rules: Rules) -> Sequence[Order]:
    """The document's own follow-up hears of it, and the decision's where the document rests on one."""
    published = recorded.event
    waiting = any(row.outcome.closes_on == "published" for row in rules.pack.rows(TASK_SOURCES))
    if not waiting:
        return []
    tasks = [task_of_document(published.document_id)]
    if published.origin is not None:
        tasks.append(task_of_decision(published.origin.minutes_id, published.origin.decision_no))
    heard = HearOutcome(published.matter_id, "published", published.index_number, published.published_at)
    return [Order(TASK, hear_outcome, heard, stream=task, key=str(task), matter=published.matter_id) for task in tasks]


ON_PUBLISHED = Reaction("hear_publication", "disclosure", Published, react)
