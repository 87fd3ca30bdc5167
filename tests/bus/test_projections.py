"""A projection is filled anew beside the one that serves; commands and listeners go on, and not a row is different."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import create_async_engine

from chancery.bus import projections
from chancery.bus.projections import NoSuchProjection, RebuildFailed
from chancery.envelope import Meta, Recorded, Standing, StoredEvent
from chancery.events.base import Event
from chancery.events.operations import DeadLetterSkipped
from chancery.launch.postgres import ServiceDatabase
from chancery.names import PersonId
from chancery.service import Service
from chancery.store.api import Outcome
from chancery.store.migrate import ROLES, read_model
from chancery.store.store import PostgresStore
from chancery.thing import Projection, Upsert, Write
from document_svc.projections.heard_matters import HEARD_MATTERS
from meeting_svc.projections.matters import MATTERS
from tests.bus.office import AT, TENANTS, Office, append_of, filed, new_event, opened, running
from tests.conftest import FreshDatabase

SERVICE = Service("meeting", "会议服务", "Meetings", 0, projections=(MATTERS,), keeps_roster=False)
SHAPE = """
select (select string_agg(attname || ' ' || atttypid::regtype || ' ' || attnotnull, ', ' order by attnum)
          from pg_attribute where attrelid = $1::regclass and attnum > 0),
       (select string_agg(pg_get_indexdef(indexrelid), '; ' order by indexrelid::regclass::text)
          from pg_index where indrelid = $1::regclass),
       (select string_agg(conname || ' ' || pg_get_constraintdef(oid), '; ' order by conname)
          from pg_constraint where conrelid = $1::regclass and contype <> 'n'),
       (select string_agg(polname || pg_get_expr(polqual, polrelid) || polroles::text, '; ')
          from pg_policy where polrelid = $1::regclass),
       (select relrowsecurity::text || (select string_agg(a::text, ',' order by a::text) from unnest(relacl) a)
          from pg_class where oid = $1::regclass)
"""


@dataclass
class Desk:
    """A service's own table and read model, written together as its desk would."""

    store: PostgresStore
    database: ServiceDatabase
    owner: "asyncpg.Connection[asyncpg.Record]"

    async def tell(self, stream: UUID, expected: int, *told: Event, number: int = 0) -> None:
        append = append_of(stream, expected, told, TENANTS[number])
        meta = Meta(uuid4(), Standing(PersonId("tao")), stream)
        writes: list[Write] = []
        for version, event in enumerate(told, expected + 1):
            place = Recorded("meeting", TENANTS[number], stream, version, 0, event, meta, AT, AT)
            writes += MATTERS.project(place)
        made = replace(append, writes=writes, projections=(("matters", 1), ("evidence_on_file", 1)))
        assert (await self.store.append(made)).outcome is Outcome.APPENDED

    async def open_many(self, many: int) -> None:
        async def one(number: int) -> None:
            stream = uuid4()
            await self.tell(stream, 0, opened(stream, f"事项{number}"), filed(stream), number=number % 2)
            await self.tell(stream, 2, filed(stream, "finance_opinion"), number=number % 2)

        await asyncio.gather(*(one(number) for number in range(many)))

    async def rows(self, *tables: str) -> list[list[str]]:
        return [
            sorted(row[0] for row in await self.owner.fetch(f"select t::text from {table} t"))
            for table in tables or MATTERS.tables
        ]

    async def oid(self, table: str) -> int:
        return await self.owner.fetchval("select $1::regclass::oid", table)

    async def shape(self, table: str) -> tuple[Any, ...]:
        return tuple((await self.owner.fetchrow(SHAPE, table)) or ())


@pytest.fixture
async def desk(fresh_database: FreshDatabase) -> AsyncGenerator[Desk]:
    database = await fresh_database("meeting")
    store = await PostgresStore.open("meeting", database.app_url, database.relay_url)
    owner = await asyncpg.connect(database.owner_url)
    yield Desk(store, database, owner)
    await owner.close()
    await store.close()


async def test_a_rebuilt_table_is_the_old_one_row_for_row_and_in_every_other_way(desk: Desk) -> None:
    await desk.open_many(150)
    rows, shapes = await desk.rows(), [await desk.shape(f"{table}_v1") for table in MATTERS.tables]
    oid = await desk.oid("matters_v1")
    done = await projections.rebuild(SERVICE, "matters", desk.database.owner_url, page=70)
    assert done.positions == {"own": 450}
    assert done.events == 450
    assert await desk.oid("matters_v1") != oid
    assert await desk.rows() == rows
    assert await desk.rows("matters_v1", "evidence_on_file_v1") == rows
    assert [await desk.shape(f"{table}_v1") for table in MATTERS.tables] == shapes
    assert await desk.owner.fetchval("select count(*) from pg_class where relname like '%\\_\\_new%'") == 0


