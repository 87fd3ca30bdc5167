"""Days that somebody sets where no rule has a number (自定期限): kept like counted ones, moved by no calendar."""

from datetime import date, datetime

from chancery.calendar import Count, Span, end_of
from chancery.deadlines import counted
from chancery.events.parts import Counted
from chancery.rules.rulebook import Rules

BY_HAND = "set_by_office"
"""What stands for the row where the rules are silent and the office set the day."""


def set_by_hand(name: str, due_on: date, since: datetime, rules: Rules) -> Counted:
    """The day somebody set; it is due when that day's office hours end."""
    count = Count(
        starts_at=since,
        span=Span(n=0, unit="calendar_day"),
        due_on=due_on,
        due_at=end_of(due_on, rules.closing),
        calendar_version=rules.calendar.version,
        set_to=due_on,
    )
    return counted(count, name=name, rule=BY_HAND, clauses=(), force="must")
