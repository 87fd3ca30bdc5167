"""Open a task on what a meeting decided (立项): who watches, who leads, by when, and what closes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.calendar import Count, Span, end_of
from chancery.deadlines import counted
from chancery.events.parts import Counted, Decision
from chancery.events.supervision import TaskEvent, TaskSource
from chancery.rules.rulebook import Rules
from chancery.rules.tables import TASK_SOURCES
from chancery.thing import Told
from supervision_svc.task.opening import DUE, ToDo, clock_of, opening
from supervision_svc.task.state import Stage, Task

SOURCE = "meeting_decision"
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
    to_do = ToDo(
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
        lead=decision.lead,
        cooperating=decision.cooperating,
        opened_at=command.at,
        features=tuple(sorted(rules.known_of("features", decision.features))),
        kind=rules.known("kinds", decision.kind),
        major=decision.major,
    )
    body, kind = rules.known("bodies", command.body), rules.known("kinds", decision.kind)
    ruling = rules.ask(
        TASK_SOURCES,
        source=rules.known("task_sources", SOURCE),
        body=body,
        outcome=decision.outcome,
        orders_document=decision.orders_document is not None,
        kind=kind,
        features=rules.known_of("features", decision.features),
        major=decision.major,
        departments=len(to_do.units),
    )
    if not ruling.regulated and decision.lead is None:
        return []
    due = _set_by_the_sitting(command, rules) or clock_of(rules, ruling, command.meeting_ended_at, body=body, kind=kind)
    return opening(rules, task, to_do, ruling, due)


def _set_by_the_sitting(command: OpenTask, rules: Rules) -> Counted | None:
    """The day the sitting itself set; no calendar moves it."""
    due_on = command.decision.due_on
    if due_on is None:
        return None
    count = Count(
        starts_at=command.meeting_ended_at,
        span=Span(n=0, unit="calendar_day"),
        due_on=due_on,
        due_at=end_of(due_on, rules.closing),
        calendar_version=rules.calendar.version,
        set_to=due_on,
    )
    return counted(count, name=DUE, rule="decision", clauses=(), force="must")
