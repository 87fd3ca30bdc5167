"""Note that something happened elsewhere which a task may wait for: a document went out, an entry became public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.supervision import OutcomeHeard, TaskEvent
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from supervision_svc.task.closing import closed_by, unmet
from supervision_svc.task.state import Stage, Task, evolve


@dataclass(frozen=True, slots=True)
class HearOutcome:
    matter_id: UUID
    what: str
    reference: str
    happened_at: datetime


def hear_outcome(command: HearOutcome, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """A task that waits for just this closes; one opened later will. Services do not hear each other in one order."""
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
    after = evolve(task, heard)
    if after.stage is Stage.OPEN and after.opened is not None and after.opened.closes_on == command.what:
        told += (
            []
            if unmet(after, rules)
            else [Told(closed_by(after.opened, heard, rules.again(after.due) if after.due else None))]
        )
    return told
