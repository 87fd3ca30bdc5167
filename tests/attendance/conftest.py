"""The attendance service over real PostgreSQL and NATS, with Hongkou's sample cast."""

from collections.abc import AsyncGenerator

import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from tests.hongkou import at
from tests.small_house import Database, SmallHouse, small_house


@pytest.fixture(scope="module")
async def house(fresh_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[SmallHouse]:
    folder = tmp_path_factory.mktemp("attendance-house")
    async with small_house([ATTENDANCE], fresh_database, folder, at("2022-02-10")) as running:
        yield running
