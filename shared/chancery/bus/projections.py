"""Projections filled anew from the first event, while the old table serves; then the two change places at once.

A service's own projections are folded from its event table; those it heard, from the bus or the sources' feeds. Nothing
but tables is written: no reaction acts, no deadline fires. Needs the role that owns the database.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import structlog

from chancery.bus.consumer import Feed
from chancery.bus.rebuilding.heard import Heard
from chancery.bus.rebuilding.own import PAGE, Own
from chancery.bus.rebuilding.tables import (
    Connection,
    Kept,
    RebuildFailed,
    clear_away,
    connected,
    physical,
    prepare,
)
from chancery.bus.rosters import ROSTER_CONSUMER, roster_projection
from chancery.bus.streams import Bus
from chancery.refusal import Fault
from chancery.service import Service

__all__ = [
    "PAGE",
    "NoSuchProjection",
    "ProjectionState",
    "RebuildFailed",
    "Rebuilt",
    "rebuild",
    "rebuild_outdated",
    "status",
]

log = structlog.get_logger(__name__)

REBUILDS: Final = 7412


class NoSuchProjection(Fault):
    """The service declares no projection of that name; says which there are."""


@dataclass(frozen=True, slots=True)
class ProjectionState:
    """How one projection is.

    ``declared`` is the version this code writes, ``serving`` that of the tables in use (None: there is no table yet).
    ``lag`` counts the events of the sources that are not in it, by source; a service's own are never behind. ``parked``
    counts the events that wait in the dead letters.
    """

    name: str
    kind: Literal["own", "heard"]
    tables: tuple[str, ...]
    declared: int
    serving: int | None
    positions: Mapping[str, int]
    parked: int
    rows: int
    built_at: datetime | None

    @property
    def outdated(self) -> bool:
        """The tables stand for another version than this code: to be rebuilt, or this code is old."""
        return self.serving != self.declared


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. ``position`` is that of the last event in the new table, by source."""

    name: str
    version: int
    positions: Mapping[str, int]
    events: int
    parked: int
    seconds: float


def _all(service: Service) -> dict[str, Kept]:
    found = {p.name: Kept(p, (), "") for p in service.projections}
    for source, projections in service.heard.items():
        for projection in projections:
            known = found.get(projection.name)
            sources = (*known.sources, source) if known else (source,)
            found[projection.name] = Kept(projection, sources, projection.name)
    if service.keeps_roster and service.name != "attendance":
        kept = roster_projection()
        found[kept.name] = Kept(kept, ("attendance",), ROSTER_CONSUMER)
    return found


def _kept(service: Service, name: str) -> Kept:
    known = _all(service)
    if name not in known:
        raise NoSuchProjection(f"{service.name} keeps no projection {name}; it keeps: {', '.join(sorted(known))}")
    return known[name]


async def status(service: Service, owner_url: str) -> list[ProjectionState]:
    """Every projection of a service: versions, positions, what is parked, how large it is."""
    async with connected(owner_url) as connection:
        return [await _state(connection, kept) for _, kept in sorted(_all(service).items())]


async def _state(connection: Connection, kept: Kept) -> ProjectionState:
    projection = kept.projection
    served = await connection.fetchrow(
        "select version, built_at from kernel.projection where name = any($1) order by name = $2 desc limit 1",
        [projection.name, *projection.tables],
        projection.name,
    )
    rows = 0
    for table in projection.tables:
        found = await physical(connection, table)
        if found is not None:
            rows += max(0, int(await connection.fetchval("select reltuples from pg_class where oid = $1", found[1])))
    if kept.sources:
        told = await connection.fetch("select source, pos from kernel.consumer where name = $1", kept.consumer)
        heard = {str(row[0]): int(row[1]) for row in told}
        positions = {source: heard.get(source, 0) for source in kept.sources}
        parked = await connection.fetchval("select count(*) from kernel.dead_letter where consumer = $1", kept.consumer)
    else:
        positions = {"own": int(await connection.fetchval("select kernel.last_position()"))}
        parked = 0
    there = all([await physical(connection, table) is not None for table in projection.tables])
    unversioned = there and served is None
    return ProjectionState(
        name=projection.name,
        kind="heard" if kept.sources else "own",
        tables=projection.tables,
        declared=projection.version,
        serving=served[0] if served else projection.version if unversioned else None,
        positions=positions,
        parked=int(parked),
        rows=rows,
        built_at=served[1] if served else None,
    )


async def rebuild(
    service: Service,
    name: str,
    owner_url: str,
    *,
    bus: Bus | None = None,
    feeds: Mapping[str, Feed] | None = None,
    page: int = PAGE,
    say: Callable[[str, int], None] = lambda _source, _position: None,
) -> Rebuilt:
    """Fill a projection anew and let the new table take the old one's place.

    ``bus`` (and ``feeds``, where the bus is away) are needed for what was heard from other services. ``say`` is told
    how far it is, by source.

    Raises:
        NoSuchProjection: the service has none of that name.
        RebuildFailed: an event cannot be taken in, somebody else rebuilds it, or readers never let go of the old table.
    """
    kept = _kept(service, name)
    began = asyncio.get_running_loop().time()
    async with connected(owner_url) as connection:
        if not await connection.fetchval("select pg_try_advisory_lock($1, hashtext($2))", REBUILDS, name):
            raise RebuildFailed(f"{name} is being rebuilt by somebody else")
        tables = [await prepare(connection, table, kept.projection.version) for table in kept.projection.tables]
        try:
            if kept.sources:
                if bus is None:
                    raise RebuildFailed(f"{name} is heard from {', '.join(kept.sources)}: the bus is needed")
                work: Own | Heard = Heard(kept, connection, tables, owner_url, bus, feeds or {}, page, say)
            else:
                work = Own(service.name, kept, connection, tables, owner_url, page, say)
            positions, events, parked = await work.run()
        except BaseException:
            await clear_away(connection, tables, kept)
            raise
    seconds = asyncio.get_running_loop().time() - began
    log.info("projection_rebuilt", projection=name, version=kept.projection.version, events=events, seconds=seconds)
    return Rebuilt(name, kept.projection.version, positions, events, parked, seconds)


async def rebuild_outdated(service: Service, owner_url: str, **how: Any) -> list[Rebuilt]:
    """Rebuild every projection whose tables stand for another version than this code."""
    states = await status(service, owner_url)
    return [await rebuild(service, state.name, owner_url, **how) for state in states if state.outdated]
