"""Limits that somebody sets where no rule has a number: a day, or a moment with its hour. Pure."""

from datetime import date, datetime
from typing import Final

from chancery.calendar import Count, Span, count_forward, end_of, local_day
from chancery.deadlines import counted
from chancery.events.parts import Counted, utc
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit
from chancery.rules.tables import Clock

SET: Final = "set_by_office"
"""What stands for the row where the rules are silent."""


def set_day(name: str, due_on: date, rules: Rules) -> Counted:
    """Due when that day's office hours end; no calendar moves it."""
    count = Count(
        starts_at=rules.at,
        span=Span(n=0, unit="calendar_day"),
        due_on=due_on,
        due_at=end_of(due_on, rules.closing),
        calendar_version=rules.calendar.version,
        set_to=due_on,
    )
    return counted(count, name=name, rule=SET, clauses=(), force="must")


def set_moment(name: str, moment: datetime, rules: Rules, hit: Hit[Clock] | None = None) -> Counted:
    """Due at that very moment, under the row that leaves it to be set, if one does."""
    return Counted(
        name=name,
        rule=hit.row if hit is not None else SET,
        clauses=tuple(cite.clause for cite in hit.cites) if hit is not None else (),
        force=hit.force if hit is not None else "must",
        starts_at=utc(rules.at),
        n=0,
        unit="hour",
        due_at=utc(moment),
        due_on=local_day(moment),
        calendar_version="none",
    )


def set_span(name: str, span: Span, rules: Rules, hit: Hit[Clock]) -> Counted:
    """Counted by a length of time that the row leaves to be said: that of a law, that of the case."""
    count = count_forward(rules.calendar, rules.at, span, closing=rules.closing)
    clauses = (cite.clause for cite in hit.cites)
    return counted(count, name=name, rule=hit.row, clauses=clauses, force=hit.force)
