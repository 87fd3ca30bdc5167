"""How often bodies meet, beside how often their rules want them to (会议频次). It notices and blames nobody. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from chancery.calendar import Span, add_months, local_day
from chancery.rules.rulebook import Rules
from chancery.rules.tables import Cadence

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Pace(StrEnum):
    IN_RHYTHM = "in_rhythm"
    DRIFTED = "drifted"
    TOO_EARLY = "too_early"  # the record does not reach back over one period yet


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One body. ``since`` is the first day of the period that ends today; ``held`` counts its sittings in it.

    ``next_by`` is the day by which the next one keeps the rhythm, None where more than one is wanted or none was held.
    """

    body: str
    cadence: Cadence
    since: date
    held: int
    last_on: date | None
    next_by: date | None
    pace: Pace


def rhythm_of(rules: Rules, body: str, days: Sequence[date]) -> Rhythm | None:
    """The body's pace by the days on which it sat; None where the rules want no rhythm of it."""
    row = rules.body(body)
    if row is None or row.cadence is None:
        return None
    cadence, today = row.cadence, local_day(rules.at)
    since = rules.lead(Span(n=cadence.every, unit=cadence.unit), today).due_on
    past = sorted(day for day in days if day <= today)
    held = sum(1 for day in past if day >= since)
    if held >= cadence.times:
        pace = Pace.IN_RHYTHM
    elif not past or past[0] > since:
        pace = Pace.TOO_EARLY
    else:
        pace = Pace.DRIFTED
    last = past[-1] if past else None
    next_by = _later(last, cadence, rules) if last is not None and cadence.times == 1 else None
    return Rhythm(body, cadence, since, held, last, next_by, pace)


def _later(day: date, cadence: Cadence, rules: Rules) -> date | None:
    if cadence.unit in MONTHS:
        return add_months(day, MONTHS[cadence.unit] * cadence.every)
    if cadence.unit == "working_day":
        return rules.calendar.nth_working_day(day, cadence.every)
    if cadence.unit == "hour":
        return None
    return day + timedelta(days=cadence.every * (7 if cadence.unit == "week" else 1))
