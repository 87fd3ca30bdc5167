"""Working days, make-up days, and how a moment was counted. Pure: the files are read by whoever makes a calendar.

Local dates are Asia/Shanghai; moments are UTC. "5 days" is not "5 working days": the unit is always said. A year
without a published holiday notice is *unknown*: weekdays stand in for working days, and the count is provisional.
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
NEVER: Final = date(9999, 12, 30)
"""The due day of a clock that stands still and has not been let go on."""
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

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
    """One line of a count: the date, whether it counted, its number if it did, and why not if it did not.

    ``suspended`` is the cause of a standstill that covers it; ``rolled`` says that it lies behind the last counted
    day, which was not a working day.
    """

    day: Day
    number: int | None
    suspended: str | None = None
    rolled: bool = False

    def says(self, language: Literal["zh", "en"]) -> str:
        """A plain sentence of this day."""
        on, kind = self.day.on, self.day.kind
        if language == "zh":
            name = f"（{self.day.name}）" if self.day.name else "" if self.day.known else "（放假安排未公布）"
            label = f"{on.isoformat()} 周{'一二三四五六日'[on.weekday()]}，"
            if self.suspended is not None:
                return f"{label}中止计算：{self.suspended}"
            if self.rolled:
                return f"{label}{WORDS[kind][0]}{name}，期限顺延"
            return f"{label}{WORDS[kind][0]}{name}，{'不计' if self.number is None else f'第{self.number}日'}"
        name = f" ({self.day.name})" if self.day.name else "" if self.day.known else " (holidays not announced)"
        label = f"{on.isoformat()} {WEEKDAYS[on.weekday()]}, "
        if self.suspended is not None:
            return f"{label}the clock stood still: {self.suspended}"
        if self.rolled:
            return f"{label}{WORDS[kind][1]}{name}, the due day rolls"
        return f"{label}{WORDS[kind][1]}{name}, {'not counted' if self.number is None else f'day {self.number}'}"


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
    time. ``provisional`` is True where the count reached into an unknown year; ``years`` names them. ``set_to`` is a
    day agreed or ordered, which no calendar moves; ``extended_from`` the day it was due before it was extended.
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
    closing: time | None = None
    set_to: date | None = None
    extended_from: date | None = None

    @property
    def provisional(self) -> bool:
        return bool(self.years)

    @property
    def stands(self) -> bool:
        """True while a standstill has no end: the clock does not run out."""
        return self.due_on == NEVER


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
        self._beyond = day

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
        day, left = _plain_weeks(after, n, (EPOCH - DAY - after).days)
        while left and day < EPOCH - DAY:
            day += DAY
            left -= self.works(day)
        if not left:
            return day
        index = bisect_right(self._working, day.toordinal()) + left - 1
        if index < len(self._working):
            return date.fromordinal(self._working[index])
        last = max(day, self._beyond - DAY)
        day, left = _plain_weeks(last, left - self.working_days_between(day, last), None)
        while left:
            day += DAY
            left -= self.works(day)
        return day

    def nth_working_day_before(self, before: date, n: int) -> date:
        """The n-th working day before a date, which itself is not counted."""
        day, left = _plain_weeks(before, n, (before - self._beyond).days, -1)
        while left and day > self._beyond:
            day -= DAY
            left -= self.works(day)
        if not left:
            return day
        index = bisect_left(self._working, day.toordinal()) - left
        if index >= 0:
            return date.fromordinal(self._working[index])
        day, left = _plain_weeks(min(day, EPOCH), -index, None, -1)
        while left:
            day -= DAY
            left -= self.works(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """Working days after the first date up to and including the second; 0 where that is not later."""
        if until <= after:
            return 0
        inside = bisect_right(self._working, until.toordinal()) - bisect_right(self._working, after.toordinal())
        early = _weekdays(after, min(until, EPOCH - DAY))
        return inside + early + _weekdays(max(after, self._beyond - DAY), until)

    def roll(self, on: date, how: str) -> date:
        if how == "none" or self.works(on):
            return on
        return self.nth_working_day(on, 1) if how == "forward" else self.nth_working_day_before(on, 1)


def _plain_weeks(day: date, left: int, room: int | None, step: int = 1) -> tuple[date, int]:
    """Whole weeks of five working days at a stride, where no notice reaches; never the last day, nor past the room."""
    weeks = max(left - 1, 0) // 5
    if room is not None:
        weeks = min(weeks, max(room, 0) // 7)
    return day + step * timedelta(weeks=weeks), left - 5 * weeks


def _weekdays(after: date, until: date) -> int:
    """Mondays to Fridays after the first date up to and including the second."""
    weeks, rest = divmod(max((until - after).days, 0), 7)
    return weeks * 5 + sum((after.weekday() + n) % 7 < 5 for n in range(1, rest + 1))


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


def _aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} names no time zone; a clock starts at a moment, not at a wall clock's reading")


def count_forward(
    calendar: Calendar,
    starts_at: datetime,
    span: Span,
    *,
    closing: time | None = None,
    suspensions: Sequence[Suspension] = (),
) -> Count:
    """When a clock that starts at a moment runs out.

    Raises:
        ValueError: the moment names no time zone.
    """
    _aware(starts_at)
    start = local_day(starts_at)
    held = tuple(suspensions)
    if span.unit == "hour":
        due = _hours(starts_at, span.n, held) if held else starts_at + timedelta(hours=span.n)
        on = NEVER if due is None else local_day(due)
        due_at = end_of(NEVER) if due is None else due.astimezone(UTC)
        return Count(starts_at, span, on, due_at, calendar.version, suspensions=held, closing=closing)
    raw = _suspended(calendar, start, span, held) if held else _forward(calendar, start, span)
    due_on = raw
    if span.roll != "none" and raw != NEVER:
        due_on = calendar.roll(raw, span.roll)
        while holding := [s for s in held if s.holds(due_on)]:
            if any(s.last is None for s in holding):
                due_on = NEVER
                break
            due_on = calendar.roll(due_on + DAY, "forward")
    needs = due_on != NEVER and (span.unit == "working_day" or span.roll != "none")
    return Count(
        starts_at=starts_at,
        span=span,
        due_on=due_on,
        due_at=end_of(due_on, closing),
        calendar_version=calendar.version,
        years=calendar.unknown_years(start, max(raw, due_on)) if needs else (),
        rolled_from=raw if due_on not in (raw, NEVER) else None,
        suspensions=held,
        closing=closing,
    )


def _forward(calendar: Calendar, start: date, span: Span) -> date:
    """The last day of a span that starts on a day, before any rolling."""
    if not span.n:
        return start
    same = span.first_day == "same"
    if span.unit == "working_day":
        return calendar.nth_working_day(start - DAY if same else start, span.n)
    if span.unit in MONTHS:
        corresponding = add_months(start, MONTHS[span.unit] * span.n)
        return corresponding - DAY if same else corresponding
    days = span.n * (7 if span.unit == "week" else 1)
    return start + timedelta(days=days - 1 if same else days)


def _suspended(calendar: Calendar, start: date, span: Span, suspensions: Sequence[Suspension]) -> date:
    """Walk day by day: a suspended day does not count, whatever its unit. Months become days first."""
    before = start - DAY if span.first_day == "same" else start
    left = span.n if span.unit == "working_day" else (_forward(calendar, start, span) - before).days
    if not span.n:
        return start
    day = before
    while left:
        day += DAY
        if any(s.holds(day) for s in suspensions):
            if any(s.last is None and s.holds(day) for s in suspensions):
                return NEVER
            continue
        left -= calendar.works(day) if span.unit == "working_day" else 1
    return day


def _hours(starts_at: datetime, n: int, suspensions: Sequence[Suspension]) -> datetime | None:
    """Hours that pass over whole suspended days; None where a standstill has no end."""
    at, left = starts_at, timedelta(hours=n)
    while True:
        on = local_day(at)
        holding = [s for s in suspensions if s.holds(on)]
        if any(s.last is None for s in holding):
            return None
        midnight = end_of(on)
        if not holding:
            if at + left < midnight or not left:
                return at + left
            left -= midnight - at
        at = midnight


def count_back(calendar: Calendar, event_on: date | datetime, span: Span, *, closing: time | None = None) -> Count:
    """The last day by which something must be there, so long before an event; the event's day is not counted.

    Raises:
        ValueError: a lead in hours was asked for and the event has a day but no moment.
    """
    event_at = event_on if isinstance(event_on, datetime) else local_moment(event_on, time(0))
    _aware(event_at)
    event_day = local_day(event_at)
    if span.unit == "hour":
        if not isinstance(event_on, datetime):
            raise ValueError("a lead in hours needs a moment, not a day")
        due = event_at.astimezone(UTC) - timedelta(hours=span.n)
        return Count(event_at, span, local_day(due), due, calendar.version, backward=True, closing=closing)
    raw = _backward(calendar, event_day, span)
    due_on = calendar.roll(raw, "none" if span.roll == "none" else "back")
    needs = span.unit == "working_day" or span.roll != "none"
    return Count(
        starts_at=event_at,
        span=span,
        due_on=due_on,
        due_at=end_of(due_on, closing),
        calendar_version=calendar.version,
        years=calendar.unknown_years(due_on, event_day) if needs else (),
        rolled_from=raw if raw != due_on else None,
        backward=True,
        closing=closing,
    )


def _backward(calendar: Calendar, event_day: date, span: Span) -> date:
    if not span.n:
        return event_day
    same = span.first_day == "same"
    if span.unit == "working_day":
        return calendar.nth_working_day_before(event_day + DAY if same else event_day, span.n)
    if span.unit in MONTHS:
        corresponding = add_months(event_day, -MONTHS[span.unit] * span.n)
        return corresponding + DAY if same else corresponding
    days = span.n * (7 if span.unit == "week" else 1)
    return event_day - timedelta(days=days - 1 if same else days)


def recount(calendar: Calendar, count: Count) -> Count:
    """The same clock under another calendar: same start, same standstills, same agreed day."""
    if count.backward:
        event = count.starts_at if count.span.unit == "hour" else local_day(count.starts_at)
        again = count_back(calendar, event, count.span, closing=count.closing)
        again = replace(again, starts_at=count.starts_at)
    else:
        again = count_forward(
            calendar, count.starts_at, count.span, closing=count.closing, suspensions=count.suspensions
        )
    again = replace(again, extended_from=count.extended_from)
    return again if count.set_to is None else _set_to(again, count.set_to)


def _set_to(count: Count, day: date) -> Count:
    """A named day stands, whatever the calendar says."""
    due_at = end_of(day, count.closing)
    return replace(count, due_on=day, due_at=due_at, set_to=day, years=(), rolled_from=None)


def suspended(calendar: Calendar, count: Count, first: date, cause: str) -> Count:
    """The clock from a day on standing still until it is let go on (中止). That day no longer counts."""
    return recount(calendar, replace(count, suspensions=(*count.suspensions, Suspension(first, None, cause))))


def resumed(calendar: Calendar, count: Count, on: date) -> Count:
    """The clock going on: the given day counts again, and what was counted before is kept.

    Raises:
        ValueError: it does not stand still.
    """
    if not any(s.last is None for s in count.suspensions):
        raise ValueError("the clock is running; there is nothing to resume")
    ended = tuple(
        replace(s, last=on - DAY) if s.last is None else s
        for s in count.suspensions
        if s.last is not None or s.first < on
    )
    return recount(calendar, replace(count, suspensions=ended))


def extended(calendar: Calendar, count: Count, to: int | date) -> Count:
    """The clock with so many more of its own unit, or to a day that was agreed; the day it was due first is kept."""
    kept = count.extended_from or count.due_on
    if isinstance(to, date):
        return replace(_set_to(count, to), extended_from=kept, calendar_version=calendar.version)
    span = count.span.model_copy(update={"n": count.span.n + to})
    return recount(calendar, replace(count, span=span, extended_from=kept))


def restarted(calendar: Calendar, count: Count, at: datetime) -> Count:
    """The clock from its beginning, as after a correction: nothing counted before remains (重新计算)."""
    return recount(calendar, replace(count, starts_at=at, suspensions=(), set_to=None, extended_from=None))


def days_of(calendar: Calendar, count: Count) -> list[CountedDay]:
    """Every day of a count, in order, with what it was: how anybody can check it by hand.

    A clock that stands still is told up to the day on which it stopped. A day that was set is told to that day.
    """
    if count.span.unit == "hour":
        return []
    start, same = local_day(count.starts_at), count.span.first_day == "same" and count.span.n > 0
    if count.backward:
        day, step, last = (start + DAY if same else start), -DAY, count.due_on
    else:
        day, step, last = (start - DAY if same else start), DAY, count.due_on
        if count.stands:
            last = max(start, *(s.first for s in count.suspensions if s.last is None))
    lines: list[CountedDay] = []
    number = 0
    while day != last and (day > last) is count.backward:
        day += step
        what = calendar.day(day)
        cause = next((s.cause for s in count.suspensions if s.holds(day)), None)
        rolled = count.rolled_from is not None and (
            day < count.rolled_from if count.backward else day > count.rolled_from
        )
        counts = cause is None and not rolled and (count.span.unit != "working_day" or what.works)
        number += counts
        lines.append(CountedDay(what, number if counts else None, cause, rolled))
    return lines


UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "working_day": ("个工作日", "working days"),
    "calendar_day": ("日", "calendar days"),
    "hour": ("小时", "hours"),
    "week": ("周", "weeks"),
    "month": ("个月", "months"),
    "quarter": ("个季度", "quarters"),
    "half_year": ("个半年", "half-years"),
    "year": ("年", "years"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A count in words: the rule, the lines, and what makes it provisional."""

    count: Count
    lines: Sequence[CountedDay] = field(default_factory=tuple[CountedDay, ...])

    def says(self, language: Literal["zh", "en"]) -> list[str]:
        return [self._head(language), *(line.says(language) for line in self.lines), *self._foot(language)]

    def _head(self, language: Literal["zh", "en"]) -> str:
        count = self.count
        zh, en = UNITS[count.span.unit]
        if count.backward:
            event = count.starts_at.astimezone(LOCAL).strftime("%Y-%m-%d")
            if language == "zh":
                return f"{event} 之前 {count.span.n} {zh}，当日不计"
            return f"{count.span.n} {en} before {event}, which itself is not counted"
        start = count.starts_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
        same = count.span.first_day == "same"
        if count.span.unit == "hour":
            return f"自 {start} 起 {count.span.n} {zh}" if language == "zh" else f"{count.span.n} {en} from {start}"
        if language == "zh":
            return f"自 {start} 起 {count.span.n} {zh}，当日{'计入' if same else '不计'}"
        return f"{count.span.n} {en} from {start}, that day {'counted' if same else 'not counted'}"

    def _foot(self, language: Literal["zh", "en"]) -> list[str]:
        count, zh = self.count, language == "zh"
        lines: list[str] = []
        if count.rolled_from is not None:
            later = count.due_on > count.rolled_from
            lines.append(
                f"末日 {count.rolled_from} 不是工作日，{'顺延' if later else '提前'}至 {count.due_on}"
                if zh
                else f"the last day {count.rolled_from} is no working day and moves {'on' if later else 'back'} to "
                f"{count.due_on}"
            )
        if count.set_to is not None:
            lines.append(f"截止日已另行确定为 {count.set_to}" if zh else f"the due day was set to {count.set_to}")
        if count.extended_from is not None:
            lines.append(
                f"原截止 {count.extended_from}，已延期" if zh else f"extended; it was due {count.extended_from}"
            )
        if count.stands:
            lines.append("中止期间不计，恢复后继续计算" if zh else "the clock stands still and goes on when resumed")
            return lines
        until = f"{count.due_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
        lines.append(
            f"截止 {count.due_on}，{until} 之前为按期" if zh else f"due on {count.due_on}: in time before {until}"
        )
        if count.provisional:
            years = ("、" if zh else ", ").join(map(str, count.years))
            lines.append(
                f"暂定：{years} 年的放假安排尚未公布，公布后自动重算"
                if zh
                else f"provisional: the holidays of {years} are not announced yet; it is counted anew when they are"
            )
        return lines


def explain(calendar: Calendar, count: Count) -> Explanation:
    return Explanation(count, days_of(calendar, count))
