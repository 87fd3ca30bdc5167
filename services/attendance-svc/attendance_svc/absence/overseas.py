"""How many groups went abroad in a year, and how many people (因公出国团组). Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from chancery.calendar import local_day
from chancery.refusal import Citation
from chancery.rules.rulebook import Rules
from chancery.rules.tables import CAPS

GROUPS: Final = "overseas_group"
MEMBERS: Final = "overseas_group_member"
"""What rows of caps count where they look after travel abroad."""


@dataclass(frozen=True, slots=True)
class Abroad:
    """One absence that leaves the country and stands."""

    person: str
    destination: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class OverseasGroup:
    """Those who left for one place from one day to another are one group; somebody who travels alone is one, too."""

    destination: str
    first_on: date
    last_on: date
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One row that counts groups or people: how many this year and the year before, and what it allows.

    ``most`` is the number that the row gives, None where it gives none; ``over`` says that it is exceeded, or, of a row
    that looks at the year before, that it has grown.
    """

    counts: str
    this_year: int
    last_year: int
    most: int | None
    over: bool
    cites: tuple[Citation, ...]


def groups_of(year: int, abroad: Iterable[Abroad]) -> Sequence[OverseasGroup]:
    """The groups that left in a year, the earliest first."""
    together: Mapping[tuple[str, date, date], list[str]] = defaultdict(list)
    for one in abroad:
        first, last = local_day(one.starts_at), local_day(one.ends_at)
        if first.year == year:
            together[(one.destination.strip(), first, last)].append(one.person)
    found = [
        OverseasGroup(destination, first, last, tuple(sorted(people)))
        for (destination, first, last), people in together.items()
    ]
    return sorted(found, key=lambda one: (one.first_on, one.destination, one.last_on))


def kept(rules: Rules, year: int, abroad: Sequence[Abroad]) -> Sequence[Kept]:
    """Every row of the rules that counts groups or people who go abroad."""
    this, last = groups_of(year, abroad), groups_of(year - 1, abroad)
    counted = {
        GROUPS: (len(this), len(last)),
        MEMBERS: (sum(len(one.people) for one in this), sum(len(one.people) for one in last)),
    }
    found: list[Kept] = []
    for row in rules.pack.rows(CAPS):
        if row.outcome.counts not in counted or row.outcome.period != "year":
            continue
        now, before = counted[row.outcome.counts]
        most = None if row.outcome.max is None else int(row.outcome.max)
        over = now > before if row.outcome.relative_to == "last_year" else most is not None and now > most
        found.append(Kept(row.outcome.counts, now, before, most, over, rules.pack.citations[CAPS.name][row.id]))
    return found
