"""Tell how far a task is (反馈)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.supervision import TaskEvent, TaskReported
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.state import Stage, Task


@dataclass(frozen=True, slots=True)
class Report:
    by: PersonId
    at: datetime
    text: str
    done: bool


def report(command: Report, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Somebody of a unit that leads or helps reports.

    Raises:
        Refused: closed already; (forbidden) of no unit concerned.
    """
    opened = task.opened
    if opened is None:
        raise not_found("task")
    if task.stage is Stage.CLOSED:
        raise Refused(Reason("task_closed_already"))
    units = [unit for unit in (opened.lead, *opened.cooperating) if unit]
    if not any(rules.works_in(command.by, unit) for unit in units):
        names = "、".join(rules.titled(unit) for unit in units) or "—"
        raise Refused(Reason("not_of_a_unit_concerned", params={"units": names}), kind="forbidden")
    told = TaskReported(
        task_id=opened.task_id, text=command.text, done=command.done, reported_by=command.by, reported_at=command.at
    )
    return [Told(told)]
