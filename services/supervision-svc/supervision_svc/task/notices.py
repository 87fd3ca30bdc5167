"""Whom the rules tell of what ran out, in which colour, in their order (提示、通报)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chancery.calendar import count_forward
from chancery.deadlines import counted
from chancery.events.parts import Counted
from chancery.events.supervision import NoticeGiven, TaskEvent, TaskOpened
from chancery.rules.clocks import row_of
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import NOTICES, TASK_SOURCES, Notice
from chancery.thing import Told
from supervision_svc.task.parties import case_of
from supervision_svc.task.state import Stage, Task

NOTICE_DUE: Final = "notice_due"


@dataclass(frozen=True, slots=True)
class GiveNotice:
    """``due`` is the moment that came; its rule is the row."""

    due: Counted
    at: datetime


def overdue_notices(opened: TaskOpened, due: Counted, rules: Rules) -> Ruling[Notice]:
    """The rows for a task that ran out: of its clocks, also where the day was set, and of all tasks; soonest first."""
    clock = row_of(rules, due).first
    names = [clock.outcome.name] if clock is not None else []
    names += [row.outcome.clock for row in rules.pack.rows(TASK_SOURCES) if row.id in opened.rows and row.outcome.clock]
    words = [f"{name}_overdue" for name in dict.fromkeys(names)]
    hits: list[Hit[Notice]] = []
    ruling: Ruling[Notice] = Ruling(NOTICES.name, rules.pack.ref, ())
    for word in (*words, "task_overdue"):
        ruling = rules.ask(NOTICES, on=word, kind=rules.known("kinds", opened.kind))
        hits += [hit for hit in ruling.hits if hit.row not in {one.row for one in hits}]
    order = sorted(hits, key=lambda hit: _moment(hit, due.due_at, rules))
    return Ruling(ruling.table, ruling.pack, tuple(order))


def _moment(hit: Hit[Notice], since: datetime, rules: Rules) -> datetime:
    span = hit.outcome.after
    return since if span is None else count_forward(rules.calendar, since, span, closing=rules.closing).due_at


def later(hits: Sequence[Hit[Notice]], since: datetime, rules: Rules) -> Counted | None:
    """When the first of these goes out, counted from the moment the task ran out."""
    for hit in hits:
        if hit.outcome.after is not None:
            count = count_forward(rules.calendar, since, hit.outcome.after, closing=rules.closing)
            clauses = (cite.clause for cite in hit.cites)
            return counted(count, name=NOTICE_DUE, rule=hit.row, clauses=clauses, force=hit.force)
    return None


def notice(
    opened: TaskOpened, hit: Hit[Notice], no: int, at: datetime, following: Counted | None, rules: Rules
) -> Told[TaskEvent]:
    """One row's notice, to whom it means now; ``unit`` in its selectors is the lead."""
    case: Case = case_of(opened)
    people = [person for selector in hit.outcome.to for person in sorted(rules.who(selector, case).people())]
    given = NoticeGiven(
        task_id=opened.task_id,
        matter_id=opened.matter_id,
        on=hit.outcome.on,
        row=hit.row,
        no=no,
        colour=hit.outcome.colour,
        to=tuple(dict.fromkeys(people)),
        unit=opened.lead,
        following=following,
        given_at=at,
    )
    return Told(given, (Ruling(NOTICES.name, rules.pack.ref, (hit,)),))


def give_notice(command: GiveNotice, task: Task, rules: Rules) -> Sequence[Told[TaskEvent]]:
    """The next row's notice; nothing of a task that is closed meanwhile, or no longer overdue."""
    opened = task.opened
    if opened is None or task.stage is not Stage.OPEN or not task.overdue or task.due is None:
        return []
    hits = overdue_notices(opened, task.due, rules).hits
    at = next((index for index, hit in enumerate(hits) if hit.row == command.due.rule), None)
    if at is None:
        return []
    rest = hits[at + 1 :]
    return [notice(opened, hits[at], task.notices + 1, command.at, later(rest, task.due.due_at, rules), rules)]
