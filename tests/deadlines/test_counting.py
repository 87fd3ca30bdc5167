"""What an event keeps of a count: enough to count it again, to explain it, and to see whether it moved."""

from datetime import UTC, date, datetime, time, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chancery.calendar import Calendar, Span, Suspension, bundled, count_back, count_forward, local_moment, recount
from chancery.deadlines import (
    count_of,
    counted,
    deadline_id,
    explain_due,
    extended_due,
    moves,
    recounted,
    restarted_due,
    resumed_due,
    sentences,
    suspended_due,
)
from chancery.deadlines.moving import DEADLINE, MoveDeadline, move
from chancery.deadlines.writing import end_deadline, move_deadline, start_deadline
from chancery.events.parts import Counted
from chancery.thing import Patch, Upsert
from tests.deadlines.office import sitting_no

CALENDAR = bundled()
START = local_moment(date(2025, 9, 26), time(9, 30))


def due_of(span: Span, *, start: datetime = START, closing: time | None = None, backward: bool = False) -> Counted:
    count = (
        count_back(CALENDAR, start.date(), span, closing=closing)
        if backward
        else count_forward(CALENDAR, start, span, closing=closing)
    )
    return counted(count, name="minutes_issue", rule="minutes_issue", clauses=("XX-53-1",), force="must")


FIVE = due_of(Span(n=5, unit="working_day"))


def test_people_see_how_a_deadline_over_national_day_was_counted() -> None:
    account = explain_due(FIVE, CALENDAR)
    assert [(line.on.day, line.number) for line in account.lines if line.counted] == [
        (28, 1),  # a Sunday on which offices work
        (29, 2),
        (30, 3),
        (9, 4),
        (10, 5),
    ]
    skipped = {line.on: line.kind for line in account.lines if not line.counted}
    assert len(skipped) == 9
    assert skipped.pop(date(2025, 9, 27)) == "weekend"
    assert set(skipped.values()) == {"holiday"}
    holiday = next(line for line in account.lines if line.on == date(2025, 10, 1))
    assert holiday.notice.startswith("http")
    assert (account.agrees, account.today) == (True, FIVE.due_on)
    assert account.head["zh"] == ["自 2025-09-26 09:30 起 5 个工作日，当日不计"]
    assert account.foot["en"] == ["due on 2025-10-10: in time before 2025-10-11 00:00"]


def test_a_terminal_shows_the_same_lines() -> None:
    lines = sentences(FIVE, CALENDAR)
    assert len(lines) == 16
    assert lines[2] == "2025-09-28 周日，调休上班（国庆节、中秋节），第1日"
    assert sentences(FIVE, CALENDAR, "en")[2].startswith("2025-09-28 Sun, make-up working day")


def test_an_account_says_when_todays_calendar_gives_another_day() -> None:
    old = FIVE.model_copy(update={"due_on": date(2025, 10, 3), "calendar_version": "weekends-only"})
    old = old.model_copy(update={"due_at": local_moment(date(2025, 10, 4), time(0))})
    account = explain_due(old, CALENDAR)
    assert (account.agrees, account.today) == (False, date(2025, 10, 10))
    assert "weekends-only" in account.foot["zh"][-1]
    assert "2025-10-03" in account.foot["en"][-1]


spans = st.builds(
    Span,
    n=st.integers(0, 40),
    unit=st.sampled_from(("working_day", "calendar_day", "hour", "week", "month", "quarter", "half_year", "year")),
    roll=st.sampled_from(("none", "forward", "back")),
    first_day=st.sampled_from(("next", "same")),
)
moments = st.datetimes(datetime(2008, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
closings = st.sampled_from((None, time(17, 30)))


@given(moments, spans, closings, st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9) | st.none()), max_size=2))
def test_nothing_of_a_count_is_lost_on_its_way_into_an_event_and_back(
    start: datetime, span: Span, closing: time | None, stood: list[tuple[int, int | None]]
) -> None:
    day = start.date()
    held = [
        Suspension(day + timedelta(days=a), None if b is None else day + timedelta(days=a + b), "x") for a, b in stood
    ]
    count = count_forward(CALENDAR, start, span, closing=closing, suspensions=held)
    due = counted(count, name="a", rule="r", clauses=("C-1",), force="must")
    stored = Counted.model_validate_json(due.model_dump_json())
    assert stored == due
    assert count_of(stored, CALENDAR) == count
    assert recounted(stored, CALENDAR) == due
    assert not moves(due, recounted(stored, CALENDAR))


@given(moments, spans.filter(lambda span: span.unit != "hour"), closings)
def test_a_lead_comes_back_as_well(start: datetime, span: Span, closing: time | None) -> None:
    count = count_back(CALENDAR, start.date(), span, closing=closing)
    due = counted(count, name="a", rule="r", clauses=(), force="must")
    assert count_of(Counted.model_validate_json(due.model_dump_json()), CALENDAR) == count == recount(CALENDAR, count)


