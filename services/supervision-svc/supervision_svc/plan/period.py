"""Periods: how they are written, when they begin and end, and which one a day lies in."""

from calendar import monthrange
from datetime import date
from typing import Final

MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def period_of(on: date, unit: str) -> str | None:
    """The period of a day: 2026, 2026-H1, 2026-Q2, 2026-04; None for a unit that is none of these."""
    match unit:
        case "year":
            return f"{on.year}"
        case "half_year":
            return f"{on.year}-H{(on.month - 1) // 6 + 1}"
        case "quarter":
            return f"{on.year}-Q{(on.month - 1) // 3 + 1}"
        case "month":
            return f"{on.year}-{on.month:02d}"
        case _:
            return None


def unit_of(period: str) -> str:
    part = period[5:]
    return "year" if not part else {"Q": "quarter", "H": "half_year"}.get(part[0], "month")


def days_of(period: str) -> tuple[date, date]:
    """First and last day."""
    year, part, unit = int(period[:4]), period[5:], unit_of(period)
    number = 1 if not part else int(part.lstrip("QH"))
    length = MONTHS[unit]
    first = date(year, (number - 1) * length + 1, 1)
    last_month = first.month + length - 1
    return first, date(year, last_month, monthrange(year, last_month)[1])
