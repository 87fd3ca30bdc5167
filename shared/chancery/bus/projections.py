"""Projections filled anew from the first event, while the old table serves; then the two change places at once.

A service's own projections are folded from its event table; those it heard, from the bus or the sources' feeds. Nothing
but tables is written: no reaction acts, no deadline fires. Needs the role that owns the database.
"""

import asyncio
import contextlib
import gc
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal

import asyncpg
import orjson
import structlog
from asyncpg.prepared_stmt import PreparedStatement

from chancery.bus.consumer import Consumer, Feed, Hearing
from chancery.bus.gathering import Gathering, Group, Shape
from chancery.bus.reading import of_row
from chancery.bus.rosters import ROSTER_CONSUMER, roster_projection
from chancery.bus.streams import Bus
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.operations import DeadLetterSkipped
from chancery.refusal import Fault
from chancery.service import Service
from chancery.thing import Projection, Write

log = structlog.get_logger(__name__)

Connection = asyncpg.Connection
PAGE: Final = 10_000
HEARD: Final = 500
CHUNK: Final = 500
"""How many events are worked on before what came and goes on the connections is looked after."""
NEW: Final = "__new"
APPENDS: Final = (7411, 0)
"""The lock under which events get their positions (see ``kernel.append``)."""
REBUILDS: Final = 7412
SWITCHES: Final = 20
BY_KEY: Final = {
    "plan_cache_mode": "force_generic_plan",
    **dict.fromkeys(
        ("enable_seqscan", "enable_bitmapscan", "enable_material", "enable_mergejoin", "enable_hashjoin"), "off"
    ),
}
"""Rows are found through keys, always: a plan made while the new table is empty would read all of it for ever after."""
EVENTS: Final = (
    "select pos, tenant, stream, version, type, schema_version, body::text, meta::text, business_at, recorded_at "
    "from kernel.event where lane = 0 and pos > $1 and pos <= $2 and type = any($3) order by pos"
)


class NoSuchProjection(Fault):
    """The service declares no projection of that name; says which there are."""


class RebuildFailed(Fault):
    """The new table could not be filled or could not take the old one's place. The old one serves on."""


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


@dataclass(frozen=True, slots=True)
class _Kept:
    """A projection with where its events come from, and under which name its listener keeps its position."""

    projection: Projection
    sources: tuple[str, ...]
    consumer: str


def _all(service: Service) -> dict[str, _Kept]:
    found = {p.name: _Kept(p, (), "") for p in service.projections}
    for source, projections in service.heard.items():
        for projection in projections:
            known = found.get(projection.name)
            sources = (*known.sources, source) if known else (source,)
            found[projection.name] = _Kept(projection, sources, projection.name)
    if service.keeps_roster and service.name != "attendance":
        kept = roster_projection()
        found[kept.name] = _Kept(kept, ("attendance",), ROSTER_CONSUMER)
    return found


def _kept(service: Service, name: str) -> _Kept:
    known = _all(service)
    if name not in known:
        raise NoSuchProjection(f"{service.name} keeps no projection {name}; it keeps: {', '.join(sorted(known))}")
    return known[name]


async def status(service: Service, owner_url: str) -> list[ProjectionState]:
    """Every projection of a service: versions, positions, what is parked, how large it is."""
    async with _connected(owner_url) as connection:
        return [await _state(connection, kept) for _, kept in sorted(_all(service).items())]


