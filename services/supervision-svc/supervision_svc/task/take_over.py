"""Somebody took over for whom a task was (接办)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.supervision import ResponsibleNamed, TaskEvent
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.state import Stage, Task


@dataclass(frozen=True, slots=True)
class TakeOver:
    giver: str
    receiver: str
    handed_by: str
    at: datetime


def take_over(command: TakeOver, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Nothing where the giver does not answer for it any more, or it is closed."""
    del rules
    opened = task.opened
    if opened is None or task.stage is not Stage.OPEN or command.giver not in task.answers:
        return []
    now = [command.receiver if person == command.giver else person for person in task.answers]
    told = ResponsibleNamed(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        was=task.answers,
        responsible=tuple(dict.fromkeys(now)),
        supporting=task.supporting,
        contact=task.contact,
        named_by=command.handed_by,
        named_at=command.at,
    )
    return [Told(told)]
