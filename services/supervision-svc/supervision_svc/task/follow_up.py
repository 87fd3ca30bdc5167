"""Open a task on a document that was issued, where the rules follow it up (印发文件督办)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.events.document import DocumentIssued
from chancery.events.supervision import TaskEvent, TaskSource
from chancery.rules.rulebook import Rules
from chancery.rules.tables import TASK_SOURCES
from chancery.thing import Told
from supervision_svc.task.opening import ToDo, clock_of, opening
from supervision_svc.task.state import Stage, Task

SOURCE = "issued_document"


@dataclass(frozen=True, slots=True)
class FollowUp:
    issued: DocumentIssued
    event_id: UUID


def follow_up(command: FollowUp, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """A document of which no row makes a task opens nothing."""
    issued = command.issued
    if task.stage is not Stage.NOT_SEEN or rules.known("task_sources", SOURCE) is None:
        return []
    body = rules.known("bodies", issued.founding.body) if issued.founding else None
    kind = rules.known("kinds", issued.kind)
    to_do = ToDo(
        matter_id=issued.matter_id,
        source=TaskSource(kind=SOURCE, event_id=command.event_id, document_id=issued.document_id),
        title=issued.title,
        text=f"{issued.number}",
        lead=issued.lead_unit,
        cooperating=tuple(unit for unit in issued.units_involved if unit != issued.lead_unit),
        opened_at=issued.issued_at,
        features=tuple(sorted(rules.known_of("features", issued.features))),
        kind=kind,
    )
    ruling = rules.ask(
        TASK_SOURCES,
        source=SOURCE,
        body=body,
        kind=kind,
        features=rules.known_of("features", issued.features),
        departments=len(to_do.units),
    )
    if not ruling.regulated:
        return []
    return opening(rules, task, to_do, ruling, clock_of(rules, ruling, issued.issued_at, body=body, kind=kind))