async def _state(connection: Connection, kept: _Kept) -> ProjectionState:
    projection = kept.projection
    served = await connection.fetchrow(
        "select version, built_at from kernel.projection where name = any($1) order by name = $2 desc limit 1",
        [projection.name, *projection.tables],
        projection.name,
    )
    rows = 0
    for table in projection.tables:
        physical = await _physical(connection, table)
        if physical is not None:
            rows += max(0, int(await connection.fetchval("select reltuples from pg_class where oid = $1", physical[1])))
    if kept.sources:
        found = await connection.fetch("select source, pos from kernel.consumer where name = $1", kept.consumer)
        heard = {str(row[0]): int(row[1]) for row in found}
        positions = {source: heard.get(source, 0) for source in kept.sources}
        parked = await connection.fetchval("select count(*) from kernel.dead_letter where consumer = $1", kept.consumer)
    else:
        positions = {"own": int(await connection.fetchval("select kernel.last_position()"))}
        parked = 0
    there = all([await _physical(connection, table) is not None for table in projection.tables])
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
    async with _connected(owner_url) as connection:
        if not await connection.fetchval("select pg_try_advisory_lock($1, hashtext($2))", REBUILDS, name):
            raise RebuildFailed(f"{name} is being rebuilt by somebody else")
        tables = [await _prepare(connection, table, kept.projection.version) for table in kept.projection.tables]
        try:
            if kept.sources:
                if bus is None:
                    raise RebuildFailed(f"{name} is heard from {', '.join(kept.sources)}: the bus is needed")
                work: _Own | _Heard = _Heard(kept, connection, tables, owner_url, bus, feeds or {}, page, say)
            else:
                work = _Own(service.name, kept, connection, tables, owner_url, page, say)
            positions, events, parked = await work.run()
        except BaseException:
            await _clear_away(connection, tables, kept)
            raise
    seconds = asyncio.get_running_loop().time() - began
    log.info("projection_rebuilt", projection=name, version=kept.projection.version, events=events, seconds=seconds)
    return Rebuilt(name, kept.projection.version, positions, events, parked, seconds)


async def rebuild_outdated(service: Service, owner_url: str, **how: Any) -> list[Rebuilt]:
    """Rebuild every projection whose tables stand for another version than this code."""
    states = await status(service, owner_url)
    return [await rebuild(service, state.name, owner_url, **how) for state in states if state.outdated]


# -- tables --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Index:
    name: str
    definition: str
    constraint: str | None


@dataclass(frozen=True, slots=True)
class _Table:
    """One logical table: the physical one in use, the one it will be, and the one being filled.

    ``template`` is where shape, keys, walls and rights are taken from: the table in use, or the empty one that a
    migration made for the next version. ``view`` is False where the table has no view before it.
    """

    name: str
    serving: str
    template: str
    new: str
    version: int
    view: bool
    indexes: tuple[_Index, ...]


async def _physical(connection: Connection, table: str) -> tuple[str, Any, bool] | None:
    """The table behind a logical name, its oid, and whether a view stands before it."""
    row = await connection.fetchrow(
        "select c.relkind, c.oid from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = $1",
        table,
    )
    if row is None:
        return None
    if row[0] != b"v":
        return table, row[1], False
    version = await connection.fetchval("select version from kernel.projection where name = $1", table)
    name = f"{table}_v{version}"
    oid = await connection.fetchval("select to_regclass($1)::oid", f'public."{name}"')
    return None if oid is None else (name, oid, True)


async def _prepare(connection: Connection, table: str, version: int) -> _Table:
    """Make the empty table beside the one in use: same columns, key, walls, rights; other indexes follow later."""
    found = await _physical(connection, table)
    if found is None:
        raise RebuildFailed(f"there is no table {table}: migrate the database first")
    serving, _, view = found
    template = f"{table}_v{version}" if view else table
    oid = await connection.fetchval("select to_regclass($1)::oid", f'public."{template}"')
    if oid is None:
        raise RebuildFailed(f"there is no table {template}: migrate the database first")
    new = f"{template}{NEW}"
    await connection.execute(f'drop table if exists public."{new}"')
    await connection.execute(f'create table public."{new}" (like public."{template}" including all excluding indexes)')
    made = _Table(table, serving, template, new, version, view, await _indexes(connection, oid))
    for index in made.indexes:
        if index.constraint is not None:
            await _make_index(connection, made, index)
    await _wall(connection, oid, new)
    return made


