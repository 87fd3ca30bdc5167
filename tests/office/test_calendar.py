"""Calendars as other programs read them: zone, ids, changes; nobody's text becomes another entry."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from chancery.calendar import LOCAL
from chancery.office.calendar import Entry, write

TRIP = Entry(
    uid="0190-absence@hongkou.chancery",
    title="陶启明 出差",
    starts=datetime(2022, 2, 14, 0, 0, tzinfo=UTC),
    ends=datetime(2022, 2, 18, 12, 0, tzinfo=UTC),
    version=3,
    stamped_at=datetime(2022, 2, 11, 3, 0, tzinfo=UTC),
    place="北京",
    says="批准；由曹志远代行",
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        [
            "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:other",
            "a;b,c\\n:\"'",
            "\x85BEGIN:VEVENT",
            "\u2028BEGIN:VEVENT\u2028",
            "字" * 120,
        ]
    ),
)


def events(content: bytes) -> list[Any]:
    calendar: Any = Calendar.from_ical(content)
    return cast("list[Any]", calendar.walk("VEVENT"))


def test_a_timed_entry_has_its_zone_its_id_and_its_count_of_changes() -> None:
    content = write("领导外出 Leaders away", [TRIP])
    calendar: Any = Calendar.from_ical(content)
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"
    assert b"DTSTART;TZID=Asia/Shanghai:20220214T080000" in content
    assert b"TZOFFSETTO:+0800" in content
    [event] = events(content)
    assert event["DTSTART"].dt.astimezone(ZoneInfo("Asia/Shanghai")) == TRIP.starts
    assert event["DTEND"].dt == TRIP.ends
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (TRIP.uid, 2, "CONFIRMED")
    assert event["DTSTAMP"].dt == TRIP.stamped_at


def test_days_make_an_all_day_entry_whose_end_is_the_day_after() -> None:
    days = replace(TRIP, starts=date(2022, 2, 14), ends=date(2022, 2, 18), cancelled=True)
    content = write("x", [days])
    assert b"DTSTART;VALUE=DATE:20220214\r\n" in content
    assert b"DTEND;VALUE=DATE:20220219\r\n" in content
    assert b"STATUS:CANCELLED" in content


def test_the_same_entries_give_the_same_bytes_and_every_line_ends_as_it_should() -> None:
    content = write("x", [replace(TRIP, title="字" * 300)])
    assert content == write("x", [replace(TRIP, title="字" * 300)])
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@settings(max_examples=150, deadline=None)
@given(name=TEXTS, title=TEXTS, place=TEXTS, says=TEXTS)
def test_nobodys_text_becomes_another_entry_or_property(name: str, title: str, place: str, says: str) -> None:
    found = events(write(name, [replace(TRIP, title=title, place=place, says=says)]))
    assert len(found) == 1
    known = {"UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP"}
    assert set(found[0]) - {"LOCATION", "DESCRIPTION"} == known
    assert found[0]["UID"] == TRIP.uid


@settings(max_examples=100, deadline=None)
@given(
    starts=st.datetimes(datetime(1992, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    minutes=st.integers(1, 500_000),
)
def test_moments_are_kept(starts: datetime, minutes: int) -> None:
    ends = starts + timedelta(minutes=minutes)
    [event] = events(write("x", [replace(TRIP, starts=starts, ends=ends)]))
    assert event["DTSTART"].dt == starts.astimezone(LOCAL).replace(microsecond=0)
    assert event["DTEND"].dt == ends.astimezone(LOCAL).replace(microsecond=0)
