# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""A consumer hears one service's events in order, and keeps its own position with what it wrote of them.

Every message must be the next position. A batch, its writes and the position are one transaction, so the effect is
exactly once, whoever is killed. An event that cannot be taken in is parked with the later ones of its stream; others go
on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import asyncpg
import httpx
import orjson
import structlog
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.client import JetStreamContext

from chancery.bus.streams import Bus, BusAway, stream_name
from chancery.envelope import Recorded, StoredEvent, from_cloudevent, leaf_hash, to_cloudevent
from chancery.events.base import Event
from chancery.refusal import Fault
from chancery.store.appender import LOST
from chancery.store.writes import group_writes
from chancery.thing import Write

log = structlog.get_logger(__name__)


class Moved(Fault):
    """Another process of this service took the batch first."""


class Gap(Fault):
    """A message was not the next one: the subscription is opened anew."""


class Tampered(Fault):
    """An event's bytes do not give its leaf hash."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is done with heard events. Pure ``writes`` go into the transaction; ``act`` runs before it.

    ``hears`` are wire names; None: all. An act must be harmless when repeated.
    """

    name: str
    source: str
    hears: frozenset[str] | None = None
    writes: Callable[[Recorded[Event]], Sequence[Write]] | None = None
    act: Callable[[Recorded[Event]], Awaitable[None]] | None = None
    version: int = 1
    after: Callable[[Sequence[StoredEvent]], None] | None = None

    def wants(self, event: StoredEvent) -> bool:
        return self.hears is None or event.type in self.hears


class Feed(Protocol):
    """The source's own log, read over REST while the bus is away."""

    async def read(self, after: int, limit: int, wait: float) -> Sequence[StoredEvent]: ...


