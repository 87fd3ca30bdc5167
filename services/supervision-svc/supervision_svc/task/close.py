"""Close a task: by what it waited for, or by a person who watches over it (销号)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.supervision import OutcomeHeard, TaskClosed, TaskEvent, TaskOpened
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.state import Stage, Task


@dataclass(frozen=True, slots=True)
class HearOutcome:
    """What happened elsewhere that a task may have waited for."""

    matter_id: UUID
    what: str
    reference: str
    happened_at: datetime


def hear_outcome(command: HearOutcome, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Note it; a task that waits for it closes, one opened later will. Services do not hear each other in one order."""
    del rules
    if any(one.what == command.what for one in task.outcomes):
        return []
    heard = OutcomeHeard(
        task_id=task.id,
        matter_id=command.matter_id,
        what=command.what,
        reference=command.reference,
        happened_at=command.happened_at,
    )
    told: list[Told[TaskEvent]] = [Told(heard)]
    if task.stage is Stage.OPEN and task.opened is not None and task.opened.closes_on == command.what:
        told.append(Told(closed_by(task.opened, heard)))
    return told


def closed_by(opened: TaskOpened, heard: OutcomeHeard) -> TaskClosed:
    """The task as closed by what was heard; late is judged by when it happened, not by when it was heard."""
    return TaskClosed(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        by=heard.what,
        note=heard.reference,
        late=opened.due is not None and heard.happened_at >= opened.due.due_at,
        closed_at=heard.happened_at,
    )


@dataclass(frozen=True, slots=True)
class Close:
    by: PersonId
    at: datetime
    note: str


def close(command: Close, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """Somebody of the supervising unit closes it, once the lead has reported it done.

    Raises:
        Refused: closed already, or nothing was reported; (forbidden) somebody else.
    """
    opened = task.opened
    if opened is None:
        raise not_found("task")
    if task.stage is Stage.CLOSED:
        raise Refused(Reason("task_closed_already"))
    if opened.supervisor is None or not rules.works_in(command.by, opened.supervisor):
        unit = rules.titled(opened.supervisor) or "—"
        raise Refused(Reason("not_the_supervisor", params={"unit": unit}), kind="forbidden")
    if not task.reported_done:
        raise Refused(Reason("not_reported_done"))
    closed = TaskClosed(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        by="person",
        note=command.note,
        late=opened.due is not None and command.at >= opened.due.due_at,
        closed_at=command.at,
    )
    return [Told(closed)]
