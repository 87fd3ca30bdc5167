"""A big district's year of who was where: asked as quickly as its first week; a roster of 2,000 posts loaded into it.

The attendance service runs as a process, once over a week's events and once over a year's; both are asked in turns.
Without a bus, for what is measured is the service. ``python -m chancery.bench.year PORT`` is that process.
"""

import asyncio
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, Final

import orjson

import chancery
from chancery.bench.context import Context, settle
from chancery.bench.district import BEGINS, WEEKS, preload, roster, weeks
from chancery.bench.http import settings_of
from chancery.bench.report import Result, middle
from chancery.events.base import Event
from chancery.launch.part import kept_port
from chancery.roster import Roster
from chancery.rules.loader import load_folder
from chancery.settings import Settings
from chancery.web.app import create_app
from chancery.web.issuer import LocalIssuer
from chancery.web.logs import set_up
from chancery.web.serve import run as run_app

PACK: Final = "jinchuan-2020"
POSTS: Final = 2_000
MUCH: Final = 1.5
"""How much dearer a question or an event may become in a year."""
SLOWER: Final = 2.0
"""How much longer a whole roster may take to load into a year than into a week."""
IMPORT: Final = 10.0
"""Seconds for a roster of 2,000 posts."""


async def run(ctx: Context) -> list[Result]:
    few, many = [one.event for one in (*roster(), *weeks(1))], [one.event for one in (*roster(), *weeks(WEEKS))]
    began = time.perf_counter()
    year = Roster.of(many)
    folded = time.perf_counter() - began
    week = Roster.of(few)
    settle()
    turns = 200 if ctx.quick else 2_000
    return [
        Result("events of a year 一年事件", len(many), "events"),
        Result("folding them 折叠一年", len(many) / folded, "events/s"),
        *_asked(week, year, turns),
        *_one_more(week, year, few[-1], many[-1], turns),
        *await _over_http(ctx),
    ]


def _asked(week: Roster, year: Roster, turns: int) -> list[Result]:
    """Who acts for the mayor, and who of all leaders is away, in the week's middle and in the year's last."""
    leaders = ["mayor_a", *(f"deputy_{number}" for number in range(8))]

    def asks(people: Roster, weeks_on: int) -> Callable[[], object]:
        at = BEGINS + timedelta(weeks=weeks_on, days=2, hours=3)
        return lambda: (people.acting("mayor", at, "mayor_a"), [people.away(person, at) for person in leaders])

    pairs = [(_micro(asks(week, 0)), _micro(asks(year, WEEKS - 1))) for _ in range(turns)]
    first, last = middle([one for one, _ in pairs]), middle([other for _, other in pairs])
    ratio = median(other / one for one, other in pairs)
    return [
        Result("who acts, who is away, a week stored 存一周", first, "µs"),
        Result("… a year stored 存一年", last, "µs", ratio / MUCH, 1.0, None, ceiling=True),
    ]


def _one_more(week: Roster, year: Roster, of_week: Event, of_year: Event, turns: int) -> list[Result]:
    pairs = [(_micro(lambda: week.after(of_week)), _micro(lambda: year.after(of_year))) for _ in range(turns)]
    first, last = middle([one for one, _ in pairs]), middle([other for _, other in pairs])
    ratio = median(other / one for one, other in pairs)
    return [
        Result("one more event, a week stored 再记一件", first, "µs"),
        Result("… a year stored 存一年", last, "µs", ratio / MUCH, 1.0, None, ceiling=True),
    ]


