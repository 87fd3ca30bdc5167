"""A year's meetings beside the year before: what is counted, and how it stands."""

from datetime import date
from functools import cache

from chancery.calendar import bundled
from chancery.roster import Roster
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from chancery.rules.rulebook import Rules
from meeting_svc.figures import Held, Stands, counted, figures, held_of
from meeting_svc.sitting.state import Sitting
from tests import hongkou
from tests.hongkou import PACKS, at
from tests.meeting.examples import held_sitting
from tests.scenario import THE_THING


@cache
def pack(name: str) -> Pack:
    return next(pack for pack in load_folder(PACKS).values() if pack.head.id == name)


def rules(name: str, day: str) -> Rules:
    return Rules(pack(name), bundled(), Roster(), at(day))


def stands(name: str, day: str, meetings: list[Held], year: int) -> dict[str, Stands]:
    return {one.counts: one.stands for one in figures(rules(name, day), meetings, year)}


def test_a_sitting_is_counted_with_those_who_sat_and_how_long() -> None:
    sitting = held_sitting()
    assert sitting.opened is not None
    held = held_of(hongkou.rules(at("2022-01-20")), sitting)
    assert held is not None
    assert (held.on, held.kind, held.hours) == (date(2022, 1, 19), "executive", 2.0)
    assert held.people == len({one.person for one in sitting.opened.present} | set(sitting.seats))
    assert held_of(hongkou.rules(at("2022-01-20")), Sitting(THE_THING)) is None


def test_meetings_are_counted_between_two_days_and_by_their_kind() -> None:
    meetings = [Held(date(2022, 3, 1), "plenary", 40, 2.5), Held(date(2022, 4, 1), "area_wide", 60)]
    found = counted(meetings, date(2022, 3, 1), date(2022, 3, 31))
    assert found == {
        "meeting": 1,
        "meeting_attendance": 40,
        "meeting_hours": 2.5,
        "meeting_of_principal_heads": 0,
        "plenary_meeting": 1,
    }


def test_a_running_year_is_compared_with_the_same_part_of_the_year_before() -> None:
    """高境2024 二十二: fewer, smaller."""
    before = [Held(date(2024, month, 9), "area_wide", 50) for month in (3, 9)]
    now = [Held(date(2025, 2, 9), "area_wide", 40), Held(date(2025, 4, 9), "area_wide", 5)]
    assert stands("gaojing-2024", "2025-05-01", [*before, *now], 2025) == {
        "meeting": Stands.OVER,
        "meeting_attendance": Stands.AS_WANTED,
    }
    assert stands("gaojing-2024", "2026-01-10", [*before, *now], 2025)["meeting"] is Stands.AS_WANTED


def test_what_is_outstanding_is_recalled_so_long_before_the_end_of_the_year() -> None:
    """金山2022 四十二: one plenary or two a year."""
    assert stands("jinshan-2022", "2022-11-30", [], 2022)["plenary_meeting"] is Stands.TO_COME
    assert stands("jinshan-2022", "2022-12-01", [], 2022)["plenary_meeting"] is Stands.SHORT
    plenaries = [Held(date(2022, 12, day), "plenary", 40) for day in (5, 6, 7)]
    assert stands("jinshan-2022", "2022-12-10", plenaries[:2], 2022)["plenary_meeting"] is Stands.AS_WANTED
    assert stands("jinshan-2022", "2022-12-10", plenaries, 2022)["plenary_meeting"] is Stands.OVER
