"""Run scenarios for a person: a line per step where something went wrong, a line per scenario otherwise."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from chancery.bus.streams import connect
from chancery.cli.demo import attachment
from chancery.cli.house import load_roster
from chancery.clock import SimulatedClock
from chancery.launch.house import House, clear_folder
from chancery.launch.part import PartFailed
from chancery.rehearsal.asking import answer
from chancery.rehearsal.cast import roster_of
from chancery.rehearsal.house import RunningHouse
from chancery.rehearsal.runner import Account, Runner
from chancery.rehearsal.scenario import Loaded, load_all
from chancery.rules.rulebook import RuleShelf


def run_rehearsal(places: Sequence[Path], packs: Path, governments: Path | None, folder: Path, out: Console) -> bool:
    """Whether every scenario came out as it says. Problems of the files are told before anything starts."""
    loaded, problems = load_all(*places)
    for problem in problems:
        out.print(f"[red]{problem}[/red]")
    if problems:
        return False
    shelf = RuleShelf.load(packs, governments or packs / "governments.yaml")
    needs_house = any(step.do or step.events for one in loaded for step in one.scenario.steps)
    if not needs_house:
        accounts = asyncio.run(_ask_only(loaded, shelf))
    else:
        extra = {"CHANCERY_PACKS": str(packs.resolve())}
        if governments is not None:
            extra["CHANCERY_GOVERNMENTS"] = str(governments.resolve())
        clear_folder(folder)
        with out.status("正在启动 starting") as status:
            house = House(folder.resolve(), "simulated", say=status.update, extra=extra)
            house.start()
        try:
            accounts = asyncio.run(_play(house, loaded, shelf, out))
        finally:
            house.stop()
    for account in accounts:
        tell(account, out)
    wrong = sum(not account.passed for account in accounts)
    out.print(f"{len(accounts) - wrong} 个情景符合 as they say，{wrong} 个不符 otherwise")
    return wrong == 0


def asker(shelf: RuleShelf) -> Any:
    """Asks a table of a pack for a scenario that needs no service."""

    def ask(pack_id: str, table: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        pack = shelf.packs.get(pack_id) or shelf.named(pack_id)
        if pack is None:
            raise ValueError(f"there is no pack {pack_id}")
        return answer(pack, table, facts)

    return ask


def people(http: httpx.AsyncClient, house: House, shelf: RuleShelf) -> Callable[[str, Loaded], Awaitable[None]]:
    """Gives a scenario's tenant the people of its pack and those it adds."""

    async def load(tenant: str, one: Loaded) -> None:
        pack = shelf.named(one.scenario.pack)
        if pack is not None:
            more = one.scenario.cast if isinstance(one.scenario.cast, Mapping) else None
            await load_roster(http, house, tenant, roster_of(pack, more))

    return load


async def _ask_only(loaded: list[Loaded], shelf: RuleShelf) -> list[Account]:
    async with httpx.AsyncClient() as http:
        runner = Runner(RunningHouse({}, _no_token, http), _NoClock(), _nobody, ask=asker(shelf))
        return [await runner.run(one) for one in loaded]


def _no_token(tenant: str, person: str | None, roles: tuple[str, ...]) -> str:
    raise PartFailed(f"a scenario that only asks needs no token ({tenant}, {person}, {roles})")


class _NoClock:
    async def set(self, moment: object) -> None:
        """Scenarios that only ask need no clock."""


async def _nobody(tenant: str, loaded: Loaded) -> None:
    """Scenarios that only ask need no people."""


async def _play(house: House, loaded: list[Loaded], shelf: RuleShelf, out: Console) -> list[Account]:
    client = await connect(house.nats_url, "rehearsal")
    clock = await SimulatedClock(client).start()
    accounts: list[Account] = []
    async with httpx.AsyncClient(timeout=60) as http:
        running = RunningHouse(house.addresses, house.mint, http)
        await running.learn()

        runner = Runner(running, clock, people(http, house, shelf), ask=asker(shelf), given=attachment(None))
        with out.status("演练中 rehearsing") as status:
            for number, one in enumerate(loaded, 1):
                status.update(f"{number}/{len(loaded)} {one.scenario.scenario}")
                accounts.append(await runner.run(one))
    await clock.stop()
    await client.close()
    return accounts


def tell(account: Account, out: Console) -> None:
    """One line where all came out; the steps up to the one that did not otherwise."""
    mark = "[green]✓[/green]" if account.passed else "[red]✗[/red]"
    clauses = "、".join(account.loaded.scenario.clauses)
    out.print(f"{mark} {account.loaded.scenario.scenario} [dim]{clauses} {account.loaded.path}[/dim]")
    if account.passed:
        return
    for line in account.lines:
        out.print(f"   {line.number}. {line.said}")
        for wrong in line.wrong:
            out.print(f"      [red]{wrong}[/red]")
