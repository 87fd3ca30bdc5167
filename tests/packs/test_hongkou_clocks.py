"""虹口2022 三十二、五十二、五十六、六十二: the day on which something runs out, counted over real holidays."""

from typing import Any

import pytest

from chancery.calendar import Span, local_day
from tests.hongkou import at, rules

ONLINE = {"channel": "website_message"}


@pytest.mark.parametrize(
    ("name", "facts", "starts", "due", "clause", "force"),
    [
        ("ordered_document_issue", {"body": "executive"}, "2026-04-28", "2026-05-11", "HK-52-4", "in_principle"),
        ("ordered_document_issue", {"body": "plenary"}, "2022-01-19", "2022-01-28", "HK-52-4", "in_principle"),
        ("consult_reply", {}, "2026-02-13", "2026-02-27", "HK-56-3", "normally"),
        ("online_reply", ONLINE, "2025-09-26", "2025-10-10", "HK-32-2", "must"),
        ("online_reply", ONLINE | {"simple": True}, "2025-09-26", "2025-09-28", "HK-32-3", "must"),
        ("online_reply", ONLINE | {"simple": True}, "2025-10-04", "2025-10-09", "HK-32-3", "must"),
    ],
)
def test_a_clock_runs_out_on_its_working_day(
    name: str, facts: dict[str, Any], starts: str, due: str, clause: str, force: str
) -> None:
    """Make-up Saturdays and Sundays count, holidays do not, nor does the day it starts on."""
    ruling, count = rules(at(starts)).clock(name, at(starts), **facts)
    assert count is not None
    assert str(count.due_on) == due
    assert ruling.citations[0].clause == clause
    assert {hit.force for hit in ruling.hits} == {force}


def test_the_host_may_set_another_limit_for_an_answer() -> None:
    """五十六."""
    sent = at("2026-02-13")
    _, count = rules(sent).clock("consult_reply", sent, limit=Span(n=2, unit="working_day"))
    assert count is not None
    assert str(count.due_on) == "2026-02-24"


def test_a_limit_of_the_host_does_not_move_a_clock_that_leaves_him_no_say() -> None:
    """五十二."""
    ended = at("2026-04-28")
    _, count = rules(ended).clock(
        "ordered_document_issue", ended, limit=Span(n=1, unit="working_day"), body="executive"
    )
    assert count is not None
    assert str(count.due_on) == "2026-05-11"


@pytest.mark.parametrize("body", ["working", "special"])
def test_only_two_bodies_order_documents_within_seven_days(body: str) -> None:
    ended = at("2026-04-28")
    ruling, count = rules(ended).clock("ordered_document_issue", ended, body=body)
    assert (ruling.regulated, count) == (False, None)


def test_a_petition_s_period_is_the_law_s_and_nobody_has_set_it() -> None:
    """三十二: the row answers and cites its clause; without the number there is no day, and no five working days."""
    got = at("2026-03-02")
    ruling, count = rules(got).clock("online_reply", got, channel="online_petition")
    assert [cite.clause for cite in ruling.citations] == ["HK-32-1"]
    assert count is None


def test_a_return_is_reported_on_the_next_working_day() -> None:
    """六十二: no time is given; the setting says one working day, and the count says so."""
    back = at("2026-04-30", 20)
    _, count = rules(back).clock("return_report", back)
    assert count is not None
    assert str(count.due_on) == "2026-05-06"
    assert local_day(back) < count.due_on
