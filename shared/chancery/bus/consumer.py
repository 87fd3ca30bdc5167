"""A consumer hears one service's events in order, and keeps its own position with what it wrote of them.

Every message must be the next position. A batch, its writes and the position are one transaction, so the effect is
exactly once, whoever is killed. An event that cannot be taken in is parked with the later ones of its stream; others go
on.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg
import httpx
import orjson
import structlog
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from chancery.bus.gathering import Gathering
from chancery.bus.reader import Gap, Reader
from chancery.bus.reading import of_stored
from chancery.bus.streams import Bus, BusAway, still_wanted
from chancery.envelope import Recorded, StoredEvent, from_cloudevent, leaf_hash, to_cloudevent
from chancery.events.base import Event
from chancery.refusal import Fault
from chancery.store.appender import LOST, passes
from chancery.store.errors import OutdatedProcess, StoreUnavailable
from chancery.thing import Write

log = structlog.get_logger(__name__)

HEAR: Final = "select kernel.hear($1, $2, $3, $4, $5, $6::text[], $7::uuid[], $8::uuid[], $9::json, $10::json)"
NOT_THERE: Final = ("42P01", "42883", "42501", "3F000")
"""SQLSTATEs of a database that does not suit this code (no such table, function, right): no event is to blame."""
WAITS: Final = "waits behind an earlier event of its stream"
MANY: Final = 20
"""Of how many events on it is worth while to store a batch beside the making of the next."""
LOOK_AT_END: Final = 5
"""After how many quiet turns the stream's end is looked at."""


class Moved(Fault):
    """Another process of this service took the batch first."""


class Tampered(Fault):
    """An event's bytes do not give its leaf hash."""


