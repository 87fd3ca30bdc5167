"""No report came within the rhythm (未按期反馈): a fact at its moment, and the rhythm goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.calendar import NEVER
from chancery.events.parts import Counted
from chancery.events.supervision import ReportMissed, TaskEvent
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.rhythm import after_a_miss
from supervision_svc.task.state import Stage, Task


@dataclass(frozen=True, slots=True)
class MissReport:
    due: Counted


def miss_report(command: MissReport, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Nothing is missed of a task that is closed, or whose clock stands still: the rhythm begins again with it."""
    opened = task.opened
    if task.stage is not Stage.OPEN or opened is None or (task.due is not None and task.due.due_on == NEVER):
        return []
    following = after_a_miss(opened, rules, command.due)
    if following is None:
        return []
    missed = ReportMissed(task_id=opened.task_id, matter_id=opened.matter_id, due=command.due, following=following)
    return [Told(missed)]
