# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""Relaying: the same relay against two servers, one that flushes every write before it acknowledges, one that does not.

What durability costs is what is asked here; for information, what the client library alone publishes.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from pathlib import Path

from chancery.bench.context import Context, settle
from chancery.bench.filling import preload
from chancery.bench.report import Result, middle
from chancery.bus import Bus, Relay, connect
from chancery.bus.streams import message_of, stream_name
from chancery.launch.nats import Nats
from chancery.launch.postgres import ServiceDatabase
from chancery.store.store import PostgresStore


async def fill_stream(database: ServiceDatabase, bus: Bus, name: str, many: int) -> float:
    """Events a second from the table into a new stream."""
    store = await PostgresStore.open(name, database.app_url, database.relay_url)
    done = asyncio.Event()

    async def wait(end: int) -> None:
        if end >= many:
            done.set()
        await asyncio.sleep(0.01)

    await bus.make_stream(name)
    began = time.perf_counter()
    task = asyncio.create_task(Relay(name, store, bus, wait).run())
    await done.wait()
    seconds = time.perf_counter() - began
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.close()
    if await bus.end_of(name) != many:
        raise RuntimeError("the stream is not the table")
    return many / seconds


async def relay_all(database: ServiceDatabase, nats_url: str, name: str, many: int) -> float:
    client = await connect(nats_url, name)
    rate = await fill_stream(database, Bus(client), name, many)
    await Bus(client).js.delete_stream(stream_name(name))
    await client.close()
    return rate


@contextlib.asynccontextmanager
async def relay_into(database: ServiceDatabase, nats_url: str, name: str, many: int) -> AsyncGenerator[Bus]:
    """A stream with all events in it; taken away afterwards."""
    client = await connect(nats_url, name)
    bus = Bus(client)
    await fill_stream(database, bus, name, many)
    yield bus
    await bus.js.delete_stream(stream_name(name))
    await client.close()


async def publish_all(database: ServiceDatabase, nats_url: str, name: str, many: int) -> float:
    """Messages a second that the client library publishes one by one, a thousand on their way; nothing is fenced."""
    store = await PostgresStore.open(name, database.app_url, database.relay_url)
    client = await connect(nats_url, name)
    await Bus(client).make_stream(name)
    messages = [message_of(event) for event in (await store.read(0, many)).events]
    js = client.jetstream(publish_async_max_pending=1000)
    began = time.perf_counter()
    for topic, body, headers in messages:
        await js.publish_async(topic, body, headers=headers)
    await js.publish_async_completed()
    seconds = time.perf_counter() - began
    await Bus(client).js.delete_stream(stream_name(name))
    await client.close()
    await store.close()
    return len(messages) / seconds


async def run(ctx: Context) -> list[Result]:
    many, rounds = (10_000, 3) if ctx.quick else (40_000, 5)
    database = await ctx.database("meeting", "0001")
    await preload(database, many)
    lazy = Nats(Path(ctx.folder) / "lazy", durable=False)
    await asyncio.to_thread(lazy.start)
    settle()
    durable: list[float] = []
    quick: list[float] = []
    try:
        await relay_all(database, ctx.nats_url, "warm", many)
        await relay_all(database, lazy.url, "warm", many)
        for number in range(rounds):
            quick.append(await relay_all(database, lazy.url, f"lazy{number}", many))
            durable.append(await relay_all(database, ctx.nats_url, f"durable{number}", many))
        alone = await publish_all(database, lazy.url, "alone", min(many, 10_000))
    finally:
        await asyncio.to_thread(lazy.stop)
    ratio = middle([one / other for one, other in zip(durable, quick, strict=True)])
    return [
        Result("relay, server flushes later 转发（延迟落盘）", middle(quick), "/s"),
        Result("relay, every acknowledgement durable 转发（落盘后确认）", middle(durable), "/s", ratio, 0.9),
        Result("client library alone, nothing durable or fenced 仅客户端库", alone, "/s"),
    ]
