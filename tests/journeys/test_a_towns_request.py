"""A town's request goes through every service, by events alone: entered, decided, followed up, published."""

from pathlib import Path

import pytest

from chancery.rehearsal.runner import READER, Runner
from chancery.rehearsal.scenario import Loaded, load

pytestmark = pytest.mark.journey
SCENE = Path(__file__).parent / "scenes" / "a-towns-request.yaml"


async def test_a_towns_request_reaches_the_public_through_the_executive_meeting(runner: Runner) -> None:
    """金川2020 四十七, 五十三, 二十八, 三十二: one matter in the log, told by every service that had a hand in it."""
    loaded = load(SCENE)
    assert isinstance(loaded, Loaded), loaded
    account = await runner.run(loaded)
    assert [f"{line.number}. {line.told}: {line.wrong}" for line in account.lines if line.wrong] == []
    listed = await runner.house.call("eventlog.list_matters", {}, tenant=account.tenant, person=None, roles=READER)
    (matter,) = [one for one in listed.json() if one["title"] == "宁远堡镇农村校车补助"]
    answer = await runner.house.call(
        "eventlog.get_matter_chain", {"matter_id": matter["matter"]}, tenant=account.tenant, person=None, roles=READER
    )
    chain = answer.json()["entries"]
    assert {entry["type"].partition(".")[0] for entry in chain} == {"meeting", "document", "supervision", "disclosure"}
    issued = next(entry for entry in chain if entry["type"] == "meeting.minutes_issued")
    opened = [entry for entry in chain if entry["type"] in ("supervision.task_opened", "disclosure.duty_opened")]
    assert [entry["cause"] for entry in opened] == [issued["event_id"]] * 2
