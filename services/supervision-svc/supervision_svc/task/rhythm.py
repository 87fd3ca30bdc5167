"""By when the next report has to be there (反馈周期)."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, Final, cast

from chancery.calendar import Span, Unit, count_forward, local_moment
from chancery.deadlines import counted
from chancery.events.parts import Counted
from chancery.events.supervision import Rhythm, TaskOpened
from chancery.refusal import Citation
from chancery.rules.excusing import row_named
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import CLOCKS, TASK_SOURCES, Clock, TaskRule

REPORT_DUE: Final = "report_due"
PROGRESS: Final = "progress_feedback"
"""The clock that says how often a task is reported on: it begins anew with each report, and no task is due by it."""
DAYS: Final = {"week": 7, "month": 30, "quarter": 91, "half_year": 182, "year": 365}
"""How long a unit is taken to be where several reports share it."""


def span_of(rhythm: Rhythm) -> Span:
    """The time from one report to the next; several within a unit share its days evenly."""
    unit = cast("Unit", rhythm.unit)
    if rhythm.times == 1:
        return Span(n=rhythm.every, unit=unit)
    if unit in DAYS:
        return Span(n=max(1, rhythm.every * DAYS[unit] // rhythm.times), unit="calendar_day")
    return Span(n=max(1, rhythm.every // rhythm.times), unit=unit)


def rhythm_of(
    rules: Rules, hits: Iterable[Hit[TaskRule]], starts_at: datetime, **facts: Any
) -> tuple[Rhythm | None, str | None]:
    """How often a task is reported on, and the row that says so: its own rows, else the clock they name for it."""
    rows = tuple(hits)
    for hit in rows:
        cadence = hit.outcome.cadence
        if cadence is not None:
            return Rhythm(every=cadence.every, unit=cadence.unit, times=cadence.times), hit.row
    if any(hit.outcome.clock == PROGRESS for hit in rows):
        clock, count = rules.clock(PROGRESS, starts_at, source="task", **facts)
        if count is not None and clock.first is not None:
            return Rhythm(every=count.span.n, unit=count.span.unit), clock.first.row
    return None, None


def progress_clock(rules: Rules) -> Ruling[Clock]:
    """The rows of the clock for reports, whoever sets the number."""
    cites = rules.pack.citations.get(CLOCKS.name, {})
    hits = [
        Hit(row.id, row.outcome, row.force, cites[row.id])
        for row in rules.pack.rows(CLOCKS)
        if row.outcome.name == PROGRESS
    ]
    return Ruling(CLOCKS.name, rules.pack.ref, tuple(hits))


def next_report(opened: TaskOpened, rules: Rules, since: datetime) -> Counted | None:
    """The last moment for the next report, counted from the last one; None where nothing sets a rhythm."""
    if opened.report_every is None:
        return None
    count = count_forward(rules.calendar, since, span_of(opened.report_every), closing=rules.closing)
    row, force, cites = _behind(opened, rules)
    return counted(count, name=REPORT_DUE, rule=row, clauses=(cite.clause for cite in cites), force=force)


def _behind(opened: TaskOpened, rules: Rules) -> tuple[str, str, tuple[Citation, ...]]:
    """The row by which a task is reported on; tasks opened before it was kept look for it among their own."""
    named = opened.report_rule
    if named is None:
        found = (row for row in rules.pack.rows(TASK_SOURCES) if row.id in opened.rows and row.outcome.cadence)
        named = next((row.id for row in found), None)
    for table in (TASK_SOURCES.name, CLOCKS.name) if named is not None else ():
        hit = row_named(rules, table, named or "").first
        if hit is not None:
            return hit.row, hit.force, hit.cites
    return "instruction", "must", ()


def after_a_miss(opened: TaskOpened, rules: Rules, missed: Counted) -> Counted | None:
    """The rhythm goes on from the day that was missed."""
    return next_report(opened, rules, local_moment(missed.due_on, time(12)))
