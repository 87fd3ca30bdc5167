"""Rebuilding: the raw limit is the driver alone, reading the same rows of the event table page by page.

Ours decodes every event, projects it, and writes the rows of a new table beside the one that serves, in processes of
its own whose memory is watched, all together. Meanwhile commands are stored and the old table is read.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import asyncpg

from chancery.bench.context import Context, settle
from chancery.bench.filling import AT, SERVICE, TENANTS, event_of, new_event, preload, project
from chancery.bench.report import Result, middle, percentile
from chancery.bus import projections
from chancery.envelope import Meta, Recorded
from chancery.launch.postgres import ServiceDatabase
from chancery.names import TenantId
from chancery.store.api import Append
from chancery.store.store import PostgresStore

READ = (
    "select pos, tenant, stream, version, type, schema_version, body::text, meta::text, business_at, recorded_at "
    "from kernel.event where lane = 0 and pos > $1 and pos <= $2 order by pos"
)


async def read(database: ServiceDatabase, many: int) -> float:
    """Events a second that the driver alone reads."""
    connection = await asyncpg.connect(database.owner_url)
    statement = await connection.prepare(READ)
    began = time.perf_counter()
    for after in range(0, many, projections.PAGE):
        await statement.fetch(after, min(many, after + projections.PAGE))
    seconds = time.perf_counter() - began
    await connection.close()
    return many / seconds


async def rebuild(owner_url: str) -> None:
    """The rebuild, in this process and any that it starts; tells its figures on the way out."""
    settle()
    helpers: dict[str, int] = {}
    watching = asyncio.create_task(watch(helpers))
    done = await projections.rebuild(SERVICE, "bench_matter", owner_url)
    watching.cancel()
    peak = peak_kb("self") + sum(helpers.values())
    print(json.dumps({"events": done.events, "seconds": done.seconds, "peak_kb": peak}))


async def watch(helpers: dict[str, int]) -> None:
    """The most memory that each process started by this one has had."""
    while True:
        for process in Path("/proc/self/task").joinpath(str(os.getpid()), "children").read_text().split():
            with contextlib.suppress(OSError, StopIteration):  # it may just have ended
                helpers[process] = peak_kb(process)
        await asyncio.sleep(0.1)


def peak_kb(process: str) -> int:
    """The most memory a process has had, not counting what its starter had."""
    lines = Path("/proc", process, "status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


async def rebuild_apart(database: ServiceDatabase) -> dict[str, float]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chancery.bench.rebuild", database.owner_url, stdout=subprocess.PIPE
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the rebuild failed")
    found: dict[str, float] = json.loads(out.splitlines()[-1])
    return found


async def serve(database: ServiceDatabase, store: PostgresStore, waits: list[float]) -> None:
    """One command and one look at the table every few milliseconds, as a service beside it would have."""
    looking = await asyncpg.connect(database.app_url)
    await looking.execute("select set_config('chancery.tenants', '{bench-0}', false)")
    while True:
        began = time.perf_counter()
        stream, command = uuid4(), uuid4()
        tenant = TenantId(TENANTS[0])
        new = new_event(tenant, stream, 1, command)
        place = Recorded("meeting", tenant, stream, 1, 0, event_of(stream, 1), Meta.from_json(new.meta), AT, AT)
        writes = project(place)
        await store.append(Append(tenant, command, stream, 0, (new,), b"{}", new.leaf, writes, (("bench_matter", 1),)))
        found = await looking.fetchval("select papers from bench_matter where matter_id = $1", stream)
        if found != 0:
            raise RuntimeError("a row is not there")
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.02)


async def run(ctx: Context) -> list[Result]:
    many, rounds = (100_000, 1) if ctx.quick else (1_000_000, 3)
    database = await ctx.database("meeting", "0001")
    await preload(database, many)
    settle()
    await read(database, min(many, 100_000))
    reads: list[float] = []
    alone: list[dict[str, float]] = []
    for _ in range(rounds):
        reads.append(await read(database, many))
        alone.append(await rebuild_apart(database))
    waits: list[float] = []
    store = await PostgresStore.open("meeting", database.app_url, database.relay_url)
    serving = asyncio.create_task(serve(database, store, waits))
    beside = await rebuild_apart(database)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await store.close()
    owner = await asyncpg.connect(database.owner_url)
    kept = await owner.fetchval("select count(*) from bench_matter")
    streams = await owner.fetchval("select count(*) from kernel.head")
    await owner.close()
    if kept != streams:
        raise RuntimeError(f"{kept} rows of {streams} matters")
    limit = middle(reads)
    rates = [one["events"] / one["seconds"] for one in alone]
    peak = max(one["peak_kb"] for one in (*alone, beside)) / 1024
    rate = beside["events"] / beside["seconds"]
    return [
        Result(f"read alone 仅读取 ({many:,} events)", limit, "/s"),
        Result("rebuilt 重建", middle(rates), "/s", middle(rates) / limit, 0.3, 0.5),
        Result("… while serving 同时服务", rate, "/s", rate / limit),
        Result("… command and look meanwhile, p50 期间命令与查询", percentile(waits, 0.5) * 1000, "ms"),
        Result("… p99", percentile(waits, 0.99) * 1000, "ms"),
        Result("… peak memory 内存峰值 (bound 300 MB)", peak, "MB", peak / 300, 1.0, ceiling=True),
    ]


if __name__ == "__main__":
    asyncio.run(rebuild(sys.argv[1]))
