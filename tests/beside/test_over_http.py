"""The trial government of governments.yaml over HTTP: the refusal cites both packs, the event says whose clauses."""

from collections.abc import AsyncGenerator

import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from chancery.rehearsal.cast import roster_of
from meeting_svc.wiring import SERVICE as MEETING
from tests.hongkou import PACKS, at, pack
from tests.replay import all_events
from tests.small_house import Database, Government, SmallHouse, small_house

TRIAL = Government("hongkou-beside-baseline", PACKS, PACKS / "governments.yaml", roster_of(pack()))
EVIDENCE = ("public_participation", "pre_decision_publication", "expert_argument", "risk_assessment")


@pytest.fixture(scope="module")
async def house(fresh_database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[SmallHouse]:
    folder = tmp_path_factory.mktemp("beside")
    async with small_house([ATTENDANCE, MEETING], fresh_database, folder, at("2022-01-10"), TRIAL) as running:
        yield running


async def test_both_packs_answer_under_their_own_names(house: SmallHouse) -> None:
    matter = await house.done(
        "meeting.open_matter",
        {"title": "旧区改造", "kind": "major_administrative_decision", "lead_unit": "justice_bureau"},
        by="justice_head",
    )
    submission = {"matter_id": matter["id"], "body": "executive"}
    problem = await house.refused("meeting.submit_agenda_item", submission, by="justice_head")
    whose = {clause["id"]: clause["pack"] for clause in problem["clauses"]}
    assert whose["HK-21-5"] == "hongkou-2022"
    assert whose["NB-14-decisions"] == "national-baseline"
    assert whose["NB-25-decisions"] == "national-baseline"

    for evidence in EVIDENCE:
        await house.done("meeting.file_evidence", {"id": matter["id"], "evidence": evidence}, by="justice_clerk")
    review = {"id": matter["id"], "evidence": "legality_review", "attrs": {"result": "passed"}}
    await house.done("meeting.file_evidence", review, by="justice_clerk")
    await house.done("meeting.submit_agenda_item", submission, by="justice_head")

    told = [one for one in await all_events(house.running("meeting")) if one.type == "meeting.agenda_submitted"]
    meta = told[-1].recorded().meta
    assert meta.pack is not None
    assert meta.pack.id == "hongkou-2022"
    [law] = meta.beside
    assert law.pack.id == "national-baseline"
    assert set(law.clauses) == {"NB-14-decisions", "NB-25-decisions"}
    assert set(law.rows) == {"public-heard", "lawful-before-tabling"}
    assert set(law.clauses) < set(meta.clauses)
    assert not set(law.rows) & set(meta.rows)
