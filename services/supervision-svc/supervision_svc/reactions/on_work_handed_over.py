"""Work was handed over: whoever took it answers for the tasks from now on."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.planning import WorkHandedOver
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from supervision_svc.task.state import TASK
from supervision_svc.task.take_over import TakeOver, take_over


def react(recorded: Recorded[WorkHandedOver], rules: Rules) -> Sequence[Order]:
    del rules
    told = recorded.event
    command = TakeOver(told.giver, told.receiver, told.handed_by, told.handed_at)
    return [Order(TASK, take_over, command, stream=task, key=str(task)) for task in told.tasks]


ON_WORK_HANDED_OVER = Reaction("hand_tasks_over", "supervision", WorkHandedOver, react)