@dataclass(slots=True)
class HttpFeed:
    """``GET /v1/events`` of the source: the same events under the same numbers."""

    address: str
    token: Callable[[], str]
    client: httpx.AsyncClient

    async def read(self, after: int, limit: int, wait: float) -> Sequence[StoredEvent]:
        try:
            answer = await self.client.get(
                f"{self.address}/v1/events",
                params={"after": after, "limit": limit, "wait": wait},
                headers={"Authorization": f"Bearer {self.token()}"},
                timeout=wait + 10,
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise BusAway(f"the feed {self.address} does not answer: {error!r}") from error
        return tuple(from_cloudevent(part) for part in split_feed(answer.content))


def split_feed(body: bytes) -> list[bytes]:
    """The events of a feed's page with their bytes as they are, since the hash covers them."""
    events = orjson.loads(body)["events"]
    found: list[bytes] = []
    at = body.index(b"[") + 1
    for _ in events:
        depth, start, quoted, escaped = 0, body.index(b"{", at), False, False
        for place in range(start, len(body)):
            sign = body[place]
            if quoted:
                escaped, quoted = (not escaped and sign == 0x5C), not (sign == 0x22 and not escaped)
                continue
            if sign == 0x22:
                quoted = True
            elif sign == 0x7B:
                depth += 1
            elif sign == 0x7D:
                depth -= 1
                if not depth:
                    found.append(body[start : place + 1])
                    at = place + 1
                    break
    return found


@dataclass(slots=True)
class ConsumerState:
    """How far a consumer is, from where it reads, and what held it up last."""

    position: int = 0
    source: str = "bus"
    error: str | None = None


@dataclass(slots=True)
class Consumer:
    """One hearing at work. ``url`` is the service's database under its application role."""

    hearing: Hearing
    url: str
    bus: Bus
    feed: Feed | None = None
    largest: int = 500
    patience: float = 1.0
    status: ConsumerState = field(default_factory=ConsumerState)
    _connection: "asyncpg.Connection[asyncpg.Record] | None" = None
    _subscription: JetStreamContext.PullSubscription | None = None

    async def run(self) -> None:
        """Hear for ever; ends only by being cancelled."""
        try:
            while True:
                try:
                    await self._hear()
                except (Moved, Gap) as error:
                    log.debug("consumer_reopens", consumer=self.hearing.name, error=str(error))
                    await self._close_subscription()
                except (BusAway, NatsError, *LOST) as error:
                    self.status.error = repr(error)
                    await self._close_subscription()
                    await self._drop()
                    await asyncio.sleep(0.2)
                except asyncpg.PostgresError as error:
                    self.status.error = repr(error)
                    log.error("consumer_failed", consumer=self.hearing.name, error=repr(error))
                    await self._drop()
                    await asyncio.sleep(0.5)
        finally:
            await self._close_subscription()
            await self._drop()

    async def _hear(self) -> None:
        """From the position in the database on, until something is unclear."""
        self.status.position = await self._position()
        while True:
            events = await self._next()
            if not events:
                continue
            for number, event in enumerate(events, self.status.position + 1):
                if event.position != number:
                    raise Gap(f"{self.hearing.name}: wanted {number}, got {event.position}")
            await self.take(events)
            self.status.error = None

    # -- where events come from -----------------------------------------------

    async def _next(self) -> Sequence[StoredEvent]:
        """The next events; the bus first, the source's own log while the bus is away or short."""
        try:
            events = await self._from_bus()
        except (NatsError, BusAway, TimeoutError, OSError) as error:
            await self._close_subscription()
            if self.feed is None:
                raise BusAway(repr(error)) from error
            self.status.source = "feed"
            return await self.feed.read(self.status.position, self.largest, self.patience)
        self.status.source = "bus"
        return events

    async def _from_bus(self) -> Sequence[StoredEvent]:
        if self._subscription is None:
            name = stream_name(self.hearing.source)
            config = ConsumerConfig(
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=self.status.position + 1,
                ack_policy=AckPolicy.NONE,
                inactive_threshold=120,
                mem_storage=True,
                num_replicas=1,
                max_waiting=8,
            )
            if not self.bus.client.is_connected:
                raise BusAway("not connected")
            self._subscription = await self.bus.js.pull_subscribe(
                f"evt.*.{self.hearing.source}.>",
                stream=name,
                config=config,
                pending_msgs_limit=-1,
                pending_bytes_limit=-1,
            )
        try:
            messages = await self._subscription.fetch(self.largest, timeout=self.patience)
        except TimeoutError:
            if not self.bus.client.is_connected:
                raise BusAway("not connected") from None
            await self._check_end()
            return ()
        position = self.status.position
        return [event for event in (from_cloudevent(m.data) for m in messages) if event.position > position]

    async def _check_end(self) -> None:
        """Nothing came: if the stream does not even reach our position, it is being refilled or was made anew."""
        end = await self.bus.js.stream_info(stream_name(self.hearing.source))
        if end.state.last_seq < self.status.position:
            raise BusAway(f"the stream of {self.hearing.source} ends at {end.state.last_seq}, we are further")
        if end.state.last_seq > self.status.position:
            raise Gap("the stream went on without us")

    async def _close_subscription(self) -> None:
        subscription, self._subscription = self._subscription, None
        if subscription is not None and self.bus.client.is_connected:
            try:
                await subscription.unsubscribe()
            except (NatsError, OSError):
                log.debug("subscription_already_gone", consumer=self.hearing.name)

    # -- what is done with them ---------------------------------------------------

    async def take(self, events: Sequence[StoredEvent]) -> None:
        """Take a batch in, whole; where that fails, one by one, parking what cannot be taken in."""
        try:
            held = await self._held(events)
            if held:
                raise _OneByOne
            writes = await self._handle(events)
            await self._commit(events, writes)
        except (Moved, *LOST):
            raise
        except Exception as error:  # noqa: BLE001  whatever one event does, the others of the batch must go on
            if not isinstance(error, _OneByOne):
                log.warning("batch_failed", consumer=self.hearing.name, error=repr(error))
            for event in events:
                await self._take_alone(event)
        if self.hearing.after is not None:
            self.hearing.after(events)

    async def _take_alone(self, event: StoredEvent) -> None:
        held = await self._held((event,))
        if event.stream in held:
            await self._commit((event,), (), parked="waits behind an earlier event of its stream", first=False)
            return
        try:
            writes = await self._handle((event,))
            await self._commit((event,), writes)
        except (Moved, *LOST):
            raise
        except Exception as error:  # noqa: BLE001  parked with its cause, and seen by operators
            log.error("event_parked", consumer=self.hearing.name, position=event.position, error=repr(error))
            await self._commit((event,), (), parked=repr(error)[:2000], first=True)

    async def _handle(self, events: Sequence[StoredEvent]) -> list[tuple[int, str, Write]]:
        writes: list[tuple[int, str, Write]] = []
        for number, event in enumerate(events, 1):
            if not self.hearing.wants(event):
                continue
            check_leaf(event)
            recorded = event.recorded()
            if self.hearing.act is not None:
                await self.hearing.act(recorded)
            if self.hearing.writes is not None:
                writes += [(number, event.tenant, write) for write in self.hearing.writes(recorded)]
        return writes

    async def _commit(
        self,
        events: Sequence[StoredEvent],
        writes: Sequence[tuple[int, str, Write]],
        *,
        parked: str | None = None,
        first: bool = False,
    ) -> None:
        """One transaction: the position moves on from where we were, or nothing happens."""
        connection = await self._open()
        last = events[-1].position
        async with connection.transaction():
            tenants = sorted({event.tenant for event in events})
            await connection.execute("select set_config('chancery.tenants', $1::text[]::text, true)", tenants)
            moved = await connection.fetchval(
                "update kernel.consumer set pos = $3, heard_at = now() "
                "where name = $1 and source = $2 and lane = 0 and pos = $4 returning pos",
                self.hearing.name,
                self.hearing.source,
                last,
                events[0].position - 1,
            )
            if moved is None:
                raise Moved(f"{self.hearing.name} is not at {events[0].position - 1} any more")
            if writes:
                groups = orjson.dumps(group_writes(writes), default=str).decode()
                await connection.execute("select kernel.write_rows($1::json)", groups)
            if parked is not None:
                await connection.executemany(
                    "insert into kernel.dead_letter (consumer, source, pos, tenant, stream, event, cause, first) "
                    "values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
                    [
                        (
                            self.hearing.name,
                            self.hearing.source,
                            event.position,
                            event.tenant,
                            event.stream,
                            to_cloudevent(event).decode(),
                            parked,
                            first,
                        )
                        for event in events
                    ],
                )
        self.status.position = last

    async def _held(self, events: Sequence[StoredEvent]) -> set[Any]:
        """The streams of a batch that wait behind a parked event."""
        connection = await self._open()
        async with connection.transaction(readonly=True):
            tenants = sorted({event.tenant for event in events})
            await connection.execute("select set_config('chancery.tenants', $1::text[]::text, true)", tenants)
            rows = await connection.fetch(
                "select distinct stream from kernel.dead_letter "
                "where consumer = $1 and source = $2 and stream = any($3)",
                self.hearing.name,
                self.hearing.source,
                list({event.stream for event in events}),
            )
        return {row[0] for row in rows}

    async def _position(self) -> int:
        connection = await self._open()
        await connection.execute(
            "insert into kernel.consumer (name, source, version) values ($1, $2, $3) on conflict do nothing",
            self.hearing.name,
            self.hearing.source,
            self.hearing.version,
        )
        found: int = await connection.fetchval(
            "select pos from kernel.consumer where name = $1 and source = $2 and lane = 0",
            self.hearing.name,
            self.hearing.source,
        )
        return found

    async def _open(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self.url, timeout=5, command_timeout=20)
        return self._connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            connection.terminate()


class _OneByOne(Exception):
    """Some stream of the batch waits behind a parked event."""


def check_leaf(event: StoredEvent) -> None:
    """Hold an event's bytes against its hash.

    Raises:
        Tampered: they do not belong together.
    """
    found = leaf_hash(
        event.tenant,
        event.stream,
        event.version,
        event.type,
        event.schema_version,
        event.body,
        event.meta,
        event.business_at,
        event.command_id,
    )
    if found != event.leaf:
        raise Tampered(f"{event.service} {event.position}: the bytes do not give the hash they came with")
