"""What was decided is done: what supervision-svc tells."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Part
from chancery.events.parts import Code, Counted, Key, Name


class TaskSource(Part):
    """Where a task comes from: ``kind`` is the pack's word (``executive_decision``), the ids lead back."""

    kind: Code
    event_id: UUID
    minutes_id: UUID | None = None
    sitting_id: UUID | None = None
    document_id: UUID | None = None
    decision_no: int | None = None


class Rhythm(Part):
    """How often a task is reported on: ``times`` in every ``every`` units."""

    every: Annotated[int, Field(ge=1)] = 1
    unit: Code
    times: Annotated[int, Field(ge=1)] = 1


class TaskOpened(Event, name="supervision.task_opened", version=1):
    """A task was opened by what others decided (立项). ``due`` is None where neither meeting nor rules set one.

    ``closes_on`` names what closes it by itself: ``document_issued`` or ``published``; None where a person must close
    it. ``close_requires`` is what has to be brought before, of all the ``rows`` of the pack that made it a task.
    ``responsible`` are the people who answer for it, as of this moment.
    """

    task_id: UUID
    matter_id: UUID
    source: TaskSource
    title: Name
    text: str
    supervisor: Key | None
    lead: Key | None
    cooperating: tuple[Key, ...] = ()
    close_requires: tuple[Code, ...] = ()
    closes_on: Annotated[str, Field(pattern="^(document_issued|published)$")] | None = None
    due: Counted | None = None
    opened_at: AwareDatetime
    rows: tuple[str, ...] = ()
    responsible: tuple[Key, ...] = ()
    report_every: Rhythm | None = None


class OutcomeHeard(Event, name="supervision.outcome_heard", version=1):
    """Something happened that closes a task which waits for it, whether the task was opened before or is later.

    ``what`` is document_issued or published; ``reference`` the document's number or the entry's index number.
    """

    task_id: UUID
    matter_id: UUID
    what: Annotated[str, Field(pattern="^(document_issued|published)$")]
    reference: Name
    happened_at: AwareDatetime


class TaskReported(Event, name="supervision.task_reported", version=1):
    """A unit concerned told how far the task is (反馈). ``provides`` is what it brings of what closing requires."""

    task_id: UUID
    text: str
    done: bool
    reported_by: Key
    reported_at: AwareDatetime
    provides: tuple[Code, ...] = ()


class TaskSuspended(Event, name="supervision.task_suspended", version=1):
    """The task's clock stands still from a day on (中止), for a cause; both counts are kept."""

    task_id: UUID
    matter_id: UUID
    cause: str
    suspended_by: Key
    was: Counted
    now: Counted


class TaskResumed(Event, name="supervision.task_resumed", version=1):
    """The task's clock goes on (恢复); the days it stood still are in the count."""

    task_id: UUID
    matter_id: UUID
    resumed_by: Key
    was: Counted
    now: Counted


class TaskExtended(Event, name="supervision.task_extended", version=1):
    """The task's due moment was put off before it passed (延期), with approval; the old day is kept."""

    task_id: UUID
    matter_id: UUID
    reason: str
    approved_by: Key
    was: Counted
    now: Counted


class TaskOverdue(Event, name="supervision.task_overdue", version=1):
    """The due moment passed and the task is not closed (逾期)."""

    task_id: UUID
    matter_id: UUID
    due: Counted


class TaskClosed(Event, name="supervision.task_closed", version=1):
    """The task is done and struck off (销号). ``late`` says whether it was after its due moment."""

    task_id: UUID
    matter_id: UUID
    by: Annotated[str, Field(pattern="^(person|document_issued|published)$")]
    note: str
    late: bool
    closed_at: AwareDatetime


TaskEvent = (
    TaskOpened | OutcomeHeard | TaskReported | TaskSuspended | TaskResumed | TaskExtended | TaskOverdue | TaskClosed
)
