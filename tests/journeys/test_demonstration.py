"""One real matter, from a submitted agenda item to a published document, through six services by events alone."""

import pytest

from chancery.cli.demo import SCENES
from chancery.rehearsal.runner import READER, Account, Runner
from chancery.rehearsal.scenario import Loaded, load

pytestmark = pytest.mark.journey


async def played(runner: Runner, name: str) -> Account:
    loaded = load(SCENES / name)
    assert isinstance(loaded, Loaded), loaded
    account = await runner.run(loaded)
    assert account.passed, "\n".join(
        f"{line.number}. {line.told}: {line.wrong}" for line in account.lines if line.wrong
    )
    assert len(account.lines) == len(loaded.scenario.steps)
    return account


async def test_the_district_s_working_rules_go_from_submission_to_publication(runner: Runner) -> None:
    """虹府发〔2022〕3号: adopted on 19 January 2022, issued on the 21st, the second of its seven working days."""
    account = await played(runner, "1-adoption.yaml")
    cited = {clause for line in account.lines for clause in line.clauses}
    assert {"HK-18-4", "HK-57-2", "HK-48-1", "HK-48-2", "HK-52-2", "HK-52-4", "HK-58-1", "HK-31-1"} <= cited
    await the_log_shows_one_matter_end_to_end(runner, account)


async def the_log_shows_one_matter_end_to_end(runner: Runner, account: Account) -> None:
    listed = await runner.house.call("eventlog.list_matters", {}, tenant=account.tenant, person=None, roles=READER)
    (matter,) = [one for one in listed.json() if one["title"] == "上海市虹口区人民政府工作规则"]
    answer = await runner.house.call(
        "eventlog.get_matter_chain", {"matter_id": matter["matter"]}, tenant=account.tenant, person=None, roles=READER
    )
    chain = answer.json()["entries"]
    ids = {entry["event_id"] for entry in chain}
    by_type = {entry["type"]: entry for entry in chain}
    causes = {
        t: by_type[t]["cause"] for t in ("supervision.task_opened", "document.drafted", "disclosure.entry_prepared")
    }
    assert causes["supervision.task_opened"] == by_type["meeting.minutes_issued"]["event_id"]
    assert causes["document.drafted"] == by_type["meeting.minutes_issued"]["event_id"]
    assert causes["disclosure.entry_prepared"] == by_type["document.issued"]["event_id"]
    assert all(by_type[kind]["capacity"] == "system" for kind in causes)
    assert {causes[kind] for kind in causes} <= ids
    assert all(entry["pack"] == "hongkou-2022" for entry in chain)


async def test_with_the_mayor_away_the_entrusted_deputy_acts(runner: Runner) -> None:
    """HK-6-2: out of the city on a business trip, the deputy entrusted chairs and signs; back, he acts no more."""
    account = await played(runner, "2-acting.yaml")
    assert "HK-6-2" in {clause for line in account.lines for clause in line.clauses}
