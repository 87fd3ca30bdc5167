"""What each day is: against the State Council's notices, and against a second opinion on every single day."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]
import pytest

from chancery.calendar import Calendar, DayKind, bundled

FOLDER = Path(__file__).parents[2] / "shared" / "chancery" / "data" / "holidays"
DAY = timedelta(days=1)
CALENDAR = bundled()
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
WORKING_DAYS = {
    **{2007: 249, 2008: 251, 2009: 250, 2010: 250, 2011: 250, 2012: 249, 2013: 250, 2014: 250, 2015: 249, 2016: 250},
    **{2017: 249, 2018: 250, 2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248},
}


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_every_day_of_twenty_years_agrees_with_a_second_opinion() -> None:
    """7,305 days, no difference. Both sources read the same notices, so two slips would have to coincide."""
    differ = [
        day
        for day in every_day(FIRST, LAST)
        if CALENDAR.works(day) != chinese_calendar.is_workday(day)  # pyright: ignore[reportUnknownMemberType]
    ]
    assert differ == []


@pytest.mark.parametrize(("year", "days"), WORKING_DAYS.items())
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year: int, days: int) -> None:
    assert CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == days
    assert sum(CALENDAR.works(day) for day in every_day(date(year, 1, 1), date(year, 12, 31))) == days


@pytest.mark.parametrize(
    ("on", "kind", "name"),
    [
        (date(2024, 9, 29), DayKind.MAKE_UP, "国庆节"),  # a Sunday on which offices work
        (date(2024, 10, 1), DayKind.HOLIDAY, "国庆节"),
        (date(2024, 10, 12), DayKind.MAKE_UP, "国庆节"),
        (date(2024, 10, 13), DayKind.WEEKEND, ""),
        (date(2024, 10, 14), DayKind.WORKDAY, ""),
        (date(2020, 1, 31), DayKind.HOLIDAY, "春节"),  # added by a second notice in the same year
        (date(2024, 2, 9), DayKind.WORKDAY, ""),  # New Year's Eve was no holiday in 2024, though many stayed away
        (date(2022, 12, 31), DayKind.HOLIDAY, "元旦"),  # stands in the file of the year after
        (date(2006, 12, 30), DayKind.MAKE_UP, "元旦"),
    ],
)
def test_days_that_people_get_wrong(on: date, kind: DayKind, name: str) -> None:
    found = CALENDAR.day(on)
    assert (found.kind, found.name) == (kind, name)


def test_the_spring_of_2020_has_both_of_its_notices() -> None:
    lengthened = [date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)]
    assert not any(CALENDAR.works(day) for day in lengthened)
    assert not any(chinese_calendar.is_workday(day) for day in lengthened)  # pyright: ignore[reportUnknownMemberType]
    assert len(CALENDAR.day(date(2020, 1, 31)).notice.split()) == 2


def test_every_announced_day_names_its_notice() -> None:
    announced = [d for d in map(CALENDAR.day, every_day(FIRST, LAST)) if d.kind in (DayKind.HOLIDAY, DayKind.MAKE_UP)]
    assert len(announced) == 676  # 678 in the files, two of them in December 2006
    assert all(day.notice.startswith("http") and day.name for day in announced)


def test_a_calendar_that_only_skips_weekends_is_not_ours() -> None:
    """The trap of home-made counting: in each of twenty years it would be wrong on days of both kinds."""
    for year in range(2007, 2027):
        days = every_day(date(year, 1, 1), date(year, 12, 31))
        weekend_works = [d for d in days if d.weekday() >= 5 and CALENDAR.works(d)]
        weekday_rests = [d for d in days if d.weekday() < 5 and not CALENDAR.works(d)]
        assert weekend_works, year
        assert len(weekday_rests) >= 11, year


def test_an_unannounced_year_is_unknown_and_not_a_year_of_plain_weekends() -> None:
    assert not CALENDAR.knows(2027)
    new_year = CALENDAR.day(date(2027, 1, 1))
    assert (new_year.kind, new_year.known) == (DayKind.WORKDAY, False)
    assert CALENDAR.unknown_years(date(2026, 12, 1), date(2027, 2, 1)) == (2027,)


def test_the_order_of_loading_does_not_matter() -> None:
    files = [(f.name, f.read_bytes()) for f in FOLDER.glob("[12]*.json")]
    backward = Calendar.from_files(sorted(files, reverse=True))
    assert backward.version == CALENDAR.version
    assert all(backward.day(d) == CALENDAR.day(d) for d in every_day(FIRST, LAST))


def test_the_version_names_what_was_loaded() -> None:
    files = {f.name: f.read_bytes() for f in FOLDER.glob("[12]*.json")}
    without = Calendar.from_files((n, c) for n, c in files.items() if n != "2026.json")
    one_day_less = files | {"2026.json": files["2026.json"].replace(b'"2026-10-01"', b'"2026-10-09"')}
    versions = {CALENDAR.version, without.version, Calendar.from_files(one_day_less.items()).version}
    assert len(versions) == 3
    assert CALENDAR.version.startswith("cn-2026-")
    assert without.version.startswith("cn-2025-")


def test_two_files_that_contradict_each_other_are_refused() -> None:
    off = b'{"year": 2027, "papers": [], "days": [{"name": "a", "date": "2027-01-01", "isOffDay": true}]}'
    on = b'{"year": 2028, "papers": [], "days": [{"name": "a", "date": "2027-01-01", "isOffDay": false}]}'
    with pytest.raises(ValueError, match="2027-01-01"):
        Calendar.from_files([("2027.json", off), ("2028.json", on)])
