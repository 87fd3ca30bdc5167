"""Whatever is told, while relays and listeners come and go and streams are lost or short: table, stream and projection
are one in the end, and exactly what nobody can take in is parked."""

# pyright: reportPrivateUsage=false
# The library tells nowhere that a message came: where it would hand it on, some are lost here.

import asyncio
import contextlib
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chancery.bus import Consumer, Relay, connect
from chancery.bus import consumer as consumers
from chancery.bus import relay as relays
from chancery.bus.client import ShortWay
from chancery.bus.streams import BusAway, Fenced, message_of
from chancery.launch.postgres import ServiceDatabase
from chancery.store.store import PostgresStore
from tests.bus.conftest import empty
from tests.bus.office import TENANTS, Office, delete_stream, filed

BAD = "毒事项"
Positions = Callable[[str], Awaitable[list[tuple[int, int]]]]
"""Of a source: from where to where its listener's position moved, each time."""


@dataclass(frozen=True)
class Step:
    """One thing that happens. ``which`` and ``size`` mean what the kind makes of them."""

    kind: str
    which: int
    size: int


KINDS = (
    "open",
    "open",
    "open_bad",
    "go_on",
    "go_on",
    "relay",
    "hear",
    "less_relay",
    "less_hearing",
    "lose",
    "cut",
    "drop",
    "twice",
    "rest",
)
steps = st.lists(
    st.builds(Step, st.sampled_from(KINDS), st.integers(0, 9), st.integers(1, 12)), min_size=3, max_size=16
)


@contextlib.asynccontextmanager
async def an_office(told: ServiceDatabase, heard: ServiceDatabase, url: str) -> AsyncGenerator[Office]:
    """Empty tables, and a stream that nobody else writes."""
    await empty(told, heard)
    name = f"t{secrets.token_hex(4)}"
    store = await PostgresStore.open(name, told.app_url, told.relay_url)
    client = await connect(url, f"test-{name}")
    try:
        yield Office(name, store, told, heard, client, url)
    finally:
        await client.close()
        await store.close()


@dataclass
class Wire:
    """What the way from the bus to a listener does to some of the messages to come, each after so many good ones.

    The bus promises a message at most once on that way, and the library may drop what comes too fast.
    """

    next: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    happened: Counter[str] = field(default_factory=Counter[str])

    def times(self) -> int:
        """How often the message that comes now arrives."""
        if not self.next:
            return 1
        good, what = self.next[0]
        if good:
            self.next[0] = (good - 1, what)
            return 1
        self.next.pop(0)
        self.happened[what] += 1
        return 0 if what == "drop" else 2


@dataclass
class History:
    """What has happened, and who is at work."""

    office: Office
    wire: Wire
    tenant_of: dict[UUID, int] = field(default_factory=dict[UUID, int])
    bad: set[UUID] = field(default_factory=set[UUID])
    relays: list["asyncio.Task[None]"] = field(default_factory=list["asyncio.Task[None]"])
    listeners: list["asyncio.Task[None]"] = field(default_factory=list["asyncio.Task[None]"])

    async def happen(self, step: Step) -> None:
        match step.kind:
            case "open" | "open_bad":
                tenant = step.which % 2
                title = BAD if step.kind == "open_bad" else "事项"
                stream = await self.office.open(title, step.size - 1, TENANTS[tenant])
                self.tenant_of[stream] = tenant
                if step.kind == "open_bad":
                    self.bad.add(stream)
            case "go_on":
                await self.go_on(step)
            case "relay":
                self.begin(self.office.relay(largest=step.size), self.relays)
            case "hear":
                self.begin(self.office.consumer(largest=step.size), self.listeners)
            case "less_relay":
                await end(self.relays[:1])
                del self.relays[:1]
            case "less_hearing":
                await end(self.listeners[:1])
                del self.listeners[:1]
            case "lose":
                await self.lose()
            case "cut":
                await self.cut(step.size)
            case "drop" | "twice":
                self.wire.next.append((step.which, step.kind))
            case _:
                await asyncio.sleep(step.size / 100)

    async def go_on(self, step: Step) -> None:
        if self.tenant_of:
            stream, tenant = list(self.tenant_of.items())[step.which % len(self.tenant_of)]
            await self.office.tell(*(filed(stream) for _ in range(step.size)), stream=stream, tenant=TENANTS[tenant])

    def begin(self, work: Relay | Consumer, among: list["asyncio.Task[None]"]) -> None:
        among.append(asyncio.create_task(work.run()))

    async def lose(self) -> None:
        with contextlib.suppress(Exception):  # it may not be there yet
            await delete_stream(self.office)

    async def cut(self, keep: int) -> None:
        """The stream comes back with its beginning only, unless a relay is there first."""
        await self.lose()
        kept = (await self.office.table())[:keep]
        with contextlib.suppress(Fenced, BusAway):
            await self.office.bus.make_stream(self.office.name)
            if kept:
                await self.office.bus.publish([message_of(event) for event in kept], 0)

    async def settle(self) -> None:
        """Somebody relays and somebody hears, until all is heard."""
        self.begin(self.office.relay(), self.relays)
        self.begin(self.office.consumer(), self.listeners)
        await self.office.until_relayed()
        await self.office.until_heard()

    async def close(self) -> None:
        works = [*self.relays, *self.listeners]
        self.relays.clear()
        self.listeners.clear()
        await end(works)


