"""What several measurements begin with: a table full of a district's events, and the read model they make."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from chancery.envelope import Meta, Recorded, Standing, leaf_hash
from chancery.events.base import Event, encode
from chancery.events.meeting import EvidenceFiled, MatterFacts, MatterOpened
from chancery.events.parts import Evidence
from chancery.launch.postgres import ServiceDatabase
from chancery.names import PersonId, PostId
from chancery.service import Service
from chancery.store.api import NewEvent
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
