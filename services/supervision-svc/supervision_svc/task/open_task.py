"""Open a task on what a meeting decided (立项): who watches, who leads, by when, and what closes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from chancery.calendar import Count, Span, end_of
from chancery.deadlines import counted
from chancery.events.parts import Counted, Decision
from chancery.events.supervision import TaskEvent, TaskOpened, TaskSource
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import TASK_SOURCES, TaskRule
from chancery.thing import Told
from supervision_svc.task.close import closed_by
from supervision_svc.task.state import Stage, Task

SOURCE = "meeting_decision"
DUE = "task_due"
FOUNDS_ACTION = frozenset({"adopted", "adopted_in_principle", "adopted_amended"})
"""Outcomes of a decision on which somebody has to do something."""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """``decision`` as the issued minutes carry it; ``event_id`` is that of the minutes' event."""

    at: datetime
    event_id: UUID
    minutes_id: UUID
    sitting_id: UUID
    body: str
    meeting_ended_at: datetime
    decision: Decision


def open_task(command: OpenTask, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """A decision that founds no action, or that no row and no lead makes a task of, opens nothing."""
    decision = command.decision
    if task.stage is not Stage.NOT_SEEN or decision.outcome not in FOUNDS_ACTION:
        return []
    units = tuple(dict.fromkeys(unit for unit in (decision.lead, *decision.cooperating) if unit))
    ruling = rules.ask(
        TASK_SOURCES,
        source=SOURCE,
        body=command.body,
        outcome=decision.outcome,
        orders_document=decision.orders_document is not None,
        kind=decision.kind,
        features=frozenset(decision.features),
        departments=len(units),
    )
    if not ruling.regulated and decision.lead is None:
        return []
    due = _due(command, rules, ruling)
    rows = [hit.outcome for hit in ruling.hits]
    opened = TaskOpened(
        task_id=task.id,
        matter_id=decision.matter_id,
        source=TaskSource(
            kind=SOURCE,
            event_id=command.event_id,
            minutes_id=command.minutes_id,
            sitting_id=command.sitting_id,
            decision_no=decision.no,
        ),
        title=decision.title,
        text=decision.text,
        supervisor=next((row.supervisor.name for row in rows if row.supervisor and row.supervisor.how == "unit"), None),
        lead=decision.lead,
        cooperating=decision.cooperating,
        close_requires=tuple(dict.fromkeys(word for row in rows for word in row.close_requires)),
        closes_on=cast(
            "Literal['document_issued', 'published'] | None", next((r.closes_on for r in rows if r.closes_on), None)
        ),
        due=due,
        opened_at=command.at,
    )
    under = (ruling,) if ruling.regulated else ()
    told: list[Told[TaskEvent]] = [Told(opened, under)]
    heard = next((one for one in task.outcomes if one.what == opened.closes_on), None)
    if heard is not None:
        told.append(Told(closed_by(opened, heard), under))
    return told


def _due(command: OpenTask, rules: Rules, ruling: Ruling[TaskRule]) -> Counted | None:
    """What the sitting itself set, else the clock its row names; None where neither does."""
    decision = command.decision
    if decision.due_on is not None:
        fixed = Count(
            starts_at=command.meeting_ended_at,
            span=Span(n=0, unit="calendar_day"),
            due_on=decision.due_on,
            due_at=end_of(decision.due_on, rules.closing),
            calendar_version=rules.calendar.version,
            set_to=decision.due_on,
        )
        return counted(fixed, name=DUE, rule="decision", clauses=(), force="must")
    name = next((hit.outcome.clock for hit in ruling.hits if hit.outcome.clock), None)
    if name is None:
        return None
    clock, count = rules.clock(name, command.meeting_ended_at, body=command.body, kind=decision.kind)
    if count is None or clock.first is None:
        return None
    hit = clock.first
    clauses = tuple(cite.clause for cite in hit.cites)
    return counted(count, name=DUE, rule=hit.row, clauses=clauses, force=hit.force)
