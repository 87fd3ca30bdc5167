"""Processes killed with ``kill -9`` in the middle of their work; afterwards the three copies are one."""

import asyncio
import contextlib
import secrets
import subprocess
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from chancery.bus import connect
from chancery.launch.nats import Nats
from chancery.launch.postgres import ServiceDatabase
from chancery.store.store import PostgresStore
from tests.bus.conftest import empty
from tests.bus.office import Office, running, until

pytestmark = pytest.mark.crash


@contextlib.asynccontextmanager
async def telling(office: Office, pause: float = 0.004) -> AsyncGenerator[None]:
    """Commands keep coming while the block lasts."""

    async def tell() -> None:
        while True:
            await office.open(papers=2)
            await asyncio.sleep(pause)

    tasks = [asyncio.create_task(tell()) for _ in range(4)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


class Killed:
    """A worker that is started again as soon as it was killed."""

    def __init__(self, office: Office, kind: str) -> None:
        self.office, self.kind, self.kills = office, kind, 0
        self.process = office.worker(kind)

    async def kill(self) -> None:
        self.process.kill()
        await asyncio.to_thread(self.process.wait)
        self.kills += 1
        self.process = self.office.worker(self.kind)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


async def moves(office: Office, copy: str) -> None:
    """Wait until a copy grows, so that the kill falls into the work and not before it."""

    async def end() -> int:
        if copy == "relay":
            with contextlib.suppress(Exception):
                return await office.bus.end_of(office.name)
            return 0
        return await office.position()

    before = await end()

    async def there() -> bool:
        return await end() > before

    await until(there, 20, f"the {copy} goes on")


@pytest.mark.parametrize("kind", ["relay", "consumer"])
async def test_a_relay_or_a_listener_killed_in_the_middle_of_a_batch_loses_and_repeats_nothing(
    office: Office, kind: str
) -> None:
    beside = office.consumer() if kind == "relay" else office.relay()
    worker = Killed(office, kind)
    try:
        async with telling(office), running(beside):
            for _ in range(4):
                await moves(office, kind)
                await worker.kill()
            await moves(office, kind)
        async with running(beside):
            await office.until_heard(60)
    finally:
        worker.end()
    events = await office.agree()
    print(f"\n{kind}: {worker.kills} kills, {events} events")
    assert events > 60


@pytest.fixture
async def own_bus(told: ServiceDatabase, heard: ServiceDatabase, tmp_path: Path) -> AsyncGenerator[tuple[Office, Nats]]:
    """An office whose bus may be killed."""
    await empty(told, heard)
    nats = Nats(tmp_path / "nats")
    await asyncio.to_thread(nats.start)
    name = f"t{secrets.token_hex(4)}"
    store = await PostgresStore.open(name, told.app_url, told.relay_url)
    client = await connect(nats.url, f"test-{name}")
    yield Office(name, store, told, heard, client, nats.url), nats
    await client.close()
    await store.close()
    await asyncio.to_thread(nats.stop)


async def test_the_bus_killed_under_load_holds_every_event_again(own_bus: tuple[Office, Nats]) -> None:
    """The store takes commands on while the bus is away; nobody has to do anything afterwards."""
    office, nats = own_bus
    kills = 0
    async with running(office.relay(), office.relay(), office.consumer()):
        async with telling(office):
            for _ in range(4):
                await moves(office, "relay")
                await asyncio.to_thread(nats.kill)
                kills += 1
                await asyncio.to_thread(nats.wait)
            await moves(office, "relay")
        await office.until_heard(60)
    events = await office.agree()
    print(f"\nnats: {kills} kills, {events} events")
    assert events > 100


async def test_a_bus_that_lost_its_disk_is_filled_again(own_bus: tuple[Office, Nats], tmp_path: Path) -> None:
    office, nats = own_bus
    async with running(office.relay(), office.consumer()):
        async with telling(office):
            await moves(office, "consumer")
            await asyncio.to_thread(nats.stop)
            await asyncio.to_thread(subprocess.run, ["rm", "-r", str(tmp_path / "nats" / "store")], check=True)
            await asyncio.to_thread(nats.start)
            await moves(office, "consumer")
        await office.until_heard(60)
    assert await office.agree() > 20
