"""A task was opened or closed: where the rules want its result public, it is awaited, and then open."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.supervision import TaskClosed, TaskOpened
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, derived
from disclosure_svc.duty.open import AwaitResult, OpenOnResult, await_result, open_on_result
from disclosure_svc.duty.state import DUTY


def opened(recorded: Recorded[TaskOpened], rules: Rules) -> Sequence[Order]:
    del rules
    task = recorded.event
    command = AwaitResult(
        matter_id=task.matter_id,
        task_id=task.task_id,
        source=task.source.kind,
        title=task.title,
        unit=task.lead,
        features=task.features,
        major=task.major,
    )
    return [Order(DUTY, await_result, command, stream=derived(task.task_id, "result"), matter=task.matter_id)]


def closed(recorded: Recorded[TaskClosed], rules: Rules) -> Sequence[Order]:
    """Closed by a person: what was done and answered is there."""
    del rules
    task = recorded.event
    command = OpenOnResult(task.note, task.closed_at)
    return [Order(DUTY, open_on_result, command, stream=derived(task.task_id, "result"), matter=task.matter_id)]


ON_TASK_OPENED = Reaction("await_result", "supervision", TaskOpened, opened)
ON_TASK_CLOSED = Reaction("open_on_result", "supervision", TaskClosed, closed)
