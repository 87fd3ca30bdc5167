"""Starting the house for a person: what it prints, and who may try it."""

import asyncio
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from chancery.bus.streams import connect
from chancery.calendar import LOCAL
from chancery.clock import SimulatedClock
from chancery.launch.house import House, wait_for_interrupt
from chancery.launch.part import PartFailed
from chancery.rehearsal.cast import roster_of
from chancery.rules.governments import read_governments
from chancery.rules.rulebook import RuleShelf
from chancery.settings import HERE, SAMPLES

OPERATOR: Final = ("operator", "auditor")
PAGES: Final = {
    "attendance": ("/attendance", "在岗与外出", "who is away, who acts"),
    "meeting": ("/meeting", "会议", "board, sittings, run sheets"),
    "document": ("/desk", "公文", "four boxes, register"),
    "supervision": ("/supervision", "督办", "lights, ledger, units, leaders"),
    "disclosure": ("/public", "政府信息公开", "the public site"),
    "eventlog": ("/console", "运行台", "matters, live events, rules"),
}
"""What people look at, service by service; all but the public site ask for a token."""


def open_house(folder: Path, out: Console, *, simulated: bool) -> None:
    """Start everything, load the sample governments, say where to look, and stay until Ctrl-C."""
    began = time.monotonic()
    with out.status("正在启动 starting") as status:
        house = House(folder.resolve(), "simulated" if simulated else "system", say=status.update)
        house.start()
        try:
            status.update("载入样例名册 loading the sample rosters")
            governments = asyncio.run(load_samples(house))
        except BaseException:
            house.stop()
            raise
    out.print(f"[green]就绪 ready[/green] （{time.monotonic() - began:.1f} s）")
    tell(house, governments, out)
    try:
        wait_for_interrupt()
    finally:
        with out.status("正在停止 stopping"):
            house.stop()
        out.print("已停止 stopped")


def tell(house: House, governments: list[tuple[str, str, str]], out: Console) -> None:
    """Where to look, and tokens to try it with."""
    table = Table(title="服务 Services", title_justify="left")
    for column in ("服务 service", "接口文档 API pages", "日志 log"):
        table.add_column(column, overflow="fold")
    for name, address in house.addresses.items():
        table.add_row(f"{name}-svc", f"{address}/docs", f"{house.folder.name}/log/{name}.log")
    out.print(table)
    pages = Table(title="页面 Pages", title_justify="left")
    for column in ("看什么 what", "地址 address"):
        pages.add_column(column, overflow="fold")
    for name, (path, zh, en) in PAGES.items():
        pages.add_row(f"{zh} {en}", f"{house.address(name)}{path}")
    out.print(pages)
    console = f"{house.address('eventlog')}/console"
    public = house.address("disclosure")
    for tenant, zh, en in governments:
        token = house.mint(tenant, None, OPERATOR)
        lines = [
            f"{zh} · {en}",
            f"运行台 console        {console}",
            f"公开目录 public       {public}/public/{tenant}",
            "运维令牌 operator's token, to sign in at the console:",
        ]
        out.print(Panel("\n".join(lines), title=tenant, title_align="left"))
        out.print(token, soft_wrap=True)
    out.print("\nCtrl-C 停止 stops it.")


def sample(pack: str | None = None) -> str:
    """The first sample government; the first that has adopted ``pack`` where one is named."""
    governments, _ = read_governments(SAMPLES, None)
    return next(
        government.id
        for government in governments
        if "*" not in government.id and (pack is None or any(one.pack == pack for one in government.adopted))
    )


async def load_samples(house: House) -> list[tuple[str, str, str]]:
    """Give every sample government the people of its pack; loading twice changes nothing."""
    shelf = await asyncio.to_thread(RuleShelf.load, HERE / "packs", SAMPLES)
    found: list[tuple[str, str, str]] = []
    async with httpx.AsyncClient(timeout=60) as client:
        for government in shelf.governments:
            if "*" in government.id or not government.adopted:
                continue
            pack = shelf.named(government.adopted[-1].pack)
            if pack is not None and pack.cast:
                await load_roster(client, house, government.id, roster_of(pack))
            found.append((government.id, government.zh, government.en))
    return found


async def load_roster(client: httpx.AsyncClient, house: House, tenant: str, roster: dict[str, Any]) -> None:
    """Load a roster into attendance-svc in the house's own name.

    Raises:
        PartFailed: it was refused; says why.
    """
    token = house.mint(tenant, None, ("roster",))
    answer = await client.post(
        f"{house.address('attendance')}/v1/roster:load", json=roster, headers={"Authorization": f"Bearer {token}"}
    )
    if answer.status_code >= 400:
        raise PartFailed(f"the roster of {tenant} was refused: {answer.text[:1500]}")


async def with_clock(folder: Path, *, to: datetime | None = None, by: timedelta | None = None) -> str:
    """Read, set or advance the clock of a house that runs in a folder."""
    port = folder / "nats" / "port"
    if not port.exists():
        raise PartFailed(f"no house runs in {folder}; start one with `chancery up --simulated`")
    client = await connect(f"nats://127.0.0.1:{port.read_text()}", "clock")
    clock = await SimulatedClock(client).start()
    try:
        if to is not None:
            await clock.set(to)
        elif by is not None:
            await clock.advance(by)
        return clock.now().astimezone(LOCAL).isoformat()
    finally:
        await clock.stop()
        await client.close()
