"""What the rules make of something as a task: who watches, who answers for it, what closes it, by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chancery.deadlines import counted
from chancery.events.parts import Counted, Key
from chancery.events.supervision import TaskEvent, TaskOpened, TaskSource
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import LOOPS, TaskRule
from chancery.thing import Told
from supervision_svc.task.closing import closed_by, responsible_of, unmet
from supervision_svc.task.rhythm import PROGRESS, next_report, rhythm_of
from supervision_svc.task.state import Task, evolve

DUE = "task_due"


@dataclass(frozen=True, slots=True)
class ToDo:
    """What is to be done, by whom, and where it comes from."""

    matter_id: UUID
    source: TaskSource
    title: str
    text: str
    lead: Key | None
    cooperating: tuple[Key, ...]
    opened_at: datetime
    features: tuple[str, ...] = ()
    supervisor: Key | None = None
    """Who watches over it where the rules name nobody."""
    kind: str | None = None
    major: bool | None = None
    proposer: str | None = None
    outside_id: str | None = None
    responsible: tuple[Key, ...] = ()
    """Who was named with it; empty: whom the rules mean."""

    @property
    def units(self) -> tuple[str, ...]:
        """The units concerned, each once, the lead first."""
        return tuple(dict.fromkeys(unit for unit in (self.lead, *self.cooperating) if unit))


def opening(
    rules: Rules, task: Task, to_do: ToDo, ruling: Ruling[TaskRule], due: Counted | None
) -> Sequence[Told[TaskEvent]]:
    """The task as opened; several rows unite their conditions. One whose outcome was heard before closes at once."""
    rows = [hit.outcome for hit in ruling.hits]
    loop, stages = loop_of(rules, to_do.source.kind, to_do.features)
    rhythm, rhythm_row = rhythm_of(rules, ruling.hits, to_do.opened_at, kind=to_do.kind)
    opened = TaskOpened(
        task_id=task.id,
        matter_id=to_do.matter_id,
        source=to_do.source,
        title=to_do.title,
        text=to_do.text,
        supervisor=supervisor_of(ruling) or to_do.supervisor,
        lead=to_do.lead,
        cooperating=to_do.cooperating,
        close_requires=tuple(dict.fromkeys(word for row in rows for word in row.close_requires)),
        closes_on=next((row.closes_on for row in rows if row.closes_on), None),
        due=due,
        opened_at=to_do.opened_at,
        rows=tuple(ruling.rows),
        responsible=to_do.responsible or responsible_of(rules, ruling.rows, to_do.lead, to_do.units),
        report_every=rhythm,
        report_rule=rhythm_row,
        kind=to_do.kind,
        major=to_do.major,
        proposer=to_do.proposer,
        outside_id=to_do.outside_id,
        features=to_do.features,
        loop=loop,
        stages=stages,
    )
    opened = opened.model_copy(update={"report_due": next_report(opened, rules, to_do.opened_at)})
    under = (ruling,) if ruling.regulated else ()
    told: list[Told[TaskEvent]] = [Told(opened, under)]
    now = evolve(task, opened)
    heard = next((one for one in task.outcomes if one.what == opened.closes_on), None)
    if heard is not None and not unmet(now, rules):
        told.append(Told(closed_by(opened, heard, opened.due), under))
    return told


def supervisor_of(ruling: Ruling[TaskRule]) -> str | None:
    """The unit that the rows name to watch over it."""
    rows = [hit.outcome for hit in ruling.hits]
    return next((row.supervisor.name for row in rows if row.supervisor and row.supervisor.how == "unit"), None)


def loop_of(rules: Rules, source: str, features: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """The row of stages such a task goes through, and the stages; none where the rules name no way."""
    known = rules.known("task_sources", source)
    found = rules.ask(LOOPS, source=known, features=rules.known_of("features", features)).first
    return (found.row, tuple(found.outcome.stages)) if found is not None else (None, ())


def clock_of(
    rules: Rules, ruling: Ruling[TaskRule], starts_at: datetime, *, body: str | None, kind: str | None, **facts: Any
) -> Counted | None:
    """The earliest moment of the clocks the rows name; None where they name none, or the rules leave it open."""
    counts: list[Counted] = []
    named = (hit.outcome.clock for hit in ruling.hits)
    for name in dict.fromkeys(name for name in named if name is not None and name != PROGRESS):
        clock, count = rules.clock(name, starts_at, body=body, kind=kind, **facts)
        if count is not None and clock.first is not None:
            hit = clock.first
            clauses = tuple(cite.clause for cite in hit.cites)
            counts.append(counted(count, name=DUE, rule=hit.row, clauses=clauses, force=hit.force))
    return min(counts, key=lambda due: due.due_at, default=None)
