"""Fourteen real meetings go in as they were recorded, and what the rules say of them is written down.

``CHANCERY_WRITE_REAL_MEETINGS=1`` writes the page anew.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from meeting_svc.wiring import SERVICE as MEETING
from tests.conftest import FreshDatabase
from tests.hongkou import PACKS, at
from tests.real_meetings.entering import HERE, Entered, enter, records, roster, tenant_of
from tests.real_meetings.report import PAGE, page
from tests.small_house import Government, SmallHouse, small_house

pytestmark = pytest.mark.journey

WRITE = os.environ.get("CHANCERY_WRITE_REAL_MEETINGS") == "1"
BEFORE_ALL = at("2017-11-01")


@pytest.fixture
async def house(fresh_database: FreshDatabase, tmp_path: Path) -> AsyncIterator[SmallHouse]:
    first = records()[0]
    government = Government(tenant_of(first), PACKS, HERE / "governments.yaml", roster(first))
    async with small_house([ATTENDANCE, MEETING], fresh_database, tmp_path, BEFORE_ALL, government) as running:
        yield running


async def test_they_go_in_as_recorded_and_the_rules_answer(house: SmallHouse) -> None:
    found = {record["id"]: await enter(house, record) for record in records()}
    assert len(found) == 14
    as_recorded(found)
    what_stands_out(found)
    told = page(list(found.values()))
    if WRITE:
        PAGE.write_text(told, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == told


def as_recorded(found: dict[str, Entered]) -> None:
    """Days, numbers, items and results are those of the record."""
    for name, one in found.items():
        record = one.record
        if "ledger" in record:
            assert one.stage == "series", name
            continue
        assert one.number == record.get("number", 1), name
        assert one.day_off is not record["recorded"]["works"], name
        assert one.items == len(record["items"]), name
        wanted = [item.get("outcome") or ("heard" if item["act"] == "heard" else None) for item in record["items"]]
        assert one.outcomes == ([] if record.get("only_called") else [outcome for outcome in wanted if outcome]), name
        assert bool(one.minutes) is ("minutes" in record), name
    assert found["wujin-25"].minutes == "issued 2024-01-25"
    assert found["yaohai-37"].present == 36 + 3


def what_stands_out(found: dict[str, Entered]) -> None:
    """The one on a Sunday, the number that has no place, the items without a result, the minutes that took weeks."""
    having: dict[str, set[str]] = {}
    for name, one in found.items():
        for code in one.codes:
            having.setdefault(code, set()).add(name)
    assert having["day_off"] == {"hanyin-plenary-2022"}
    assert having["number_gap"] == {"zhenping-year-2020"}
    assert having["undecided"] == {"jingan-139", "qidong-30"}
    assert having["not_a_member"] == {"baoshan-24"}
    assert having["late_by_another"] == {"baoshan-24", "wujin-25", "zhanhe-44"}
    assert having["gates"] >= {"qidong-30", "huancui-4"}
    assert having["only_called"] == {"fengxian-2019-09-26", "xuancheng-8"}
    assert having["body_not_regulated"] == {"zhenping-year-2020"}
