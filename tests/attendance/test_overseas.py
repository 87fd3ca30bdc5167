"""Groups that go abroad are counted by place and days, this year beside the last."""

from attendance_svc.absence.overseas import Abroad, groups_of, kept
from tests.attendance.test_longer_and_otherwise import rules_of
from tests.hongkou import at

NOW = at("2025-12-01")
GAOJING = rules_of("gaojing-2024", NOW)


def went(person: str, destination: str, first: str, last: str) -> Abroad:
    return Abroad(person, destination, at(first, 8), at(last, 20))


TWO = (went("he", "新加坡", "2025-05-12", "2025-05-16"), went("lu", "新加坡", "2025-05-12", "2025-05-16"))
ALONE = went("ma", "东京", "2025-09-01", "2025-09-03")
BEFORE = went("yan", "首尔", "2024-12-30", "2025-01-04")


def test_one_place_and_the_same_days_are_one_group_of_the_year_in_which_it_left() -> None:
    found = groups_of(2025, (*TWO, ALONE, BEFORE))
    assert [(one.destination, one.people) for one in found] == [("新加坡", ("he", "lu")), ("东京", ("ma",))]
    assert [one.destination for one in groups_of(2024, (*TWO, BEFORE))] == ["首尔"]


def test_the_rules_look_at_number_and_size_beside_the_year_before() -> None:
    """高境2024 三十一: no number is said, so nothing is over; both years are shown."""
    number, size = kept(GAOJING, 2025, (*TWO, ALONE, BEFORE))
    assert (number.this_year, number.last_year, number.most, number.over) == (2, 1, None, False)
    assert (size.this_year, size.last_year, size.over) == (3, 1, False)
    assert [cite.clause for cite in number.cites] == ["GJ-31-3"]


def test_where_no_row_counts_them_nothing_is_looked_at() -> None:
    assert kept(rules_of("haimen-2022", NOW), 2025, (*TWO, ALONE)) == []
