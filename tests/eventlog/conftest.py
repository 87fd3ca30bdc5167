"""The event log beside attendance, with the packs that stand in the tree, and a browser that has signed in."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from eventlog_svc.wiring import SERVICE as EVENTLOG
from tests.hongkou import at
from tests.small_house import TENANT, Database, SmallHouse, small_house

OPERATOR = ("operator", "auditor")


@pytest.fixture(scope="module")
async def house(fresh_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[SmallHouse]:
    folder = tmp_path_factory.mktemp("eventlog-house")
    async with small_house([ATTENDANCE, EVENTLOG], fresh_database, folder, at("2022-03-01")) as running:
        yield running


@pytest.fixture
async def visitor(house: SmallHouse) -> AsyncGenerator[httpx.AsyncClient]:
    """A browser that nobody has signed in with."""
    transport = httpx.ASGITransport(house.apps["eventlog"])
    async with httpx.AsyncClient(transport=transport, base_url="http://eventlog", follow_redirects=True) as client:
        yield client


@pytest.fixture
async def browser(house: SmallHouse, visitor: httpx.AsyncClient) -> httpx.AsyncClient:
    """A browser that an operator of Hongkou has signed in with."""
    token = house.issuer.mint(TENANT, client="browser", roles=OPERATOR)
    answer = await visitor.post("/console/sign-in", data={"token": token})
    assert answer.status_code == 200
    return visitor
