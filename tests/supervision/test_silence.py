"""Silence against the reporting rhythm, noticed at its moment by the service's own deadlines."""

import textwrap
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from chancery.events.supervision import ReportMissed
from chancery.names import TenantId
from supervision_svc.reactions.on_minutes_issued import ON_MINUTES_ISSUED
from supervision_svc.wiring import SERVICE as SUPERVISION
from tests import orchard
from tests.hongkou import at
from tests.recorded import recorded
from tests.replay import all_events
from tests.small_house import Database, Government, SmallHouse, small_house
from tests.supervision.examples import MATTER, decision, minutes

GOVERNMENTS = """
    governments:
    - {id: orchard, zh: 果园区, en: Orchard, adopted: [{pack: orchard-2023, from: 2022-01-01}]}
    """
ROSTER = {
    "units": [
        {"unit_id": unit, "kind": term.kind or "unit", "name_zh": term.zh, "name_en": term.en}
        for unit, term in orchard.PACK.words["units"].items()
    ],
    "persons": {person: {"name": person, "name_en": person} for person, _, _ in orchard.SEATS},
    "appointments": [
        {"person": person, "post": post, "from": "2022-01-01"} | ({"unit": unit} if unit else {})
        for person, post, unit in orchard.SEATS
    ],
}


@pytest.fixture(scope="module")
async def orchard_house(
    fresh_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[SmallHouse]:
    folder = tmp_path_factory.mktemp("orchard-house")
    governments = folder / "governments.yaml"
    governments.write_text(textwrap.dedent(GOVERNMENTS), "utf-8")
    packs = Path(orchard.__file__).parent / "other_rules"
    government = Government("orchard", packs, governments, ROSTER)
    async with small_house([ATTENDANCE, SUPERVISION], fresh_database, folder, at("2022-01-20"), government) as running:
        yield running


async def test_a_month_without_a_report_is_told_once_a_month_until_one_comes(orchard_house: SmallHouse) -> None:
    """果园 四: every month; missed at its midnight, and the month after counts from there; a report begins anew."""
    house = orchard_house
    heard = minutes(decision(kind="plan", lead="works", cooperating=(), major=True), body="council")
    for order in ON_MINUTES_ISSUED.react(recorded(heard, tenant="orchard"), orchard.rules(heard.issued_at)):
        kernel = house.running("supervision").house
        await kernel.carry_out(order, "open_tasks", tenant=TenantId("orchard"), cause=heard.minutes_id)

    async def missed() -> list[tuple[str, str]]:
        heard = [one.recorded() for one in await all_events(house.running("supervision"))]
        return [
            (one.business_at.isoformat(), one.event.due.due_on.isoformat())
            for one in heard
            if isinstance(one.event, ReportMissed)
        ]

    [line] = (await house.done("supervision.list_tasks", {"matter": str(MATTER)}, by="office_head"))["items"]
    task = {"id": line["id"]}
    await house.clock(at("2022-02-20", 23))
    assert await missed() == []
    await house.clock(at("2022-02-21", 1))
    assert await missed() == [("2022-02-20T16:00:00+00:00", "2022-02-20")]
    await house.clock(at("2022-03-25"))
    assert [due_on for _, due_on in await missed()] == ["2022-02-20", "2022-03-20"]
    seen = await house.done("supervision.get_task", task, by="office_head")
    assert seen["missed"] == 2
    await house.done("supervision.report_task", task | {"text": "过半"}, by="works_head")
    await house.clock(at("2022-04-25", 12))
    assert len(await missed()) == 2
    await house.clock(at("2022-04-26", 1))
    assert [due_on for _, due_on in await missed()][2:] == ["2022-04-25"]
