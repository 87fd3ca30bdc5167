"""Urge the lead of a task (催办)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.supervision import TaskEvent, TaskUrged
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.parties import supervised
from supervision_svc.task.state import Task


@dataclass(frozen=True, slots=True)
class Urge:
    by: PersonId
    at: datetime
    note: str


def urge(command: Urge, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """By the supervising unit, as often as it finds necessary.

    Raises:
        Refused: closed; (forbidden) somebody else.
    """
    opened, standing = supervised(task, command.by, rules)
    urged = TaskUrged(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        unit=opened.lead,
        note=command.note,
        urged_by=command.by,
        urged_at=command.at,
    )
    return [Told(urged, (), standing)]
