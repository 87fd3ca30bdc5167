"""Commands that arrive while a commit runs share the next one: one connection, one statement, many callers."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final, TypeAlias

import asyncpg
import orjson
import structlog
from asyncpg.prepared_stmt import PreparedStatement

from chancery.store.api import Append, Outcome, Verdict
from chancery.store.errors import OutdatedProcess, PoisonedAppend, StoreUnavailable
from chancery.store.writes import group_writes, shape_of

log = structlog.get_logger(__name__)

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Connect = Callable[[], Awaitable[Connection]]
Keys = frozenset[tuple[Any, ...]]

STATEMENT: Final = (
    "select cmd, outcome, version, pos, answer, fingerprint from kernel.append("
    # Numbers go as one text each: the driver looks at every element of an array anew.
    "$1::text[], $2::uuid[], $3::uuid[], $4::text::int[], $5::text::int[], $6::text::int[], $7::bytea[], $8::json[], "
    "$9::text::int[], $10::text::int[], $11::text[], $12::text::smallint[], $13::json[], $14::json[], "
    "$15::timestamptz[], $16::bytea[], $17::text[], $18::json[], $19::text[], $20::text[], $21::int[])"
)
LOST: Final = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    OSError,
    TimeoutError,
)
"""What a lost connection may look like."""
PASSING: Final = ("08", "53", "57", "25006", "40001", "40P01", "55P03")
"""SQLSTATEs, or their classes, of troubles that are the database's and may pass: connection, resources, shutdown,
a standby not yet promoted, locks."""


WORTH_SHARING: Final = 24
"""From how many waiting commands on two commits are better than one."""


def passes(error: Exception) -> bool:
    """Whether a trouble is the database's own and may be over soon, rather than the statement's."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state.startswith(PASSING) or isinstance(error, asyncpg.InvalidCachedStatementError)
    if isinstance(error, ValueError):  # what the driver cannot encode
        return False
    return isinstance(error, LOST)


@dataclass(slots=True, eq=False)
class _Waiting:
    append: Append
    keys: Keys
    answer: "asyncio.Future[Verdict]"
    until: float


@dataclass(slots=True)
class Figures:
    """What the appender did, for the metrics."""

    commands: int = 0
    batches: int = 0
    retried_alone: int = 0
    reconnected: int = 0


