"""A big district as its attendance events tell it: 2,000 posts, and who was away and acted, week after week.

Figures: 52 townships, towns and streets, the most that any county-level unit has, counted from
``modood/Administrative-divisions-of-China`` (WTFPL, © Sam Hocevar for the licence's text; read in November 2026); 35
departments, about as many as the governments of the packs name; a mayor and eight deputies, as in a large district. How
often somebody is away is ours: twice a week a leader half the time, once a fortnight a head, every five weeks a clerk.
Names and days are made up, and always the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from chancery.envelope import Meta, Standing, leaf_hash
from chancery.events.attendance import (
    AbsenceAnnounced,
    ActingEnded,
    ActingStarted,
    AppointmentMade,
    EntrustedObject,
    EntrustmentGiven,
    LeaveApproved,
    PersonRegistered,
    PortfolioAssigned,
    ReturnReported,
    UnitRegistered,
)
from chancery.events.base import Event, encode
from chancery.launch.postgres import ServiceDatabase
from chancery.names import PersonId

TOWNS: Final = 52
DEPARTMENTS: Final = 35
DEPUTIES: Final = 8
IN_A_UNIT: Final = (("unit_deputy_head", 3), ("unit_clerk", 19))
WEEKS: Final = 52
BEGINS: Final = datetime(2025, 1, 6, tzinfo=UTC)
SINCE: Final = date(2021, 10, 11)
UNITS: Final = tuple(f"bureau_{number}" for number in range(DEPARTMENTS)) + tuple(f"town_{n}" for n in range(TOWNS))


@dataclass(frozen=True, slots=True)
class Told:
    """One event and the stream it belongs to."""

    stream: UUID
    event: Event


def people() -> list[tuple[str, str, str | None, float]]:
    """Person, post, unit, and how many absences a week."""
    found: list[tuple[str, str, str | None, float]] = [("mayor_a", "mayor", None, 1.0)]
    found += [(f"deputy_{number}", "deputy_mayor", None, 1.0) for number in range(DEPUTIES)]
    for unit in UNITS:
        found.append((f"{unit}_head", "department_head" if unit.startswith("bureau") else "town_head", unit, 0.5))
        for post, many in IN_A_UNIT:
            found += [(f"{unit}_{post}_{number}", post, unit, 0.2) for number in range(many)]
    return found


def roster() -> Iterator[Told]:
    """Who holds which post, who is in charge of what."""
    for unit in UNITS:
        kind = unit.partition("_")[0]
        told = UnitRegistered(unit_id=unit, kind="department" if kind == "bureau" else kind, name_zh=unit, name_en=unit)
        yield Told(uuid4(), told)
    for person, post, unit, _ in people():
        yield Told(uuid4(), PersonRegistered(person_id=person, name=person))
        yield Told(uuid4(), AppointmentMade(person_id=person, post=post, unit=unit, starts_on=SINCE))
    for number in range(DEPUTIES):
        of_it = UNITS[number::DEPUTIES]
        yield Told(uuid4(), PortfolioAssigned(person_id=f"deputy_{number}", units=of_it, starts_on=SINCE))


def weeks(many: int) -> Iterator[Told]:
    """What happens in so many weeks; the last of it goes on at the end."""
    draw, ids = Random(20250106), count()
    for week in range(many):
        monday = BEGINS + timedelta(weeks=week)
        for person, post, _, often in people():
            if draw.random() < often:
                starts = monday + timedelta(days=draw.randrange(4), hours=draw.choice((0, 5)))
                yield from _away(next(ids), person, post, starts, starts + timedelta(hours=draw.choice((4, 9, 33, 57))))


def _away(number: int, person: str, post: str, starts: datetime, ends: datetime) -> Iterator[Told]:
    stream = UUID(int=(0xA << 120) | number)
    about = {"absence_id": str(stream), "person_id": person, "post": post, "leaving": "city", "cause": "business_trip"}
    times = {"starts_at": starts, "ends_at": ends, "mode": "report"}
    yield Told(stream, AbsenceAnnounced.model_validate({**about, **times, "destination": "外地", "reason": "公务"}))
    yield Told(stream, LeaveApproved.model_validate({**about, **times}))
    if post == "mayor":
        actor, given, acts = f"deputy_{number % DEPUTIES}", uuid4(), uuid4()
        acting = EntrustedObject(kind="acting", post=post)
        mandate = EntrustmentGiven(
            entrustment_id=str(given), giver_id=person, receiver_id=actor, object=acting, starts_at=starts, ends_at=ends
        )
        who = {"acting_id": str(acts), "principal_id": person, "post": post, "actor_id": actor}
        begun = {**who, "absence_id": str(stream), "scope": ("preside",), "started_at": starts}
        yield Told(given, mandate)
        yield Told(acts, ActingStarted.model_validate(begun))
        yield Told(acts, ActingEnded.model_validate({**who, "ended_at": ends}))
    yield Told(stream, ReturnReported(absence_id=str(stream), person_id=person, returned_at=ends))


async def preload(database: ServiceDatabase, tenant: str, told: Iterator[Told]) -> int:
    """Put the events into the service's table as it would have stored them, by COPY; how many there are."""
    versions: dict[UUID, int] = {}

    def rows() -> Iterator[tuple[Any, ...]]:
        for position, one in enumerate(told, 1):
            version = versions[one.stream] = versions.get(one.stream, 0) + 1
            command, event = uuid4(), one.event
            meta = Meta(uuid4(), Standing(PersonId("bench")), one.stream).to_json()
            body, name, schema = encode(event), event.event_name, event.event_version
            leaf = leaf_hash(tenant, one.stream, version, name, schema, body, meta, BEGINS, command)
            where = (position, tenant, one.stream, version, name, schema)
            yield (*where, body.decode(), meta.decode(), BEGINS, BEGINS, command, leaf)

    owner = await asyncpg.connect(database.owner_url)
    columns = ("pos", "tenant", "stream", "version", "type", "schema_version", "body", "meta")
    columns += ("business_at", "recorded_at", "command_id", "leaf")
    await owner.copy_records_to_table("event", schema_name="kernel", records=rows(), columns=columns)
    await owner.execute(
        "insert into kernel.head (stream, tenant, version) select stream, tenant, max(version) from kernel.event "
        "group by 1, 2; analyze kernel.event; analyze kernel.head"
    )
    await owner.close()
    return sum(versions.values())
