"""Which tasks are there, who has them, and are they late? (督办台账)"""

from collections.abc import Sequence
from typing import Any

from chancery.calendar import NEVER
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.operations import DeadlineMoved
from chancery.events.parts import Counted
from chancery.events.supervision import (
    TaskClosed,
    TaskExtended,
    TaskOpened,
    TaskOverdue,
    TaskReported,
    TaskResumed,
    TaskSuspended,
)
from chancery.thing import Patch, Projection, Upsert, Write


def due_of(due: Counted) -> dict[str, Any]:
    """When a task is due; nothing while its clock stands still."""
    stands = due.due_on == NEVER
    return {"due_on": None if stands else due.due_on, "due_at": None if stands else due.due_at}


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case TaskOpened() as event:
            row = {
                "task_id": event.task_id,
                "version": version,
                "matter_id": event.matter_id,
                "title": event.title,
                "source": event.source.kind,
                "supervisor": event.supervisor,
                "lead": event.lead,
                "cooperating": list(event.cooperating),
                "clauses": list(recorded.meta.clauses),
                "opened_at": event.opened_at,
                "due_on": event.due.due_on if event.due else None,
                "due_at": event.due.due_at if event.due else None,
                "stage": "open",
                "overdue": False,
                "late": None,
                "closed_at": None,
                "last_report": None,
                "reported_at": None,
            }
            return [Upsert("ledger", ("task_id",), row)]
        case TaskReported() as event:
            told = {"version": version, "last_report": event.text, "reported_at": event.reported_at}
            return [Patch("ledger", {"task_id": event.task_id}, told)]
        case TaskSuspended() | TaskResumed() | TaskExtended() as event:
            return [Patch("ledger", {"task_id": event.task_id}, {"version": version, **due_of(event.now)})]
        case DeadlineMoved() as event:
            return [Patch("ledger", {"task_id": event.thing}, due_of(event.now))]
        case TaskOverdue() as event:
            return [Patch("ledger", {"task_id": event.task_id}, {"version": version, "overdue": True})]
        case TaskClosed() as event:
            closed = {"version": version, "stage": "closed", "late": event.late, "closed_at": event.closed_at}
            return [Patch("ledger", {"task_id": event.task_id}, closed)]
        case _:
            return []


LEDGER = Projection(
    "ledger",
    1,
    ("ledger",),
    frozenset(
        kind.event_name
        for kind in (
            TaskOpened,
            TaskReported,
            TaskSuspended,
            TaskResumed,
            TaskExtended,
            TaskOverdue,
            TaskClosed,
            DeadlineMoved,
        )
    ),
    project,
)
