"""Working days, make-up days, and how a moment was counted. Pure: the files are read by whoever makes a calendar.

Local dates are Asia/Shanghai; moments are UTC. "5 days" is not "5 working days": the unit is always said. A year
without a published holiday notice is *unknown*: weekdays stand in for working days, and the count says that it is provisional.
"""

import calendar as gregorian
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, ConfigDict, Field

LOCAL: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = timedelta(days=1)
EPOCH: Final = date(1990, 1, 1)

Unit = Literal["working_day", "calendar_day", "hour", "week", "month", "quarter", "half_year", "year"]
MONTHS: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Span(BaseModel):
    """A length of time as a rule says it.

    ``roll`` moves a last day that is not a working day: forward to the next, back to the one before, or not at all.
    ``first_day`` says whether counting begins on the next day (the common rule) or on the same.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int = Field(ge=0, le=100_000)
    unit: Unit
    roll: Literal["none", "forward", "back"] = "none"
    first_day: Literal["next", "same"] = "next"


class DayKind(StrEnum):
    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


WORKING: Final = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP})
WORDS: Final[Mapping[DayKind, tuple[str, str]]] = {
    DayKind.WORKDAY: ("工作日", "working day"),
    DayKind.WEEKEND: ("周末", "weekend"),
    DayKind.HOLIDAY: ("节假日", "public holiday"),
    DayKind.MAKE_UP: ("调休上班", "make-up working day"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """What one date is, by which notice. ``known`` is False in a year whose notice is not out."""

    on: date
    kind: DayKind
    name: str = ""
    notice: str = ""
    known: bool = True

    @property
    def works(self) -> bool:
        return self.kind in WORKING


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One line of a count: the date, whether it counted, its number if it did, and why not if it did not."""

    day: Day
    number: int | None
    suspended: str | None = None

    def says(self, language: Literal["zh", "en"]) -> str:
        """A plain sentence of this day."""
        zh, en = WORDS[self.day.kind]
        name = f"（{self.day.name}）" if self.day.name else ""
        label = f"{self.day.on.isoformat()} {'周' + '一二三四五六日'[self.day.on.weekday()]}"
        if language == "en":
            name = f" ({self.day.name})" if self.day.name else ""
            label = f"{self.day.on.isoformat()} {gregorian.day_abbr[self.day.on.weekday()]}"
        if self.suspended is not None:
            return f"{label}，中止：{self.suspended}" if language == "zh" else f"{label}, suspended: {self.suspended}"
        if self.number is not None:
            return (
                f"{label}，{zh}{name}，第{self.number}日"
                if language == "zh"
                else f"{label}, {en}{name}, day {self.number}"
            )
        return f"{label}，{zh}{name}，不计" if language == "zh" else f"{label}, {en}{name}, not counted"


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days on which a clock stood still: first and last day (None while it still stands), and the cause."""

    first: date
    last: date | None
    cause: str

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Count:
    """A due moment and what it was counted from.

    ``due_on`` is the last day in time, ``due_at`` the first moment (UTC) after it: what happens before ``due_at`` is in
    time. ``provisional`` is True where the count reached into an unknown year; ``years`` names them.
    """

    starts_at: datetime
    span: Span
    due_on: date
    due_at: datetime
    calendar_version: str
    years: tuple[int, ...] = ()
    rolled_from: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    backward: bool = False

    @property
    def provisional(self) -> bool:
        return bool(self.years)


class Calendar:
    """The days of the country as announced. ``version`` names exactly what was loaded."""

    def __init__(self, days: Mapping[date, Day], years: Iterable[int], version: str) -> None:
        self._days = dict(days)
        self.years = frozenset(years)
        self.version = version
        last = date(max(self.years, default=2027) + 12, 12, 31)
        self._working: list[int] = []
        day = EPOCH
        while day <= last:
            if self.day(day).works:
                self._working.append(day.toordinal())
            day += DAY

    @classmethod
    def from_files(cls, files: Iterable[tuple[str, bytes]]) -> "Calendar":
        """From (file name, content) of dated files; a file's year is that of its notice, dates may lie beside it.

        Raises:
            ValueError: a file is not of the known shape, or two files say different things of one date.
        """
        days: dict[date, Day] = {}
        years: set[int] = set()
        digest = hashlib.sha256()
        for name, content in sorted(files):
            raw: dict[str, Any] = orjson.loads(content)
            listed = cast("list[dict[str, Any]]", raw["days"])
            digest.update(str(raw["year"]).encode() + b"\0")
            if listed:
                years.add(int(raw["year"]))
            notice = " ".join(cast("list[str]", raw.get("papers", [])))
            for entry in listed:
                on = date.fromisoformat(entry["date"])
                kind = DayKind.HOLIDAY if entry["isOffDay"] else DayKind.MAKE_UP
                if on in days and days[on].kind is not kind:
                    raise ValueError(f"{name}: {on} is {kind} here and {days[on].kind} in another file")
                days[on] = Day(on, kind, str(entry["name"]), notice)
                digest.update(f"{on}{kind}".encode())
        return cls(days, years, f"cn-{max(years, default=0)}-{digest.hexdigest()[:12]}")

    @classmethod
    def from_folder(cls, folder: Path) -> "Calendar":
        return cls.from_files((f.name, f.read_bytes()) for f in sorted(folder.glob("[12][0-9][0-9][0-9].json")))

    def knows(self, year: int) -> bool:
        return year in self.years

    def day(self, on: date) -> Day:
        """What a date is; beyond the known years the weekday stands in and ``known`` is False."""
        announced = self._days.get(on)
        if announced is not None:
            return announced
        kind = DayKind.WEEKEND if on.weekday() >= 5 else DayKind.WORKDAY
        return Day(on, kind, known=on.year in self.years)

    def works(self, on: date) -> bool:
        return self.day(on).works

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years between two dates whose notice is not out."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.years)

    def nth_working_day(self, after: date, n: int) -> date:
        """The n-th working day after a date, which itself is not counted."""
        index = bisect_right(self._working, after.toordinal()) + n - 1
        if index < len(self._working):
            return date.fromordinal(self._working[index])
        left, day = index - len(self._working) + 1, date.fromordinal(self._working[-1])
        while left:
            day += DAY
            left -= self.works(day)
        return day

    def nth_working_day_before(self, before: date, n: int) -> date:
        """The n-th working day before a date, which itself is not counted."""
        index = bisect_left(self._working, before.toordinal()) - n
        if index < 0:
            raise ValueError(f"{before} less {n} working days lies before {EPOCH}, where no calendar reaches")
        return date.fromordinal(self._working[index])

    def working_days_between(self, after: date, until: date) -> int:
        """Working days after the first date up to and including the second."""
        return bisect_right(self._working, until.toordinal()) - bisect_right(self._working, after.toordinal())

    def roll(self, on: date, how: str) -> date:
        if how == "none" or self.works(on):
            return on
        return self.nth_working_day(on, 1) if how == "forward" else self.nth_working_day_before(on, 1)


@lru_cache(maxsize=1)
def bundled() -> Calendar:
    """The calendar of the files that come with this version."""
    return Calendar.from_folder(Path(__file__).parent / "data" / "holidays")


def local_day(moment: datetime) -> date:
    """The Beijing date of a moment."""
    return moment.astimezone(LOCAL).date()


def local_moment(on: date, at: time) -> datetime:
    """The UTC moment of a Beijing date and time of day."""
    return datetime.combine(on, at, LOCAL).astimezone(UTC)


def end_of(on: date, closing: time | None = None) -> datetime:
    """The first moment after a day: midnight, or the office's closing time where one is set."""
    return local_moment(on + DAY, time(0)) if closing is None else local_moment(on, closing)


