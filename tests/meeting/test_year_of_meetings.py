"""A yearly number holds when several ask at the same moment: each takes a place, one behind the other."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from chancery.rehearsal.cast import roster_of
from chancery.rules.loader import load_folder
from meeting_svc.wiring import SERVICE as MEETING
from tests.hongkou import PACKS, at
from tests.small_house import Database, Government, SmallHouse, small_house

OF_ITS_LINE = {
    "title": "全区财政工作会议",
    "unit": "finance_bureau",
    "scope": "own_line",
    "organiser": "department",
    "meets_on": "2022-09-20",
}


@pytest.fixture(scope="module")
async def haimen(fresh_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[SmallHouse]:
    pack = next(one for one in load_folder(PACKS).values() if one.head.id == "haimen-2022")
    government = Government("haimen", PACKS, PACKS / "governments.yaml", roster_of(pack))
    folder = tmp_path_factory.mktemp("haimen-house")
    async with small_house([ATTENDANCE, MEETING], fresh_database, folder, at("2022-06-20"), government) as running:
        yield running


async def test_of_several_asked_for_at_one_moment_one_is_taken_in(haimen: SmallHouse) -> None:
    answers = await asyncio.gather(*(haimen.call("meeting.request_meeting", OF_ITS_LINE, by="lan") for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409, 409]
    refused = next(one.json() for one in answers if one.status_code == 409)
    assert [one["code"] for one in refused["reasons"]] == ["meetings_of_the_year"]
    assert {one["id"] for one in refused["clauses"]} == {"HM-21-3"}
    [held] = [one.json()["id"] for one in answers if one.status_code == 201]
    await haimen.done("meeting.request_meeting", OF_ITS_LINE | {"meets_on": "2023-03-01"}, by="lan")
    await haimen.done("meeting.cancel_meeting_request", {"id": held, "reason": "改发文件"}, by="lan")
    await haimen.settle()
    await haimen.done("meeting.request_meeting", OF_ITS_LINE, by="lan")


async def test_a_repeated_request_takes_one_place(haimen: SmallHouse) -> None:
    other = OF_ITS_LINE | {"meets_on": "2024-03-01"}
    first = await haimen.done("meeting.request_meeting", other, by="lan", key="the-same")
    again = await haimen.done("meeting.request_meeting", other, by="lan", key="the-same")
    assert first["id"] == again["id"]
    await haimen.refused("meeting.request_meeting", other, by="lan")
