"""The due moment passed (逾期): a fact at its moment, told once."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.parts import Counted
from chancery.events.supervision import TaskEvent, TaskOverdue
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.state import Stage, Task


@dataclass(frozen=True, slots=True)
class RunOut:
    due: Counted


def run_out(command: RunOut, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    del rules
    if task.stage is not Stage.OPEN or task.overdue or task.opened is None:
        return []
    return [Told(TaskOverdue(task_id=task.opened.task_id, matter_id=task.opened.matter_id, due=command.due))]
