"""New tables beside those in use, alike in every way but their rows, and the change of places."""

import contextlib
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from chancery.refusal import Fault
from chancery.thing import Projection

Connection = asyncpg.Connection
NEW: Final = "__new"
SWITCHES: Final = 20
"""How often the change of places is tried, while readers hold the old table."""
BY_KEY: Final = {
    "plan_cache_mode": "force_generic_plan",
    **dict.fromkeys(
        ("enable_seqscan", "enable_bitmapscan", "enable_material", "enable_mergejoin", "enable_hashjoin"), "off"
    ),
}
"""Rows are found through keys, always: a plan made while the new table is empty would read all of it for ever after."""


class RebuildFailed(Fault):
    """The new table could not be filled or could not take the old one's place. The old one serves on."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A projection with where its events come from, and under which name its listener keeps its position."""

    projection: Projection
    sources: tuple[str, ...]
    consumer: str


@dataclass(frozen=True, slots=True)
class Index:
    name: str
    definition: str
    constraint: str | None


@dataclass(frozen=True, slots=True)
class Table:
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
    indexes: tuple[Index, ...]


async def physical(connection: Connection, table: str) -> tuple[str, Any, bool] | None:
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


async def prepare(connection: Connection, table: str, version: int) -> Table:
    """Make the empty table beside the one in use: same columns, key, walls, rights; other indexes follow later."""
    found = await physical(connection, table)
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
    made = Table(table, serving, template, new, version, view, await _indexes(connection, oid))
    for index in made.indexes:
        if index.constraint is not None:
            await _make_index(connection, made, index)
    await _wall(connection, oid, new)
    return made


async def _indexes(connection: Connection, oid: Any) -> tuple[Index, ...]:
    rows = await connection.fetch(
        "select c.relname, pg_get_indexdef(i.indexrelid), k.contype, i.indisunique "
        "from pg_index i join pg_class c on c.oid = i.indexrelid "
        "left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u') "
        "where i.indrelid = $1 order by i.indisprimary desc, c.relname",
        oid,
    )
    kinds = {b"p": "primary key", b"u": "unique"}
    return tuple(Index(row[0], row[1], kinds[row[2]] if row[2] is not None else "" if row[3] else None) for row in rows)


async def _make_index(connection: Connection, table: Table, index: Index) -> None:
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


async def make_ready(connection: Connection, tables: Iterable[Table]) -> None:
    """What is quicker after filling than while filling."""
    for table in tables:
        for index in table.indexes:
            if index.constraint is None:
                await _make_index(connection, table, index)
        await connection.execute(f'analyze public."{table.new}"')


async def switch(connection: Connection, tables: Sequence[Table], kept: Kept, position: int) -> None:
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


async def _turn_view(connection: Connection, table: Table) -> None:
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


async def clear_away(connection: Connection, tables: Iterable[Table], kept: Kept) -> None:
    """What a rebuild that did not come to its end leaves behind. The next one would do the same."""
    with contextlib.suppress(*(asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        for table in tables:
            await connection.execute(f'drop table if exists public."{table.new}"')
        await forget_listener(connection, kept.consumer + NEW)


async def forget_listener(connection: Connection, name: str) -> None:
    await connection.execute("delete from kernel.dead_letter where consumer = $1", name)
    await connection.execute("delete from kernel.consumer where name = $1", name)


@contextlib.asynccontextmanager
async def connected(owner_url: str) -> AsyncGenerator[Connection]:
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
