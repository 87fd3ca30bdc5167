# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""From one service to another: from the moment a command's commit is acknowledged to the moment its row is committed in
another service's database. Set against one publish with a durable acknowledgement and one insert with its commit.
"""

import asyncio
import random
import time
from uuid import uuid4

import asyncpg

from chancery.bench.context import Context, settle
from chancery.bench.filling import MATTERS, TENANTS, new_event, preload
from chancery.bench.report import Result, middle, percentile
from chancery.bus import Bus, Consumer, Hearing, Relay, connect
from chancery.names import TenantId
from chancery.store.api import Append
from chancery.store.store import PostgresStore
from chancery.web.beside import Tail

NAME = "benchlatency"


async def run(ctx: Context) -> list[Result]:
    turns, each = (4, 30) if ctx.quick else (10, 60)
    told, heard = await ctx.database("meeting", "0001"), await ctx.database("document", "0001")
    await preload(told, 0)
    await preload(heard, 0)
    store = await PostgresStore.open(NAME, told.app_url, told.relay_url)
    telling, hearing = await connect(ctx.nats_url, "tells"), await connect(ctx.nats_url, "hears")
    tail = Tail(store)
    visible = asyncio.Event()
    kept = Hearing("bench_matter", NAME, MATTERS.hears, MATTERS.project, after=lambda _: visible.set())
    relay = Relay(NAME, store, Bus(telling), lambda end: tail.beyond(end, 1.0))
    works = [
        asyncio.create_task(tail.run()),
        asyncio.create_task(relay.run()),
        asyncio.create_task(Consumer(kept, heard.app_url, Bus(hearing)).run()),
    ]
    settle()
    raw = await asyncpg.connect(told.owner_url)
    await raw.execute("create table public.bench_one (id uuid primary key, body json not null)")
    insert = await raw.prepare("insert into public.bench_one values ($1, $2)")
    await Bus(telling).client.jetstream().add_stream(name="BENCH_ONE", subjects=["bench.one"])
    body = new_event(TENANTS[0], uuid4(), 1, uuid4()).body

    async def command() -> float:
        stream, id_ = uuid4(), uuid4()
        new = new_event(TENANTS[0], stream, 1, id_)
        visible.clear()
        verdict = await store.append(Append(TenantId(TENANTS[0]), id_, stream, 0, (new,), b"{}", new.leaf))
        began = time.perf_counter()
        tail.heard(verdict.position)
        await asyncio.wait_for(visible.wait(), 10)
        return time.perf_counter() - began

    async def publish() -> float:
        began = time.perf_counter()
        await telling.jetstream().publish("bench.one", body)
        return time.perf_counter() - began

    async def commit() -> float:
        began = time.perf_counter()
        await insert.fetch(uuid4(), body.decode())
        return time.perf_counter() - began

    for _ in range(20):
        await command()
    waits: dict[str, list[float]] = {"command": [], "publish": [], "commit": []}
    for _ in range(turns):
        for name, once in (("command", command), ("publish", publish), ("commit", commit)):
            for _ in range(each):
                waits[name].append(await once())
                await asyncio.sleep(random.uniform(0.005, 0.02))
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    await telling.jetstream().delete_stream("BENCH_ONE")
    await telling.jetstream().delete_stream(NAME.upper())
    await telling.close()
    await hearing.close()
    await raw.close()
    await store.close()
    limit = middle(waits["publish"]) + middle(waits["commit"])
    found = middle(waits["command"])
    return [
        Result("one publish, durable 一次发布", middle(waits["publish"]) * 1000, "ms"),
        Result("one insert and commit 一次提交", middle(waits["commit"]) * 1000, "ms"),
        Result("from commit to visible elsewhere 跨服务可见", found * 1000, "ms", found / limit, 4.0, ceiling=True),
        Result("… p99", percentile(waits["command"], 0.99) * 1000, "ms"),
    ]
