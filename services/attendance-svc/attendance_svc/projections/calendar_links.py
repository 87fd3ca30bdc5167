"""Who took which calendar address, and does it answer still (日历订阅)?"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.attendance import CalendarLinkGiven, CalendarLinkWithdrawn
from chancery.events.base import Event
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case CalendarLinkGiven() as event:
            row = {
                "link_id": event.link_id,
                "version": recorded.version,
                "holder_id": event.holder_id,
                "person_id": event.person_id,
                "group_word": event.group,
                "given_at": event.given_at,
                "withdrawn": False,
            }
            return [Upsert("calendar_links", ("link_id",), row)]
        case CalendarLinkWithdrawn() as event:
            gone = {"version": recorded.version, "withdrawn": True}
            return [Patch("calendar_links", {"link_id": event.link_id}, gone)]
        case _:
            return []


HEARS = (CalendarLinkGiven, CalendarLinkWithdrawn)
CALENDAR_LINKS = Projection(
    "calendar_links", 1, ("calendar_links",), frozenset(kind.event_name for kind in HEARS), project
)
