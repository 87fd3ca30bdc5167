"""Named predicates of a sitting: how many in a month, one a day, known holidays, who has to be there, how many."""

from dataclasses import replace
from datetime import date

from chancery.calendar import bundled
from chancery.refusal import Reason
from chancery.rules.grammar import Selector
from meeting_svc.sitting.checking import Facts, Moment, against
from tests.meeting.test_other_rules import rules

STORM = frozenset({"storm_season"})
ON = date(2022, 1, 19)
CALLED = Facts(ON, STORM)


def lacking(moment: Moment, facts: Facts) -> list[str]:
    _, reasons = against(rules(), moment, facts)
    assert {cite.clause for reason in reasons for cite in reason.cites} <= {"HB-6-1"}
    return sorted(_said(reason) for reason in reasons)


def _said(reason: Reason) -> str:
    return f"{reason.code}: {reason.subject}"


def test_a_cap_counts_the_sittings_of_the_same_month() -> None:
    two = replace(CALLED, others=(date(2022, 1, 5), date(2022, 1, 12), date(2021, 12, 30)))
    assert lacking("convening", two) == ["check_fails: period_cap"]
    assert lacking("convening", replace(two, others=two.others[1:])) == []
    assert lacking("convening", replace(two, features=frozenset())) == []


def test_no_other_sitting_waits_on_the_same_day() -> None:
    assert lacking("convening", replace(CALLED, live=(ON,))) == ["check_fails: no_live_duplicate"]
    assert lacking("convening", replace(CALLED, live=(date(2022, 1, 20),))) == []


def test_a_day_of_a_year_whose_holidays_nobody_announced_is_not_taken() -> None:
    unknown = date(max(year for year in range(2020, 2060) if bundled().knows(year)) + 1, 3, 2)
    assert lacking("convening", replace(CALLED, on=unknown)) == ["check_open: calendar_known"]


def test_who_has_to_be_there_and_how_many() -> None:
    def only_others(who: Selector) -> bool:
        return who.name != "office_head"

    def everybody(who: Selector) -> bool:
        return bool(who.how)

    assert lacking("opening", replace(CALLED, members=4, present=2, is_there=only_others)) == [
        "check_fails: presence_of",
        "check_fails: quorum",
    ]
    assert lacking("opening", replace(CALLED, members=4, present=3, is_there=everybody)) == []


def test_a_row_for_papers_is_none_of_a_sittings() -> None:
    found, _ = against(rules(), "convening", Facts(ON))
    assert found.rows == ()
