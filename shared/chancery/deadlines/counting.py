"""A count as events carry it, and the way back: what is stored can always be counted again. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

from chancery.calendar import (
    Calendar,
    Count,
    Explanation,
    Span,
    Suspension,
    Unit,
    days_of,
    explain,
    extended,
    recount,
    restarted,
    resumed,
    suspended,
)
from chancery.events.parts import Counted, Standstill
from chancery.names import TenantId

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class RunningDeadline:
    """A deadline as stored: of which thing, how it was counted, and what became of it.

    ``thing`` is the stream it belongs to, ``matter`` the correlation, ``cause`` the event that started it, and
    ``started_at`` that event's business time.
    """

    id: UUID
    tenant: TenantId
    thing: UUID
    name: str
    counted: Counted
    matter: UUID
    cause: UUID
    started_at: datetime
    state: Literal["running", "fired", "met", "cancelled"] = "running"
    fired_at: datetime | None = None
    met_at: datetime | None = None

    @property
    def late(self) -> bool:
        """Fired before it was met, or fired and never met."""
        return self.fired_at is not None


def counted(count: Count, *, name: str, rule: str, clauses: Iterable[str], force: str) -> Counted:
    """A count as an event keeps it, with the row and the clauses it rests on."""
    return Counted(
        name=name,
        rule=rule,
        clauses=tuple(clauses),
        force=force,
        starts_at=count.starts_at,
        n=count.span.n,
        unit=count.span.unit,
        due_at=count.due_at,
        due_on=count.due_on,
        calendar_version=count.calendar_version,
        provisional=count.provisional,
        roll=count.span.roll,
        first_day=count.span.first_day,
        backward=count.backward,
        closing=count.closing,
        stood=tuple(Standstill(first_on=s.first, last_on=s.last, cause=s.cause) for s in count.suspensions),
        set_to=count.set_to,
        extended_from=count.extended_from,
    )


def _bare(due: Counted) -> Count:
    return Count(
        starts_at=due.starts_at,
        span=Span(n=due.n, unit=cast("Unit", due.unit), roll=due.roll, first_day=due.first_day),
        due_on=due.due_on,
        due_at=due.due_at,
        calendar_version=due.calendar_version,
        suspensions=tuple(Suspension(s.first_on, s.last_on, s.cause) for s in due.stood),
        backward=due.backward,
        closing=due.closing,
        set_to=due.set_to,
        extended_from=due.extended_from,
    )


def count_of(due: Counted, calendar: Calendar) -> Count:
    """The stored clock counted under a calendar, whatever it was counted under before."""
    return recount(calendar, _bare(due))


def _again(due: Counted, count: Count) -> Counted:
    return counted(count, name=due.name, rule=due.rule, clauses=due.clauses, force=due.force)


def recounted(due: Counted, calendar: Calendar) -> Counted:
    """The same deadline under another calendar."""
    return _again(due, count_of(due, calendar))


def moves(was: Counted, now: Counted) -> bool:
    """Whether anybody would notice: another due moment, or no longer (or newly) provisional."""
    return (was.due_at, was.due_on, was.provisional) != (now.due_at, now.due_on, now.provisional)


def suspended_due(due: Counted, calendar: Calendar, first: date, cause: str) -> Counted:
    """The deadline standing still from a day on, until it is resumed (中止)."""
    return _again(due, suspended(calendar, count_of(due, calendar), first, cause))


def resumed_due(due: Counted, calendar: Calendar, on: date) -> Counted:
    """The deadline going on where it stopped; the given day counts again (恢复)."""
    return _again(due, resumed(calendar, count_of(due, calendar), on))


def extended_due(due: Counted, calendar: Calendar, to: int | date) -> Counted:
    """The deadline with so many more of its unit, or to an agreed day; the day it was due first is kept (延期)."""
    return _again(due, extended(calendar, count_of(due, calendar), to))


def restarted_due(due: Counted, calendar: Calendar, at: datetime) -> Counted:
    """The deadline from its beginning, as after a correction (重新计算)."""
    return _again(due, restarted(calendar, count_of(due, calendar), at))


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of a count as it is shown: what it was, whether it counted, its number, and both sentences."""

    on: date
    kind: str
    name: str
    notice: str
    known: bool
    counted: bool
    number: int | None
    says_zh: str
    says_en: str


@dataclass(frozen=True, slots=True)
class DueAccount:
    """How a deadline was counted, so that anybody can check it by hand.

    ``head`` and ``foot`` are the sentences before and after the days. ``agrees`` is False where the calendar at hand
    gives another day than the one stored; ``today`` then holds that day, and the lines are of the calendar at hand.
    """

    due: Counted
    head: dict[Language, list[str]]
    lines: list[DayLine]
    foot: dict[Language, list[str]]
    agrees: bool
    today: date


def explain_due(due: Counted, calendar: Calendar) -> DueAccount:
    """The account of a deadline, day by day, in Chinese and English."""
    count = count_of(due, calendar)
    days = days_of(calendar, count)
    whole = Explanation(count, ())
    agrees = count.due_at == due.due_at
    foot: dict[Language, list[str]] = {language: whole.says(language)[1:] for language in _LANGUAGES}
    if not agrees:
        versions = f"{due.calendar_version} → {calendar.version}"
        foot["zh"].append(
            f"原按日历 {due.calendar_version} 计为 {due.due_on}，现行日历计为 {count.due_on}（{versions}）"
        )
        foot["en"].append(
            f"stored as {due.due_on} under {due.calendar_version}; {calendar.version} gives {count.due_on}"
        )
    return DueAccount(
        due=due,
        head={language: whole.says(language)[:1] for language in _LANGUAGES},
        lines=[
            DayLine(
                on=line.day.on,
                kind=line.day.kind.value,
                name=line.day.name,
                notice=line.day.notice,
                known=line.day.known,
                counted=line.number is not None,
                number=line.number,
                says_zh=line.says("zh"),
                says_en=line.says("en"),
            )
            for line in days
        ],
        foot=foot,
        agrees=agrees,
        today=count.due_on,
    )


_LANGUAGES: tuple[Language, Language] = ("zh", "en")


def sentences(due: Counted, calendar: Calendar, language: Language = "zh") -> list[str]:
    """The whole account as lines of text, for a terminal."""
    account = explain_due(due, calendar)
    days = [line.says_zh if language == "zh" else line.says_en for line in account.lines]
    return [*account.head[language], *days, *account.foot[language]]


__all__ = [
    "DayLine",
    "DueAccount",
    "RunningDeadline",
    "count_of",
    "counted",
    "explain",
    "explain_due",
    "extended_due",
    "moves",
    "recounted",
    "restarted_due",
    "resumed_due",
    "sentences",
    "suspended_due",
]
