"""Every story of every pack that services are needed for, on real services: what `chancery rehearse` runs."""

import pytest

from chancery.cli.main import PACKS
from chancery.rehearsal.runner import Account, Runner
from chancery.rehearsal.scenario import load_all
from chancery.rules.proving import needs_services

pytestmark = pytest.mark.journey


def told(account: Account) -> list[str]:
    name = account.loaded.path.name
    return [f"{name} {line.number}. {line.told}: {'; '.join(line.wrong)}" for line in account.lines if line.wrong]


STORIES = [one for one in load_all(PACKS)[0] if needs_services(one)]


@pytest.mark.parametrize("pack", sorted({one.scenario.pack for one in STORIES}))
async def test_its_stories_come_out_as_they_say(pack: str, runner: Runner) -> None:
    accounts = [await runner.run(one) for one in STORIES if one.scenario.pack == pack]
    assert [line for account in accounts for line in told(account)] == []