async def test_commands_go_on_while_a_projection_is_rebuilt(desk: Desk) -> None:
    await desk.open_many(300)
    going = True
    told = 0

    async def command(number: int) -> None:
        nonlocal told
        while going:
            stream = uuid4()
            await desk.tell(stream, 0, opened(stream, f"同时{number}"), number=number % 2)
            await desk.tell(stream, 1, filed(stream), number=number % 2)
            told += 2

    async def look() -> None:
        """Readers see a whole table at every moment."""
        most = 0
        while going:
            found = await desk.owner.fetchval("select count(*) from matters")
            assert found >= most
            most = found

    busy = [asyncio.create_task(command(number)) for number in range(4)] + [asyncio.create_task(look())]
    for _ in range(3):
        before = told
        await projections.rebuild(SERVICE, "matters", desk.database.owner_url, page=100)
        assert told > before
    going = False
    await asyncio.gather(*busy)
    live = await desk.rows()
    assert sum(map(len, live)) == 900 + told
    await projections.rebuild(SERVICE, "matters", desk.database.owner_url)
    assert await desk.rows() == live
    events = (await desk.store.read(0, 100_000)).events
    assert [len(part) for part in live] == [sum(e.version == 1 for e in events), sum(e.version > 1 for e in events)]


def with_papers(recorded: Recorded[Event]) -> Sequence[Write]:
    """The next shape: the same rows under another title."""
    return [
        replace(write, row={**write.row, "title": f"〔{write.row['title']}〕"})
        if isinstance(write, Upsert) and write.table == "matters"
        else write
        for write in MATTERS.project(recorded)
    ]


def _next_version(connection: sa.Connection, app: str) -> None:
    """What the migration of a next version does: the new tables, beside those that serve."""
    moment = sa.DateTime(timezone=True)
    context = MigrationContext.configure(connection, opts={ROLES: {"app": app, "relay": ""}})
    with Operations.context(context) as operations:
        read_model(
            operations,
            "matters",
            2,
            sa.Column("matter_id", sa.Uuid, nullable=False),
            *(sa.Column(name, sa.Text) for name in ("title", "kind", "lead_unit", "opened_by", "remark")),
            sa.Column("facts", JSONB, nullable=False),
            sa.Column("opened_at", moment, nullable=False),
            key=["matter_id"],
            indexes=["opened_at"],
        )
        read_model(
            operations,
            "evidence_on_file",
            2,
            sa.Column("matter_id", sa.Uuid, nullable=False),
            sa.Column("no", sa.Integer, nullable=False),
            *(sa.Column(name, sa.Text) for name in ("evidence", "given_by", "filed_by")),
            sa.Column("given_on", sa.Date, nullable=False),
            sa.Column("whole", JSONB, nullable=False),
            key=["matter_id", "no"],
        )


def _migrate(database: ServiceDatabase) -> None:
    async def main() -> None:
        engine = create_async_engine(database.owner_url.replace("postgresql", "postgresql+asyncpg", 1))
        async with engine.begin() as connection:
            await connection.run_sync(_next_version, database.app_role)
        await engine.dispose()

    asyncio.run(main())


async def test_another_version_takes_over_at_once_and_the_old_one_writes_no_more(desk: Desk) -> None:
    await desk.open_many(20)
    service = replace(SERVICE, projections=(replace(MATTERS, version=2, project=with_papers),))
    await asyncio.to_thread(_migrate, desk.database)
    states = await projections.status(service, desk.database.owner_url)
    assert [(s.name, s.declared, s.serving, s.outdated) for s in states] == [("matters", 2, 1, True)]
    done = await projections.rebuild_outdated(service, desk.database.owner_url)
    assert [one.version for one in done] == [2]
    assert not (await projections.status(service, desk.database.owner_url))[0].outdated
    titles = await desk.owner.fetch("select title, remark from matters")
    assert len(titles) == 20
    assert all(row[0].startswith("〔") and row[1] is None for row in titles)
    assert await desk.owner.fetchval("select to_regclass('matters_v1')") is None
    stream = uuid4()
    with pytest.raises(Exception, match=r"version"):
        await desk.tell(stream, 0, opened(stream))
    visible = await asyncpg.connect(desk.database.app_url)
    assert await visible.fetchval("select count(*) from matters") == 0
    await visible.execute("select set_config('chancery.tenants', '{jia}', false)")
    assert await visible.fetchval("select count(*) from matters") == 10
    await visible.close()


async def test_a_projection_that_looks_at_meta_and_moments_now_and_then_sees_them(desk: Desk) -> None:
    """What is not looked at is not read; who looks from some event on, sees what was stored."""
    await desk.open_many(60)

    def looks(recorded: Recorded[Event]) -> Sequence[Write]:
        if recorded.position < 70:
            return MATTERS.project(recorded)
        seen = f"{recorded.meta.actor.person} {recorded.business_at:%F %T} {recorded.recorded_at.isoformat()}"
        return [
            replace(write, row={**write.row, "title": seen}) if write.table == "matters" else write
            for write in MATTERS.project(recorded)
            if isinstance(write, Upsert)
        ]

    service = replace(SERVICE, projections=(replace(MATTERS, project=looks),))
    done = await projections.rebuild(service, "matters", desk.database.owner_url, page=25)
    assert done.events == 180
    titles: dict[UUID, str] = {row[0]: row[1] for row in await desk.owner.fetch("select matter_id, title from matters")}
    for event in (await desk.store.read(0, 1000)).events:
        if event.version == 1 and event.position >= 70:
            assert titles[event.stream] == f"tao 2022-01-10 01:30:00 {event.recorded_at.isoformat()}"
    assert sum(title.startswith("tao") for title in titles.values()) > 20


