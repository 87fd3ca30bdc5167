# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""Hearing: the raw limit is the client library alone, fetching the same messages and acknowledging each.

Ours checks every hash and every position, decodes, projects, and commits rows and position together; in batches,
and one message at a time.
"""

import time
from collections.abc import Sequence

import asyncpg

from chancery.bench.context import Context, settle
from chancery.bench.filling import MATTERS, preload
from chancery.bench.relay import relay_into
from chancery.bench.report import Result, middle
from chancery.bus import Bus, Consumer, Hearing
from chancery.bus.streams import stream_name
from chancery.envelope import StoredEvent
from chancery.launch.postgres import ServiceDatabase

BATCH = 500


class Done(Exception):
    """All was heard."""


async def fetch_and_acknowledge(bus: Bus, name: str, many: int) -> float:
    """Messages a second that the client library fetches in batches and acknowledges one by one."""
    subscription = await bus.client.jetstream().pull_subscribe(f"evt.*.{name}.>", stream=stream_name(name))
    got = 0
    began = time.perf_counter()
    while got < many:
        messages = await subscription.fetch(BATCH, timeout=5)
        for message in messages:
            await message.ack()
        got += len(messages)
    await bus.client.flush()
    seconds = time.perf_counter() - began
    await subscription.unsubscribe()
    return got / seconds


async def hear(database: ServiceDatabase, bus: Bus, name: str, many: int, largest: int) -> float:
    """Events a second that a consumer takes in, from the first on."""
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("truncate public.bench_matter_v1, kernel.consumer")
    heard = 0

    def after(events: Sequence[StoredEvent]) -> None:
        nonlocal heard
        heard += len(events)
        if heard >= many:
            raise Done

    hearing = Hearing("bench_matter", name, MATTERS.hears, MATTERS.project, after=after)
    consumer = Consumer(hearing, database.app_url, bus, largest=largest)
    began = time.perf_counter()
    try:
        await consumer.run()
    except Done:
        seconds = time.perf_counter() - began
    else:
        raise RuntimeError("it ended by itself")
    position = await owner.fetchval("select pos from kernel.consumer")
    matters = await owner.fetchval("select count(*) from bench_matter")
    await owner.close()
    if position != heard or not matters:
        raise RuntimeError(f"{position} of {heard} events are in the table")
    return heard / seconds


async def run(ctx: Context) -> list[Result]:
    many, few, rounds = (10_000, 500, 3) if ctx.quick else (40_000, 2_000, 5)
    told = await ctx.database("meeting", "0001")
    await preload(told, many)
    heard = await ctx.database("document", "0001")
    await preload(heard, 0)
    settle()
    raw: list[float] = []
    batches: list[float] = []
    single: list[float] = []
    async with relay_into(told, ctx.nats_url, "bench", many) as bus:
        await fetch_and_acknowledge(bus, "bench", many)
        await hear(heard, bus, "bench", many, BATCH)
        for _ in range(rounds):
            raw.append(await fetch_and_acknowledge(bus, "bench", many))
            batches.append(await hear(heard, bus, "bench", many, BATCH))
            single.append(await hear(heard, bus, "bench", few, 1))
    of_raw = middle([one / other for one, other in zip(batches, raw, strict=True)])
    of_single = middle([one / other for one, other in zip(batches, single, strict=True)])
    return [
        Result("fetch and acknowledge alone 仅取消息并确认", middle(raw), "/s"),
        Result("heard, decoded, projected, committed 接收入库", middle(batches), "/s", of_raw, 0.6, 0.7),
        Result("… one at a time 逐条", middle(single), "/s"),
        Result("… in batches, of one at a time 批量与逐条之比", middle(batches), "/s", of_single, 20),
    ]
