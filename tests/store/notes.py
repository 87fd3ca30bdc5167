"""A small thing to store: a note with a title, whose read model is one row a note."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from chancery.envelope import Meta, Standing, StoredEvent, leaf_hash
from chancery.launch.postgres import ServiceDatabase
from chancery.names import PersonId, TenantId
from chancery.store.api import Append, NewEvent, Verdict
from chancery.store.migrate import ROLES, read_model
from chancery.store.store import PostgresStore, connector
from chancery.thing import Upsert, Write

EAST, WEST = TenantId("east"), TenantId("west")
NOON = datetime(2022, 1, 19, 4, 0, tzinfo=UTC)
BODY = '{"title":"关于道路修缮的议题", "n": 1.50}'.encode()
"""Spelled as no serializer would: the bytes must come back as they are."""


def new_event(command_id: UUID, tenant: str, stream: UUID, version: int, body: bytes = BODY) -> NewEvent:
    meta = Meta(uuid4(), Standing(PersonId("clerk")), stream).to_json()
    leaf = leaf_hash(tenant, stream, version, "test.noted", 1, body, meta, NOON, command_id)
    return NewEvent("test.noted", 1, body, meta, NOON, leaf)


def put(note_id: UUID, title: str = "first", stage: str | None = None) -> Upsert:
    return Upsert("notes", ("note_id",), {"note_id": note_id, "title": title, "stage": stage})


def note(
    stream: UUID,
    expected: int = 0,
    *,
    tenant: TenantId = EAST,
    events: int = 1,
    command_id: UUID | None = None,
    body: bytes = BODY,
    writes: Sequence[Write] | None = None,
    fingerprint: bytes = b"asked",
    projections: tuple[tuple[str, int], ...] = (("notes", 1),),
) -> Append:
    """A command that tells ``events`` events of one note."""
    command_id = command_id or uuid4()
    return Append(
        tenant=tenant,
        command_id=command_id,
        stream=stream,
        expected=expected,
        events=tuple(new_event(command_id, tenant, stream, expected + n, body) for n in range(1, events + 1)),
        answer=f'{{"of": "{command_id}"}}'.encode(),
        fingerprint=fingerprint,
        writes=(put(stream),) if writes is None else writes,
        projections=projections,
    )


async def with_notes(database: ServiceDatabase) -> ServiceDatabase:
    """Add the read model as a migration would."""
    roles = {"app": database.app_role, "relay": database.relay_role}

    def add(connection: Connection) -> None:
        op = Operations(MigrationContext.configure(connection, opts={ROLES: roles}))
        columns = (
            sa.Column("note_id", sa.Uuid, nullable=False),
            sa.Column("title", sa.Text, nullable=False),
            sa.Column("stage", sa.Text),
            sa.Column("seen", sa.Integer),
        )
        read_model(op, "notes", 1, *columns, key=["note_id"], indexes=["stage"])

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connector(database.owner_url), poolclass=NullPool
    )
    async with engine.begin() as connection:
        await connection.run_sync(add)
    await engine.dispose()
    return database


@asynccontextmanager
async def opened(database: ServiceDatabase, **how: Any) -> AsyncGenerator[PostgresStore]:
    store = await PostgresStore.open("test", database.app_url, database.relay_url, **how)
    try:
        yield store
    finally:
        await store.close()


async def rows_of(database: ServiceDatabase, tenant: str) -> dict[UUID, tuple[str, str | None]]:
    """The read model as its tenant sees it."""
    connection = await asyncpg.connect(database.app_url)
    async with connection.transaction():
        await connection.execute("select set_config('chancery.tenants', $1::text[]::text, true)", [tenant])
        rows = await connection.fetch("select note_id, title, stage from notes")
    await connection.close()
    return {row["note_id"]: (row["title"], row["stage"]) for row in rows}


async def every_event(store: PostgresStore, after: int = 0) -> list[StoredEvent]:
    """What a follower reads that goes on from its position, page by page."""
    found: list[StoredEvent] = []
    while page := (await store.read(found[-1].position if found else after, 500)).events:
        found += page
    return found


async def all_of(store: PostgresStore, appends: Sequence[Append]) -> list[Verdict]:
    return await asyncio.gather(*(store.append(append) for append in appends))
