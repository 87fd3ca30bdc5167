"""The store of one service in PostgreSQL."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chancery.envelope import StoredEvent
from chancery.names import TenantId
from chancery.store.api import Append, Loaded, Outcome, Page, Verdict
from chancery.store.appender import Appender, Connect, passes
from chancery.store.errors import StoreUnavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")
COLUMNS = "pos, tenant, stream, version, type, schema_version, body, meta, business_at, recorded_at, command_id, leaf"


def connector(url: str) -> Connect:
    """Opens connections to one address, the same way for everybody: its options (``sslmode`` and the like) are those
    of libpq, and of several hosts the one that takes writes is chosen."""

    async def connect() -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(url, timeout=5)

    return connect


def engine_of(url: str, size: int = 12) -> AsyncEngine:
    """An engine on the asyncpg driver, for queries: one pool for all that a service asks of its read models."""
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connector(url),
        pool_size=size,
        max_overflow=4,
        pool_timeout=10,
        pool_use_lifo=True,
    )


def stored(service: str, row: Any) -> StoredEvent:
    """A row of ``COLUMNS`` as the event it is."""
    return StoredEvent(
        service=service,
        position=row[0],
        tenant=row[1],
        stream=row[2],
        version=row[3],
        type=row[4],
        schema_version=row[5],
        body=row[6].encode(),
        meta=row[7].encode(),
        business_at=row[8],
        recorded_at=row[9],
        command_id=row[10],
        leaf=bytes(row[11]),
    )


@dataclass(slots=True)
class PostgresStore:
    """``EventStore`` on a database of the service's own.

    ``url`` is the application's role, ``relay_url`` the one that reads all tenants' events, for the relay and the
    feed. ``patience`` is how many seconds anything waits for a database that is away.
    """

    service: str
    url: str
    relay_url: str
    patience: float
    engine: AsyncEngine
    appender: Appender
    readers: "asyncpg.Pool[asyncpg.Record]"
    relay: "asyncpg.Pool[asyncpg.Record]"

    @classmethod
    async def open(
        cls, service: str, url: str, relay_url: str, *, largest: int = 256, patience: float = 10.0
    ) -> "PostgresStore":
        return cls(
            service=service,
            url=url,
            relay_url=relay_url,
            patience=patience,
            engine=engine_of(url),
            appender=Appender(connector(url), largest, patience),
            readers=await _pool(url, 8),
            relay=await _pool(relay_url, 3),
        )

    async def close(self) -> None:
        """Finish what was asked, then let every connection go."""
        await self.appender.close()
        self.readers.terminate()
        self.relay.terminate()
        await self.engine.dispose()

    async def append(self, append: Append) -> Verdict:
        return await self.appender.append(append)

    async def load(self, tenant: TenantId, stream: UUID, command_id: UUID | None = None) -> Loaded:
        query = "select * from kernel.load($1, $2, $3)"
        rows = await self._patiently(lambda: self.readers.fetch(query, tenant, stream, command_id))
        known: Verdict | None = None
        if rows and rows[0]["answer"] is not None:
            head = rows.pop(0)
            known = Verdict(Outcome.REPEATED, head[3], head[0], head["answer"].encode(), bytes(head["fingerprint"]))
        return Loaded(tuple(stored(self.service, row) for row in rows), known)

    async def read(self, after: int, limit: int, tenant: TenantId | None = None) -> Page:
        if tenant is None:
            query = f"select {COLUMNS} from kernel.event where lane = 0 and pos > $1 order by pos limit $2"
            rows = await self._patiently(lambda: self.relay.fetch(query, after, limit))
        else:
            query = "select * from kernel.read_tenant($1, $2, $3)"
            rows = await self._patiently(lambda: self.readers.fetch(query, tenant, after, limit))
        return Page(tuple(stored(self.service, row) for row in rows), await self.last_position())

    async def last_position(self) -> int:
        return int(await self._patiently(lambda: self.relay.fetchval("select kernel.last_position()")))

    async def listen(self, heard: Callable[[int], None]) -> Callable[[], Awaitable[None]]:
        """Call ``heard`` with the last position whenever a batch was committed; returns how to stop.

        A lost connection is opened anew; what was committed meanwhile is told by the next notice, or by a look at
        ``last_position`` now and then, which the listener owes anyway.
        """
        connect = connector(self.relay_url)
        connection = await self._patiently(connect)
        keeper = asyncio.create_task(_keep_listening(connection, connect, heard), name="listening")

        async def stop() -> None:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper

        return stop

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask again while the database is away, for as long as patience lasts. Reading twice harms nobody.

        Raises:
            StoreUnavailable: it stayed away.
        """
        end = asyncio.get_running_loop().time() + self.patience
        while True:
            try:
                return await ask()
            except Exception as error:
                if not passes(error):
                    raise
                if asyncio.get_running_loop().time() >= end:
                    raise StoreUnavailable(f"the database did not answer: {error!r}") from error
            await asyncio.sleep(0.05)


async def _keep_listening(
    connection: "asyncpg.Connection[asyncpg.Record]", connect: Connect, heard: Callable[[int], None]
) -> None:
    def on_notify(_: object, __: int, ___: str, payload: object) -> None:
        heard(int(str(payload)))

    try:
        while True:
            lost = asyncio.Event()
            try:
                if connection.is_closed():
                    connection = await connect()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                await connection.add_listener("kernel_events", on_notify)
                if not connection.is_closed():
                    await lost.wait()
            except Exception as error:
                if not passes(error):
                    raise
                log.debug("listening_lost", error=repr(error))
            await asyncio.sleep(0.2)
    finally:
        connection.terminate()


async def _pool(url: str, size: int) -> "asyncpg.Pool[asyncpg.Record]":
    return await asyncpg.create_pool(
        url, min_size=1, max_size=size, timeout=5, command_timeout=15, reset=_keep_as_it_is
    )


async def _keep_as_it_is(_: object) -> None:
    """These connections hold no state but the tenant, which ends with each read: no round trip on release."""
