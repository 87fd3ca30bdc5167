# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# icalendar leaves part of its own types open.
"""Calendars as iCalendar (RFC 5545): with their time zone, stable ids, and a count of changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from chancery.calendar import LOCAL
from chancery.office.table import clean

if TYPE_CHECKING:  # loaded when the first calendar is written
    from icalendar import Event, Timezone, vDDDTypes

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
ZONE: Final = "Asia/Shanghai"
OFFSET: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. Days make it an all-day entry, and ``ends`` is then its last day; moments are aware.

    ``uid`` names the thing for ever, ``version`` counts its changes from 1; ``stamped_at`` is when it was written out.
    """

    uid: str
    title: str
    starts: date
    ends: date
    version: int
    stamped_at: datetime
    place: str = ""
    says: str = ""
    cancelled: bool = False
    busy: bool = True


def write(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar to subscribe to. The same entries give the same bytes."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//chancery//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _line(name))
    calendar.add("x-wr-timezone", ZONE)
    calendar.add_component(_zone())
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar.to_ical()


def _zone() -> "Timezone":
    """Beijing time, which has known no summer time since September 1991."""
    from icalendar import Timezone, TimezoneStandard

    zone = Timezone()
    zone.add("tzid", ZONE)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1991, 9, 15))  # noqa: DTZ001  a zone's own beginning is local
    standard.add("tzoffsetfrom", OFFSET)
    standard.add("tzoffsetto", OFFSET)
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(entry: Entry) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", _line(entry.uid))
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    event.add("sequence", entry.version - 1)
    if isinstance(entry.starts, datetime) and isinstance(entry.ends, datetime):
        event["DTSTART"], event["DTEND"] = _local(entry.starts), _local(entry.ends)
    else:
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.ends + timedelta(days=1))
    event.add("summary", _line(entry.title))
    if entry.place:
        event.add("location", _line(entry.place))
    if entry.says:
        event.add("description", clean(entry.says))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    return event


def _local(moment: datetime) -> "vDDDTypes":
    from icalendar import vDDDTypes

    found = vDDDTypes(moment.astimezone(LOCAL).replace(microsecond=0, tzinfo=None))
    found.params["TZID"] = ZONE
    return found


def _line(text: str) -> str:
    return " ".join(clean(text).split())
