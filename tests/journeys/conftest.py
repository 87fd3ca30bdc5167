"""A whole house under a simulated clock: every service a process of its own, on real PostgreSQL and NATS."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from chancery.bus.streams import connect
from chancery.cli.demo import attachment
from chancery.cli.main import PACKS
from chancery.cli.rehearse import asker, people
from chancery.clock import SimulatedClock
from chancery.launch.house import House
from chancery.rehearsal.house import RunningHouse
from chancery.rehearsal.runner import Runner
from chancery.rules.rulebook import RuleShelf
from tests.parts import a_house


@pytest.fixture(scope="package")
def house(parts_folder: Path) -> Iterator[House]:
    with a_house(parts_folder / "house", clock="simulated") as house:
        yield house


@pytest.fixture(scope="session")
def shelf() -> RuleShelf:
    return RuleShelf.load(PACKS, PACKS / "governments.yaml")


@pytest.fixture
async def runner(house: House, shelf: RuleShelf) -> AsyncIterator[Runner]:
    """Drives the house through scenarios, each in a tenant of its own."""
    client = await connect(house.nats_url, "journeys")
    clock = await SimulatedClock(client).start()
    async with httpx.AsyncClient(timeout=60) as http:
        running = RunningHouse(house.addresses, house.mint, http)
        await running.learn()
        yield Runner(running, clock, people(http, house, shelf), ask=asker(shelf), given=attachment(None))
    await clock.stop()
    await client.close()
