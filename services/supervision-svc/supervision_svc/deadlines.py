"""A task's due moment, and what is done when it passes."""

from collections.abc import Sequence

from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.events.supervision import TaskClosed, TaskExtended, TaskOpened, TaskOverdue, TaskResumed, TaskSuspended
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order
from supervision_svc.task.opening import DUE
from supervision_svc.task.run_out import RunOut, run_out
from supervision_svc.task.state import TASK

DEADLINES = deadline_projection(
    Clocked(
        name=DUE,
        starts={TaskOpened: lambda event: event.due},
        ends={TaskClosed: "met", TaskOverdue: "fired"},
        moves=dict.fromkeys((TaskSuspended, TaskResumed, TaskExtended), lambda event: event.now),
    )
)


def _fire(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(TASK, run_out, RunOut(deadline.counted), stream=deadline.thing)]


TASK_DUE = DueAction(DUE, _fire)
