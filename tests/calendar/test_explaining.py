"""The account of a count: exact day by day, also over standstills, extensions and rolled days."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.calendar import (
    Calendar,
    Count,
    Span,
    Suspension,
    bundled,
    count_back,
    count_forward,
    days_of,
    end_of,
    explain,
    extended,
    local_moment,
    recount,
    restarted,
    resumed,
    suspended,
)

CALENDAR = bundled()


def on(text: str) -> date:
    return date.fromisoformat(text)


def after(day: str, span: Span, calendar: Calendar = CALENDAR) -> Count:
    return count_forward(calendar, local_moment(on(day), time(9, 30)), span)


def working(n: int) -> Span:
    return Span(n=n, unit="working_day")


def test_a_deadline_over_national_day_can_be_checked_by_hand() -> None:
    """What people ask for most: how did you count? Every day is there, with its name and its number."""
    assert explain(CALENDAR, after("2025-09-26", working(5))).says("zh") == [
        "自 2025-09-26 09:30 起 5 个工作日，当日不计",
        "2025-09-27 周六，周末，不计",
        "2025-09-28 周日，调休上班（国庆节、中秋节），第1日",
        "2025-09-29 周一，工作日，第2日",
        "2025-09-30 周二，工作日，第3日",
        "2025-10-01 周三，节假日（国庆节、中秋节），不计",
        "2025-10-02 周四，节假日（国庆节、中秋节），不计",
        "2025-10-03 周五，节假日（国庆节、中秋节），不计",
        "2025-10-04 周六，节假日（国庆节、中秋节），不计",
        "2025-10-05 周日，节假日（国庆节、中秋节），不计",
        "2025-10-06 周一，节假日（国庆节、中秋节），不计",
        "2025-10-07 周二，节假日（国庆节、中秋节），不计",
        "2025-10-08 周三，节假日（国庆节、中秋节），不计",
        "2025-10-09 周四，工作日，第4日",
        "2025-10-10 周五，工作日，第5日",
        "截止 2025-10-10，2025-10-11 00:00 之前为按期",
    ]


def test_the_same_in_english() -> None:
    lines = explain(CALENDAR, after("2025-09-26", working(1))).says("en")
    assert lines == [
        "1 working days from 2025-09-26 09:30, that day not counted",
        "2025-09-27 Sat, weekend, not counted",
        "2025-09-28 Sun, make-up working day (国庆节、中秋节), day 1",
        "due on 2025-09-28: in time before 2025-09-29 00:00",
    ]


def test_a_lead_is_told_backward_from_its_event() -> None:
    found = count_back(CALENDAR, on("2025-10-16"), working(5))
    lines = explain(CALENDAR, found).says("zh")
    assert lines[0] == "2025-10-16 之前 5 个工作日，当日不计"
    assert lines[1] == "2025-10-15 周三，工作日，第1日"
    assert "2025-10-12 周日，周末，不计" in lines
    assert "2025-10-11 周六，调休上班（国庆节、中秋节），第4日" in lines
    assert lines[-2:] == ["2025-10-10 周五，工作日，第5日", "截止 2025-10-10，2025-10-11 00:00 之前为按期"]


def test_a_rolled_day_says_so() -> None:
    found = after("2025-09-26", Span(n=5, unit="calendar_day", roll="forward"))
    zh, en = (explain(CALENDAR, found).says(language) for language in ("zh", "en"))
    assert zh[5] == "2025-10-01 周三，节假日（国庆节、中秋节），第5日"
    assert zh[6] == "2025-10-02 周四，节假日（国庆节、中秋节），期限顺延"
    assert zh[-3] == "2025-10-09 周四，工作日，期限顺延"
    assert zh[-2] == "末日 2025-10-01 不是工作日，顺延至 2025-10-09"
    assert en[-2] == "the last day 2025-10-01 is no working day and moves on to 2025-10-09"


def test_a_provisional_count_says_which_year_it_waits_for() -> None:
    lines = explain(CALENDAR, after("2026-12-29", working(4))).says("zh")
    assert "2027-01-01 周五，工作日（放假安排未公布），第3日" in lines
    assert lines[-1] == "暂定：2027 年的放假安排尚未公布，公布后自动重算"


def test_hours_have_no_days_to_tell() -> None:
    found = after("2024-10-01", Span(n=24, unit="hour"))
    assert explain(CALENDAR, found).says("zh") == [
        "自 2024-10-01 09:30 起 24 小时",
        "截止 2024-10-02，2024-10-02 09:30 之前为按期",
    ]


# -- standing still, going on, extending, beginning anew ------------------------------


def test_a_clock_that_stands_still_keeps_what_was_counted() -> None:
    running = after("2024-06-03", working(5))  # Monday; due the Tuesday after, Duanwu on Monday the 10th
    assert running.due_on == on("2024-06-11")
    still = suspended(CALENDAR, running, on("2024-06-05"), "等待第三方意见")
    assert still.stands
    assert still.due_at > local_moment(on("9999-12-30"), time(0))
    on_again = resumed(CALENDAR, still, on("2024-06-13"))
    assert on_again.due_on == on("2024-06-18")  # one day counted before, four after
    assert not on_again.stands
    lines = explain(CALENDAR, on_again).says("zh")
    assert lines[1] == "2024-06-04 周二，工作日，第1日"
    assert lines[2] == "2024-06-05 周三，中止计算：等待第三方意见"
    assert lines[9] == "2024-06-12 周三，中止计算：等待第三方意见"
    assert lines[10] == "2024-06-13 周四，工作日，第2日"


def test_a_standing_clock_is_told_up_to_where_it_stopped() -> None:
    still = suspended(CALENDAR, after("2024-06-03", working(5)), on("2024-06-05"), "cause")
    lines = explain(CALENDAR, still).says("en")
    assert lines[-2:] == [
        "2024-06-05 Wed, the clock stood still: cause",
        "the clock stands still and goes on when resumed",
    ]
    assert still.years == ()


def test_a_clock_that_runs_cannot_be_resumed() -> None:
    with pytest.raises(ValueError, match="running"):
        resumed(CALENDAR, after("2024-06-03", working(5)), on("2024-06-05"))


def test_resumed_on_the_day_it_stopped_nothing_was_lost() -> None:
    running = after("2024-06-03", working(5))
    again = resumed(CALENDAR, suspended(CALENDAR, running, on("2024-06-05"), "x"), on("2024-06-05"))
    assert again == running


def test_calendar_days_and_hours_stand_still_as_well() -> None:
    ten = after("2024-06-03", Span(n=10, unit="calendar_day"))
    held = recount(CALENDAR, suspended(CALENDAR, ten, on("2024-06-05"), "x"))
    assert resumed(CALENDAR, held, on("2024-06-08")).due_on == ten.due_on + timedelta(days=3)
    start = local_moment(on("2024-06-03"), time(9, 30))
    hours = count_forward(
        CALENDAR, start, Span(n=24, unit="hour"), suspensions=[Suspension(on("2024-06-04"), on("2024-06-05"), "x")]
    )
    assert hours.due_at == local_moment(on("2024-06-06"), time(9, 30))


def test_a_last_day_does_not_roll_into_a_standstill() -> None:
    held = [Suspension(on("2024-06-17"), on("2024-06-18"), "x")]
    start = local_moment(on("2024-06-10"), time(9))
    span = Span(n=5, unit="calendar_day", roll="forward")  # Saturday the 15th, rolls to Monday, which stands still
    assert count_forward(CALENDAR, start, span, suspensions=held).due_on == on("2024-06-19")
    open_ended = [Suspension(on("2024-06-17"), None, "x")]
    assert count_forward(CALENDAR, start, span, suspensions=open_ended).stands


def test_an_extension_keeps_the_day_it_was_due_first() -> None:
    twenty = after("2024-09-02", working(20))
    more = extended(CALENDAR, twenty, 20)
    assert (more.due_on, more.extended_from) == (after("2024-09-02", working(40)).due_on, twenty.due_on)
    agreed = extended(CALENDAR, more, on("2024-12-01"))  # a Sunday, and it stands
    assert (agreed.due_on, agreed.extended_from) == (on("2024-12-01"), twenty.due_on)
    assert agreed.due_at == end_of(on("2024-12-01"))
    assert recount(CALENDAR, agreed).due_on == on("2024-12-01")
    lines = explain(CALENDAR, agreed).says("zh")
    assert f"原截止 {twenty.due_on}，已延期" in lines
    assert "截止日已另行确定为 2024-12-01" in lines


def test_beginning_anew_forgets_what_was_counted() -> None:
    running = extended(CALENDAR, after("2024-06-03", working(7)), 3)
    again = restarted(CALENDAR, running, local_moment(on("2024-07-01"), time(10)))
    assert (again.due_on, again.extended_from, again.suspensions) == (on("2024-07-15"), None, ())


# -- what holds always --------------------------------------------------------------

days = st.dates(on("2007-02-01"), on("2026-01-01"))
spans = st.builds(
    Span,
    n=st.integers(0, 30),
    unit=st.sampled_from(("working_day", "calendar_day", "week", "month")),
    roll=st.sampled_from(("none", "forward")),
    first_day=st.sampled_from(("next", "same")),
)
stops = st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 20)), max_size=3)


@given(days, spans, stops, st.booleans())
def test_an_account_adds_up(day: date, span: Span, held: list[tuple[int, int]], backward: bool) -> None:
    """The numbers run 1, 2, 3 …, no day is left out, and the last line is the due day."""
    suspensions = [
        Suspension(day + timedelta(days=first), day + timedelta(days=first + length), "x") for first, length in held
    ]
    if backward:
        found = count_back(CALENDAR, day, span)
    else:
        found = count_forward(CALENDAR, local_moment(day, time(9)), span, suspensions=suspensions)
    lines = days_of(CALENDAR, found)
    step = -1 if backward else 1
    shown = [line.day.on for line in lines]
    assert all(b - a == timedelta(days=step) for a, b in pairwise(shown))
    numbers = [line.number for line in lines if line.number is not None]
    assert numbers == list(range(1, len(numbers) + 1))
    if lines:
        assert shown[-1] == found.due_on
    if span.unit == "working_day":
        assert numbers == list(range(1, span.n + 1))
        assert all(CALENDAR.works(line.day.on) for line in lines if line.number is not None)
    assert not any(s.holds(line.day.on) for s in found.suspensions for line in lines if line.number is not None)


@given(days, st.integers(1, 30), st.integers(0, 20), st.integers(1, 20))
def test_a_standstill_never_makes_anybody_due_earlier(day: date, n: int, first: int, length: int) -> None:
    running = count_forward(CALENDAR, local_moment(day, time(9)), working(n))
    still = suspended(CALENDAR, running, day + timedelta(days=first), "x")
    again = resumed(CALENDAR, still, day + timedelta(days=first + length))
    assert running.due_on <= again.due_on
