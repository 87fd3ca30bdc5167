"""A whole house under a simulated clock: every service a process of its own, on real PostgreSQL and NATS."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from chancery.bus.streams import connect
from chancery.cli.demo import attachment
from chancery.cli.house import load_roster
from chancery.clock import SimulatedClock
from chancery.launch.house import House, throwaway_prefix
from chancery.rehearsal.cast import roster_of
from chancery.rehearsal.house import RunningHouse
from chancery.rehearsal.runner import Runner
from chancery.rehearsal.scenario import Loaded
from chancery.rules.loader import load_pack
from chancery.settings import HERE


@pytest.fixture(scope="session")
def house(parts_folder: Path) -> Iterator[House]:
    house = House(parts_folder / "house", "simulated", prefix=throwaway_prefix())
    house.start()
    yield house
    house.stop()


@pytest.fixture
async def runner(house: House) -> AsyncIterator[Runner]:
    """Drives the house through scenarios, each in a tenant of its own."""
    client = await connect(house.nats_url, "journeys")
    clock = await SimulatedClock(client).start()
    async with httpx.AsyncClient(timeout=60) as http:
        running = RunningHouse(house.addresses, house.mint, http)
        await running.learn()

        async def people(tenant: str, loaded: Loaded) -> None:
            pack = await asyncio.to_thread(load_pack, HERE / "packs" / loaded.scenario.pack)
            await load_roster(http, house, tenant, roster_of(pack))

        yield Runner(running, clock, people, given=attachment(None))
    await clock.stop()
    await client.close()
