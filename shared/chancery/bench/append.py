"""Appending: the raw limit is the driver alone, one insert a commit, the same bytes, as many callers, each with a
connection of its own.

Ours writes more per command: tenant, position, expected version, command identity with its answer, hash, and one row of
a read model. Both are measured in turns, medians count.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from chancery.bench.context import Context, settle
from chancery.bench.report import Result, middle, percentile
from chancery.desk import uuid7
from chancery.envelope import Meta, Standing, leaf_hash
from chancery.launch.postgres import ServiceDatabase
from chancery.names import PersonId, PostId, TenantId
from chancery.store.api import Append, NewEvent, Outcome
from chancery.store.store import PostgresStore
from chancery.thing import Upsert

TENANT = TenantId("bench")
TYPE = "meeting.agenda_submitted"
BODY = (
    '{"item_id":"0197a0f0-7b1c-7cc0-8000-000000000000","title":"关于某某路改造工程的议题","body":"executive",'
    '"sitting_on":"2022-01-19","submitted_by":"bureau_a","papers_due_on":"2022-01-12"}'
).encode()
AT = datetime(2022, 1, 10, 1, 30, tzinfo=UTC)
ANSWER = b'{"id":"0197a0f0-7b1c-7cc0-8000-000000000000","events":[{"type":"meeting.agenda_submitted"}]}'
LENGTH = 5
"""How many events a stream gets before its caller begins the next one."""

PREPARE = """
create table public.bench_raw (
  pos bigint generated always as identity primary key, tenant text not null, stream uuid not null,
  version integer not null, type text not null, schema_version smallint not null,
  body json not null, meta json not null,
  business_at timestamptz not null, recorded_at timestamptz not null default clock_timestamp(),
  command_id uuid not null, leaf bytea not null, unique (stream, version));
grant select, insert on public.bench_raw to "{app}";
create table public.bench_docket_v1 (
  tenant text not null, item_id uuid not null, title text not null, stage text not null, sitting_on date,
  changed_at timestamptz not null, primary key (tenant, item_id));
alter table public.bench_docket_v1 enable row level security;
create policy tenant on public.bench_docket_v1 to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
create view public.bench_docket with (security_invoker = true) as select * from public.bench_docket_v1;
grant select, insert, update, delete on public.bench_docket_v1, public.bench_docket to "{app}";
insert into kernel.projection (name, version) values ('bench_docket', 1);
"""
RAW = (
    "insert into public.bench_raw "
    "(tenant, stream, version, type, schema_version, body, meta, business_at, command_id, leaf) "
    "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
)
FILL = """
insert into kernel.event
  (pos, tenant, stream, version, type, schema_version, body, meta, business_at, recorded_at, command_id, leaf)
select p + i, $1, s.id, 1, $2, 1, $3, $4, $5, $5, s.id, sha256(s.id::text::bytea)
from kernel.last_position() p, generate_series(1, $6) i, lateral (select gen_random_uuid() as id where i > 0) s
"""
FOLLOW = """
insert into kernel.head (stream, tenant, version) select stream, tenant, version from kernel.event where version = 1
  on conflict do nothing;
insert into kernel.command (tenant, command_id, fingerprint, stream, last_version, last_pos, answer, at)
  select tenant, command_id, leaf, stream, version, pos, '{"a":1}', recorded_at from kernel.event where version = 1
  on conflict do nothing;
insert into public.bench_docket_v1 (tenant, item_id, title, stage, changed_at)
  select tenant, stream, 'x', 'listed', recorded_at from kernel.event where version = 1 on conflict do nothing;
