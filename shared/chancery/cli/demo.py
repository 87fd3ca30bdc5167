"""The demonstration: scenarios told as a story, and where to look at what they left behind."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.panel import Panel

from chancery.bus.streams import connect
from chancery.calendar import LOCAL
from chancery.cli.house import OPERATOR, load_roster, sample
from chancery.clock import SimulatedClock
from chancery.launch.house import House, clear_folder, wait_for_interrupt
from chancery.rehearsal.cast import roster_of
from chancery.rehearsal.house import RunningHouse
from chancery.rehearsal.runner import Account, Line, Runner
from chancery.rehearsal.scenario import Loaded, load_all
from chancery.rules.loader import load_pack
from chancery.rules.pack import Pack
from chancery.settings import HERE

SCENES: Final = HERE / "demo"
STAND_IN: Final = (
    "（演示正文：此处为公文正文。用 make demo TEXT=文件 可附真实文本。）\n"
    "(A stand-in for the text; make demo TEXT=file attaches a real one.)\n"
)


def run_demo(folder: Path, out: Console, text: Path | None, *, stay: bool) -> bool:
    """Start a house of its own under a simulated clock, play the scenes, say where to look."""
    clear_folder(folder)
    with out.status("正在启动 starting") as status:
        house = House(folder.resolve(), "simulated", say=status.update)
        house.start()
    try:
        scenes, problems = load_all(SCENES)
        for problem in problems:
            out.print(str(problem))
        tenant = sample(scenes[0].scenario.pack)
        accounts = asyncio.run(_play(house, out, text, scenes, tenant))
        _look(house, out, tenant)
        if stay and all(account.passed for account in accounts):
            out.print("\nCtrl-C 结束 ends it.")
            wait_for_interrupt()
        return all(account.passed for account in accounts)
    finally:
        house.stop()


def attachment(text: Path | None) -> dict[str, Any]:
    """What the scenes call ``$text`` and its facts."""
    content = text.read_text(encoding="utf-8") if text else STAND_IN
    raw = content.encode()
    return {
        "text": content,
        "text_sha256": hashlib.sha256(raw).hexdigest(),
        "text_size": len(raw),
        "text_name": text.name if text else "正文.txt",
    }


async def _play(house: House, out: Console, text: Path | None, scenes: Sequence[Loaded], tenant: str) -> list[Account]:
    accounts: list[Account] = []
    pack = load_pack(HERE / "packs" / scenes[0].scenario.pack)
    client = await connect(house.nats_url, "demo")
    clock = await SimulatedClock(client).start()
    async with httpx.AsyncClient(timeout=60) as http:
        running = RunningHouse(house.addresses, house.mint, http)
        await running.learn()

        async def cast(tenant: str, _: Loaded) -> None:
            await load_roster(http, house, tenant, roster_of(pack))

        runner = Runner(running, clock, cast, given=attachment(text), tell=lambda line: _tell(out, pack, line))
        for scene in scenes:
            out.print(Panel(scene.scenario.scenario, expand=False))
            accounts.append(await runner.run(scene, tenant=tenant))
    await clock.stop()
    await client.close()
    return accounts


def _tell(out: Console, pack: Pack, line: Line) -> None:
    """One step as a reader sees it: when, what, and the clauses it rests on with what they say."""
    at = line.at.astimezone(LOCAL).strftime("%m月%d日 %H:%M")
    mark = "[red]✗[/red]" if line.wrong else "[green]✓[/green]"
    zh, _, en = line.told.partition("。")
    out.print(
        f"{mark} [dim]{at}[/dim]  {zh}{'。' if en else ''}"
        + (f"\n                 [dim]{en.strip()}[/dim]" if en else "")
    )
    for clause in line.clauses:
        cite = pack.cite(clause)
        out.print(f"                 [cyan]{clause}[/cyan] [dim]第{cite.article}条 {cite.says_zh}[/dim]")
    for wrong in line.wrong:
        out.print(f"                 [red]{wrong}[/red]")


def _look(house: House, out: Console, tenant: str) -> None:
    token = house.mint(tenant, None, OPERATOR)
    lines = [
        f"运行台 console     {house.address('eventlog')}/console",
        f"公开目录 public    {house.address('disclosure')}/public/{tenant}",
        f"接口文档 API       {house.address('meeting')}/docs",
        "运维令牌 operator's token, to sign in at the console:",
    ]
    out.print(Panel("\n".join(lines), title="看这里 Where to look", title_align="left"))
    out.print(token, soft_wrap=True)