class Doubtful(Fault):
    """What the bus gave at a position cannot be what the source told; the source itself is asked."""

    def __init__(self, position: int, cause: str) -> None:
        super().__init__(f"at {position}: {cause}")
        self.position = position


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
        try:
            return tuple(from_cloudevent(part) for part in split_feed(answer.content))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BusAway(f"the feed {self.address} answers something else: {error!r}") from error


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
class _Batch:
    """What comes of a batch: writes of the events that can be taken in, and the parked ones with their causes.

    ``groups`` are the writes as the database takes them.
    """

    writes: list[tuple[str, Write]] = field(default_factory=list[tuple[str, Write]])
    parked: list[tuple[StoredEvent, str, bool]] = field(default_factory=list[tuple[StoredEvent, str, bool]])
    free: set[UUID] = field(default_factory=set[UUID])
    held: set[UUID] = field(default_factory=set[UUID])
    groups: str | None = None

    def write_out(self) -> None:
        if self.groups is None and self.writes:
            self.groups = _groups(self.writes)


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
    _reader: Reader | None = None
    _ahead: int = 0
    _quiet: int = 0
    _doubted: int = 0

    async def run(self) -> None:
        """Hear for ever; ends only by being cancelled."""
        try:
            while True:
                still_wanted()
                try:
                    await self._hear()
                except (Moved, Gap) as error:
                    log.debug("consumer_reopens", consumer=self.hearing.name, error=str(error))
                    await self._close_reader()
                except Doubtful as error:
                    await self._doubt(error)
                except (BusAway, NatsError, StoreUnavailable, OutdatedProcess, *LOST) as error:
                    self._failed(error)
                    await self._close_reader()
                    await self._drop()
                    await asyncio.sleep(1.0 if isinstance(error, OutdatedProcess) else 0.2)
                except asyncpg.PostgresError as error:
                    self._failed(error)
                    await self._drop()
                    await asyncio.sleep(0.5)
        finally:
            await self._close_reader()
            await self._drop()

    async def _hear(self) -> None:
        """From the position in the database on, until something is unclear.

        While one batch is stored, the next is made ready, as far as that changes nothing anywhere.
        """
        self.status.position = self._ahead = await self._position()
        storing: asyncio.Task[None] | None = None
        try:
            while True:
                still_wanted()
                if storing is not None:
                    if self._reader is not None:
                        await self._reader.fill(storing)
                    if self._reader is None or storing.done():
                        await storing
                        storing = None
                events = await self._next()
                if not events:
                    continue
                for number, event in enumerate(events, self._ahead + 1):
                    if event.position != number:
                        raise Gap(f"{self.hearing.name}: wanted {number}, got {event.position}")
                many = self.hearing.act is None and len(events) >= MANY
                ready = await self._made_ready(events) if many else None
                if storing is not None:
                    await storing
                    storing = None
                self._ahead = events[-1].position
                if many:
                    storing = asyncio.create_task(self.take(events, ready))
                    await asyncio.sleep(0)
                else:
                    await self.take(events)
                self.status.error = None
        except asyncio.CancelledError:
            if storing is not None:
                storing.cancel()
                await asyncio.gather(storing, return_exceptions=True)
            raise
        except Exception:
            if storing is not None:
                await storing  # what holds this batch up comes before what is wrong with the next
            raise

    def _failed(self, error: Exception) -> None:
        if self.status.error != repr(error):
            log.warning("consumer_waits", consumer=self.hearing.name, source=self.hearing.source, error=repr(error))
        self.status.error = repr(error)

    async def _doubt(self, error: Doubtful) -> None:
        """The bus is not believed at one position: the source says what it told, or nothing goes on."""
        log.error("bus_not_believed", consumer=self.hearing.name, source=self.hearing.source, error=str(error))
        self.status.error = str(error)
        self._doubted = error.position
        await self._close_reader()
        if self.feed is None:
            await asyncio.sleep(1.0)

    # -- where events come from -----------------------------------------------

    async def _next(self) -> Sequence[StoredEvent]:
        """The next events; the bus first, the source's own log while the bus is away, short, or not believed."""
        if self.feed is None or self._ahead >= self._doubted:
            try:
                events = await self._from_bus()
            except (NatsError, BusAway, TimeoutError, OSError) as error:
                await self._close_reader()
                if self.feed is None:
                    raise BusAway(repr(error)) from error
            else:
                self.status.source = "bus"
                return events
        self.status.source = "feed"
        doubted = self._doubted - self._ahead
        limit = min(self.largest, doubted) if doubted > 0 else self.largest
        return await self.feed.read(self._ahead, limit, self.patience)

    async def _from_bus(self) -> Sequence[StoredEvent]:
        reader = self._reader
        if reader is None:
            reader = Reader(self.bus, self.hearing.source, self.largest)
            await reader.open(self._ahead)
            self._reader, self._quiet = reader, 0
            await self._look_at_end()
        came = await reader.next(self.patience)
        if not came:
            self._quiet += 1
            if self._quiet % LOOK_AT_END == 0:
                await self._look_at_end()
            return ()
        self._quiet = 0
        events: list[StoredEvent] = []
        for number, part in enumerate(came, self._ahead + 1):
            try:
                events.append(from_cloudevent(part))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                if not events:
                    raise Doubtful(number, f"not an event: {error!r}") from error
                await self._close_reader()  # what follows is read again when these are taken in
                break
        return events

    async def _look_at_end(self) -> None:
        """If the stream does not even reach our position, it is being refilled or was made anew."""
        try:
            end = await self.bus.end_of(self.hearing.source)
        except NotFoundError as error:
            raise BusAway(f"there is no stream of {self.hearing.source}") from error
        if end < self._ahead:
            raise BusAway(f"the stream of {self.hearing.source} ends at {end}, we are at {self._ahead}")
        if end > self._ahead and self._quiet:
            raise Gap("the stream went on without us")

    async def _close_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            await reader.close()

    # -- what is done with them ---------------------------------------------------

    async def take(self, events: Sequence[StoredEvent], ready: _Batch | None = None) -> None:
        """Take a batch in, as far as it can be; park what cannot be, and what waits behind it.

        ``ready`` is what was made of it before, as if no stream were held.

        Raises:
            Moved: another process took it first; nothing was changed.
        """
        await self._take(events, ready)
        if self.hearing.after is not None:
            self.hearing.after(events)

    async def _take(self, events: Sequence[StoredEvent], ready: _Batch | None = None) -> None:
        held: set[UUID] = await self._held(events) if self.hearing.act is not None else set()
        while True:
            batch, ready = ready or await self._prepare(events, held), None
            try:
                verdict = await self._commit(events, batch)
            except (Moved, OutdatedProcess):
                raise
            except Exception as error:
                if passes(error) or getattr(error, "sqlstate", None) in NOT_THERE:
                    raise
                await self._take_apart(events, error)
                return
            if verdict == "heard":
                return
            held = await self._held(events)

    async def _take_apart(self, events: Sequence[StoredEvent], error: Exception) -> None:
        """The database refuses a batch: halves find the event, and that one is parked."""
        if len(events) > 1:
            log.warning("batch_refused", consumer=self.hearing.name, events=len(events), error=repr(error))
            half = len(events) // 2
            await self._take(events[:half])
            await self._take(events[half:])
            return
        event = events[0]
        log.error("event_parked", consumer=self.hearing.name, position=event.position, error=repr(error))
        await self._commit(events, _Batch(parked=[(event, repr(error)[:2000], True)]))

    async def _made_ready(self, events: Sequence[StoredEvent]) -> _Batch:
        batch = await self._prepare(events, set())
        with contextlib.suppress(Exception):  # what cannot be written out is found again, and parked, when it is taken
            batch.write_out()
        return batch

    async def _prepare(self, events: Sequence[StoredEvent], held: set[UUID]) -> _Batch:
        """Decode, act, project. What cannot be is parked, with the later events of its stream in this batch."""
        hearing, batch = self.hearing, _Batch()
        parked: set[UUID] = set()
        for event in events:
            if not hearing.wants(event):
                continue
            if event.stream in held or event.stream in parked:
                if event.stream not in parked:
                    batch.held.add(event.stream)
                batch.parked.append((event, WAITS, False))
                continue
            batch.free.add(event.stream)
            try:
                check_leaf(event)
                recorded = of_stored(event)
                if hearing.act is not None:
                    await hearing.act(recorded)
                if hearing.writes is not None:
                    batch.writes += [(event.tenant, write) for write in hearing.writes(recorded)]
            except Exception as error:
                if isinstance(error, Tampered) and self.feed is not None and self.status.source == "bus":
                    raise Doubtful(event.position, str(error)) from error
                if isinstance(error, (StoreUnavailable, OutdatedProcess, *LOST)) and not isinstance(error, ValueError):
                    raise
                log.error("event_parked", consumer=hearing.name, position=event.position, error=repr(error))
                parked.add(event.stream)
                batch.parked.append((event, repr(error)[:2000], True))
        return batch

    async def _commit(self, events: Sequence[StoredEvent], batch: _Batch) -> str:
        """One transaction: the position moves on from where we were, or nothing happens."""
        hearing, connection = self.hearing, await self._open()
        batch.write_out()
        verdict: str = await connection.fetchval(
            HEAR,
            hearing.name,
            hearing.source,
            hearing.version,
            events[0].position - 1,
            events[-1].position,
            list({event.tenant for event in events}),
            list(batch.free),
            list(batch.held),
            batch.groups,
            _letters(batch.parked) if batch.parked else None,
        )
        if verdict == "moved":
            raise Moved(f"{hearing.name} is not at {events[0].position - 1} any more")
        if verdict == "outdated":
            raise OutdatedProcess(f"{hearing.name}: the tables have another version than {hearing.version}")
        if verdict == "heard":
            self.status.position = events[-1].position
        return verdict

    async def _held(self, events: Sequence[StoredEvent]) -> set[UUID]:
        """The streams of a batch that wait behind a parked event."""
        connection = await self._open()
        rows = await connection.fetch(
            "select kernel.held($1, $2, $3::text[], $4::uuid[])",
            self.hearing.name,
            self.hearing.source,
            list({event.tenant for event in events}),
            list({event.stream for event in events}),
        )
        return {UUID(int=row[0].int) for row in rows}

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


def _groups(writes: Sequence[tuple[str, Write]]) -> str:
    gathering = Gathering()
    for tenant, write in writes:
        gathering.add(tenant, write)
    return orjson.dumps([group.to_json() for group in gathering.end()], default=str).decode()


def _letters(parked: Sequence[tuple[StoredEvent, str, bool]]) -> str:
    rows: list[dict[str, Any]] = [
        {
            "pos": event.position,
            "tenant": event.tenant,
            "stream": event.stream,
            "event": to_cloudevent(event).decode(),
            "cause": cause.replace("\x00", ""),
            "first": first,
        }
        for event, cause, first in parked
    ]
    return orjson.dumps(rows).decode()


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
