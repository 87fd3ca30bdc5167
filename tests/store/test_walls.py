"""Nobody changes an event, and no tenant sees another's, whatever a role tries."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from chancery.launch.postgres import ServiceDatabase
from chancery.store.store import PostgresStore
from tests.store.notes import EAST, WEST, note, put

CHANGES = (
    "update kernel.event set type = 'other'",
    "update kernel.event set tenant = 'west' where tenant = 'east'",
    "delete from kernel.event",
    "truncate kernel.event",
    "insert into kernel.event select * from kernel.event on conflict (lane, pos) do update set type = 'other'",
)


@asynccontextmanager
async def session(url: str, *tenants: str) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(url)
    try:
        if tenants:
            await connection.execute("select set_config('chancery.tenants', $1::text[]::text, false)", list(tenants))
        yield connection
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def written(store: PostgresStore, database: ServiceDatabase) -> ServiceDatabase:
    """A database in which both tenants have told something."""
    for tenant in (EAST, WEST):
        stream = uuid4()
        await store.append(note(stream, tenant=tenant, writes=[put(stream, f"{tenant}'s")]))
    return database


@pytest.fixture
def superuser_url(postgres: str, written: ServiceDatabase) -> str:
    parts = urlsplit(postgres)
    return urlunsplit(parts._replace(path=f"/{written.name}"))


@pytest.mark.parametrize("change", CHANGES)
async def test_the_application_and_the_relay_may_not_change_events(written: ServiceDatabase, change: str) -> None:
    for url in (written.app_url, written.relay_url):
        async with session(url, EAST, WEST) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change)


@pytest.mark.parametrize("change", CHANGES)
async def test_owner_and_superuser_are_stopped_by_the_guard(
    written: ServiceDatabase, superuser_url: str, change: str
) -> None:
    for url in (written.owner_url, superuser_url):
        async with session(url) as connection:
            with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="only added"):
                await connection.execute(change)


async def test_the_guard_stands_where_replication_switches_triggers_off(superuser_url: str) -> None:
    async with session(superuser_url) as connection:
        await connection.execute("set session_replication_role = replica")
        for change in CHANGES[:4]:
            with pytest.raises(asyncpg.IntegrityConstraintViolationError):
                await connection.execute(change)


async def test_without_a_tenant_nothing_is_seen(written: ServiceDatabase) -> None:
    async with session(written.app_url) as connection:
        for table in ("kernel.event", "kernel.head", "kernel.command", "notes", "notes_v1"):
            assert await connection.fetchval(f"select count(*) from {table}") == 0
        assert await connection.fetchval("select kernel.last_position()") >= 2


async def test_a_tenant_sees_its_own_and_cannot_write_as_another(written: ServiceDatabase) -> None:
    async with session(written.app_url, EAST) as connection:
        for table in ("kernel.event", "kernel.head", "kernel.command", "notes", "notes_v1"):
            assert await connection.fetchval(f"select array_agg(distinct tenant) from {table}") == [EAST]
        for insert in (
            "insert into notes (tenant, note_id, title) values ('west', gen_random_uuid(), 'x')",
            "insert into notes_v1 (tenant, note_id, title) values ('west', gen_random_uuid(), 'x')",
            "update notes set tenant = 'west'",
            "insert into kernel.head (stream, tenant, version) values (gen_random_uuid(), 'west', 1)",
            "insert into kernel.event select 0, pos + 1000000, 'west', gen_random_uuid(), 1, type, schema_version, "
            "body, meta, business_at, recorded_at, command_id, leaf from kernel.event limit 1",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await connection.execute(insert)
        assert await connection.execute("delete from notes where tenant = 'west'") == "DELETE 0"


async def test_a_projection_cannot_write_into_another_tenant(store: PostgresStore, written: ServiceDatabase) -> None:
    """Whatever tenant a row names, the command's own is written."""
    stream = uuid4()
    row = put(stream, "smuggled")
    smuggled = type(row)(row.table, row.key, {**row.row, "tenant": str(WEST)})
    await store.append(note(stream, writes=[smuggled]))
    async with session(written.owner_url) as connection:
        found = await connection.fetch("select tenant from notes_v1 where note_id = $1", stream)
    assert [r[0] for r in found] == [EAST]


async def test_the_relay_reads_all_events_and_nothing_else(written: ServiceDatabase) -> None:
    async with session(written.relay_url) as connection:
        tenants = await connection.fetchval("select array_agg(distinct tenant) from kernel.event")
        assert {EAST, WEST} <= set(tenants)
        for asked in (
            "select * from kernel.command",
            "select * from kernel.head",
            "select * from notes",
            "insert into kernel.event select * from kernel.event",
            "select * from kernel.load('east', gen_random_uuid(), null)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(asked)


async def test_the_serving_roles_own_nothing_and_bypass_nothing(written: ServiceDatabase) -> None:
    async with session(written.owner_url) as connection:
        roles = await connection.fetch(
            "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = any ($1)",
            [written.app_role, written.relay_role],
        )
        assert len(roles) == 2
        assert not any(right for role in roles for right in tuple(role)[1:])
        owned = await connection.fetchval(
            "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = any ($1)",
            [written.app_role, written.relay_role],
        )
        assert owned == 0
