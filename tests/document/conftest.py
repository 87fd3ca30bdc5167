"""Attendance, meeting and document together, as they meet in events."""

from collections.abc import AsyncGenerator

import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from document_svc.api.files import file_store
from document_svc.files import FileStore
from document_svc.wiring import SERVICE as DOCUMENT
from meeting_svc.wiring import SERVICE as MEETING
from tests.hongkou import at
from tests.small_house import Database, SmallHouse, small_house


@pytest.fixture(scope="module")
async def house(fresh_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[SmallHouse]:
    folder = tmp_path_factory.mktemp("document-house")
    store = FileStore(folder / "files", 100_000)
    async with small_house([ATTENDANCE, MEETING, DOCUMENT], fresh_database, folder, at("2022-01-10")) as running:
        running.apps["document"].dependency_overrides[file_store] = lambda: store
        yield running
