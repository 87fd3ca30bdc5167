"""A database of a service with nothing but the kernel in it."""

import asyncio
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from uuid import uuid4

import pytest

from chancery.launch.postgres import Postgres, ServiceDatabase, discard, provision
from chancery.store.migrate import upgrade


@pytest.fixture(scope="session")
def cluster() -> Generator[str]:
    """The superuser's address of a cluster of our own."""
    folder = Path(tempfile.mkdtemp(prefix="chancery-deadlines-"))
    folder.chmod(0o755)
    server = Postgres(folder)
    server.start()
    yield server.admin_url
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(cluster: str) -> Generator[ServiceDatabase]:
    name = f"meeting_{uuid4().hex[:8]}"
    made = asyncio.run(provision(cluster, name, "secret"))
    upgrade("meeting", made.owner_url, "0001")
    yield made
    asyncio.run(discard(cluster, name))