async def test_a_rebuild_that_fails_leaves_the_old_table_serving(desk: Desk) -> None:
    await desk.open_many(10)
    rows = await desk.rows()

    def fails(recorded: Recorded[Event]) -> Sequence[Write]:
        if recorded.position == 17:
            raise ValueError("never seen before")
        return MATTERS.project(recorded)

    service = replace(SERVICE, projections=(replace(MATTERS, project=fails),))
    with pytest.raises(RebuildFailed, match=r"at 17 .*never seen before"):
        await projections.rebuild(service, "matters", desk.database.owner_url)
    assert await desk.rows() == rows
    assert await desk.owner.fetchval("select to_regclass('matters_v1__new')") is None
    with pytest.raises(NoSuchProjection, match="it keeps: matters"):
        await projections.rebuild(service, "docket", desk.database.owner_url)


async def test_two_rebuilds_of_one_projection_do_not_meet(desk: Desk) -> None:
    await desk.open_many(200)
    url = desk.database.owner_url
    both = await asyncio.gather(
        *(projections.rebuild(SERVICE, "matters", url, page=20) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in both) == ["RebuildFailed", "Rebuilt"]


# -- what was heard ------------------------------------------------------------


def listening(office: Office) -> Service:
    kept = replace(HEARD_MATTERS, project=office.project)
    return Service("document", "公文服务", "Documents", 0, heard={office.name: (kept,)}, keeps_roster=False)


async def test_what_was_heard_is_filled_anew_while_events_keep_coming(office: Office) -> None:
    going = True

    async def tell() -> None:
        while going:
            await office.open_many(4)

    async with running(office.relay(), office.consumer()):
        await office.open_many(100)
        await office.until_heard()
        telling = asyncio.create_task(tell())
        for _ in range(2):
            done = await projections.rebuild(
                listening(office), "heard_matters", office.heard.owner_url, bus=office.bus, page=40
            )
            assert done.positions[office.name] >= 200
        going = False
        await telling
        await office.until_heard()
    assert await office.agree() > 200
    left = await office.of_heard("select name from kernel.consumer where name like '%new'")
    assert left == []


async def test_a_rebuild_parks_anew_and_passes_over_what_was_skipped(office: Office) -> None:
    """Dead letters change hands with the table: what was cured is in, what still fails is parked, skipped stays out."""
    cured, skipped = await office.open("毒甲", papers=1), await office.open("毒乙", papers=1)
    async with running(office.relay(), office.consumer()):
        await office.until_heard()
        assert [position for position, _, _ in await office.parked()] == [1, 2, 3, 4]
        letters = office.letters()
        await letters.skip(TENANTS[0], letters.hearings[0], 3)
        told = DeadLetterSkipped(
            consumer="heard_matters", source=office.name, held_stream=skipped, position=3, reason="为试验而跳过"
        )
        await keep(office, told)
        await letters.redrive(TENANTS[0], letters.hearings[0], skipped)
        again = await projections.rebuild(listening(office), "heard_matters", office.heard.owner_url, bus=office.bus)
        assert again.parked == 2
        assert [position for position, _, _ in await office.parked()] == [1, 2]
        office.cured = True
        await projections.rebuild(listening(office), "heard_matters", office.heard.owner_url, bus=office.bus)
        await office.tell(filed(cured), stream=cured)
        await office.until_heard()
    assert await office.parked() == []
    assert await office.agree(without=lambda event: event.position == 3) == 5


async def keep(office: Office, told: Event) -> None:
    """Let the listening service itself remember something."""
    store = await PostgresStore.open("document", office.heard.app_url, office.heard.relay_url)
    stream, command = uuid4(), uuid4()
    append = replace(
        append_of(stream, 0, [], TENANTS[0]),
        command_id=command,
        events=(new_event(told, stream, 1, TENANTS[0], command),),
    )
    await store.append(append)
    await store.close()


async def test_status_says_versions_positions_and_what_is_parked(office: Office) -> None:
    await office.open("毒事项", papers=1)
    async with running(office.relay(), office.consumer()):
        await office.until_heard()
    (state,) = await projections.status(listening(office), office.heard.owner_url)
    assert (state.name, state.kind, state.declared, state.serving) == ("heard_matters", "heard", 1, 1)
    assert state.positions == {office.name: 2}
    assert state.parked == 2


def test_every_projection_is_found_by_its_name() -> None:
    roster = Projection("heard_roster", 1, ("heard_roster",), frozenset(), lambda _: ())
    service = replace(SERVICE, keeps_roster=True)
    assert StoredEvent.__slots__
    with pytest.raises(NoSuchProjection, match=f"{roster.name}, matters"):
        asyncio.run(projections.rebuild(service, "nothing", ""))