@dataclass(slots=True)
class Appender:
    """The coalescing writer of one process.

    ``largest`` is the most commands in one commit, ``patience`` how many seconds a command waits for a database that
    is away, ``writers`` how many batches are on their way at once: while one is being committed, the next is made
    ready and sent.
    """

    connect: Connect
    largest: int = 256
    patience: float = 10.0
    writers: int = 2
    figures: Figures = field(default_factory=Figures)
    _waiting: deque[_Waiting] = field(default_factory=deque[_Waiting])
    _flying: set[tuple[Any, ...]] = field(default_factory=set[tuple[Any, ...]])
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: "list[asyncio.Task[None]]" = field(default_factory=list["asyncio.Task[None]"])
    _idle: int = 0
    _closed: bool = False

    async def append(self, append: Append) -> Verdict:
        """Store one command; see ``EventStore.append`` for the errors."""
        if self._closed:
            raise StoreUnavailable("the store is closed")
        if not append.events:
            raise ValueError("a command that tells nothing is not appended")
        loop = asyncio.get_running_loop()
        if not self._tasks:
            self._tasks = [loop.create_task(self._work(), name=f"appender-{n}") for n in range(self.writers)]
        answer: asyncio.Future[Verdict] = loop.create_future()
        keys: Keys = frozenset(((append.stream,), (append.tenant, append.command_id)))
        self._waiting.append(_Waiting(append, keys, answer, loop.time() + self.patience))
        self._wake.set()
        return await answer

    async def close(self) -> None:
        """Finish what waits, then let the connections go."""
        self._closed = True
        self._wake.set()
        await asyncio.gather(*self._tasks)

    async def _work(self) -> None:
        line = _Line(self.connect, self.patience)
        batch: list[_Waiting] = []
        try:
            while True:
                batch = self._take()
                if batch:
                    await self._store(line, batch)
                    self._land(batch)
                elif self._closed and not self._waiting:
                    return
                else:
                    self._wake.clear()
                    self._idle += 1
                    await self._wake.wait()
                    self._idle -= 1
        finally:
            self._land(batch)
            for one in batch:
                _fail(one, StoreUnavailable("the appender was stopped"))
            await line.close()

    def _take(self) -> list[_Waiting]:
        """What gathered, at most ``largest``; of one stream one command at a time, the others keep their order.

        Many are shared with a writer that has nothing to do: it makes its part ready while ours is committed.
        """
        batch: list[_Waiting] = []
        held: list[_Waiting] = []
        touched = set(self._flying)
        gathered = len(self._waiting)
        most = min(self.largest, gathered if gathered < WORTH_SHARING else -(-gathered // (1 + self._idle)))
        while self._waiting and len(batch) < most and len(held) < 4 * self.largest:
            one = self._waiting.popleft()
            if one.answer.cancelled():
                continue
            (batch if touched.isdisjoint(one.keys) else held).append(one)
            touched |= one.keys
        self._waiting.extendleft(reversed(held))
        for one in batch:
            self._flying |= one.keys
        return batch

    def _land(self, batch: Sequence[_Waiting]) -> None:
        for one in batch:
            self._flying -= one.keys
        if self._waiting or self._closed:
            self._wake.set()

    async def _store(self, line: "_Line", batch: Sequence[_Waiting]) -> None:
        """Store a batch and answer its callers; where the batch as such cannot be stored, one by one.

        A lost connection is opened anew and the batch repeated under the same command ids, which is safe: a command
        that was stored before the connection broke answers ``repeated`` with its own answer, and is told as
        ``appended`` here, since this caller is its first.
        """
        unsure = False
        trouble: Exception
        while True:
            try:
                verdicts = await line.write([one.append for one in batch], unsure=unsure)
            except Exception as error:  # noqa: BLE001  whatever it was, each caller is answered and others go on
                trouble = error
                if not passes(error):
                    break
                unsure = unsure or line.sent
                self.figures.reconnected += 1
                log.warning("store_does_not_answer", error=repr(error), commands=len(batch))
                away = StoreUnavailable(f"the database did not answer for {self.patience:g} s: {error!r}")
                await line.close()
                batch = self._still_patient(batch, away)
                if not batch:
                    return
                await asyncio.sleep(0.05)
            else:
                self.figures.commands += len(batch)
                self.figures.batches += 1
                for one, verdict in zip(batch, verdicts, strict=True):
                    if not one.answer.done():
                        one.answer.set_result(verdict)
                return
        if len(batch) == 1:
            _fail(batch[0], _named(trouble))
            return
        self.figures.retried_alone += len(batch)
        for one in batch:
            await self._store(line, [one])

    def _still_patient(self, batch: Sequence[_Waiting], away: StoreUnavailable) -> list[_Waiting]:
        """Those of a batch that still wait; the others, and those in the queue whose time is over, are told."""
        now = asyncio.get_running_loop().time()
        for one in (*batch, *self._waiting):
            if one.until <= now:
                _fail(one, away)
        return [one for one in batch if not one.answer.done()]


@dataclass(slots=True)
class _Line:
    """One long-lived connection with the statement prepared on it.

    ``sent`` says of the last write that it went out: only then may it have been stored without an answer.
    """

    connect: Connect
    patience: float
    sent: bool = False
    _connection: "Connection | None" = None
    _statement: "PreparedStatement[asyncpg.Record] | None" = None

    async def write(self, appends: Sequence[Append], *, unsure: bool) -> list[Verdict]:
        """One commit. ``unsure`` says that these commands may have been stored by an earlier try of ours."""
        self.sent = False
        arguments = columns_of(appends)
        if self._connection is None or self._statement is None or self._connection.is_closed():
            self._connection = await self.connect()
            self._statement = await self._connection.prepare(STATEMENT)
        self.sent = True
        rows = await self._statement.fetch(*arguments, timeout=self.patience)
        if rows[0][0] == 0:
            return _all_appended(appends, rows[0][3])
        return [_verdict(row, append, unsure=unsure) for row, append in zip(rows, appends, strict=True)]

    async def close(self) -> None:
        connection, self._connection, self._statement = self._connection, None, None
        if connection is not None and not connection.is_closed():
            connection.terminate()


def _all_appended(appends: Sequence[Append], position: int) -> list[Verdict]:
    """The verdicts of commands whose events came one after the other behind ``position``."""
    verdicts: list[Verdict] = []
    for append in appends:
        told = len(append.events)
        position += told
        verdicts.append(Verdict(Outcome.APPENDED, append.expected + told, position, append.answer, append.fingerprint))
    return verdicts


def _verdict(row: Any, append: Append, *, unsure: bool) -> Verdict:
    _, told, version, position, answer, fingerprint = row
    if answer is None:
        return Verdict(Outcome(told), version, position, append.answer, append.fingerprint)
    first = Verdict(Outcome(told), version, position, answer.encode(), bytes(fingerprint))
    own = unsure and first.answer == append.answer and first.fingerprint == append.fingerprint
    return Verdict(Outcome.APPENDED, version, position, first.answer, first.fingerprint) if own else first


def columns_of(appends: Sequence[Append]) -> tuple[Any, ...]:
    """The commands and their events as columns, as ``kernel.append`` takes them."""
    events = [event for append in appends for event in append.events]
    counts = [len(append.events) for append in appends]
    numbered = [*enumerate(appends, 1)]
    groups = group_writes((index, append.tenant, write) for index, append in numbered for write in append.writes)
    projections = {name: version for append in appends for name, version in append.projections}
    return (
        [a.tenant for a in appends],
        [a.command_id for a in appends],
        [a.stream for a in appends],
        _numbers([a.expected for a in appends]),
        _numbers(counts),
        _numbers(accumulate(counts)),
        [a.fingerprint for a in appends],
        [a.answer.decode() for a in appends],
        _numbers([index for index, a in numbered for _ in a.events]),
        _numbers([a.expected + number for a in appends for number in range(1, len(a.events) + 1)]),
        [e.type for e in events],
        _numbers([e.schema_version for e in events]),
        [e.body.decode() for e in events],
        [e.meta.decode() for e in events],
        [e.business_at for e in events],
        [e.leaf for e in events],
        [shape_of(group) for group in groups],
        [orjson.dumps({name: part for name, part in group.items() if name != "rows"}).decode() for group in groups],
        [orjson.dumps(group["rows"], default=str).decode() for group in groups],
        list(projections),
        list(projections.values()),
    )


def _numbers(numbers: Iterable[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


def _named(error: Exception) -> Exception:
    """The store's own word for what one command met."""
    if isinstance(error, asyncpg.PostgresError) and error.sqlstate == "CH001":
        return OutdatedProcess(str(error))
    if isinstance(error, asyncpg.PostgresError):
        return PoisonedAppend(f"{error.sqlstate}: {error}")
    return PoisonedAppend(repr(error))


def _fail(one: _Waiting, error: Exception) -> None:
    if not one.answer.done():
        one.answer.set_exception(error)