async def _indexes(connection: Connection, oid: Any) -> tuple[_Index, ...]:
    rows = await connection.fetch(
        "select c.relname, pg_get_indexdef(i.indexrelid), k.contype, i.indisunique "
        "from pg_index i join pg_class c on c.oid = i.indexrelid "
        "left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u') "
        "where i.indrelid = $1 order by i.indisprimary desc, c.relname",
        oid,
    )
    kinds = {b"p": "primary key", b"u": "unique"}
    return tuple(
        _Index(row[0], row[1], kinds[row[2]] if row[2] is not None else "" if row[3] else None) for row in rows
    )


async def _make_index(connection: Connection, table: _Table, index: _Index) -> None:
    unique = "unique " if index.constraint is not None else ""
    how = index.definition[index.definition.index(" USING ") :]
    await connection.execute(f'create {unique}index "{index.name}{NEW}" on public."{table.new}"{how}')
    if index.constraint:
        await connection.execute(
            f'alter table public."{table.new}" add constraint "{index.name}{NEW}" {index.constraint} '
            f'using index "{index.name}{NEW}"'
        )


async def _wall(connection: Connection, oid: Any, new: str) -> None:
    """Row-level security, its policies and the rights, as the template has them."""
    walled, forced = await connection.fetchrow(
        "select relrowsecurity, relforcerowsecurity from pg_class where oid = $1", oid
    ) or (False, False)
    for row in await connection.fetch(
        "select p.polname, p.polpermissive, p.polcmd, pg_get_expr(p.polqual, p.polrelid) as qual, "
        "pg_get_expr(p.polwithcheck, p.polrelid) as checks, "
        "array(select case r when 0 then 'public' else quote_ident(pg_get_userbyid(r)) end from unnest(p.polroles) r) "
        "as roles from pg_policy p where p.polrelid = $1",
        oid,
    ):
        command = {b"*": "all", b"r": "select", b"a": "insert", b"w": "update", b"d": "delete"}[row["polcmd"]]
        kind = "permissive" if row["polpermissive"] else "restrictive"
        text = (
            f'create policy "{row["polname"]}" on public."{new}" as {kind} for {command} to {", ".join(row["roles"])}'
        )
        text += f" using ({row['qual']})" if row["qual"] is not None else ""
        text += f" with check ({row['checks']})" if row["checks"] is not None else ""
        await connection.execute(text)
    if walled:
        await connection.execute(f'alter table public."{new}" enable row level security')
    if forced:
        await connection.execute(f'alter table public."{new}" force row level security')
    await connection.execute(await _rights(connection, oid, new) or "select 1")


async def _rights(connection: Connection, oid: Any, name: str) -> str:
    rows = await connection.fetch(
        "select quote_ident(pg_get_userbyid(a.grantee)), string_agg(distinct a.privilege_type, ', ') "
        "from pg_class c, aclexplode(c.relacl) a where c.oid = $1 and a.grantee <> c.relowner and a.grantee <> 0 "
        "group by 1",
        oid,
    )
    return "; ".join(f'grant {row[1]} on public."{name}" to {row[0]}' for row in rows)


async def _ready(connection: Connection, tables: Iterable[_Table]) -> None:
    """What is quicker after filling than while filling."""
    for table in tables:
        for index in table.indexes:
            if index.constraint is None:
                await _make_index(connection, table, index)
        await connection.execute(f'analyze public."{table.new}"')


async def _switch(connection: Connection, tables: Sequence[_Table], kept: _Kept, position: int) -> None:
    """The new tables take the old ones' place, within the transaction that runs."""
    for table in tables:
        if table.view:
            await _turn_view(connection, table)
        for old in {table.serving, table.template}:
            await connection.execute(f'drop table public."{old}"')
        await connection.execute(f'alter table public."{table.new}" rename to "{table.template}"')
        for index in table.indexes:
            await connection.execute(f'alter index public."{index.name}{NEW}" rename to "{index.name}"')
    names = list({kept.projection.name, *(table.name for table in tables)})
    await connection.execute(
        "update kernel.projection set version = $2, position = $3, built_at = now() where name = any($1)",
        names,
        kept.projection.version,
        position,
    )


