"""One database for examples with notes of their own, and a fresh one where positions are counted from the first."""

from collections.abc import AsyncGenerator

import pytest

from chancery.launch.postgres import ServiceDatabase
from chancery.store.store import PostgresStore
from tests.conftest import FreshDatabase
from tests.store.notes import opened, with_notes


@pytest.fixture(scope="session")
async def database(fresh_database: FreshDatabase) -> ServiceDatabase:
    return await with_notes(await fresh_database("meeting", "0001"))


@pytest.fixture
async def new_database(fresh_database: FreshDatabase) -> ServiceDatabase:
    return await with_notes(await fresh_database("meeting", "0001"))


@pytest.fixture(scope="session")
async def store(database: ServiceDatabase) -> AsyncGenerator[PostgresStore]:
    async with opened(database) as store:
        yield store
