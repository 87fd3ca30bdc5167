"""Where the rules name nobody who signs the minutes of a body, none is waited for."""

from datetime import date

from chancery.calendar import bundled
from chancery.events.attendance import AppointmentMade, PersonRegistered, UnitRegistered
from chancery.events.meeting import MinutesIssued
from chancery.roster import Roster
from chancery.rules.loader import load_pack
from chancery.rules.rulebook import Rules
from meeting_svc.minutes.issue import Issue, issue
from meeting_svc.minutes.sign import Sign, sign
from meeting_svc.minutes.state import MINUTES
from meeting_svc.minutes.way import minutes_ruling
from tests.hongkou import CLERK, MAYOR, PACKS, at, rules
from tests.meeting.examples import drafted
from tests.scenario import scenario

NOW = at("2022-01-20")
OFFICE = Roster.of(
    [
        UnitRegistered(unit_id="office", kind="office", name_zh="办公室", name_en="office"),
        PersonRegistered(person_id=CLERK, name="文秘"),
        AppointmentMade(person_id=CLERK, post="office_director", unit="office", starts_on=date(2020, 1, 1)),
    ]
)


def test_minutes_that_nobody_has_to_sign_go_out_unsigned() -> None:
    """The national baseline is silent on minutes: silence asks for nothing. Hongkou's article 52 asks for the mayor."""
    silent = Rules(load_pack(PACKS / "national-baseline"), bundled(), OFFICE, NOW)
    assert minutes_ruling(silent, "executive", frozenset()).first is None
    minutes = scenario(MINUTES, silent).given(drafted())
    minutes.when(sign, Sign(MAYOR)).refused("no_route")
    outcome = minutes.when(issue, Issue(CLERK, NOW))
    assert [type(event) for event in outcome.events] == [MinutesIssued]
    scenario(MINUTES, rules(NOW)).given(drafted()).when(issue, Issue(CLERK, NOW)).refused("not_signed")
