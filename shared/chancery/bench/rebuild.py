"""Rebuilding: the raw limit is the driver alone, reading the same rows of the event table page by page.

Ours decodes every event, projects it, and writes the rows of a new table beside the one that serves, in a process of
its own whose memory is watched. Meanwhile commands are stored and the old table is read.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from chancery.bench.context import Context, settle
from chancery.bench.report import Result, middle, percentile
from chancery.bus import projections
from chancery.envelope import Meta, Recorded, Standing, leaf_hash
from chancery.events.base import Event, encode
from chancery.events.meeting import EvidenceFiled, MatterFacts, MatterOpened
from chancery.events.parts import Evidence
from chancery.launch.postgres import ServiceDatabase
from chancery.names import PersonId, PostId, TenantId
from chancery.service import Service
from chancery.store.api import Append, NewEvent
from chancery.store.store import PostgresStore
from chancery.thing import Patch, Projection, Upsert, Write

AT = datetime(2022, 1, 10, 1, 30, tzinfo=UTC)
LENGTH = 5
AT_ONCE = 2000
"""How many matters are on their way side by side: a district's, not a page's."""
TENANTS = tuple(f"bench-{number}" for number in range(8))
PREPARE = """
create table public.bench_matter_v1 (
  tenant text not null, matter_id uuid not null, title text not null, lead_unit text not null, papers integer not null,
  latest text, version integer not null, opened_at timestamptz not null, primary key (tenant, matter_id));
create index on public.bench_matter_v1 (tenant, opened_at, matter_id);
alter table public.bench_matter_v1 enable row level security;
create policy tenant on public.bench_matter_v1 to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
create view public.bench_matter with (security_invoker = true) as select * from public.bench_matter_v1;
grant select, insert, update, delete on public.bench_matter_v1, public.bench_matter to "{app}";
insert into kernel.projection (name, version) values ('bench_matter', 1);
"""
READ = (
    "select pos, tenant, stream, version, type, schema_version, body::text, meta::text, business_at, recorded_at "
    "from kernel.event where lane = 0 and pos > $1 and pos <= $2 order by pos"
)


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    """One row per matter, and how many papers lie on its file."""
    match recorded.event:
        case MatterOpened() as event:
            row: dict[str, Any] = {
                "matter_id": event.matter_id,
                "title": event.facts.title,
                "lead_unit": event.facts.lead_unit,
                "papers": 0,
                "version": recorded.version,
                "opened_at": event.opened_at,
            }
            return [Upsert("bench_matter", ("matter_id",), row)]
        case EvidenceFiled() as event:
            papers = {"papers": recorded.version - 1, "latest": event.evidence.evidence, "version": recorded.version}
            return [Patch("bench_matter", {"matter_id": event.matter_id}, papers)]
        case _:
            return []


MATTERS = Projection(
    "bench_matter", 1, ("bench_matter",), frozenset((MatterOpened.event_name, EvidenceFiled.event_name)), project
)
SERVICE = Service("meeting", "量度", "Bench", 0, projections=(MATTERS,), keeps_roster=False)


def event_of(stream: UUID, version: int) -> Event:
    if version == 1:
        facts = MatterFacts(
            title="关于某某路改造工程的议题", kind="normative_document", lead_unit="bureau_a", money=10**6
        )
        return MatterOpened(matter_id=stream, facts=facts, opened_by="clerk_a", opened_at=AT)
    evidence = Evidence(
        evidence="legality_review", by="bureau_b", given_on=date(2022, 1, 7), attrs={"result": "passed"}
    )
    return EvidenceFiled(matter_id=stream, evidence=evidence, filed_by="clerk_b")


def new_event(tenant: str, stream: UUID, version: int, command: UUID) -> NewEvent:
    standing = Standing(PersonId("clerk_a"), PostId("office_clerk"))
    meta = Meta(uuid4(), standing, stream, clauses=("C-1-1", "C-2-3"), rows=("agenda.papers_due",)).to_json()
    event = event_of(stream, version)
    body = encode(event)
    name, schema = event.event_name, event.event_version
    leaf = leaf_hash(tenant, stream, version, name, schema, body, meta, AT, command)
    return NewEvent(name, schema, body, meta, AT, leaf)


def rows(many: int) -> Iterator[tuple[Any, ...]]:
    """Events as rows, many streams side by side."""
    position = 0
    while True:
        streams = [(uuid4(), TENANTS[number % len(TENANTS)]) for number in range(AT_ONCE)]
        for version in range(1, LENGTH + 1):
            for stream, tenant in streams:
                position += 1
                if position > many:
                    return
                command = uuid4()
                new = new_event(tenant, stream, version, command)
                at = AT + timedelta(milliseconds=position)
                body, meta = new.body.decode(), new.meta.decode()
                yield (position, tenant, stream, version, new.type, 1, body, meta, AT, at, command, new.leaf)


async def preload(database: ServiceDatabase, many: int) -> None:
    """Events by COPY, their heads, and the table that serves, as if the service had written it."""
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(PREPARE.format(app=database.app_role))
    columns = ("pos", "tenant", "stream", "version", "type", "schema_version", "body", "meta")
    columns += ("business_at", "recorded_at", "command_id", "leaf")
    await owner.copy_records_to_table("event", schema_name="kernel", records=rows(many), columns=columns)
    await owner.execute(
        "insert into kernel.head (stream, tenant, version) select stream, tenant, max(version) from kernel.event "
        "group by 1, 2; "
        "insert into public.bench_matter_v1 (tenant, matter_id, title, lead_unit, papers, latest, version, opened_at) "
        "select e.tenant, e.stream, e.body->'facts'->>'title', e.body->'facts'->>'lead_unit', h.version - 1, "
        "case when h.version > 1 then 'legality_review' end, h.version, (e.body->>'opened_at')::timestamptz "
        "from kernel.event e join kernel.head h using (stream) where e.version = 1; "
        "analyze kernel.event; analyze kernel.head; analyze public.bench_matter_v1"
    )
    await owner.close()


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
    """The rebuild, in this process; tells its figures on the way out."""
    settle()
    done = await projections.rebuild(SERVICE, "bench_matter", owner_url)
    print(json.dumps({"events": done.events, "seconds": done.seconds, "peak_kb": peak_kb()}))


def peak_kb() -> int:
    """The most memory this process has had, not counting what its starter had."""
    lines = Path("/proc/self/status").read_text().splitlines()
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
