"""金川2020 五十五、五十七、六十一、七十四、八十四: the last day in time, counted over real holidays."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import chancery
from chancery.calendar import Span, bundled, count_forward, local_day
from chancery.roster import Roster
from chancery.rules.loader import load_pack
from chancery.rules.pack import Pack
from chancery.rules.rulebook import Rules
from chancery.rules.tables import ABSENCES, ENGAGEMENTS, MEETING_REQUESTS

BEIJING = timezone(timedelta(hours=8))


@cache
def pack() -> Pack:
    return load_pack(Path(chancery.__file__).parent / "packs" / "jinchuan-2020")


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(9), BEIJING).astimezone(UTC)


def rules(moment: datetime) -> Rules:
    return Rules(pack(), bundled(), Roster.of([]), moment)


@pytest.mark.parametrize(
    ("issuer", "sent", "due", "clause"),
    [
        ("department", "2025-09-25", "2025-10-11", "JC-57-3"),
        ("coordination_group", "2025-09-25", "2025-10-11", "JC-57-3"),
        ("district_government", "2025-09-30", "2025-10-11", "JC-61-7"),
        ("district_office", "2025-09-30", "2025-10-11", "JC-61-7"),
        ("district_office", "2026-04-07", "2026-04-10", "JC-61-7"),
        ("department", "2026-04-07", "2026-04-16", "JC-57-3"),
    ],
)
def test_silence_is_consent_after_three_days_for_drafts_and_seven_for_all_else(
    issuer: str, sent: str, due: str, clause: str
) -> None:
    """Make-up Sunday 28 September and Saturday 11 October count, the holidays between do not."""
    ruling, count = rules(at(sent)).clock("consult_reply", at(sent), in_name_of=issuer)
    assert count is not None
    assert str(count.due_on) == due
    assert clause in [cite.clause for cite in ruling.citations]
    assert [hit.outcome.on_due for hit in ruling.hits] == ["deem_consent"]


@pytest.mark.parametrize("issuer", ["department", "district_office"])
def test_a_limit_the_host_sets_goes_before_both(issuer: str) -> None:
    sent = at("2026-04-07")
    _, count = rules(sent).clock("consult_reply", sent, limit=Span(n=2, unit="working_day"), in_name_of=issuer)
    assert count is not None
    assert str(count.due_on) == "2026-04-09"


LEAVING = {"who": frozenset({"department_head"}), "leaving": "district", "cause": "study"}
MEETING = {"scope": "area_wide", "in_name_of": "department"}
EVENT = {"act": "event", "who": frozenset({"deputy_mayor"}), "features": frozenset({"important"})}


@pytest.mark.parametrize(
    ("table", "facts", "event_on", "last_day"),
    [
        (ABSENCES, LEAVING, "2026-03-12", "2026-03-10"),
        (ABSENCES, LEAVING, "2026-03-09", "2026-03-07"),
        (MEETING_REQUESTS, MEETING, "2026-03-27", "2026-03-17"),
        (ENGAGEMENTS, EVENT, "2026-04-24", "2026-04-21"),
    ],
)
def test_days_before_are_calendar_days(table: Any, facts: dict[str, Any], event_on: str, last_day: str) -> None:
    """A Saturday counts like any other day."""
    told = rules(at("2026-03-01"))
    (hit,) = told.ask(table, **facts).hits
    count = told.lead(hit.outcome.lead, date.fromisoformat(event_on))
    assert str(count.due_on) == last_day


def test_a_return_is_reported_on_the_first_working_day_after_the_holiday() -> None:
    """销假: leave to 30 April 2026, the holiday is 1 to 5 May."""
    told = rules(at("2026-04-01"))
    (hit,) = told.ask(ABSENCES, who=frozenset({"deputy_mayor"}), leaving="city", cause="leave").hits
    assert hit.outcome.return_due is not None
    count = count_forward(told.calendar, at("2026-04-30"), hit.outcome.return_due, closing=told.closing)
    assert str(count.due_on) == "2026-05-06"
    assert local_day(count.due_at - timedelta(seconds=1)) == date(2026, 5, 6)


@pytest.mark.parametrize(
    ("name", "source"),
    [("inspection_cooling_off", "inspection"), ("major_situation_report", "major_situation")],
)
def test_where_the_text_says_no_number_nobody_runs_a_clock(name: str, source: str) -> None:
    ruling, count = rules(at("2026-04-23")).clock(name, at("2026-04-23"), source=source)
    assert ruling.regulated
    assert count is None