def add_months(on: date, months: int) -> date:
    """The corresponding day so many months on, or the month's last where there is none."""
    index = on.year * 12 + on.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(on.day, gregorian.monthrange(year, month + 1)[1]))


def count_forward(
    calendar: Calendar,
    starts_at: datetime,
    span: Span,
    *,
    closing: time | None = None,
    suspensions: Sequence[Suspension] = (),
) -> Count:
    """When a clock that starts at a moment runs out."""
    start = local_day(starts_at)
    if span.unit == "hour":
        due = starts_at + timedelta(hours=span.n)
        return Count(starts_at, span, local_day(due), due, calendar.version)
    before = start if span.first_day == "next" else start - DAY
    raw = _suspended(calendar, before, span, suspensions) if suspensions else _forward(calendar, before, span)
    due_on = calendar.roll(raw, span.roll)
    needs = span.unit == "working_day" or span.roll != "none"
    return Count(
        starts_at=starts_at,
        span=span,
        due_on=due_on,
        due_at=end_of(due_on, closing),
        calendar_version=calendar.version,
        years=calendar.unknown_years(start, due_on) if needs else (),
        rolled_from=raw if raw != due_on else None,
        suspensions=tuple(suspensions),
    )


def _forward(calendar: Calendar, before: date, span: Span) -> date:
    if span.unit == "working_day":
        return calendar.nth_working_day(before, span.n) if span.n else before
    if span.unit == "calendar_day":
        return before + timedelta(days=span.n)
    if span.unit == "week":
        return before + timedelta(weeks=span.n)
    return add_months(before, MONTHS[span.unit] * span.n)


def _suspended(calendar: Calendar, before: date, span: Span, suspensions: Sequence[Suspension]) -> date:
    """Walk day by day: a suspended day does not count, whatever its unit. Months become days first."""
    left = span.n if span.unit == "working_day" else (_forward(calendar, before, span) - before).days
    day = before
    while left:
        day += DAY
        if any(s.holds(day) for s in suspensions):
            if any(s.last is None and s.first <= day for s in suspensions):
                return date(9999, 12, 30)
            continue
        left -= calendar.works(day) if span.unit == "working_day" else 1
    return day


