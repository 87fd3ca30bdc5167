"""The real parts that tests stand on: PostgreSQL and NATS from wheels, or those named by ``CHANCERY_*``.

Each worker of a run has its own, so that no test waits for another's and none meets another's streams.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from chancery.launch.postgres import ServiceDatabase, discard, provision
from chancery.store.migrate import upgrade
from tests.parts import POSTGRES, a_bus, a_postgres, clear_left_behind, own_folder

FreshDatabase = Callable[..., Awaitable[ServiceDatabase]]


@pytest.fixture(scope="session", autouse=True)
def settings_come_from_tests_alone() -> Iterator[None]:
    """No service under test takes anything from the caller's environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CHANCERY_") and not name.endswith("_BIN")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def parts_folder() -> Iterator[Path]:
    """A folder of this worker for the data of real parts."""
    clear_left_behind()
    with own_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres(parts_folder: Path) -> Iterator[str]:
    """The superuser's address of a running PostgreSQL."""
    with a_postgres(parts_folder / "pg") as admin_url:
        yield admin_url


@pytest.fixture(scope="session")
def nats_server(parts_folder: Path) -> Iterator[str]:
    """The address of a running NATS with JetStream that flushes every write, empty when the run begins."""
    with a_bus(parts_folder / "nats") as url:
        yield url


@pytest.fixture(scope="session")
async def fresh_database(postgres: str) -> AsyncIterator[FreshDatabase]:
    """Makes throw-away databases: ``await fresh_database("meeting")``, migrated, with their three roles."""
    made: list[str] = []

    async def make(service: str, revision: str = "head") -> ServiceDatabase:
        name = f"{service}_t{secrets.token_hex(5)}"
        made.append(name)
        database = await provision(postgres, name, secrets.token_urlsafe(12))
        await asyncio.to_thread(upgrade, service, database.owner_url, revision)
        return database

    yield make
    if POSTGRES:  # our own is thrown away whole
        for name in made:
            await discard(postgres, name)
