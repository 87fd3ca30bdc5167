"""Open a task on one line of a plan that lacks nothing (计划立项)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.planning import PlanEntry
from chancery.events.supervision import TaskEvent, TaskSource
from chancery.rules.rulebook import Rules
from chancery.rules.tables import TASK_SOURCES
from chancery.thing import Told
from supervision_svc.task.enter import set_to
from supervision_svc.task.opening import ToDo, clock_of, opening
from supervision_svc.task.state import Stage, Task


@dataclass(frozen=True, slots=True)
class OpenPlanned:
    event_id: UUID
    source: str
    reference: str
    entry: PlanEntry
    at: datetime
    watching: str | None


def open_planned(command: OpenPlanned, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """The same line is the same task; a line put on record anew opens nothing twice."""
    if task.stage is not Stage.NOT_SEEN:
        return []
    entry = command.entry
    source = TaskSource(kind=command.source, event_id=command.event_id, reference=command.reference)
    to_do = ToDo(
        matter_id=task.id,
        source=source,
        title=entry.title,
        text="；".join(f"{rules.titled(word)}：{said}" for word, said in entry.fields.items()) or entry.title,
        lead=entry.lead,
        cooperating=entry.cooperating,
        opened_at=command.at,
        supervisor=command.watching,
        responsible=entry.responsible,
    )
    ruling = rules.ask(TASK_SOURCES, source=command.source, departments=len(to_do.units))
    due = set_to(entry.due_on, command.at, rules) if entry.due_on is not None else None
    due = due or clock_of(rules, ruling, command.at, body=None, kind=None, source=command.source)
    return opening(rules, task, to_do, ruling, due)
