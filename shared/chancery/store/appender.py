"""Commands that arrive while a commit runs share the next one: one connection, one statement, many callers."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson
import structlog

from chancery.store.api import Append, Outcome, Verdict
from chancery.store.errors import OutdatedProcess, PoisonedAppend, StoreUnavailable
from chancery.store.writes import RowKey, group_writes, keys_of

log = structlog.get_logger(__name__)

Connect = Callable[[], Awaitable["asyncpg.Connection[asyncpg.Record]"]]

STATEMENT = (
    "select cmd, outcome, version, pos, answer, fingerprint from kernel.append("
    "$1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::bytea[], $6::text[], $7::int[], $8::int[], $9::text[], "
    "$10::smallint[], $11::text[], $12::text[], $13::timestamptz[], $14::bytea[], $15::json, $16::json)"
)
LOST = (
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    OSError,
    TimeoutError,
)


@dataclass(slots=True)
class _Waiting:
    append: Append
    keys: set[RowKey]
    answer: asyncio.Future[Verdict]
    since: float


@dataclass(slots=True)
class Figures:
    """What the appender did, for the metrics."""

    commands: int = 0
    batches: int = 0
    retried_alone: int = 0
    reconnected: int = 0


@dataclass(slots=True)
class Appender:
    """The coalescing writer of one process. ``patience`` is how long a command waits for a lost database."""

    connect: Connect
    largest: int = 256
    patience: float = 10.0
    figures: Figures = field(default_factory=Figures)
    _waiting: deque[_Waiting] = field(default_factory=deque[_Waiting])
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _connection: "asyncpg.Connection[asyncpg.Record] | None" = None
    _statement: Any = None
    _closed: bool = False

    async def append(self, append: Append) -> Verdict:
        """Store one command; see ``EventStore.append`` for the errors."""
        if self._closed:
            raise StoreUnavailable("the store is closed")
        if not append.events:
            raise ValueError("a command that tells nothing is not appended")
        loop = asyncio.get_running_loop()
        if self._task is None:
            self._task = loop.create_task(self._work(), name="appender")
        future: asyncio.Future[Verdict] = loop.create_future()
        keys: set[RowKey] = {("", str(append.stream)), ("", append.tenant, str(append.command_id))}
        keys |= keys_of(append.tenant, append.writes)
        self._waiting.append(_Waiting(append, keys, future, loop.time()))
        self._wake.set()
        return await future

    async def close(self) -> None:
        """Finish what waits, then let the connection go."""
        self._closed = True
        self._wake.set()
        if self._task is not None:
            await self._task
        if self._connection is not None:
            await self._connection.close()

    async def _work(self) -> None:
        while True:
            if not self._waiting:
                if self._closed:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            batch = self._take()
            if batch:
                await self._store(batch)

    def _take(self) -> list[_Waiting]:
        """What gathered, one command a stream and a row, at most ``largest``; the rest keeps its order."""
        batch: list[_Waiting] = []
        held: list[_Waiting] = []
        touched: set[RowKey] = set()
        while self._waiting and len(batch) < self.largest:
            one = self._waiting.popleft()
            if one.answer.cancelled():
                continue
            if touched.isdisjoint(one.keys):
                batch.append(one)
            else:
                held.append(one)
            touched |= one.keys
        self._waiting.extendleft(reversed(held))
        return batch

    async def _store(self, batch: list[_Waiting]) -> None:
        try:
            verdicts = await self._write([one.append for one in batch])
        except asyncpg.PostgresError as error:
            if len(batch) == 1:
                _fail(batch[0], _named(error))
                return
            self.figures.retried_alone += len(batch)
            for one in batch:
                await self._store([one])
            return
        except LOST as error:
            for one in batch:
                _fail(one, StoreUnavailable(f"the database did not answer for {self.patience:g} s: {error!r}"))
            return
        except (ValueError, TypeError, OverflowError, asyncpg.InterfaceError) as error:
            # Something in one command that the driver cannot send: the others must not suffer.
            if len(batch) == 1:
                _fail(batch[0], PoisonedAppend(repr(error)))
                return
            for one in batch:
                await self._store([one])
            return
        self.figures.commands += len(batch)
        self.figures.batches += 1
        for one, verdict in zip(batch, verdicts, strict=True):
            if not one.answer.done():
                one.answer.set_result(verdict)

    async def _write(self, appends: Sequence[Append]) -> list[Verdict]:
        """Run the statement; a lost connection is opened anew and the batch repeated under the same command ids.

        Repeating is safe: a command that was stored before the connection broke answers ``repeated`` with its own
        answer, which is told as ``appended`` here, since this caller is its first.
        """
        arguments = _arguments(appends)
        end = asyncio.get_running_loop().time() + self.patience
        repeated = False
        while True:
            try:
                if self._connection is None:
                    self._connection = await self.connect()
                    self._statement = await self._connection.prepare(STATEMENT)
                rows = await self._statement.fetch(*arguments)
            except LOST as error:
                await self._drop()
                if isinstance(error, asyncpg.InterfaceError) and not _is_lost(error):
                    raise
                if asyncio.get_running_loop().time() > end:
                    raise
                repeated = True
                self.figures.reconnected += 1
                log.warning("store_connection_lost", error=repr(error))
                await asyncio.sleep(0.1)
            else:
                return [_verdict(row, repeated, append) for row, append in zip(_sorted(rows), appends, strict=True)]

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            connection.terminate()


def _is_lost(error: asyncpg.InterfaceError) -> bool:
    return "connection" in str(error)


def _sorted(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: row[0])


def _verdict(row: Any, repeated: bool, append: Append) -> Verdict:
    outcome = Outcome(row[1])
    if (
        repeated
        and outcome is Outcome.REPEATED
        and bytes(row[5]) == append.fingerprint
        and row[4].encode() == append.answer
    ):
        outcome = Outcome.APPENDED
    return Verdict(
        outcome=outcome,
        version=row[2],
        position=row[3],
        answer=row[4].encode() if row[4] is not None else append.answer,
        fingerprint=bytes(row[5]) if row[5] is not None else append.fingerprint,
    )


def _arguments(appends: Sequence[Append]) -> tuple[Any, ...]:
    events = [
        (index, append.expected + number, event)
        for index, append in enumerate(appends, 1)
        for number, event in enumerate(append.events, 1)
    ]
    groups = group_writes(
        (index, append.tenant, write) for index, append in enumerate(appends, 1) for write in append.writes
    )
    projections = {name: version for append in appends for name, version in append.projections}
    return (
        [a.tenant for a in appends],
        [a.command_id for a in appends],
        [a.stream for a in appends],
        [a.expected for a in appends],
        [a.fingerprint for a in appends],
        [a.answer.decode() for a in appends],
        [e[0] for e in events],
        [e[1] for e in events],
        [e[2].type for e in events],
        [e[2].schema_version for e in events],
        [e[2].body.decode() for e in events],
        [e[2].meta.decode() for e in events],
        [e[2].business_at for e in events],
        [e[2].leaf for e in events],
        orjson.dumps(groups, default=str).decode() if groups else None,
        orjson.dumps(projections).decode() if projections else None,
    )


def _named(error: asyncpg.PostgresError) -> Exception:
    """The store's own word for an error of the database."""
    if error.sqlstate == "CH001":
        return OutdatedProcess(str(error))
    return PoisonedAppend(f"{error.sqlstate}: {error}")


def _fail(one: _Waiting, error: Exception) -> None:
    if not one.answer.done():
        one.answer.set_exception(error)
