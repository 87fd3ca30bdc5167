"""The real parts that tests stand on: PostgreSQL and NATS from wheels, or those named by ``CHANCERY_*``.

Workers of one run share one PostgreSQL; each has its own NATS server, whose streams would else be mixed up.
"""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from chancery.launch.nats import Nats
from chancery.launch.postgres import Postgres, ServiceDatabase, discard, provision
from chancery.store.migrate import upgrade

FreshDatabase = Callable[..., Awaitable[ServiceDatabase]]


@pytest.fixture(scope="session")
def parts_folder() -> Iterator[Path]:
    """A folder of this run that the database's lesser user can reach.

    Not below pytest's own temporary folder: every other run on the machine closes that to others when it begins.
    """
    folder = Path(tempfile.mkdtemp(prefix="chancery-parts-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(parts_folder: Path) -> Iterator[str]:
    """The superuser's address of a running PostgreSQL."""
    named = os.environ.get("CHANCERY_PG_ADMIN_URL")
    if named:
        yield named
        return
    server = Postgres(parts_folder / "pg")
    server.start()
    yield server.admin_url
    server.stop()


@pytest.fixture(scope="session")
def nats_server(parts_folder: Path) -> Iterator[str]:
    """The address of a running NATS with JetStream that flushes every write."""
    named = os.environ.get("CHANCERY_NATS_URL")
    if named:
        yield named
        return
    server = Nats(parts_folder / "nats")
    server.start()
    yield server.url
    server.stop()


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
    for name in made:
        await discard(postgres, name)
