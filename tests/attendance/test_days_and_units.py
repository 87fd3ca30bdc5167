"""金川2020 七十四: an outing on days off is filed, one with a working day is asked for; a unit's trip is the unit's."""

from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

import chancery
from attendance_svc.absence.announce import Announce, announce
from attendance_svc.absence.state import ABSENCE
from attendance_svc.absence.way import Going
from chancery.calendar import bundled
from chancery.events.attendance import AbsenceAnnounced, LeaveApproved
from chancery.names import PersonId
from chancery.roster import Roster
from chancery.rules.loader import load_pack
from chancery.rules.rulebook import Rules
from tests.hongkou import at, cast_events
from tests.scenario import scenario

HEAD, CLERK = PersonId("education_head"), PersonId("culture_clerk")


@cache
def jinchuan(moment: datetime) -> Rules:
    pack = load_pack(Path(chancery.__file__).parent / "packs" / "jinchuan-2020")
    return Rules(pack, bundled(), Roster.of(cast_events(pack)), moment)


def going(starts_at: datetime, ends_at: datetime) -> Going:
    return Going(leaving="city", cause="study", starts_at=starts_at, ends_at=ends_at)


def leaving(by: PersonId, asked: str, starts_at: datetime, ends_at: datetime, *, organised: bool = False) -> Announce:
    return Announce(
        by=by,
        at=at(asked),
        person_id=by,
        leaving="city",
        cause="study",
        destination="外地",
        reason="学习",
        starts_at=starts_at,
        ends_at=ends_at,
        organised_by_unit=organised,
    )


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "days", "length"),
    [
        (at("2025-10-02", 8), at("2025-10-06", 20), "all_non_working", 5),
        (at("2025-10-02", 8), at("2025-10-09", 20), "some_working", 8),
        (at("2025-09-27", 8), at("2025-09-27", 20), "all_non_working", 1),
        (at("2025-09-27", 8), at("2025-09-28", 20), "some_working", 2),
        (at("2025-10-02", 8), at("2025-10-09", 0), "all_non_working", 7),
        (at("2026-03-14", 0), at("2026-03-16", 0), "all_non_working", 2),
        (at("2026-03-13", 23), at("2026-03-15", 9), "some_working", 3),
    ],
    ids=["holiday", "a day too long", "saturday", "make-up sunday", "back at midnight", "weekend", "friday night"],
)
def test_the_calendar_says_whether_a_working_day_is_among_them(
    starts_at: datetime, ends_at: datetime, days: str, length: int
) -> None:
    facts = going(starts_at, ends_at).facts(jinchuan(at("2025-09-01")))
    assert (facts["days"], facts["length"]) == (days, length)


def test_an_outing_within_the_holiday_is_filed_and_stands_at_once() -> None:
    """七十四, an example of the clause: 2 to 6 October 2025, told on the day before."""
    outing = leaving(HEAD, "2025-10-01", at("2025-10-02", 8), at("2025-10-06", 20))
    told, _, stood = scenario(ABSENCE, jinchuan(outing.at)).when(announce, outing).under("JC-74-7", "JC-86-1").events
    assert isinstance(told, AbsenceAnnounced)
    assert (told.row, told.mode) == ("holiday-outing-filed", "file")
    assert isinstance(stood, LeaveApproved)
    assert stood.return_due is None


def test_one_working_day_among_them_makes_it_an_ordinary_absence() -> None:
    late = leaving(HEAD, "2025-10-01", at("2025-10-02", 8), at("2025-10-09", 20))
    scenario(ABSENCE, jinchuan(late.at)).when(announce, late).refused(too_late_to_ask="74")


def test_a_study_trip_of_a_unit_is_asked_for_though_its_head_stays() -> None:
    """七十四: six people of the culture bureau, its head not among them; no number of days is said."""
    trip = leaving(CLERK, "2026-05-24", at("2026-05-25", 8), at("2026-05-27", 20), organised=True)
    (told,) = scenario(ABSENCE, jinchuan(trip.at)).when(announce, trip).under("JC-74-9").events
    assert isinstance(told, AbsenceAnnounced)
    assert (told.row, told.mode, told.organised_by_unit) == ("organised-study-trips", "approve", True)


def test_a_clerk_who_goes_alone_is_not_regulated() -> None:
    alone = leaving(CLERK, "2026-05-24", at("2026-05-25", 8), at("2026-05-27", 20))
    told, stood = scenario(ABSENCE, jinchuan(alone.at)).when(announce, alone).events
    assert isinstance(told, AbsenceAnnounced)
    assert (told.row, told.mode, told.organised_by_unit) == (None, "not_regulated", False)
    assert isinstance(stood, LeaveApproved)
