"""Hongkou's own pack and sample cast, for examples of decisions: the rules as they stand on a moment."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import chancery
from chancery.calendar import bundled
from chancery.events.attendance import (
    ActingStarted,
    AppointmentMade,
    AssistantPaired,
    EntrustedObject,
    EntrustmentGiven,
    PersonRegistered,
    PortfolioAssigned,
    UnitRegistered,
)
from chancery.events.base import Event
from chancery.names import PersonId
from chancery.roster import Roster
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from chancery.rules.rulebook import Rules

BEIJING = timezone(timedelta(hours=8))
PACKS = Path(chancery.__file__).parent / "packs"

MAYOR = PersonId("tao")
DEPUTY_IN_CHARGE = PersonId("kong")  # public security, justice, emergency management
OTHER_DEPUTY = PersonId("cao")
DIRECTOR = PersonId("yan")
CLERK = PersonId("office_clerk_qian")
JUSTICE_HEAD = PersonId("justice_head")
JUSTICE_CLERK = PersonId("justice_clerk")
FINANCE_HEAD = PersonId("finance_head")


def at(day: str, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a Beijing day, in UTC."""
    return datetime.combine(date.fromisoformat(day), time(hour, minute), BEIJING).astimezone(UTC)


def an_id(number: int) -> UUID:
    return UUID(f"019a0000-0000-7000-8000-{number:012d}")


@cache
def pack() -> Pack:
    return next(pack for pack in load_folder(PACKS).values() if pack.head.id == "hongkou-2022")


def cast_events(of: Pack) -> list[Event]:
    """The sample roster as the attendance service would tell it."""
    people = cast("dict[str, Any]", of.cast)
    told: list[Event] = [
        UnitRegistered(unit_id=unit, kind=term.kind or "unit", name_zh=term.zh, name_en=term.en)
        for unit, term in of.words["units"].items()
    ]
    told += [
        PersonRegistered(person_id=person, name=name["zh"], name_en=name["en"])
        for person, name in people["persons"].items()
    ]
    told += [
        AppointmentMade(person_id=a["person"], post=a["post"], unit=a.get("unit"), starts_on=a["from"])
        for a in people["appointments"]
    ]
    told += [
        PortfolioAssigned(
            person_id=p["person"],
            units=tuple(p.get("units", ())),
            subjects=tuple(p.get("subjects", ())),
            starts_on=p["from"],
        )
        for p in people["portfolios"]
    ]
    told += [
        AssistantPaired(assistant_id=p["assistant"], principal_id=p["principal"], starts_on=p["from"])
        for p in people.get("pairings", ())
    ]
    return told


@cache
def roster() -> Roster:
    return Roster.of(cast_events(pack()))


def rules(moment: datetime, people: Roster | None = None) -> Rules:
    return Rules(pack(), bundled(), people or roster(), moment)


def later(before: Rules, moment: datetime) -> Rules:
    return replace(before, at=moment)


def mayor_away(deputy: PersonId = DEPUTY_IN_CHARGE) -> Roster:
    """The mayor is on a trip outside the city and a deputy acts for him by mandate (art. 6)."""
    return roster().after(
        ActingStarted(
            acting_id="acting_1",
            principal_id=MAYOR,
            post="mayor",
            actor_id=deputy,
            absence_id="trip_1",
            entrustment_id="mandate_1",
            scope=("preside",),
            started_at=at("2022-01-01", 0),
        )
    )


def entrusted(kind: str, giver: PersonId, receiver: PersonId, reference: str | None = None) -> Roster:
    return roster().after(
        EntrustmentGiven(
            entrustment_id="mandate_2",
            giver_id=giver,
            receiver_id=receiver,
            object=EntrustedObject(kind=kind, reference=reference),
            starts_at=at("2022-01-01", 0),
        )
    )
