"""One service that tells and one that listens: real tables, a real bus, and the fold of the events to compare with."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from nats.aio.client import Client

from chancery.bus import Bus, Consumer, Hearing, Relay
from chancery.bus.consumer import Feed
from chancery.bus.dead_letters import DeadLetters
from chancery.bus.reader import Reader
from chancery.bus.relay import StreamDiffers
from chancery.bus.streams import stream_name
from chancery.envelope import Meta, Recorded, Standing, StoredEvent, from_cloudevent, leaf_hash
from chancery.events.base import Event, encode
from chancery.events.meeting import EvidenceFiled, MatterFacts, MatterOpened
from chancery.events.parts import Evidence
from chancery.launch.postgres import ServiceDatabase
from chancery.names import PersonId, TenantId
from chancery.store.api import Append, NewEvent, Outcome
from chancery.store.store import PostgresStore
from chancery.thing import Write
from document_svc.projections.heard_matters import HEARD_MATTERS

ROOT = Path(__file__).parents[2]
TENANTS = (TenantId("jia"), TenantId("yi"))
AT = datetime(2022, 1, 10, 1, 30, tzinfo=UTC)
HEARD = ("heard_matters", "heard_evidence")
NUL = "甲\x00事项"
"""A title that every table refuses."""


def new_event(event: Event, stream: UUID, version: int, tenant: str, command_id: UUID) -> NewEvent:
    meta = Meta(uuid4(), Standing(PersonId("tao")), stream).to_json()
    body = encode(event)
    leaf = leaf_hash(tenant, stream, version, event.event_name, event.event_version, body, meta, AT, command_id)
    return NewEvent(event.event_name, event.event_version, body, meta, AT, leaf)


def opened(stream: UUID, title: str = "甲事项") -> MatterOpened:
    facts = MatterFacts(title=title, lead_unit="office")
    return MatterOpened(matter_id=stream, facts=facts, opened_by="tao", opened_at=AT)


def filed(stream: UUID, word: str = "legality_review") -> EvidenceFiled:
    return EvidenceFiled(matter_id=stream, evidence=Evidence(evidence=word, given_on=date(2022, 1, 7)), filed_by="tao")


def append_of(stream: UUID, expected: int, told: Sequence[Event], tenant: TenantId = TENANTS[0]) -> Append:
    command_id = uuid4()
    events = tuple(new_event(event, stream, expected + n, tenant, command_id) for n, event in enumerate(told, 1))
    return Append(tenant, command_id, stream, expected, events, b"{}", b"asked")


def row_of(event: StoredEvent) -> tuple[Any, ...]:
    """Everything of an event that a copy of it must have."""
    return tuple(getattr(event, name) for name in StoredEvent.__slots__ if name != "service")


@dataclass
class Office:
    """``name`` is the service that tells; its stream has that name, so that each example has one of its own."""

    name: str
    store: PostgresStore
    told: ServiceDatabase
    heard: ServiceDatabase
    client: Client
    nats_url: str
    cured: bool = False
    versions: dict[UUID, int] = field(default_factory=dict[UUID, int])

    @property
    def bus(self) -> Bus:
        return Bus(self.client)

    # -- telling ------------------------------------------------------------

    async def tell(self, *told: Event, stream: UUID, tenant: TenantId = TENANTS[0]) -> int:
        """Store events of one stream; the position of the last."""
        expected = self.versions.get(stream, 0)
        verdict = await self.store.append(append_of(stream, expected, told, tenant))
        assert verdict.outcome is Outcome.APPENDED
        self.versions[stream] = verdict.version
        return verdict.position

    async def open(self, title: str = "甲事项", papers: int = 0, tenant: TenantId = TENANTS[0]) -> UUID:
        stream = uuid4()
        await self.tell(opened(stream, title), *(filed(stream) for _ in range(papers)), stream=stream, tenant=tenant)
        return stream

    async def open_many(self, many: int, papers: int = 1) -> list[UUID]:
        return list(await asyncio.gather(*(self.open(f"事项{n}", papers, TENANTS[n % 2]) for n in range(many))))

    # -- hearing ------------------------------------------------------------

    def hearing(self, name: str = "heard_matters") -> Hearing:
        return Hearing(name, self.name, HEARD_MATTERS.hears, self.project)

    def project(self, recorded: Recorded[Event]) -> Sequence[Write]:
        event = recorded.event
        if isinstance(event, MatterOpened) and event.facts.title.startswith("毒") and not self.cured:
            raise ValueError("a matter that nobody can take in")
        return HEARD_MATTERS.project(recorded)

    def consumer(self, feed: Feed | None = None, largest: int = 50) -> Consumer:
        return Consumer(self.hearing(), self.heard.app_url, self.bus, feed, largest, patience=0.2)

    def relay(self, largest: int = 50) -> Relay:
        async def wait(_: int) -> None:
            await asyncio.sleep(0.02)

        return Relay(self.name, self.store, self.bus, wait, largest)

    def letters(self) -> DeadLetters:
        return DeadLetters(self.heard.app_url, [self.hearing()])

    async def position(self) -> int:
        found = await self.of_heard("select pos from kernel.consumer where source = $1", self.name)
        return found[0][0] if found else 0

    async def parked(self) -> list[tuple[int, bool, str]]:
        query = "select pos, first, cause from kernel.dead_letter where source = $1 order by pos"
        return [tuple(row) for row in await self.of_heard(query, self.name)]

    async def of_heard(self, query: str, *values: Any) -> list[Any]:
        connection = await asyncpg.connect(self.heard.owner_url)
        try:
            return await connection.fetch(query, *values)
        finally:
            await connection.close()

    # -- three copies that must be one -----------------------------------------

    async def table(self) -> list[StoredEvent]:
        found: list[StoredEvent] = []
        while True:
            page = await self.store.read(len(found), 1000)
            found += page.events
            if len(page.events) < 1000:
                return found

    async def stream(self) -> list[StoredEvent]:
        """What the bus holds, read as a listener would, with the sequence held against the position."""
        end = await self.bus.end_of(self.name)
        reader = Reader(self.bus, self.name)
        await reader.open(0)
        found: list[StoredEvent] = []
        while len(found) < end:
            came = await reader.next(2.0)
            assert came, f"the stream gave {len(found)} of {end}"
            found += [from_cloudevent(part) for part in came]
        await reader.close()
        return found

    async def rows(self) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
        matters = await self.of_heard("select tenant, matter_id::text, title, lead_unit from heard_matters")
        papers = await self.of_heard("select tenant, matter_id::text, no, whole::text from heard_evidence")
        return {tuple(row) for row in matters}, {(*row[:3], _plain(row[3])) for row in papers}

    def fold(self, events: Sequence[StoredEvent]) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
        """What a listener must hold after these events, worked out without any of its code."""
        matters: set[tuple[Any, ...]] = set()
        papers: set[tuple[Any, ...]] = set()
        for event in events:
            body = orjson.loads(event.body)
            if event.type == MatterOpened.event_name:
                facts = body["facts"]
                matters.add((event.tenant, str(event.stream), facts["title"], facts["lead_unit"]))
            else:
                papers.add((event.tenant, str(event.stream), event.version, _plain(orjson.dumps(body["evidence"]))))
        return matters, papers

    async def agree(self, without: Callable[[StoredEvent], bool] = lambda _: False) -> int:
        """Table, stream and projection are one, event for event; how many events that are."""
        table = await self.table()
        assert [event.position for event in table] == list(range(1, len(table) + 1))
        assert [row_of(event) for event in await self.stream()] == [row_of(event) for event in table]
        assert await self.rows() == self.fold([event for event in table if not without(event)])
        return len(table)

    async def until_heard(self, patience: float = 30.0) -> None:
        last = await self.store.last_position()
        await until(self._heard_up_to(last), patience, f"{last} events are heard")

    def _heard_up_to(self, last: int) -> Callable[[], Any]:
        async def there() -> bool:
            return await self.position() >= last

        return there

    async def until_relayed(self, patience: float = 30.0) -> None:
        last = await self.store.last_position()

        async def there() -> bool:
            with contextlib.suppress(Exception):
                return await self.bus.end_of(self.name) >= last
            return False

        await until(there, patience, f"{last} events are relayed")

    def worker(self, kind: str) -> "subprocess.Popen[bytes]":
        """A relay or a consumer as a process of its own."""
        words = [sys.executable, "-m", "tests.bus.worker", kind, self.name]
        urls = [self.told.app_url, self.told.relay_url, self.heard.app_url, self.nats_url]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.Popen([*words, *urls], cwd=ROOT, env=env, stderr=subprocess.DEVNULL)


def _plain(text: str | bytes) -> bytes:
    return orjson.dumps(orjson.loads(text), option=orjson.OPT_SORT_KEYS)


async def until(there: Callable[[], Any], patience: float, what: str) -> None:
    end = time.monotonic() + patience
    while not await there():
        assert time.monotonic() < end, f"not within {patience:g} s: {what}"
        await asyncio.sleep(0.03)


@contextlib.asynccontextmanager
async def running(*works: Relay | Consumer) -> AsyncGenerator[list["asyncio.Task[None]"]]:
    """Relays and consumers at work until the block ends."""
    tasks = [asyncio.create_task(work.run()) for work in works]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError, StreamDiffers):
                await task


async def delete_stream(office: Office) -> None:
    await office.bus.js.delete_stream(stream_name(office.name))


def other(event: StoredEvent) -> StoredEvent:
    """The same place, another event in it."""
    return replace(event, body=event.body.replace("事项".encode(), "换了".encode()), leaf=bytes(32))
