"""Attendance and meeting together, as they meet in events."""

from collections.abc import AsyncGenerator

import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from meeting_svc.wiring import SERVICE as MEETING
from tests.hongkou import at
from tests.small_house import Database, SmallHouse, small_house


@pytest.fixture(scope="module")
async def house(fresh_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[SmallHouse]:
    folder = tmp_path_factory.mktemp("meeting-house")
    async with small_house([ATTENDANCE, MEETING], fresh_database, folder, at("2022-01-10")) as running:
        yield running
