"""The due moment passed (逾期): a fact at its moment, told once, and whom the rules tell of it at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.parts import Counted
from chancery.events.supervision import TaskEvent, TaskOverdue
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.notices import later, notice, overdue_notices
from supervision_svc.task.state import Stage, Task


@dataclass(frozen=True, slots=True)
class RunOut:
    due: Counted


def run_out(command: RunOut, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    opened = task.opened
    if task.stage is not Stage.OPEN or task.overdue or opened is None:
        return []
    hits = overdue_notices(opened, command.due, rules).hits
    first = later(hits, command.due.due_at, rules)
    overdue = TaskOverdue(task_id=opened.task_id, matter_id=opened.matter_id, due=command.due, notice_due=first)
    now = [hit for hit in hits if hit.outcome.after is None]
    notices = [notice(opened, hit, no, command.due.due_at, None, rules) for no, hit in enumerate(now, 1)]
    return [Told(overdue), *notices]
