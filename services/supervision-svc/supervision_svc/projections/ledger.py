"""Which tasks are there, who has them, and are they late? (督办台账)"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.supervision import TaskClosed, TaskOpened, TaskOverdue, TaskReported
from chancery.thing import Patch, Projection, Upsert, Write


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
    frozenset(kind.event_name for kind in (TaskOpened, TaskReported, TaskOverdue, TaskClosed)),
    project,
)
