"""Fold a service's events again and hold what comes out against what is stored."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import text

from chancery.envelope import StoredEvent
from chancery.thing import Patch, Projection, Upsert, Write
from chancery.web.running import Running

Row = dict[str, Any]
Tables = dict[str, dict[tuple[Any, ...], Row]]


async def all_events(running: Running) -> list[StoredEvent]:
    found: list[StoredEvent] = []
    while True:
        page = await running.store.read(len(found), 500)
        if not page.events:
            return found
        found += page.events


def projected(events: Sequence[StoredEvent], projections: Sequence[Projection]) -> Tables:
    """The rows that projections make of events, in memory, keyed by tenant and key."""
    tables: Tables = {}
    for stored in events:
        recorded = stored.recorded()
        for projection in projections:
            if stored.type in projection.hears:
                for write in projection.project(recorded):
                    _apply(tables.setdefault(write.table, {}), stored.tenant, write)
    return tables


def _apply(table: dict[tuple[Any, ...], Row], tenant: str, write: Write) -> None:
    if isinstance(write, Upsert):
        key = (tenant, *(write.row[name] for name in write.key))
        table[key] = {**table.get(key, {}), **write.row}
        return
    for key in [key for key, row in table.items() if key[0] == tenant and _is(row, write.where)]:
        if isinstance(write, Patch):
            table[key] = {**table[key], **write.row}
        else:
            del table[key]


def _is(row: Row, where: Mapping[str, Any]) -> bool:
    return all(str(row.get(name)) == str(value) for name, value in where.items())


async def stored_rows(running: Running, table: str, tenant: str) -> list[Row]:
    async with running.kernel.query(tenant) as connection:  # pyright: ignore[reportArgumentType]  a plain name
        found = await connection.execute(text(f"select * from {table}"))
        return [cast("Row", dict(row)) for row in found.mappings()]


def alike(stored: Row, projected_row: Row) -> bool:
    """Whether a stored row is the projected one; columns nobody wrote hold their default."""
    return all(_plain(stored[name]) == _plain(value) for name, value in projected_row.items())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, (dict, list)):
        return value  # pyright: ignore[reportUnknownVariableType]
    return str(value)