async def end(tasks: list["asyncio.Task[None]"]) -> None:
    """Stop in the middle of whatever it is. What ended by itself ended wrongly, and says why."""
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.fixture(scope="module")
def looks_often():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relays, "LOOK_EVERY", 0.1)
        patch.setattr(
            consumers, "MANY", 3
        )  # batches are small here, and shall be stored beside each other all the same
        yield


@pytest.fixture(scope="module")
def wire():
    """The wire between the bus and every listener of this process."""
    found, heard = Wire(), ShortWay._process_msg

    async def process(self: ShortWay, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        for _ in range(found.times() if reply.startswith(b"$JS.ACK.") else 1):
            await heard(self, sid, subject, reply, data, headers)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ShortWay, "_process_msg", process)
        yield found


WATCH = """
create table public.positions_seen (id bigserial, source text not null, was bigint not null, pos bigint not null);
create function public.see_position() returns trigger language plpgsql security definer as $$
begin
  insert into public.positions_seen (source, was, pos) values (new.source, old.pos, new.pos);
  return new;
end $$;
create trigger see_position after update on kernel.consumer for each row execute function public.see_position();
"""


@pytest.fixture(scope="module")
async def positions(heard: ServiceDatabase) -> AsyncGenerator[Positions]:
    """Every move of every listener's position, as the database itself saw it."""
    owner = await asyncpg.connect(heard.owner_url)
    await owner.execute(WATCH)

    async def of(source: str) -> list[tuple[int, int]]:
        rows = await owner.fetch("select was, pos from public.positions_seen where source = $1 order by id", source)
        return [(row[0], row[1]) for row in rows]

    yield of
    await owner.execute("drop trigger see_position on kernel.consumer")
    await owner.execute("drop function public.see_position; drop table public.positions_seen")
    await owner.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
@given(history=steps)
@example([Step("open", n, 9) for n in range(4)] + [Step("drop", 0, 1), Step("relay", 0, 9), Step("hear", 0, 5)])
@example([Step("open", n, 9) for n in range(4)] + [Step("drop", 7, 1), Step("relay", 0, 9), Step("hear", 0, 5)])
@example([Step("open", n, 9) for n in range(4)] + [Step("twice", 2, 1), Step("relay", 0, 9), Step("hear", 0, 5)])
@example(
    [Step("open", n, 9) for n in range(4)]
    + [Step("twice", 2, 1), Step("drop", 0, 1), Step("relay", 0, 9), Step("hear", 0, 12)]
)
@example(
    [Step("relay", 0, 12), *(Step("hear", 0, 2) for _ in range(3))]
    + [Step(kind, n, 9) for n in range(4) for kind in ("open", "rest")]
)
async def test_table_stream_and_projection_are_one_after_any_history(
    told: ServiceDatabase,
    heard: ServiceDatabase,
    nats_server: str,
    looks_often: None,
    wire: Wire,
    positions: Positions,
    history: list[Step],
) -> None:
    async with an_office(told, heard, nats_server) as office:
        wire.next.clear()
        happened = History(office, wire)
        try:
            for step in history:
                await happened.happen(step)
            await happened.settle()
            held = [event.position for event in await office.table() if event.stream in happened.bad]
            assert [position for position, _, _ in await office.parked()] == held
            wire.next.clear()
            await office.agree(without=lambda event: event.stream in happened.bad)
            moves = await positions(office.name)
            assert all(was < position for was, position in moves), moves
            assert [was for was, _ in moves] == [0, *(position for _, position in moves)][: len(moves)]
        finally:
            await happened.close()
