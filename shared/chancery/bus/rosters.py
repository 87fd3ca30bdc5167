"""The people of every government, as each service has heard of them: kept in order, folded in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg

from chancery.envelope import Recorded
from chancery.events.attendance import AttendanceEvent
from chancery.events.base import REGISTRY, Event, encode
from chancery.names import TenantId
from chancery.roster import Roster
from chancery.store.api import EventStore
from chancery.thing import Projection, Upsert, Write

ROSTER_EVENTS: Final = frozenset(cls.event_name for cls in AttendanceEvent.__args__)
ROSTER_CONSUMER: Final = "roster"
LOOK_EVERY: Final = 0.2

Newer = Callable[[TenantId, int], Awaitable[Sequence[tuple[int, Event]]]]
"""Roster events of a tenant after a position, in order."""


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    """Keep one heard event as it is."""
    row: dict[str, Any] = {
        "pos": recorded.position,
        "type": recorded.event.event_name,
        "schema_version": recorded.event.event_version,
        "body": _json(recorded.event),
    }
    return [Upsert("heard_roster", ("pos",), row)]


def _json(event: Event) -> Any:
    import orjson

    return orjson.loads(encode(event))


def roster_projection() -> Projection:
    """What every service but attendance-svc itself keeps of the attendance stream."""
    return Projection("heard_roster", 1, ("heard_roster",), ROSTER_EVENTS, project, source="heard")


@dataclass(slots=True)
class _Kept:
    position: int
    roster: Roster
    looked: float


@dataclass(slots=True)
class RosterBook:
    """Each tenant's roster, brought up to date when it is asked for.

    ``newer`` reads what came after a position. ``marker`` is a number that grows when this process knows of something
    new; what other processes heard is noticed within a fifth of a second.
    """

    newer: Newer
    marker: Callable[[], int] = lambda: 0
    _kept: dict[str, _Kept] = field(default_factory=dict[str, _Kept])
    _marks: dict[str, int] = field(default_factory=dict[str, int])
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict[str, asyncio.Lock])

    async def roster(self, tenant: TenantId) -> Roster:
        found = self._fresh(tenant)
        if found is not None:
            return found
        async with self._locks.setdefault(tenant, asyncio.Lock()):
            found = self._fresh(tenant)  # whoever waited finds what the one before him read
            if found is not None:
                return found
            now, mark = asyncio.get_running_loop().time(), self.marker()
            kept = self._kept.get(tenant) or _Kept(0, Roster(), 0.0)
            for position, event in await self.newer(tenant, kept.position):
                kept.roster = kept.roster.after(event)
                kept.position = position
            kept.looked = now
            self._kept[tenant] = kept
            self._marks[tenant] = mark
            return kept.roster

    def _fresh(self, tenant: TenantId) -> Roster | None:
        kept = self._kept.get(tenant)
        if kept is None or self._marks.get(tenant) != self.marker():
            return None
        return kept.roster if asyncio.get_running_loop().time() - kept.looked < LOOK_EVERY else None


def heard_by(pool: "asyncpg.Pool[asyncpg.Record]") -> Newer:
    """Roster events as a service keeps them."""

    async def newer(tenant: TenantId, after: int) -> Sequence[tuple[int, Event]]:
        rows = await pool.fetch("select pos, type, schema_version, body from kernel.read_roster($1, $2)", tenant, after)
        return [(row[0], REGISTRY.decode(row[1], row[2], row[3])) for row in rows if REGISTRY.knows(row[1])]

    return newer


def own_events(store: EventStore) -> Newer:
    """Roster events from the service's own table, for the service that tells them."""

    async def newer(tenant: TenantId, after: int) -> Sequence[tuple[int, Event]]:
        found: list[tuple[int, Event]] = []
        while True:
            page = await store.read(after, 1000, tenant)
            found += [
                (e.position, REGISTRY.decode(e.type, e.schema_version, e.body))
                for e in page.events
                if e.type in ROSTER_EVENTS
            ]
            if len(page.events) < 1000:
                return found
            after = page.events[-1].position

    return newer