analyze kernel.event, kernel.head, kernel.command, public.bench_docket_v1;
"""


@dataclass(slots=True)
class Run:
    """What one turn gave."""

    done: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list[float])

    @property
    def rate(self) -> float:
        return self.done / self.seconds


def meta() -> bytes:
    """A meta as a command of a clerk has it."""
    standing = Standing(PersonId("clerk_a"), PostId("office_clerk"))
    return Meta(uuid7(), standing, uuid7(), clauses=("C-1-1", "C-2-3"), rows=("agenda.papers_due",)).to_json()


def command(stream: UUID, version: int) -> Append:
    """One command with all it stores."""
    command_id, about = uuid7(), meta()
    leaf = leaf_hash(TENANT, stream, version, TYPE, 1, BODY, about, AT, command_id)
    row = {
        "item_id": stream,
        "title": "关于某某路改造工程的议题",
        "stage": "listed",
        "sitting_on": "2022-01-19",
        "changed_at": AT,
    }
    return Append(
        TENANT,
        command_id,
        stream,
        version - 1,
        (NewEvent(TYPE, 1, BODY, about, AT, leaf),),
        ANSWER,
        leaf,
        (Upsert("bench_docket", ("item_id",), row),),
        (("bench_docket", 1),),
    )


async def drive(callers: int, seconds: float, once: Callable[[int, UUID, int], Awaitable[None]]) -> Run:
    """``callers`` at a time call ``once(caller, stream, version)`` until the time is over."""
    run = Run()
    end = time.perf_counter() + seconds

    async def call(caller: int) -> None:
        while True:
            stream = uuid7()
            for version in range(1, LENGTH + 1):
                began = time.perf_counter()
                if began > end:
                    return
                await once(caller, stream, version)
                run.waits.append(time.perf_counter() - began)
                run.done += 1

    began = time.perf_counter()
    await asyncio.gather(*(call(caller) for caller in range(callers)))
    run.seconds = time.perf_counter() - began
    return run


@dataclass(slots=True)
class Rig:
    """Both ways to write, ready."""

    store: PostgresStore
    raw: "list[PreparedStatement[asyncpg.Record]]"
    connections: "list[asyncpg.Connection[asyncpg.Record]]"

    @classmethod
    async def open(cls, database: ServiceDatabase, callers: int) -> "Rig":
        owner = await asyncpg.connect(database.owner_url)
        await owner.execute(PREPARE.format(app=database.app_role))
        await owner.close()
        connections = [await asyncpg.connect(database.app_url) for _ in range(callers)]
        return cls(await PostgresStore.open("meeting", database.app_url, database.relay_url), [], connections)

    async def prepare(self) -> None:
        """To be called right before the first insert: a statement counts as running from here on."""
        self.raw = [await connection.prepare(RAW) for connection in self.connections]

    async def close(self) -> None:
        await self.store.close()
        for connection in self.connections:
            await connection.close()

    async def insert(self, caller: int, stream: UUID, version: int) -> None:
        command_id, about = uuid7(), meta()
        leaf = leaf_hash(TENANT, stream, version, TYPE, 1, BODY, about, AT, command_id)
        await self.raw[caller].fetch(
            TENANT, stream, version, TYPE, 1, BODY.decode(), about.decode(), AT, command_id, leaf
        )

    async def append(self, _: int, stream: UUID, version: int) -> None:
        verdict = await self.store.append(command(stream, version))
        if verdict.outcome is not Outcome.APPENDED:
            raise AssertionError(verdict)


async def fill(database: ServiceDatabase, events: int) -> None:
    """That many events more, with all that belongs to them, by the owner's hand."""
    owner = await asyncpg.connect(database.owner_url)
    for start in range(0, events, 100_000):
        count = min(100_000, events - start)
        await owner.execute(FILL, TENANT, TYPE, BODY.decode(), meta().decode(), AT, count)
    await owner.execute(FOLLOW)
    await owner.close()


@dataclass(slots=True)
class Turns:
    """Turns of ours, each between two of the raw limit, so that both meet the same neighbours on the machine."""

    rates: list[float] = field(default_factory=list[float])
    ratios: list[float] = field(default_factory=list[float])
    halves: list[float] = field(default_factory=list[float])
    tails: list[float] = field(default_factory=list[float])

    def add(self, ours: Run, limit: float) -> None:
        self.rates.append(ours.rate)
        self.ratios.append(ours.rate / limit)
        self.halves.append(percentile(ours.waits, 0.5))
        self.tails.append(percentile(ours.waits, 0.99))


async def run(ctx: Context) -> list[Result]:
    seconds, rounds = (0.4, 3) if ctx.quick else (1.0, 7)
    few, many = 10_000, 200_000 if ctx.quick else 1_000_000
    small, large = await ctx.database("meeting", "0001"), await ctx.database("meeting", "0001")
    rig, beside = await Rig.open(small, 256), await Rig.open(large, 32)
    await fill(small, few)
    await fill(large, many)
    await ctx.rest()
    settle()
    for one in (rig, beside):
        await one.prepare()
        await drive(32, 0.5, one.insert)
        await drive(32, 0.5, one.append)

    raw: dict[int, list[float]] = {32: [], 256: []}
    turns = {1: Turns(), 32: Turns(), 256: Turns()}
    grown: list[float] = []
    for _ in range(rounds):
        for callers, of in turns.items():
            beside_it = max(callers, 32)
            before = await drive(beside_it, seconds / 2, rig.insert)
            ours = await drive(callers, seconds, rig.append)
            after = await drive(beside_it, seconds / 2, rig.insert)
            raw[beside_it] += [before.rate, after.rate]
            of.add(ours, (before.rate + after.rate) / 2)
        first = await drive(32, seconds / 2, rig.append)
        other = await drive(32, seconds, beside.append)
        second = await drive(32, seconds / 2, rig.append)
        grown.append(other.rate / ((first.rate + second.rate) / 2))
    await rig.close()
    await beside.close()

    found = [
        Result(f"raw insert and commit, {callers} callers 原始插入", middle(rates), "/s")
        for callers, rates in raw.items()
    ]
    for callers, of in turns.items():
        bound, aim = {1: (None, None), 32: (1.2, 2.0), 256: (2.0, None)}[callers]
        name = f"{callers} callers" if callers > 1 else "1 caller"
        found += [
            Result(f"append, all in, {name} 完整写入", middle(of.rates), "/s", middle(of.ratios), bound, aim),
            Result(f"… p50, {name}", middle(of.halves) * 1000, "ms"),
            Result(
                f"… p99, against p50, {name}",
                middle(of.tails) * 1000,
                "ms",
                middle([tail / half for tail, half in zip(of.tails, of.halves, strict=True)]),
                5.0 if callers > 1 else None,
                ceiling=True,
            ),
        ]
    many_at_once = middle(turns[256].rates)
    found.append(
        Result(
            "append, 256 callers, against raw at 32 与32路原始插入之比",
            many_at_once,
            "/s",
            many_at_once / middle(raw[32]),
        )
    )
    growth = middle(grown)
    found.append(
        Result(f"append with {many:,} events stored, against {few:,} 存量对比", growth * 100, "%", growth, 0.8, 0.95)
    )
    return found
