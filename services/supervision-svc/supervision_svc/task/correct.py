"""The minutes behind a task were corrected: the task is corrected with them, and what stood is kept (更正)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.calendar import Count, Span, end_of
from chancery.deadlines import counted
from chancery.events.parts import Counted, Decision
from chancery.events.supervision import TaskCorrected, TaskEvent, TaskWithdrawn
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.open_task import FOUNDS_ACTION
from supervision_svc.task.opening import DUE
from supervision_svc.task.state import Stage, Task


@dataclass(frozen=True, slots=True)
class Correct:
    """``event_id`` is that of the correction. ``was`` None: added by it; ``now`` None: taken back by it."""

    event_id: UUID
    at: datetime
    was: Decision
    now: Decision | None
    reason: str


def correct(command: Correct, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """What the correction changes of an open task; nothing where it changes nothing of it, or it is closed.

    A decision that no longer stands, or founds no action any more, takes its task with it. A lead that was changed by
    an assignment meanwhile stays, unless the correction names another than before.
    """
    opened, was, now = task.opened, command.was, command.now
    if opened is None or task.stage is not Stage.OPEN:
        return []
    if now is None or now.outcome not in FOUNDS_ACTION:
        withdrawn = TaskWithdrawn(
            task_id=opened.task_id,
            matter_id=opened.matter_id,
            event_id=command.event_id,
            reason=command.reason,
            withdrawn_at=command.at,
        )
        return [Told(withdrawn)]
    due = rules.again(task.due) if task.due else None
    corrected = TaskCorrected(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        event_id=command.event_id,
        reason=command.reason,
        was_title=opened.title,
        title=now.title,
        was_text=opened.text,
        text=now.text,
        was_lead=opened.lead,
        lead=now.lead if now.lead != was.lead else opened.lead,
        was_cooperating=opened.cooperating,
        cooperating=now.cooperating if now.cooperating != was.cooperating else opened.cooperating,
        was_due=due,
        due=_set_anew(now, due, task, rules) if now.due_on != was.due_on and now.due_on is not None else due,
    )
    stood = (corrected.was_title, corrected.was_text, corrected.was_lead, corrected.was_cooperating, corrected.was_due)
    stands = (corrected.title, corrected.text, corrected.lead, corrected.cooperating, corrected.due)
    return [Told(corrected)] if stood != stands else []


def _set_anew(now: Decision, due: Counted | None, task: Task, rules: Rules) -> Counted | None:
    """The day the corrected minutes set; no calendar moves it."""
    if now.due_on is None or task.opened is None:
        return due
    count = Count(
        starts_at=due.starts_at if due else task.opened.opened_at,
        span=Span(n=0, unit="calendar_day"),
        due_on=now.due_on,
        due_at=end_of(now.due_on, rules.closing),
        calendar_version=rules.calendar.version,
        set_to=now.due_on,
    )
    return counted(count, name=DUE, rule="decision", clauses=(), force="must")
