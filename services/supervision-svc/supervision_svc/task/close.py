"""Close a task, by somebody who watches over it (销号)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.supervision import TaskClosed, TaskEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.closing import cites_of, unmet
from supervision_svc.task.state import Stage, Task


@dataclass(frozen=True, slots=True)
class Close:
    by: PersonId
    at: datetime
    note: str


def close(command: Close, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Somebody of the supervising unit closes it, once the lead reported it done and all that is required is there.

    Raises:
        Refused: closed already, or everything that is lacking at once; (forbidden) somebody else.
    """
    opened = task.opened
    if opened is None:
        raise not_found("task")
    if task.stage is Stage.CLOSED:
        raise Refused(Reason("task_closed_already"))
    if opened.supervisor is None or not rules.works_in(command.by, opened.supervisor):
        unit = rules.titled(opened.supervisor) or "—"
        raise Refused(Reason("not_the_supervisor", params={"unit": unit}), kind="forbidden")
    lacking = [] if task.reported_done else [Reason("not_reported_done", cites_of(opened, rules))]
    lacking += unmet(task, rules)
    if lacking:
        raise Refused(*lacking)
    closed = TaskClosed(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        by="person",
        note=command.note,
        late=task.due is not None and command.at >= rules.again(task.due).due_at,
        closed_at=command.at,
    )
    return [Told(closed)]
