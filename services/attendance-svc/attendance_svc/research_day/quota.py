"""How many days a year the rules want of whom, and how many there were (调研天数). Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chancery.refusal import Citation
from chancery.rules.rulebook import Rules
from chancery.rules.tables import CAPS

COUNTED = "field_research_day"
"""What rows of caps count where they ask for days in the field."""


@dataclass(frozen=True, slots=True)
class Quota:
    """One leader's year; ``wanted`` None: at least none. ``left`` is how many are missing."""

    person: str
    days: int
    wanted: int | None
    cites: tuple[Citation, ...] = ()

    @property
    def left(self) -> int:
        return max((self.wanted or 0) - self.days, 0)


def quotas(rules: Rules, year: int, days: Iterable[tuple[str, date]]) -> Sequence[Quota]:
    """Everybody of whom the rules want days that year, and everybody who has some; each day once."""
    counted = Counter(person for person, day in set(days) if day.year == year)
    wanted: dict[str, tuple[int, tuple[Citation, ...]]] = {}
    for row in rules.pack.rows(CAPS):
        if row.outcome.counts != COUNTED or row.outcome.min is None or row.outcome.period != "year":
            continue
        posts = {
            post for cell in row.when if cell.fact == "by" for word in cell.words for post in rules.pack.posts_of(word)
        }
        for held in rules.roster.appointments:
            if held.post in posts and held.starts_on.year <= year <= (held.until or date.max).year:
                wanted[held.person] = (int(row.outcome.min), rules.pack.citations[CAPS.name][row.id])
    people = sorted({*wanted, *counted})
    return [Quota(person, counted[person], *wanted.get(person, (None, ()))) for person in people]
