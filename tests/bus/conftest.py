"""The office of each example: fresh tables, and a stream that nobody else writes."""

import secrets
from collections.abc import AsyncGenerator

import asyncpg
import pytest

from chancery.bus import connect
from chancery.launch.postgres import ServiceDatabase
from chancery.store.store import PostgresStore
from tests.bus.office import HEARD, Office
from tests.conftest import FreshDatabase


@pytest.fixture(scope="session")
async def told(fresh_database: FreshDatabase) -> ServiceDatabase:
    return await fresh_database("meeting", "0001")


@pytest.fixture(scope="session")
async def heard(fresh_database: FreshDatabase) -> ServiceDatabase:
    return await fresh_database("document")


async def empty(told: ServiceDatabase, heard: ServiceDatabase) -> None:
    """Every example begins with the first event: the guard of the event table is the owner's, and lifted only here."""
    connection = await asyncpg.connect(told.owner_url)
    await connection.execute("alter table kernel.event disable trigger all")
    await connection.execute("truncate kernel.event, kernel.head, kernel.command")
    await connection.execute("alter table kernel.event enable always trigger event_only_added")
    await connection.execute("alter table kernel.event enable always trigger event_never_emptied")
    await connection.close()
    connection = await asyncpg.connect(heard.owner_url)
    tables = ", ".join(f"{name}_v1" for name in HEARD)
    await connection.execute(f"truncate {tables}, kernel.consumer, kernel.dead_letter")
    await connection.close()


@pytest.fixture
async def office(told: ServiceDatabase, heard: ServiceDatabase, nats_server: str) -> AsyncGenerator[Office]:
    await empty(told, heard)
    name = f"t{secrets.token_hex(4)}"
    store = await PostgresStore.open(name, told.app_url, told.relay_url)
    client = await connect(nats_server, f"test-{name}")
    yield Office(name, store, told, heard, client, nats_server)
    await client.close()
    await store.close()
