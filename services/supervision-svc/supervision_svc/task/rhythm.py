"""By when the next report has to be there (反馈周期)."""

from datetime import datetime, time
from typing import Final, cast

from chancery.calendar import Span, Unit, count_forward, local_moment
from chancery.deadlines import counted
from chancery.events.parts import Counted
from chancery.events.supervision import Rhythm, TaskOpened
from chancery.rules.rulebook import Rules
from chancery.rules.tables import TASK_SOURCES

REPORT_DUE: Final = "report_due"
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


def next_report(opened: TaskOpened, rules: Rules, since: datetime) -> Counted | None:
    """The last moment for the next report, counted from the last one; None where the rules set no rhythm."""
    if opened.report_every is None:
        return None
    count = count_forward(rules.calendar, since, span_of(opened.report_every), closing=rules.closing)
    row = next(row for row in rules.pack.rows(TASK_SOURCES) if row.id in opened.rows and row.outcome.cadence)
    return counted(count, name=REPORT_DUE, rule=row.id, clauses=row.clauses, force=row.force)


def after_a_miss(opened: TaskOpened, rules: Rules, missed: Counted) -> Counted | None:
    """The rhythm goes on from the day that was missed."""
    return next_report(opened, rules, local_moment(missed.due_on, time(12)))
