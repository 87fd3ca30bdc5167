"""A clock's ruling and count in the form in which events keep it, and the day the minutes are aimed at."""

from datetime import datetime
from typing import Final

from chancery.calendar import Count
from chancery.deadlines import counted
from chancery.events.parts import Counted
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Clock


def running(name: str, ruling: Ruling[Clock], count: Count | None) -> Counted | None:
    """None where the rules set no such clock."""
    hit = ruling.first
    if hit is None or count is None:
        return None
    return counted(count, name=name, rule=hit.row, clauses=tuple(cite.clause for cite in hit.cites), force=hit.force)


MINUTES_TARGET: Final = "minutes_target"
"""By when the minutes and what the meeting ordered are to be dealt with, before the day that must be kept."""


def minutes_target(rules: Rules, body: str, closed_at: datetime) -> Counted | None:
    """It reminds and binds nobody, so it is counted when it is looked at; None where the rules aim at no day."""
    return running(MINUTES_TARGET, *rules.clock(MINUTES_TARGET, closed_at, body=body))
