"""How many meetings a year holds, how many come and how long they last, beside the year before (会议统计). Pure.

It counts what the record holds and shows what the rules want watched; it refuses nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, cast

from chancery.calendar import Span, add_months, local_day
from chancery.rules.pack import Row
from chancery.rules.rulebook import Rules
from chancery.rules.tables import CAPS, Cap
from meeting_svc.rhythm import MONTHS
from meeting_svc.sitting.state import Sitting

MEETINGS: Final = "meeting"
ATTENDANCE: Final = "meeting_attendance"
HOURS: Final = "meeting_hours"
WITH_HEADS: Final = "meeting_of_principal_heads"
"""What the table of limits may count; ``<body>_meeting`` and ``<scope>_meeting`` count those alone."""
WATCHED: Final = ("government", "body")


class Stands(StrEnum):
    AS_WANTED = "as_wanted"
    TO_COME = "to_come"  # fewer than wanted, and there is time yet
    SHORT = "short"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that was held. ``kind`` is its body, or the scope in which it was asked for; None hours: not known."""

    on: date
    kind: str
    people: int
    hours: float | None = None
    with_heads: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """What one row wants watched. ``so_far_last_year`` is the year before up to the same day."""

    row: str
    counts: str
    now: float
    last_year: float
    so_far_last_year: float
    least: float | None
    most: float | None
    relative: bool
    stands: Stands
    clauses: tuple[str, ...]


def held_of(rules: Rules, sitting: Sitting) -> Held | None:
    """A sitting that was opened; those who sat are those present and those who came."""
    convened, opened = sitting.convened, sitting.opened
    if convened is None or opened is None:
        return None
    people = {one.person for one in opened.present} | set(sitting.seats)
    hours = (sitting.closed.closed_at - opened.opened_at).total_seconds() / 3600 if sitting.closed else None
    led = any(seat.post in rules.pack.unit_heads for seat in (*opened.present, *sitting.seats.values()))
    return Held(convened.sitting_on, convened.body, len(people), hours, led)


def counted(meetings: Sequence[Held], first: date, last: date) -> Mapping[str, float]:
    """Every measure of the meetings of some days."""
    those = [one for one in meetings if first <= one.on <= last]
    found: dict[str, float] = {
        MEETINGS: len(those),
        ATTENDANCE: sum(one.people for one in those),
        HOURS: round(sum(one.hours or 0 for one in those), 1),
        WITH_HEADS: sum(one.with_heads for one in those),
    }
    for one in those:
        name = f"{one.kind}_meeting"
        found[name] = found.get(name, 0) + 1
    return found


def figures(rules: Rules, meetings: Sequence[Held], year: int) -> tuple[Figure, ...]:
    """One for each row on meetings of a whole year; a year that is over is compared as a whole."""
    today = local_day(rules.at)
    last = min(today, date(year, 12, 31))
    now = counted(meetings, date(year, 1, 1), last)
    before = counted(meetings, date(year - 1, 1, 1), date(year - 1, 12, 31))
    so_far = counted(meetings, date(year - 1, 1, 1), add_months(last, -12))
    found: list[Figure] = []
    for row in _watched(rules):
        cap = row.outcome
        relative = cap.relative_to == "last_year"
        value, earlier = now.get(cap.counts, 0), so_far.get(cap.counts, 0)
        found.append(
            Figure(
                row=row.id,
                counts=cap.counts,
                now=value,
                last_year=before.get(cap.counts, 0),
                so_far_last_year=earlier,
                least=cap.min,
                most=cap.max,
                relative=relative,
                stands=_stands(rules, cap, value, earlier if relative else None, year),
                clauses=tuple(cite.clause for cite in rules.pack.citations.get(CAPS.name, {}).get(row.id, ())),
            )
        )
    return tuple(found)


def _watched(rules: Rules) -> list[Row[Cap]]:
    known = {MEETINGS, ATTENDANCE, HOURS, WITH_HEADS}
    known |= {f"{body}_meeting" for body in rules.pack.vocabulary("bodies")}
    rows = rules.pack.rows(CAPS)
    return [
        row
        for row in rows
        if row.outcome.period == "year" and row.outcome.per in WATCHED and row.outcome.counts in known
    ]


def _stands(rules: Rules, cap: Cap, value: float, earlier: float | None, year: int) -> Stands:
    if earlier is not None:
        return Stands.OVER if value > earlier else Stands.AS_WANTED
    if cap.max is not None and value > cap.max:
        return Stands.OVER
    if cap.min is None or value >= cap.min:
        return Stands.AS_WANTED
    return Stands.SHORT if local_day(rules.at) >= _recalled_on(rules, cap, year) else Stands.TO_COME


def _recalled_on(rules: Rules, cap: Cap, year: int) -> date:
    """The day from which what is outstanding is recalled: so long before the year's end, as the tenant has it."""
    end = date(year + 1, 1, 1)
    ahead = rules.setting(f"{cap.counts.removesuffix('_meeting')}_lookahead")
    if not isinstance(ahead, Mapping):
        return end
    span = Span.model_validate(cast("Mapping[str, Any]", ahead))
    if span.unit in MONTHS:
        return add_months(end, -MONTHS[span.unit] * span.n)
    return rules.lead(span, end).due_on