def test_a_count_stored_before_the_finer_fields_were_kept_still_reads() -> None:
    """The first events kept eleven fields; what they did not say was the common way of counting."""
    old = orjson.dumps(
        {
            "name": "minutes_issue",
            "rule": "r",
            "clauses": ["XX-1"],
            "force": "must",
            "starts_at": "2025-09-26T01:30:00Z",
            "n": 5,
            "unit": "working_day",
            "due_at": "2025-10-10T16:00:00Z",
            "due_on": "2025-10-10",
            "calendar_version": "cn-2026-x",
            "provisional": False,
        }
    )
    due = Counted.model_validate_json(old)
    assert (due.roll, due.first_day, due.backward, due.closing, due.stood) == ("none", "next", False, None, ())
    assert count_of(due, CALENDAR).due_on == due.due_on


# -- standing still, extended, begun anew ------------------------------------------------


def test_a_standstill_an_extension_and_a_fresh_start_are_kept() -> None:
    still = suspended_due(FIVE, CALENDAR, date(2025, 9, 29), "等待第三方意见")
    assert still.stood[0].cause == "等待第三方意见"
    on = resumed_due(still, CALENDAR, date(2025, 10, 11))
    assert on.due_on == date(2025, 10, 15)  # one day counted before; the 11th is a made-up Saturday
    longer = extended_due(on, CALENDAR, 3)
    assert (longer.n, longer.due_on, longer.extended_from) == (8, date(2025, 10, 20), on.due_on)
    agreed = extended_due(longer, CALENDAR, date(2025, 12, 1))
    assert (agreed.due_on, agreed.set_to, agreed.extended_from) == (date(2025, 12, 1), date(2025, 12, 1), on.due_on)
    again = restarted_due(FIVE, CALENDAR, local_moment(date(2025, 10, 13), time(9)))
    assert again.due_on == date(2025, 10, 20)
    assert {one.rule for one in (still, on, longer, agreed, again)} == {FIVE.rule}


# -- the thing that remembers moves -----------------------------------------------------------


def moved_to(now: Counted, was: Counted = FIVE) -> MoveDeadline:
    id_ = deadline_id(sitting_no(1), "minutes_issue")
    return MoveDeadline(id_, sitting_no(1), "extension", was, now, START)


def test_a_move_is_told_once_with_both_counts() -> None:
    longer = extended_due(FIVE, CALENDAR, 3)
    state = DEADLINE.start(deadline_id(sitting_no(1), "minutes_issue"))
    (told,) = move(moved_to(longer), state, None)
    assert (told.event.was, told.event.now) == (FIVE, longer)
    state = DEADLINE.evolve(state, told.event)
    assert move(moved_to(longer), state, None) == []


def test_what_nobody_would_notice_is_not_told() -> None:
    same = FIVE.model_copy(update={"calendar_version": "cn-2027-other"})
    assert move(moved_to(same), DEADLINE.start(sitting_no(1)), None) == []
    assert moves(FIVE, FIVE.model_copy(update={"provisional": True}))


# -- writes ---------------------------------------------------------------------------------------


def test_ids_tell_apart_what_must_be_told_apart() -> None:
    one, other = sitting_no(1), sitting_no(2)
    ids = {
        deadline_id(one, "minutes_issue"),
        deadline_id(other, "minutes_issue"),
        deadline_id(one, "minutes_target"),
        deadline_id(one, "minutes_issue", "finance_bureau"),
    }
    assert len(ids) == 4
    assert deadline_id(one, "minutes_issue") in ids


def test_writes_touch_the_one_row() -> None:
    thing = sitting_no(1)
    id_ = deadline_id(thing, "minutes_issue")
    start = start_deadline(FIVE, thing=thing, matter=thing, cause=thing, at=START)
    assert isinstance(start, Upsert)
    assert (start.row["id"], start.row["state"], start.row["due_at"]) == (id_, "running", FIVE.due_at)
    met = end_deadline(thing, "minutes_issue", "met", START)
    assert met == Patch("deadline", {"id": id_}, {"state": "met", "met_at": START})
    fell_away = end_deadline(thing, "minutes_issue", "cancelled", START)
    assert fell_away == Patch("deadline", {"id": id_}, {"state": "cancelled"})
    moved = move_deadline(id_, FIVE)
    assert isinstance(moved, Patch)
    assert moved.where == {"id": id_, "state": "running"}


@pytest.mark.parametrize("calendar", [CALENDAR, Calendar({}, (), "nothing-known")])
def test_without_any_notice_every_count_of_working_days_is_provisional(calendar: Calendar) -> None:
    found = recounted(FIVE, calendar)
    assert found.provisional is (calendar is not CALENDAR)
    assert found.due_on == (date(2025, 10, 10) if calendar is CALENDAR else date(2025, 10, 3))
