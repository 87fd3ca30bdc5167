"""Counting forward and back, with the examples that the five packs' clauses give, and what must hold always."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.calendar import (
    LOCAL,
    NEVER,
    Calendar,
    Count,
    Span,
    Unit,
    add_months,
    bundled,
    count_back,
    count_forward,
    end_of,
    local_day,
    local_moment,
    recount,
)

CALENDAR = bundled()
DAY = timedelta(days=1)
MORNING = time(9, 30)


def on(text: str) -> date:
    return date.fromisoformat(text)


def working(n: int) -> Span:
    return Span(n=n, unit="working_day")


def after(day: date, span: Span, calendar: Calendar = CALENDAR) -> Count:
    return count_forward(calendar, local_moment(day, MORNING), span)


# The clause, the day it starts from, how many (before an event where negative), and the last day in time.
WORKING_DAYS = [
    ("HM-16-18", "2023-05-09", -5, "2023-04-28"),
    ("HM-29-1", "2022-06-01", 5, "2022-06-09"),
    ("HM-29-2", "2022-09-08", 5, "2022-09-16"),
    ("HM-29-3", "2023-04-26", 7, "2023-05-09"),
    ("HM-29-4", "2022-07-04", 30, "2022-08-15"),
    ("HM-29-4 unexplained", "2022-07-04", 5, "2022-07-11"),
    ("HM-29-6", "2022-06-20", 3, "2022-06-23"),
    ("HK-32-2", "2025-09-26", 5, "2025-10-10"),
    ("HK-32-3", "2025-09-26", 1, "2025-09-28"),  # the next day is a Saturday off, the Sunday after is made up
    ("HK-32-3 in the holiday", "2025-10-04", 1, "2025-10-09"),
    ("HK-52-4", "2026-04-28", 7, "2026-05-11"),
    ("HK-56-3", "2026-02-13", 5, "2026-02-27"),
    ("HK-62-1", "2026-04-30", 1, "2026-05-06"),
    ("HK-66-1", "2026-05-12", 2, "2026-05-14"),
    ("JC-47-15", "2026-02-26", 7, "2026-03-06"),
    ("JC-47-20", "2025-10-16", -5, "2025-10-10"),
    ("JC-47-26", "2025-09-26", 5, "2025-10-10"),
    ("JC-49-2", "2026-03-09", 5, "2026-03-16"),
    ("JC-51-3", "2026-02-26", -5, "2026-02-12"),
    ("JC-53-1", "2026-02-12", 5, "2026-02-26"),
    ("JC-53-2", "2026-02-12", 7, "2026-02-28"),
    ("JC-57-3", "2025-09-25", 7, "2025-10-11"),
    ("JC-61-7", "2025-09-30", 3, "2025-10-11"),
    ("JC-69-1", "2026-05-15", 1, "2026-05-18"),
    ("JC-71-3", "2026-04-23", 10, "2026-05-11"),
    # what real bodies did: a decision, and the day on which its paper came out
    ("four days, two of them a weekend", "2022-01-26", 4, "2022-01-30"),
    ("seven days before the Spring Festival", "2022-01-19", 7, "2022-01-28"),
    ("plain weeks", "2020-07-14", 7, "2020-07-23"),
    ("plain weeks, long", "2020-07-23", 38, "2020-09-15"),
    ("no holiday inside", "2023-05-25", 10, "2023-06-08"),
    ("National Day with a made-up Sunday", "2024-09-20", 10, "2024-10-10"),
    ("a made-up Saturday", "2026-02-27", 10, "2026-03-12"),
    ("a quarter of 2021", "2021-08-10", 63, "2021-11-11"),
]


@pytest.mark.parametrize(("clause", "start", "n", "last"), WORKING_DAYS, ids=str)
def test_working_days(clause: str, start: str, n: int, last: str) -> None:
    found = count_back(CALENDAR, on(start), working(-n)) if n < 0 else after(on(start), working(n))
    assert found.due_on == on(last), clause
    assert not found.provisional


@pytest.mark.parametrize(
    ("clause", "start", "n", "roll", "last"),
    [
        ("GJ-20-3", "2025-03-03", 14, "none", "2025-03-17"),
        ("HM-17-4", "2022-06-06", 14, "none", "2022-06-20"),
        ("HK-48-13", "2026-04-14", 14, "none", "2026-04-28"),
        ("HK-32-1", "2026-03-02", 60, "forward", "2026-05-06"),
        ("JC-47-26", "2025-09-26", 5, "forward", "2025-10-09"),
        ("JC-47-27", "2026-03-05", 3, "forward", "2026-03-09"),
        ("JC-51-4", "2026-03-19", -1, "none", "2026-03-18"),
        ("JC-55-5", "2026-03-27", -10, "none", "2026-03-17"),
        ("JC-74-5", "2026-03-12", -2, "none", "2026-03-10"),
        ("JC-84-3", "2026-04-24", -3, "none", "2026-04-21"),
        ("JS-43-2", "2022-03-07", 14, "none", "2022-03-21"),
    ],
)
def test_calendar_days(clause: str, start: str, n: int, roll: str, last: str) -> None:
    span = Span.model_validate({"n": abs(n), "unit": "calendar_day", "roll": roll})
    found = count_back(CALENDAR, on(start), span) if n < 0 else after(on(start), span)
    assert found.due_on == on(last), clause


def test_five_days_are_not_five_working_days() -> None:
    start = on("2025-09-26")
    assert after(start, Span(n=5, unit="calendar_day")).due_on == on("2025-10-01")
    assert after(start, working(5)).due_on == on("2025-10-10")


# -- months, as the Civil Code counts them -----------------------------------------


@pytest.mark.parametrize(
    ("start", "unit", "n", "last"),
    [
        ("2024-01-31", "month", 1, "2024-02-29"),  # no corresponding day: the month's last
        ("2023-01-31", "month", 1, "2023-02-28"),
        ("2024-08-31", "quarter", 2, "2025-02-28"),
        ("2024-02-29", "year", 1, "2025-02-28"),
        ("2024-03-15", "half_year", 1, "2024-09-15"),
        ("2024-12-15", "month", 1, "2025-01-15"),
        ("2024-06-07", "week", 2, "2024-06-21"),
    ],
)
def test_months_end_on_the_corresponding_day(start: str, unit: Unit, n: int, last: str) -> None:
    assert after(on(start), Span(n=n, unit=unit)).due_on == on(last)


def test_a_month_whose_first_day_counts_ends_the_day_before() -> None:
    assert after(on("2024-03-01"), Span(n=1, unit="month", first_day="same")).due_on == on("2024-03-31")
    assert after(on("2024-03-15"), Span(n=1, unit="month", first_day="same")).due_on == on("2024-04-14")


def test_the_last_day_of_a_month_rolls_over_a_holiday() -> None:
    found = after(on("2024-09-03"), Span(n=1, unit="month", roll="forward"))
    assert (found.rolled_from, found.due_on) == (on("2024-10-03"), on("2024-10-08"))


# -- the first day, the end of a day, moments ---------------------------------------


def test_the_first_day_counts_where_the_rule_says_so() -> None:
    friday = on("2024-06-14")
    assert after(friday, working(1)).due_on == on("2024-06-17")
    assert after(friday, Span(n=1, unit="working_day", first_day="same")).due_on == friday
    assert count_back(CALENDAR, friday, Span(n=2, unit="working_day", first_day="same")).due_on == on("2024-06-13")


def test_nothing_to_count_is_due_on_the_same_day() -> None:
    for unit in ("working_day", "calendar_day", "week", "month"):
        for first_day in ("next", "same"):
            span = Span.model_validate({"n": 0, "unit": unit, "first_day": first_day})
            assert after(on("2024-06-14"), span).due_on == on("2024-06-14")
            assert count_back(CALENDAR, on("2024-06-14"), span).due_on == on("2024-06-14")


def test_what_comes_on_the_last_day_is_in_time_until_midnight_in_beijing() -> None:
    found = after(on("2025-09-26"), working(5))
    assert found.due_at == datetime(2025, 10, 10, 16, tzinfo=UTC)
    assert local_day(found.due_at - timedelta(microseconds=1)) == found.due_on


def test_an_office_may_close_its_day_earlier() -> None:
    found = count_forward(CALENDAR, local_moment(on("2025-09-26"), MORNING), working(5), closing=time(17, 30))
    assert found.due_at == datetime(2025, 10, 10, 9, 30, tzinfo=UTC)


def test_a_moment_belongs_to_its_day_in_beijing() -> None:
    """23:30 in London on the 25th is the 26th here."""
    found = count_forward(CALENDAR, datetime(2025, 9, 25, 22, 30, tzinfo=UTC), working(1))
    assert found.due_on == on("2025-09-28")
    assert local_day(datetime(2025, 9, 25, 15, 59, tzinfo=UTC)) == on("2025-09-25")


def test_hours_are_hours() -> None:
    start = local_moment(on("2024-10-01"), time(22))
    found = count_forward(CALENDAR, start, Span(n=5, unit="hour"))
    assert (found.due_at - start, found.due_on) == (timedelta(hours=5), on("2024-10-02"))
    before = count_back(CALENDAR, start, Span(n=24, unit="hour"))
    assert before.due_at == start - timedelta(hours=24)


def test_a_lead_in_hours_needs_a_moment() -> None:
    with pytest.raises(ValueError, match="moment"):
        count_back(CALENDAR, on("2024-10-01"), Span(n=24, unit="hour"))


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        count_forward(CALENDAR, datetime(2024, 10, 1, 9), working(1))  # noqa: DTZ001  the very mistake that is refused


def test_a_span_is_closed() -> None:
    with pytest.raises(ValueError, match="days"):
        Span.model_validate({"n": 5, "unit": "working_day", "days": 5})
    with pytest.raises(ValueError, match="unit"):
        Span.model_validate({"n": 5})


# -- years that are not announced ---------------------------------------------------


def test_a_count_into_an_unannounced_year_is_provisional() -> None:
    found = after(on("2026-12-29"), working(5))
    assert (found.years, found.provisional, found.due_on) == ((2027,), True, on("2027-01-05"))


def test_days_that_no_calendar_moves_are_never_provisional() -> None:
    assert not after(on("2026-12-29"), Span(n=5, unit="calendar_day")).provisional
    assert after(on("2026-12-29"), Span(n=5, unit="calendar_day", roll="forward")).provisional


def test_the_notice_settles_what_was_provisional() -> None:
    announced = with_2027()
    before = after(on("2026-12-29"), working(5))
    found = recount(announced, before)
    assert (found.due_on, found.provisional) == (on("2027-01-06"), False)
    assert found.calendar_version == announced.version != before.calendar_version


def with_2027() -> Calendar:
    """As if the notice for 2027 were out, with 1 January off."""
    from pathlib import Path

    folder = Path(__file__).parents[2] / "shared" / "chancery" / "data" / "holidays"
    files = {f.name: f.read_bytes() for f in folder.glob("[12]*.json")}
    files["2027.json"] = (
        b'{"year": 2027, "papers": ["https://example.org/2027"], '
        b'"days": [{"name": "\xe5\x85\x83\xe6\x97\xa6", "date": "2027-01-01", "isOffDay": true}]}'
    )
    return Calendar.from_files(files.items())


# -- what holds always --------------------------------------------------------------

days = st.dates(on("2007-02-01"), on("2026-02-01"))
counts = st.integers(1, 120)
spans = st.builds(
    Span,
    n=st.integers(0, 40),
    unit=st.sampled_from(("working_day", "calendar_day", "week", "month", "quarter", "half_year", "year")),
    roll=st.sampled_from(("none", "forward", "back")),
    first_day=st.sampled_from(("next", "same")),
)


@given(days, counts)
def test_there_and_back_again(day: date, n: int) -> None:
    last = CALENDAR.nth_working_day(day, n)
    back = CALENDAR.nth_working_day_before(last, n)
    assert CALENDAR.roll(day, "back") == back or back == day


@given(days, counts)
def test_working_days_end_on_a_working_day(day: date, n: int) -> None:
    assert CALENDAR.works(after(day, working(n)).due_on)
    assert CALENDAR.works(count_back(CALENDAR, day, working(n)).due_on)


@given(days, counts, counts)
def test_so_many_and_so_many_more_are_the_sum(day: date, n: int, m: int) -> None:
    assert CALENDAR.nth_working_day(CALENDAR.nth_working_day(day, n), m) == CALENDAR.nth_working_day(day, n + m)


@given(st.dates(on("1980-01-01"), on("1992-01-01")) | st.dates(on("2036-01-01"), on("2042-01-01")), st.integers(1, 900))
def test_no_edge_of_the_stored_days_is_felt(day: date, n: int) -> None:
    """Before the first and behind the last stored day the weekday stands in, without a seam."""
    last = day
    for _ in range(n):
        last += DAY
        while not CALENDAR.works(last):
            last += DAY
    assert CALENDAR.nth_working_day(day, n) == last
    assert CALENDAR.working_days_between(day, last) == n
    assert CALENDAR.nth_working_day_before(last + DAY, n) == CALENDAR.nth_working_day(day, 1)


def test_far_away_days_cost_no_more_than_near_ones() -> None:
    assert after(on("1601-03-01"), working(90_000)).due_on == on("1946-02-21")
    assert count_back(CALENDAR, on("2999-01-01"), working(90_000)).due_on == on("2654-01-10")
    assert CALENDAR.working_days_between(on("1601-03-01"), on("2999-01-01")) == 364_452


@given(days, counts)
def test_every_working_day_between_was_counted(day: date, n: int) -> None:
    last = CALENDAR.nth_working_day(day, n)
    assert CALENDAR.working_days_between(day, last) == n
    assert sum(CALENDAR.works(day + timedelta(days=k)) for k in range(1, (last - day).days + 1)) == n


@given(days, spans, st.integers(0, 60))
def test_who_starts_later_is_not_due_earlier(day: date, span: Span, more: int) -> None:
    assert after(day, span).due_on <= after(day + timedelta(days=more), span).due_on


@given(days, spans)
def test_a_rolled_day_is_a_working_day(day: date, span: Span) -> None:
    found = after(day, span)
    if span.roll != "none":
        assert CALENDAR.works(found.due_on)
    if found.rolled_from is not None:
        assert not CALENDAR.works(found.rolled_from)


@given(days, spans)
def test_counting_again_changes_nothing(day: date, span: Span) -> None:
    for found in (after(day, span), count_back(CALENDAR, day, span)):
        assert recount(CALENDAR, found) == found


@given(days, st.integers(0, 240))
def test_months_never_run_over(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + DAY).day == 1


@given(st.datetimes(datetime(1992, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_lies_in_its_local_day(moment: datetime) -> None:
    day = local_day(moment)
    assert local_moment(day, time(0)) <= moment < end_of(day)
    assert moment.astimezone(LOCAL).date() == day != NEVER


def test_weekends_alone_would_be_wrong_wherever_a_holiday_or_a_made_up_day_lies() -> None:
    """A counter that skips Saturdays and Sundays and knows no holidays, five working days from each day of 2025:
    sometimes it says a day too early, sometimes one too late."""

    def naive(day: date, n: int) -> date:
        while n:
            day += DAY
            n -= day.weekday() < 5
        return day

    year = [on("2025-01-01") + timedelta(days=k) for k in range(365)]
    early = [d for d in year if naive(d, 5) < after(d, working(5)).due_on]
    late = [d for d in year if naive(d, 5) > after(d, working(5)).due_on]
    assert (len(early), len(late)) == (55, 16)
