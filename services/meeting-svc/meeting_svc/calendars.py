"""Sittings as entries of a calendar: of a body, and of a person who is to come (会议日历)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from chancery.calendar import LOCAL
from chancery.office import calendar
from chancery.office.calendar import Entry
from chancery.refusal import not_found
from chancery.web import WebDesk
from meeting_svc.printed.words import SEATS_EXPECTED
from meeting_svc.projections.tables import SITTINGS
from meeting_svc.sitting.expected import Expected, expected
from meeting_svc.sitting.state import SITTING, Sitting, Stage

MOST: Final = 2_000
LASTS: Final = timedelta(hours=2)
"""How long a sitting stands in a calendar: nobody says beforehand when it ends."""
BACK: Final = timedelta(days=92)
"""How far back a person's calendar reaches."""


async def of_body(desk: WebDesk, body: str) -> bytes:
    """Every sitting of a body.

    Raises:
        Refused: these rules have no such body (``missing``).
    """
    rules = await desk.rules()
    if rules.body(body) is None:
        raise not_found("body")
    query = select(SITTINGS).where(SITTINGS.c.body == body).order_by(SITTINGS.c.starts_at.desc()).limit(MOST)
    async with desk.query() as connection:
        rows = (await connection.execute(query)).mappings().all()
    title = rules.titled(body)
    return calendar.write(title, [entry_of(title, desk.tenant, desk.now(), dict(row)) for row in rows])


async def of_person(desk: WebDesk, person: str) -> bytes:
    """The sittings a person is to come to or came to, from three months ago on, as the rules of each say.

    Raises:
        Refused: there is no such person (``missing``).
    """
    rules = await desk.rules()
    if person not in rules.roster.persons:
        raise not_found("person")
    since = desk.now() - BACK
    query = select(SITTINGS).where(SITTINGS.c.starts_at >= since).order_by(SITTINGS.c.starts_at).limit(MOST)
    async with desk.query() as connection:
        rows = [dict(row) for row in (await connection.execute(query)).mappings().all()]
    entries: list[Entry] = []
    for row in rows:
        seen = await desk.seen(SITTING, row["sitting_id"])
        own = await desk.rules(row["starts_at"], pack=seen.pack, to_read=True)
        part = part_of(seen.state, expected(own, seen.state), person)
        if part is not None:
            title = "、".join(own.titled(body) for body in seen.state.bodies)
            entries.append(entry_of(title, desk.tenant, desk.now(), row, part))
    return calendar.write(f"{rules.titled(person)} 会议", entries)


def part_of(sitting: Sitting, come: tuple[Expected, ...], person: str) -> tuple[str, bool] | None:
    """In which quality somebody is to come, in words, and whether his time is taken; None where he is not."""
    seat = sitting.seats.get(person)
    found = next((one for one in come if one.person == person), None)
    if seat is None and found is None:
        stands_in = sitting.substitutes.get(person)
        return ("代会", True) if stands_in is not None else None
    if any(one.person == person for one in sitting.leaves):
        return "已请假", False
    said = SEATS_EXPECTED[seat.seat if seat is not None else found.seat if found is not None else "observer"]
    items = found.items if found is not None else ()
    return (f"{said}，第{'、'.join(map(str, items))}项" if items else said), True


def entry_of(
    title: str, tenant: str, now: datetime, row: Mapping[str, Any], part: tuple[str, bool] | None = None
) -> Entry:
    """One sitting; its id stays for ever, and one that was called off is cancelled."""
    starts = row["starts_at"].astimezone(LOCAL)
    ends = row["closed_at"].astimezone(LOCAL) if row["closed_at"] is not None else starts + LASTS
    says = f"议题{row['items']}项"
    return Entry(
        uid=f"{row['sitting_id']}@{tenant}.sittings.chancery",
        title=f"{title} {row['series']}第{row['number']}次" + (f"（{part[0]}）" if part else ""),
        starts=starts,
        ends=max(ends, starts),
        version=row["version"],
        stamped_at=now,
        place=row["place"],
        says=says,
        cancelled=row["stage"] == Stage.CALLED_OFF.value,
        busy=part is None or part[1],
    )