async def _turn_view(connection: Connection, table: _Table) -> None:
    view = f'public."{table.name}"'
    how = "with (security_invoker = true) as select * from"
    if table.serving == table.template:
        await connection.execute(f'create or replace view {view} {how} public."{table.new}"')
        return
    oid = await connection.fetchval("select to_regclass($1)::oid", view)
    rights = await _rights(connection, oid, table.name)
    await connection.execute(f"drop view {view}")
    await connection.execute(f'create view {view} {how} public."{table.new}"')
    await connection.execute(rights or "select 1")


async def _clear_away(connection: Connection, tables: Iterable[_Table], kept: _Kept) -> None:
    """What a rebuild that did not come to its end leaves behind. The next one would do the same."""
    with contextlib.suppress(*(asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        for table in tables:
            await connection.execute(f'drop table if exists public."{table.new}"')
        await _forget_listener(connection, kept.consumer + NEW)


async def _forget_listener(connection: Connection, name: str) -> None:
    await connection.execute("delete from kernel.dead_letter where consumer = $1", name)
    await connection.execute("delete from kernel.consumer where name = $1", name)


@contextlib.asynccontextmanager
async def _connected(owner_url: str) -> AsyncGenerator[Connection]:
    settings = {
        "synchronous_commit": "off",  # until the tables change places: a rebuild that is cut off begins anew
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
        **BY_KEY,
    }
    connection: Connection = await asyncpg.connect(owner_url, timeout=10, server_settings=settings)
    try:
        yield connection
    finally:
        await connection.close()


# -- from the service's own table -------------------------------------------------


@dataclass(slots=True)
class _Own:
    """Page by page from the event table: while one page is worked on, the next is read and the last one written."""

    service: str
    kept: _Kept
    connection: Connection
    tables: Sequence[_Table]
    owner_url: str
    page: int
    say: Callable[[str, int], None]
    position: int = 0
    events: int = 0
    writers: dict[Shape, "PreparedStatement[asyncpg.Record]"] = field(
        default_factory=dict[Shape, "PreparedStatement[asyncpg.Record]"]
    )

    async def run(self) -> tuple[Mapping[str, int], int, int]:
        with _uncollected():
            return await self._run()

    async def _run(self) -> tuple[Mapping[str, int], int, int]:
        async with _connected(self.owner_url) as reading:
            await self._fold(reading, await self._last())
            await _ready(self.connection, self.tables)
            for _ in range(SWITCHES):
                last = await self._last()
                if last - self.position > self.page:
                    await self._fold(reading, last)
                    continue
                try:
                    await self._finish()
                except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
                    log.info("switch_waits", projection=self.kept.projection.name, error=str(error))
                    await asyncio.sleep(0.2)
                    continue
                return {"own": self.position}, self.events, 0
        raise RebuildFailed(f"{self.kept.projection.name}: readers never let go of the old table")

    async def _last(self) -> int:
        return int(await self.connection.fetchval("select kernel.last_position()"))

    async def _finish(self) -> None:
        """The rest of the events and the change of places, while no event can be added."""
        began, told = self.position, self.events
        try:
            async with self.connection.transaction():
                await self.connection.execute("set local lock_timeout = '3s'; set local synchronous_commit = on")
                await self.connection.execute("select pg_advisory_xact_lock($1, $2)", *APPENDS)
                last = await self._last()
                rows = await self.connection.fetch(EVENTS, self.position, last, list(self.kept.projection.hears))
                await self._write(await self._work(rows))
                self.position = last
                await _switch(self.connection, self.tables, self.kept, last)
        except BaseException:
            self.position, self.events = began, told
            raise

    async def _fold(self, reading: Connection, upto: int) -> None:
        hears = list(self.kept.projection.hears)
        statement = await reading.prepare(EVENTS)
        writing: asyncio.Task[None] | None = None
        coming: asyncio.Task[list[Any]] | None = None
        try:
            while self.position < upto:
                end = min(self.position + self.page, upto)
                rows = await (coming or statement.fetch(self.position, end, hears))
                self.position, coming = end, None
                if end < upto:
                    following = min(end + self.page, upto)
                    coming = asyncio.create_task(_fetched(statement, end, following, hears))
                    await asyncio.sleep(0)
                groups = await self._work(rows)
                if writing is not None:
                    await writing
                writing = asyncio.create_task(self._write(groups))
                await asyncio.sleep(0)
                self.say("own", end)
            if writing is not None:
                await writing
        finally:
            for task in (writing, coming):
                if task is not None and not task.done():
                    task.cancel()

    async def _work(self, rows: Sequence[Any]) -> list[Group]:
        """Decode and project a page: what is to be written, each row once."""
        project, gathering = self.kept.projection.project, Gathering()
        for number, row in enumerate(rows, 1):
            try:
                for write in project(of_row(self.service, row)):
                    gathering.add(row[1], write)
            except Exception as error:
                raise RebuildFailed(
                    f"{self.kept.projection.name}: the event at {row[0]} ({row[4]}) cannot be taken in: {error!r}"
                ) from error
            if number % CHUNK == 0:
                await asyncio.sleep(0)
        self.events += len(rows)
        return gathering.end()

    async def _write(self, groups: Sequence[Group]) -> None:
        for group in groups:
            statement = self.writers.get(group.shape)
            if statement is None:
                statement = self.writers[group.shape] = await self._writer(group)
            await statement.fetch(orjson.dumps(group.rows, default=str).decode())

    async def _writer(self, group: Group) -> "PreparedStatement[asyncpg.Record]":
        table, op, columns, key = group.shape
        new = next(one.new for one in self.tables if one.name == table)
        changes = [name for name in columns if name not in key]
        text: str = await self.connection.fetchval(
            "select kernel.row_writer($1, $2, $3, $4, $5)", new, op, columns, changes, key
        )
        return await self.connection.prepare(text)


async def _fetched(statement: Any, after: int, upto: int, hears: Sequence[str]) -> list[Any]:
    return await statement.fetch(after, upto, hears)


@contextlib.contextmanager
def _uncollected() -> Generator[None]:
    """Pages come and go without cycles: the collector need not walk all that was imported again and again."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


# -- from what others told ----------------------------------------------------------


@dataclass(slots=True)
class _Heard:
    """A second listener under a name of its own fills the new table from the first event of each source.

    It takes in, parks and keeps its position like the first. Then the first is held at its row until the second has
    come as far, and position, dead letters and tables change hands together. Events that an operator passed over for
    good are passed over here too.
    """

    kept: _Kept
    connection: Connection
    tables: Sequence[_Table]
    owner_url: str
    bus: Bus
    feeds: Mapping[str, Feed]
    page: int
    say: Callable[[str, int], None]
    counted: dict[str, int] = field(default_factory=dict[str, int])

    async def run(self) -> tuple[Mapping[str, int], int, int]:
        await _forget_listener(self.connection, self.kept.consumer + NEW)
        skipped = await self._skipped()
        works = [
            Consumer(
                self._hearing(source, skipped),
                self.owner_url,
                self.bus,
                self.feeds.get(source),
                min(self.page, HEARD),
                0.2,
            )
            for source in self.kept.sources
        ]
        tasks = _begin(works)
        try:
            await self._until(works, tasks, await self._live())
            await _ready(self.connection, self.tables)
            for _ in range(SWITCHES):
                try:
                    return await self._finish(works, tasks)
                except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
                    log.info("switch_waits", projection=self.kept.projection.name, error=str(error))
                    await _end(tasks)
                    tasks = _begin(works)
                    await asyncio.sleep(0.2)
        finally:
            await _end(tasks)
        raise RebuildFailed(f"{self.kept.projection.name}: readers never let go of the old table")

    def _hearing(self, source: str, skipped: frozenset[tuple[str, int]]) -> Hearing:
        projection, new = self.kept.projection, {table.name: table.new for table in self.tables}

        def project(recorded: Recorded[Event]) -> Sequence[Write]:
            if (source, recorded.position) in skipped:
                return ()
            return [replace(write, table=new[write.table]) for write in projection.project(recorded)]

        return Hearing(self.kept.consumer + NEW, source, projection.hears, project, version=projection.version)

    async def _skipped(self) -> frozenset[tuple[str, int]]:
        rows = await self.connection.fetch(
            "select body->>'source', (body->>'position')::bigint from kernel.event "
            "where type = $1 and body->>'consumer' = $2",
            DeadLetterSkipped.event_name,
            self.kept.consumer,
        )
        return frozenset((row[0], row[1]) for row in rows)

    async def _live(self, *, hold: bool = False) -> dict[str, int]:
        """How far the listener in service is; held at its rows until the transaction ends, if wanted."""
        rows = await self.connection.fetch(
            "select source, pos from kernel.consumer where name = $1 and source = any($2) order by source"
            + (" for update" if hold else ""),
            self.kept.consumer,
            list(self.kept.sources),
        )
        return {row[0]: row[1] for row in rows}

    async def _until(
        self, works: Sequence[Consumer], tasks: Sequence["asyncio.Task[None]"], there: Mapping[str, int]
    ) -> None:
        """Wait until the second listener is as far as the first was."""
        still, seen = 0.0, -1
        while any(work.status.position < there.get(work.hearing.source, 0) for work in works):
            for work, task in zip(works, tasks, strict=True):
                if task.done():
                    task.result()
                self.say(work.hearing.source, work.status.position)
            now = sum(work.status.position for work in works)
            still, seen = (still + 0.02, seen) if now == seen else (0.0, now)
            if still > 30:
                errors = {work.hearing.source: work.status.error for work in works if work.status.error}
                raise RebuildFailed(f"{self.kept.projection.name} does not come on: {errors}")
            await asyncio.sleep(0.02)

    async def _finish(
        self, works: Sequence[Consumer], tasks: Sequence["asyncio.Task[None]"]
    ) -> tuple[Mapping[str, int], int, int]:
        name, new = self.kept.consumer, self.kept.consumer + NEW
        async with self.connection.transaction():
            await self.connection.execute("set local lock_timeout = '3s'; set local synchronous_commit = on")
            await self._until(works, tasks, await self._live(hold=True))
            await _end(tasks)
            await _switch(self.connection, self.tables, self.kept, 0)
            await self.connection.execute(
                "delete from kernel.dead_letter where consumer = $1 and source = any($2)", name, list(self.kept.sources)
            )
            await self.connection.execute("update kernel.dead_letter set consumer = $1 where consumer = $2", name, new)
            await self.connection.execute(
                "insert into kernel.consumer (name, source, lane, version, pos) "
                "select $1, source, lane, version, pos from kernel.consumer where name = $2 "
                "on conflict (name, source, lane) do update set version = excluded.version, pos = excluded.pos, "
                "heard_at = now()",
                name,
                new,
            )
            await self.connection.execute("delete from kernel.consumer where name = $1", new)
            positions = await self._live()
            parked = await self.connection.fetchval("select count(*) from kernel.dead_letter where consumer = $1", name)
        return positions, sum(positions.values()), int(parked)


def _begin(works: Iterable[Consumer]) -> list["asyncio.Task[None]"]:
    return [asyncio.create_task(work.run()) for work in works]


async def _end(tasks: Iterable["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