def count_back(calendar: Calendar, event_on: date, span: Span, *, closing: time | None = None) -> Count:
    """The last day by which something must be there, so long before an event; the event's day is not counted."""
    last = event_on if span.first_day == "next" else event_on + DAY
    if span.unit == "working_day":
        raw = calendar.nth_working_day_before(last, span.n) if span.n else last
    elif span.unit == "hour":
        raise ValueError("a lead in hours needs a moment, not a day")
    elif span.unit in MONTHS:
        raw = add_months(last, -MONTHS[span.unit] * span.n)
    else:
        raw = last - timedelta(days=span.n * (7 if span.unit == "week" else 1))
    due_on = calendar.roll(raw, "back" if span.roll == "forward" else span.roll)
    needs = span.unit == "working_day" or span.roll != "none"
    return Count(
        starts_at=local_moment(event_on, time(0)),
        span=span,
        due_on=due_on,
        due_at=end_of(due_on, closing),
        calendar_version=calendar.version,
        years=calendar.unknown_years(due_on, event_on) if needs else (),
        rolled_from=raw if raw != due_on else None,
        backward=True,
    )


def recount(calendar: Calendar, count: Count, *, closing: time | None = None) -> Count:
    """The same clock under another calendar."""
    if count.backward:
        return count_back(calendar, local_day(count.starts_at), count.span, closing=closing)
    return count_forward(calendar, count.starts_at, count.span, closing=closing, suspensions=count.suspensions)


def with_suspension(calendar: Calendar, count: Count, suspension: Suspension) -> Count:
    """The clock with one more suspension; a later one of the same first day replaces an open one."""
    kept = tuple(s for s in count.suspensions if s.first != suspension.first)
    return recount(calendar, replace(count, suspensions=(*kept, suspension)))


def days_of(calendar: Calendar, count: Count) -> list[CountedDay]:
    """Every day of a count, in order, with what it was: how anybody can check it by hand."""
    if count.span.unit == "hour":
        return []
    if count.backward:
        return _days_back(calendar, count)
    day = local_day(count.starts_at) if count.span.first_day == "next" else local_day(count.starts_at) - DAY
    lines: list[CountedDay] = []
    number = 0
    while day < count.due_on:
        day += DAY
        what = calendar.day(day)
        cause = next((s.cause for s in count.suspensions if s.holds(day)), None)
        counts = cause is None and (count.span.unit != "working_day" or what.works)
        if count.rolled_from is not None and day > count.rolled_from:
            counts = False
        number += counts
        lines.append(CountedDay(what, number if counts else None, cause))
    return lines


def _days_back(calendar: Calendar, count: Count) -> list[CountedDay]:
    day = local_day(count.starts_at) if count.span.first_day == "next" else local_day(count.starts_at) + DAY
    lines: list[CountedDay] = []
    number = 0
    while day > count.due_on:
        day -= DAY
        what = calendar.day(day)
        counts = count.span.unit != "working_day" or what.works
        number += counts
        lines.append(CountedDay(what, number if counts else None))
    return lines


@dataclass(frozen=True, slots=True)
class Explanation:
    """A count in words: the rule, the lines, and what makes it provisional."""

    count: Count
    lines: Sequence[CountedDay] = field(default_factory=tuple[CountedDay, ...])

    def says(self, language: Literal["zh", "en"]) -> list[str]:
        count = self.count
        units = {
            "working_day": ("个工作日", "working days"),
            "calendar_day": ("日", "calendar days"),
            "hour": ("小时", "hours"),
            "week": ("周", "weeks"),
            "month": ("个月", "months"),
            "quarter": ("个季度", "quarters"),
            "half_year": ("个半年", "half-years"),
            "year": ("年", "years"),
        }
        zh, en = units[count.span.unit]
        start = count.starts_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
        first = f"自 {start} 起{count.span.n}{zh}" if language == "zh" else f"{count.span.n} {en} from {start}"
        lines = [first, *(line.says(language) for line in self.lines)]
        if count.rolled_from is not None:
            lines.append(
                f"末日 {count.rolled_from} 不是工作日，顺延至 {count.due_on}"
                if language == "zh"
                else f"the last day {count.rolled_from} is no working day and rolls to {count.due_on}"
            )
        lines.append(f"截止 {count.due_on}" if language == "zh" else f"due on {count.due_on}")
        if count.provisional:
            years = "、".join(map(str, count.years))
            lines.append(
                f"暂定：{years} 年的放假安排尚未公布，公布后自动重算"
                if language == "zh"
                else f"provisional: the holidays of {years} are not announced yet; it is counted anew when they are"
            )
        return lines


def explain(calendar: Calendar, count: Count) -> Explanation:
    return Explanation(count, days_of(calendar, count))
