"""What every measurement is given: real parts of its own, and how long it may take."""

import asyncio
import gc
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from chancery.launch.postgres import ServiceDatabase, discard, provision
from chancery.store.migrate import upgrade


@dataclass(slots=True)
class Context:
    """The parts of one run.

    ``admin_url`` is the superuser's address of PostgreSQL, ``nats_url`` that of JetStream (flushing every write).
    ``quick`` asks for a run of seconds, not minutes. ``folder`` is for files of the run.
    """

    admin_url: str
    nats_url: str
    folder: Path
    quick: bool
    _made: list[str] = field(default_factory=list[str])

    async def database(self, service: str, revision: str = "head") -> ServiceDatabase:
        """A service's database, migrated and empty; taken away after the run."""
        name = f"{service}_bench_{secrets.token_hex(4)}"
        self._made.append(name)
        database = await provision(self.admin_url, name, secrets.token_urlsafe(12))
        await asyncio.to_thread(upgrade, service, database.owner_url, revision)
        return database

    async def rest(self) -> None:
        """Let what was filled in reach the disk, so that nobody's commit waits for it."""
        admin = await asyncpg.connect(self.admin_url, timeout=30)
        await admin.execute("checkpoint")
        await admin.close()
        await asyncio.to_thread(os.sync)

    async def clear(self) -> None:
        for name in self._made:
            await discard(self.admin_url, name)
        self._made.clear()


def settle() -> None:
    """Leave the collector nothing old to walk, as the services do after start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
