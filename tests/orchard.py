"""A made-up government whose rules ask for what Hongkou's leave out: approvals, lead times, fixed deputies."""

from datetime import date, datetime
from pathlib import Path

from chancery.calendar import bundled
from chancery.events.attendance import AppointmentMade, PersonRegistered, PortfolioAssigned, UnitRegistered
from chancery.events.base import Event
from chancery.names import PersonId
from chancery.roster import Roster
from chancery.rules.loader import load_folder
from chancery.rules.rulebook import Rules

[PACK] = load_folder(Path(__file__).parent / "other_rules").values()
HEAD, FIRST, DEPUTY = PersonId("he"), PersonId("first"), PersonId("second")
OFFICE_HEAD, WORKS_HEAD = PersonId("office_head"), PersonId("works_head")
OFFICE_CLERK, WORKS_CLERK = PersonId("office_clerk"), PersonId("works_clerk")
SEATS = (
    (HEAD, "head", None),
    (FIRST, "first_deputy", None),
    (DEPUTY, "deputy", None),
    (OFFICE_HEAD, "office_head", "office"),
    (OFFICE_CLERK, "clerk", "office"),
    (WORKS_HEAD, "unit_head", "works"),
    (WORKS_CLERK, "clerk", "works"),
)
TOLD: tuple[Event, ...] = (
    *(UnitRegistered(unit_id=u, kind=t.kind or "", name_zh=t.zh, name_en=t.en) for u, t in PACK.words["units"].items()),
    *(PersonRegistered(person_id=person, name=person) for person, _, _ in SEATS),
    *(
        AppointmentMade(person_id=person, post=post, unit=unit, starts_on=date(2022, 1, 1))
        for person, post, unit in SEATS
    ),
    PortfolioAssigned(person_id=DEPUTY, units=("works",), starts_on=date(2022, 1, 1)),
)
PEOPLE = Roster.of(TOLD)


def rules(moment: datetime, people: Roster = PEOPLE) -> Rules:
    return Rules(PACK, bundled(), people, moment)


def people(*more: Event) -> Roster:
    """The roster with what else was told."""
    return Roster.of((*TOLD, *more))
