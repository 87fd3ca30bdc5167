"""The soft government's house: attendance, meeting, document and supervision together, as they meet in events."""

import textwrap
from collections.abc import AsyncGenerator

import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from document_svc.api.files import file_store
from document_svc.files import FileStore
from document_svc.wiring import SERVICE as DOCUMENT
from meeting_svc.wiring import SERVICE as MEETING
from supervision_svc.wiring import SERVICE as SUPERVISION
from tests.hongkou import at
from tests.rules.small import PEOPLE, SINCE, UNITS, write
from tests.small_house import Database, Government, SmallHouse, small_house
from tests.soft.soft import FILES_OF_THE_PACK

GOVERNMENTS = """
    governments:
    - {id: millpond, zh: 磨坊区, en: Millpond, adopted: [{pack: millpond-2024, from: 2024-01-01}]}
    """
ROSTER = {
    "units": [{"unit_id": unit, "kind": kind, "name_zh": unit, "name_en": unit} for unit, kind in UNITS.items()],
    "persons": {person: {"name": person.title(), "name_en": person.title()} for person, _, _ in PEOPLE},
    "appointments": [
        {"person": person, "post": post, "from": str(SINCE)} | ({"unit": unit} if unit else {})
        for person, post, unit in PEOPLE
    ],
    "portfolios": [
        {"person": "bo", "units": ["works", "upstream"], "subjects": ["roads"], "from": str(SINCE)},
        {"person": "cy", "units": ["purse"], "subjects": [], "from": str(SINCE)},
    ],
    "pairings": [{"assistant": "di", "principal": "bo", "from": str(SINCE)}],
}


@pytest.fixture(scope="module")
async def house(fresh_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[SmallHouse]:
    folder = tmp_path_factory.mktemp("soft-house")
    write(folder / "packs" / "millpond-2024", FILES_OF_THE_PACK)
    governments = folder / "governments.yaml"
    governments.write_text(textwrap.dedent(GOVERNMENTS), "utf-8")
    millpond = Government("millpond", folder / "packs", governments, ROSTER)
    store = FileStore(folder / "files", 100_000)
    services = [ATTENDANCE, MEETING, DOCUMENT, SUPERVISION]
    async with small_house(services, fresh_database, folder, at("2024-03-01"), millpond) as running:
        running.apps["document"].dependency_overrides[file_store] = lambda: store
        yield running
