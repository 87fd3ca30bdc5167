"""Jinchuan's executive meeting: a quorum, items put off, people who wait, companions with permission (art. 47, 52)."""

from datetime import date, datetime
from functools import cache

from chancery.calendar import bundled
from chancery.events.attendance import LeaveApproved
from chancery.events.base import Event
from chancery.events.meeting import Chair, MatterFacts, ScheduledItem, SittingConvened, SittingEvent
from chancery.names import Capacity, PersonId
from chancery.roster import Roster
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from chancery.rules.rulebook import Rules
from meeting_svc.sitting.state import SITTING, Sitting
from tests.hongkou import PACKS, an_id, at, cast_events
from tests.scenario import THE_THING

MAYOR, FIRST_DEPUTY, IN_CHARGE, OTHER = PersonId("zhao"), PersonId("qian"), PersonId("zhou"), PersonId("sun")
DIRECTOR, CLERK = PersonId("wang"), PersonId("office_clerk_wei")
HEAD, DEPUTY_HEAD = PersonId("education_head"), PersonId("education_deputy")
NOW = at("2026-02-12", 9)
ITEM, SECOND = an_id(2), an_id(12)
MATTER, OTHER_MATTER = an_id(1), an_id(11)
SCHOOLS = MatterFacts(title="农村校车", kind="important_government_work", lead_unit="education_bureau")
FIRST_ITEM = ScheduledItem(no=1, item_id=ITEM, matter_id=MATTER, facts=SCHOOLS)


@cache
def pack() -> Pack:
    return next(pack for pack in load_folder(PACKS).values() if pack.head.id == "jinchuan-2020")


def rules(moment: datetime = NOW, *more: Event) -> Rules:
    return Rules(pack(), bundled(), Roster.of((*cast_events(pack()), *more)), moment)


def away(person: str) -> LeaveApproved:
    """An absence that attendance told of: it stands from the day before until the day after."""
    return LeaveApproved(
        absence_id="trip_1",
        person_id=person,
        post="deputy_mayor",
        leaving="city",
        cause="meeting",
        starts_at=at("2026-02-11", 8),
        ends_at=at("2026-02-13", 18),
        mode="approve",
    )


def convened(*items: ScheduledItem, body: str = "executive") -> SittingConvened:
    return SittingConvened(
        sitting_id=THE_THING,
        body=body,
        series="2026",
        number=1,
        starts_at=NOW,
        sitting_on=date(2026, 2, 12),
        place="第一会议室",
        convened_by=Chair(person=MAYOR, post="mayor", capacity=Capacity.OWN),
        items=items or (FIRST_ITEM,),
    )


def sitting(*events: SittingEvent) -> Sitting:
    found = SITTING.start(THE_THING)
    for event in (convened(), *events):
        found = SITTING.evolve(found, event)
    return found
