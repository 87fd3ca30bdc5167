"""What a decision about a task has to remember."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.parts import Counted
from chancery.events.supervision import (
    OutcomeHeard,
    TaskClosed,
    TaskEvent,
    TaskExtended,
    TaskOpened,
    TaskOverdue,
    TaskReported,
    TaskResumed,
    TaskSuspended,
)
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Task:
    """``outcomes`` were heard, also before it was opened, and may close it; ``provided`` is what reports brought.

    ``due`` is how its clock was counted last, None where none runs; ``extensions`` how often it was extended.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    opened: TaskOpened | None = None
    outcomes: tuple[OutcomeHeard, ...] = ()
    overdue: bool = False
    reported_done: bool = False
    provided: frozenset[str] = frozenset()
    due: Counted | None = None
    extensions: int = 0

    def heard(self, what: str) -> bool:
        return any(one.what == what for one in self.outcomes)


def evolve(task: Task, event: TaskEvent) -> Task:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case TaskOpened():
            return replace(task, stage=Stage.OPEN, opened=event, due=event.due)
        case OutcomeHeard():
            return replace(task, outcomes=(*task.outcomes, event))
        case TaskReported():
            return replace(task, reported_done=event.done, provided=task.provided.union(event.provides))
        case TaskSuspended() | TaskResumed():
            return replace(task, due=event.now)
        case TaskExtended():
            return replace(task, due=event.now, extensions=task.extensions + 1)
        case TaskOverdue():
            return replace(task, overdue=True)
        case TaskClosed():
            return replace(task, stage=Stage.CLOSED)
        case _:
            assert_never(event)


TASK: Thing[Task, TaskEvent] = Thing(
    "task",
    Task,
    evolve,
    (TaskOpened, OutcomeHeard, TaskReported, TaskSuspended, TaskResumed, TaskExtended, TaskOverdue, TaskClosed),
)
