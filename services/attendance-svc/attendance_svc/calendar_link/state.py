"""Whose link it is, what it shows, and whether it answers."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import CalendarLinkGiven, CalendarLinkWithdrawn
from chancery.thing import Thing

CalendarLinkEvent = CalendarLinkGiven | CalendarLinkWithdrawn


@dataclass(frozen=True, slots=True)
class CalendarLink:
    id: UUID
    given: CalendarLinkGiven | None = None
    withdrawn: bool = False


def evolve(link: CalendarLink, event: CalendarLinkEvent) -> CalendarLink:
    match event:
        case CalendarLinkGiven():
            return replace(link, given=event)
        case CalendarLinkWithdrawn():
            return replace(link, withdrawn=True)
        case _:
            assert_never(event)


CALENDAR_LINK: Thing[CalendarLink, CalendarLinkEvent] = Thing(
    "calendar_link", CalendarLink, evolve, (CalendarLinkGiven, CalendarLinkWithdrawn)
)
