"""What people look at: where an item stands on the board, whether a body keeps its rhythm, how decisions read."""

from datetime import date

import pytest

from chancery.events.meeting import AgendaHeldOver, EvidenceFiled
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.api.board import column_of, missing_of, waits_for
from meeting_svc.decision_sheet import values_of
from meeting_svc.matter.state import MATTER
from meeting_svc.rhythm import Pace, rhythm_of
from tests import hongkou
from tests.hongkou import DEPUTY_IN_CHARGE, DIRECTOR, an_id, at
from tests.meeting.examples import (
    ALL_EVIDENCE,
    COMPETITION,
    JUSTICE_HEAD,
    MATTER_ID,
    PARTICIPATION,
    REVIEWED,
    accepted,
    matter,
    step_taken,
    submitted,
)
from tests.scenario import THE_THING, scenario

NOW = at("2022-01-13")
HONGKOU = hongkou.rules(NOW)
ITEM = scenario(AGENDA_ITEM, HONGKOU)


def test_an_item_wanders_over_the_board() -> None:
    on_file = matter(*ALL_EVIDENCE)
    new, seen, on = submitted(), step_taken(REVIEWED), accepted()
    over = AgendaHeldOver(item_id=THE_THING, from_sitting_on=None, reason="deferred")
    for history, column, waiting in (
        ((new,), "pool", DIRECTOR),
        ((new, seen), "in_review", DEPUTY_IN_CHARGE),
        ((new, seen, on), "next_session", None),
        ((new, seen, on, over), "deferred", None),
    ):
        item = ITEM.given(*history).state
        missing = missing_of(HONGKOU, item, on_file)
        assert column_of(item, missing) == column
        assert waiting is None or waiting in waits_for(HONGKOU, item)
        assert waiting is not None or waits_for(HONGKOU, item) == []


def test_what_is_missing_is_named_on_the_board() -> None:
    """虹口2022 五十七: a normative document without its review."""
    item = ITEM.given(submitted(), step_taken(REVIEWED)).state
    without = missing_of(HONGKOU, item, matter(COMPETITION, PARTICIPATION))
    assert [one.code for one in without] == ["needs_legality_review"]
    assert "HK-57-2" in {cite.clause for cite in without[0].cites}
    assert column_of(item, without) == "gate_missing"
    filed = MATTER.evolve(
        matter(COMPETITION, PARTICIPATION),
        EvidenceFiled(matter_id=MATTER_ID, evidence=ALL_EVIDENCE[0], filed_by=JUSTICE_HEAD),
    )
    assert missing_of(HONGKOU, item, filed) == []


@pytest.mark.parametrize(
    ("days", "pace", "held"),
    [
        ([], Pace.TOO_EARLY, 0),
        ([date(2022, 3, 1)], Pace.IN_RHYTHM, 1),
        ([date(2022, 1, 5), date(2022, 2, 10)], Pace.DRIFTED, 0),
        ([date(2022, 1, 5), date(2022, 3, 10)], Pace.IN_RHYTHM, 1),
        ([date(2022, 1, 5), date(2022, 3, 12)], Pace.DRIFTED, 0),
    ],
)
def test_a_body_that_meets_every_two_weeks(days: list[date], pace: Pace, held: int) -> None:
    """虹口2022 四十八, on 11 March: a sitting tomorrow keeps no rhythm yet."""
    found = rhythm_of(hongkou.rules(at("2022-03-11")), "executive", days)
    assert found is not None
    assert (found.pace, found.held, found.since) == (pace, held, date(2022, 2, 25))


def test_the_day_that_keeps_the_rhythm_is_told_and_no_rhythm_is_none() -> None:
    rules = hongkou.rules(at("2022-03-11"))
    found = rhythm_of(rules, "executive", [date(2022, 3, 1)])
    assert found is not None
    assert (found.last_on, found.next_by) == (date(2022, 3, 1), date(2022, 3, 15))
    half = rhythm_of(rules, "working", [date(2021, 8, 31)])
    assert half is not None
    assert (half.pace, half.next_by) == (Pace.DRIFTED, date(2022, 2, 28))
    assert rhythm_of(rules, "special", []) is None
    assert rhythm_of(rules, "nothing_of_the_kind", []) is None


def test_a_decision_reads_as_people_say_it() -> None:
    row = {
        "decided_on": date(2022, 1, 19),
        "body": "executive",
        "no": 1,
        "title": "甲规定",
        "outcome": "adopted_amended",
        "text": "修改后印发。",
        "lead": "justice_bureau",
        "cooperating": ["finance_bureau"],
        "due_on": None,
        "referred_to": None,
        "dissent": [{"person": "cao", "opinion": "建议暂缓"}],
        "matter_id": an_id(1),
    }
    said = values_of(HONGKOU, row)
    assert (said["body"], said["outcome"], said["lead"]) == ("常务会议", "修改后通过", HONGKOU.titled("justice_bureau"))
    assert said["dissent"] == f"{HONGKOU.roster.name('cao')}：建议暂缓"
