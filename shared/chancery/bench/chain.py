# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""What was decided is followed up: from the moment the minutes' commit is acknowledged to the moment the task is stored
and visible, and from a document's issue to its catalogue entry, both in the real services as processes of their own.

Set against one publish with a durable acknowledgement and one insert with its commit, as in ``latency``.
"""

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import asyncpg
from nats.aio.client import Client

from chancery.bench.context import Context, settle
from chancery.bench.filling import AT
from chancery.bench.report import Result, middle, percentile
from chancery.bus import Bus, Relay, connect
from chancery.envelope import Meta, PackRef, Standing, leaf_hash
from chancery.events.base import Event, encode
from chancery.events.document import DocumentIssued
from chancery.events.meeting import MinutesIssued
from chancery.events.parts import Decision
from chancery.launch.house import House
from chancery.names import PersonId, TenantId
from chancery.store.api import Append, NewEvent
from chancery.store.store import PostgresStore
from chancery.web.beside import Tail

TENANT = "hongkou"
PACK = PackRef("hongkou-2022", "2022.1")
DAY = date(2022, 3, 1)
SECONDS = 20.0


def minutes(id_: UUID) -> MinutesIssued:
    decision = Decision(
        no=1,
        item_id=uuid4(),
        matter_id=uuid4(),
        title="某某路改造",
        kind=None,
        outcome="adopted",
        text="由承办单位抓好落实。",
        lead="construction_bureau",
    )
    return MinutesIssued(
        minutes_id=id_,
        sitting_id=uuid4(),
        body="special",
        series="2022",
        number=1,
        sitting_on=DAY,
        closed_at=AT,
        decisions=(decision,),
        issued_at=AT + timedelta(days=50),
        issued_on=DAY,
    )


def document(id_: UUID) -> DocumentIssued:
    return DocumentIssued(
        document_id=id_,
        matter_id=uuid4(),
        kind="normative_document",
        title="某某路改造办法",
        number=f"虹府发〔2022〕{secrets.randbelow(10**6)}号",
        in_name_of="district_government",
        lead_unit="construction_bureau",
        attribute="proactive",
        signed_on=DAY,
        issued_on=DAY,
        issued_at=AT + timedelta(days=50),
    )


def stored(event: Event, stream: UUID, command: UUID, at: datetime) -> NewEvent:
    meta = Meta(uuid4(), Standing(PersonId("clerk_a")), stream, pack=PACK).to_json()
    body, name, schema = encode(event), event.event_name, event.event_version
    return NewEvent(name, schema, body, meta, at, leaf_hash(TENANT, stream, 1, name, schema, body, meta, at, command))


class Telling:
    """One service that tells, as its own process would: a store, and the relay beside it."""

    def __init__(self, name: str, store: PostgresStore, bus: Bus) -> None:
        self.store = store
        self.tail = Tail(store)
        relay = Relay(name, store, bus, lambda end: self.tail.beyond(end, 1.0))
        self.works = [asyncio.create_task(self.tail.run()), asyncio.create_task(relay.run())]

    async def tell(self, event: Event) -> float:
        """Store it; the moment at which the commit was acknowledged."""
        stream, command = uuid4(), uuid4()
        new = stored(event, stream, command, AT + timedelta(days=50))
        verdict = await self.store.append(Append(TenantId(TENANT), command, stream, 0, (new,), b"{}", new.leaf))
        began = time.perf_counter()
        self.tail.heard(verdict.position)
        return began


async def there(connection: "asyncpg.Connection[asyncpg.Record]", stream: UUID, began: float) -> float:
    """How long it took until a stream has its first event: it is committed together with the read models."""
    end = began + SECONDS
    while time.perf_counter() < end:
        if await connection.fetchval("select 1 from kernel.event where stream = $1", stream) is not None:
            return time.perf_counter() - began
        await asyncio.sleep(0.0005)
    raise TimeoutError(f"{stream} did not come within {SECONDS:g} s")


async def run(ctx: Context) -> list[Result]:
    turns, each = (3, 20) if ctx.quick else (8, 50)
    async with AsyncExitStack() as stack:
        client = await connect(ctx.nats_url, "chain")
        stack.push_async_callback(client.close)
        tellers: dict[str, Telling] = {}
        for name in ("meeting", "document"):
            database = await ctx.database(name)
            store = await PostgresStore.open(name, database.app_url, database.relay_url)
            stack.push_async_callback(store.close)
            tellers[name] = Telling(name, store, Bus(client))
        house = House(
            ctx.folder / "chain",
            services=("attendance", "supervision", "disclosure"),
            prefix=f"chain_{secrets.token_hex(3)}_",
            external_postgres=ctx.admin_url,
            external_nats=ctx.nats_url,
        )
        await asyncio.to_thread(house.start)
        try:
            return await measured(ctx, house, tellers, Bus(client), turns, each)
        finally:
            await asyncio.to_thread(house.stop)
            for teller in tellers.values():
                for work in teller.works:
                    work.cancel()
                await asyncio.gather(*teller.works, return_exceptions=True)
            for name in ("meeting", "document", "attendance", "supervision", "disclosure", "bench_chain"):
                await _gone(client, name)


async def _gone(client: Client, name: str) -> None:
    for stream in await client.jetstream().streams_info():
        if str(stream.config.name).casefold() == name:
            await client.jetstream().delete_stream(str(stream.config.name))


async def measured(
    ctx: Context, house: House, tellers: dict[str, Telling], bus: Bus, turns: int, each: int
) -> list[Result]:
    tasks = await asyncpg.connect(house.databases["supervision"].owner_url)
    entries = await asyncpg.connect(house.databases["disclosure"].owner_url)
    raw = await asyncpg.connect((await ctx.database("eventlog")).owner_url)
    await raw.execute("create table public.bench_chain (id uuid primary key, body json not null)")
    insert = await raw.prepare("insert into public.bench_chain values ($1, $2)")
    await bus.client.jetstream().add_stream(name="BENCH_CHAIN", subjects=["bench.chain"])
    body = encode(minutes(uuid4()))

    async def task() -> float:
        id_ = uuid4()
        began = await tellers["meeting"].tell(minutes(id_))
        return await there(tasks, uuid5(id_, "task/1"), began)

    async def entry() -> float:
        id_ = uuid4()
        began = await tellers["document"].tell(document(id_))
        return await there(entries, uuid5(id_, "entry"), began)

    async def publish() -> float:
        began = time.perf_counter()
        await bus.client.jetstream().publish("bench.chain", body)
        return time.perf_counter() - began

    async def commit() -> float:
        began = time.perf_counter()
        await insert.fetch(uuid4(), body.decode())
        return time.perf_counter() - began

    ways: dict[str, Callable[[], Awaitable[float]]] = {
        "task": task,
        "entry": entry,
        "publish": publish,
        "commit": commit,
    }
    for _ in range(10):
        await task()
        await entry()
    settle()
    waits: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(turns):
        for name, once in ways.items():
            for _ in range(each):
                waits[name].append(await once())
                await asyncio.sleep(random.uniform(0.005, 0.02))
    for connection in (tasks, entries, raw):
        await connection.close()
    limit = middle(waits["publish"]) + middle(waits["commit"])
    task_, entry_ = middle(waits["task"]), middle(waits["entry"])
    return [
        Result("one publish, durable 一次发布", middle(waits["publish"]) * 1000, "ms"),
        Result("one insert and commit 一次提交", middle(waits["commit"]) * 1000, "ms"),
        Result("minutes issued to task visible 纪要至立项", task_ * 1000, "ms", task_ / limit, 4.0, ceiling=True),
        Result("… p99", percentile(waits["task"], 0.99) * 1000, "ms"),
        Result("document to catalogue entry 文件至目录", entry_ * 1000, "ms", entry_ / limit, 4.0, ceiling=True),
        Result("… p99", percentile(waits["entry"], 0.99) * 1000, "ms"),
    ]
