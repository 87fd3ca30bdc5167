"""A running clock suspended, let go on, extended (中止、恢复、延期): decisions that several services share. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chancery.calendar import NEVER, local_day
from chancery.deadlines.counting import extended_due, resumed_due, suspended_due
from chancery.events.parts import Counted
from chancery.refusal import Citation, Reason, Refused
from chancery.rules.excusing import row_named
from chancery.rules.grammar import Selector
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import CLOCKS, Clock


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock before and after, and the row by which it was counted; no hit where somebody set the day."""

    was: Counted
    now: Counted
    under: Ruling[Any]


def row_of(rules: Rules, due: Counted) -> Ruling[Clock]:
    """The row by which a clock is counted."""
    return row_named(rules, CLOCKS.name, due.rule)


def suspending(rules: Rules, due: Counted | None, cause: str, *, ran_out: bool) -> Moved:
    """From today on the clock stands still; today no longer counts.

    Raises:
        Refused: no clock runs, it stands already, or it ran out.
    """
    was, under, cites = _running(rules, due)
    if was.due_on == NEVER:
        raise Refused(Reason("clock_stands_already", cites))
    if ran_out or rules.at >= was.due_at:
        raise Refused(Reason("clock_ran_out", cites, {"due_on": was.due_on.isoformat()}))
    return Moved(was, suspended_due(was, rules.calendar, local_day(rules.at), cause), under)


def resuming(rules: Rules, due: Counted | None) -> Moved:
    """The clock goes on, and today counts again.

    Raises:
        Refused: no clock runs, or it does not stand still.
    """
    was, under, cites = _running(rules, due)
    if not any(one.last_on is None for one in was.stood):
        raise Refused(Reason("clock_does_not_stand", cites))
    return Moved(was, resumed_due(was, rules.calendar, local_day(rules.at)), under)


def extending(rules: Rules, due: Counted | None, to: int | date, *, ran_out: bool, extensions: int) -> Moved:
    """So many more of its unit, or to a day; the day it was due first is kept.

    Raises:
        Refused: no clock runs, it stands still, it ran out where that is too late, it would not be later, or it is
            more, or more often, than the row allows.
    """
    was, under, cites = _running(rules, due)
    rule = under.first.outcome.extension if under.first else None
    if was.due_on == NEVER:
        raise Refused(Reason("clock_stands_already", cites))
    lacking: list[Reason] = []
    if (ran_out or rules.at >= was.due_at) and (rule is None or rule.before_due):
        lacking.append(Reason("clock_ran_out", cites, {"due_on": was.due_on.isoformat()}))
    if was.set_to is not None and isinstance(to, int):
        lacking.append(Reason("extension_wants_a_day", cites, subject="to"))
    if rule is not None and rule.times is not None and extensions >= rule.times:
        lacking.append(Reason("extended_often_enough", cites, {"times": rule.times}))
    now = extended_due(was, rules.calendar, to)
    if now.due_on <= was.due_on and not lacking:
        lacking.append(Reason("extension_not_later", cites, {"due_on": was.due_on.isoformat()}, subject="to"))
    if rule is not None and rule.at_most is not None and was.set_to is None:
        last = extended_due(was, rules.calendar, rule.at_most)
        if now.due_on > last.due_on:
            lacking.append(Reason("extension_too_long", cites, {"due_on": last.due_on.isoformat()}, subject="to"))
    if lacking:
        raise Refused(*lacking)
    return Moved(was, now, under)


def approvers(rules: Rules, due: Counted | None) -> Selector | None:
    """The post that grants an extension; None where the row leaves it to a part in the case, or is silent."""
    hit = row_of(rules, due).first if due is not None else None
    if hit is None:
        return None
    extension = hit.outcome.extension
    if extension is not None:
        return extension.approved_by
    return hit.outcome.permit


def _running(rules: Rules, due: Counted | None) -> tuple[Counted, Ruling[Clock], tuple[Citation, ...]]:
    if due is None:
        raise Refused(Reason("no_clock_runs"))
    under = row_of(rules, due)
    return rules.again(due), under, tuple(under.citations)


def counted_days(rules: Rules, due: Counted, until: date) -> int:
    """Which working day of a clock a day is, the days on which it stood still left out."""
    first = local_day(due.starts_at)
    found = rules.calendar.working_days_between(first, until)
    return found - sum(rules.calendar.working_days_between(*one) for one in _stood(due, first, until))


def _stood(due: Counted, first: date, until: date) -> Sequence[tuple[date, date]]:
    """Standstills as (day before the first, last day), within a span."""
    found: list[tuple[date, date]] = []
    for one in due.stood:
        begins, ends = max(one.first_on, first), min(one.last_on or until, until)
        if begins <= ends:
            found.append((begins - timedelta(days=1), ends))
    return found