async def _over_http(ctx: Context) -> list[Result]:
    issuer = LocalIssuer.at(ctx.folder / "issuer")
    token = issuer.mint("bench", client="personnel", roles=("roster",))
    governments = ctx.folder / "one-district.yaml"
    governments.write_text(
        f"governments:\n- {{id: bench, zh: 甲, en: A, adopted: [{{pack: {PACK}, from: 2000-01-01}}]}}\n"
    )
    assert PACK in {pack.head.id for pack in load_folder(Path(chancery.__file__).parent / "packs").values()}
    servers: dict[int, tuple[int, Mapping[str, str]]] = {}
    for long in (1, WEEKS):
        database = await ctx.database("attendance")
        await preload(database, "bench", (one for part in (roster(), weeks(long)) for one in part))
        port = kept_port(ctx.folder / f"port-year-{long}")
        settings = settings_of(ctx, database, issuer) | {
            "CHANCERY_GOVERNMENTS": str(governments),
            "CHANCERY_MOST_BYTES": str(2**23),
        }
        servers[long] = port, settings
    await ctx.rest()
    log = ctx.folder / "year.log"
    with _serving(*servers[1], log), _serving(*servers[WEEKS], log):
        ports = {long: port for long, (port, _) in servers.items()}
        cold = {long: await asyncio.to_thread(_ask, port, token, long) for long, port in ports.items()}
        turns = 20 if ctx.quick else 200
        asked = [
            (
                await asyncio.to_thread(_ask, ports[1], token, 1),
                await asyncio.to_thread(_ask, ports[WEEKS], token, WEEKS),
            )
            for _ in range(turns)
        ]
        rounds = 3 if ctx.quick else 5
        loads = [
            (
                await asyncio.to_thread(_load, ports[1], token, number),
                await asyncio.to_thread(_load, ports[WEEKS], token, number),
            )
            for number in range(rounds)
        ]
    first, last = middle([one for one, _ in asked]), middle([other for _, other in asked])
    few, many = middle([one for one, _ in loads]), middle([other for _, other in loads])
    dearer, slower = median(b / a for a, b in asked), median(b / a for a, b in loads)
    return [
        Result("first question after a start, a year stored 启动后首问", cold[WEEKS], "s"),
        Result("who holds and acts over HTTP, a week stored 接口查询", first * 1000, "ms"),
        Result("… a year stored 存一年", last * 1000, "ms", dearer / MUCH, 1.0, None, ceiling=True),
        Result(f"{POSTS} posts loaded, a week stored 导入名册", few, "s", few / IMPORT, 1.0, None, ceiling=True),
        Result("… a year stored 存一年", many, "s", slower / SLOWER, 1.0, None, ceiling=True),
    ]


@contextmanager
def _serving(port: int, settings: Mapping[str, str], log: Path) -> Generator[None]:
    """The attendance service as a process, from the moment it is ready."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_")}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "chancery.bench.year", str(port)], env={**kept, **settings}, stdout=out, stderr=out
        )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        else:
            raise RuntimeError(f"attendance-svc did not start:\n{log.read_text()[-2000:]}")
        yield
    finally:
        process.terminate()
        process.wait(20)


def serve(port: int) -> None:
    """Run the service until told to stop; it is named here and not imported, for this library knows no service."""
    settings = Settings()
    set_up("attendance")
    run_app(create_app(import_module("attendance_svc.wiring").SERVICE, settings), settings, port)


def _ask(port: int, token: str, long: int) -> float:
    """Seconds for one question: who holds and who acts as mayor in the last week stored."""
    at = (BEGINS + timedelta(weeks=long - 1, days=2, hours=3)).isoformat().replace("+", "%2B")
    return _call(port, token, f"/v1/roster?post=mayor&as_of={at}", None)


def _load(port: int, token: str, number: int) -> float:
    """Seconds for a roster of people whom nobody knows yet, each in a post."""
    people = [f"new_{number}_{one}" for one in range(POSTS)]
    seats: list[dict[str, Any]] = [
        {"person": person, "post": "unit_clerk", "unit": f"bureau_{one % 35}", "from": "2025-01-06"}
        for one, person in enumerate(people)
    ]
    return _call(
        port, token, "/v1/roster:load", {"persons": {one: {"name": one} for one in people}, "appointments": seats}
    )


def _call(port: int, token: str, path: str, body: object | None) -> float:
    sent = None if body is None else orjson.dumps(body)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", sent, headers)
    began = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=120) as answer:
        answer.read()
    return time.perf_counter() - began


def _micro(ask: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    ask()
    return (time.perf_counter_ns() - began) / 1000


if __name__ == "__main__":
    serve(int(sys.argv[1]))
