"""The store of one service in PostgreSQL."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chancery.envelope import StoredEvent
from chancery.names import TenantId
from chancery.store.api import Append, Loaded, Outcome, Page, Verdict
from chancery.store.appender import LOST, Appender
from chancery.store.errors import StoreUnavailable

COLUMNS = "pos, tenant, stream, version, type, schema_version, body, meta, business_at, recorded_at, command_id, leaf"


def driver_url(url: str) -> str:
    """The address as SQLAlchemy wants it."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def engine_of(url: str, size: int = 12) -> AsyncEngine:
    """An engine on the asyncpg driver; one pool, one set of settings for all that a service does."""
    return create_async_engine(driver_url(url), pool_size=size, max_overflow=4, pool_pre_ping=False, pool_timeout=10)


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

    ``relay_url`` opens the connection that reads all tenants' events, for the relay and the feed.
    """

    service: str
    url: str
    relay_url: str
    engine: AsyncEngine
    appender: Appender
    readers: "asyncpg.Pool[asyncpg.Record]"
    relay: "asyncpg.Pool[asyncpg.Record]"

    @classmethod
    async def open(
        cls, service: str, url: str, relay_url: str, *, largest: int = 256, patience: float = 10.0
    ) -> "PostgresStore":
        engine = engine_of(url)

        async def connect() -> "asyncpg.Connection[asyncpg.Record]":
            return await asyncpg.connect(url, timeout=5, command_timeout=20)

        readers = await asyncpg.create_pool(url, min_size=1, max_size=8, command_timeout=15, reset=_no_reset)
        relay = await asyncpg.create_pool(relay_url, min_size=1, max_size=3, command_timeout=15, reset=_no_reset)
        return cls(service, url, relay_url, engine, Appender(connect, largest, patience), readers, relay)

    async def close(self) -> None:
        await self.appender.close()
        self.readers.terminate()
        self.relay.terminate()
        await self.engine.dispose()

    async def append(self, append: Append) -> Verdict:
        return await self.appender.append(append)

    async def load(self, tenant: TenantId, stream: UUID, command_id: UUID | None = None) -> Loaded:
        rows = await self._guarded(
            self.readers.fetch("select * from kernel.load($1, $2, $3)", tenant, stream, command_id)
        )
        known: Verdict | None = None
        if rows and rows[0]["answer"] is not None:
            head = rows.pop(0)
            known = Verdict(Outcome.REPEATED, head[3], head[0], head["answer"].encode(), bytes(head["fingerprint"]))
        return Loaded(tuple(stored(self.service, row) for row in rows), known)

    async def read(self, after: int, limit: int, tenant: TenantId | None = None) -> Page:
        if tenant is None:
            query = f"select {COLUMNS} from kernel.event where lane = 0 and pos > $1 order by pos limit $2"
            rows = await self._guarded(self.relay.fetch(query, after, limit))
        else:
            query = "select * from kernel.read_tenant($1, $2, $3)"
            rows = await self._guarded(self.readers.fetch(query, tenant, after, limit))
        return Page(tuple(stored(self.service, row) for row in rows), await self.last_position())

    async def last_position(self) -> int:
        found: int = await self._guarded(self.relay.fetchval("select kernel.last_position()"))
        return found

    async def listen(self, heard: Callable[[int], None]) -> Callable[[], Awaitable[None]]:
        """Call ``heard`` with the last position whenever a batch was committed; returns how to stop."""
        connection = await asyncpg.connect(self.relay_url, timeout=5)

        def on_notify(_: object, __: int, ___: str, payload: object) -> None:
            heard(int(str(payload)))

        await connection.add_listener("kernel_events", on_notify)

        async def stop() -> None:
            if not connection.is_closed():
                await connection.close(timeout=2)

        return stop

    async def _guarded(self, work: Awaitable[Any]) -> Any:
        try:
            return await work
        except LOST as error:
            raise StoreUnavailable(f"the database did not answer: {error!r}") from error
        except asyncpg.PostgresError as error:
            if error.sqlstate and error.sqlstate[:2] in ("57", "53", "08"):
                raise StoreUnavailable(f"the database did not answer: {error!r}") from error
            raise


async def _no_reset(connection: Any) -> None:
    """Connections of these pools hold no state but the tenant, which every read sets: no round trip on release."""
    await asyncio.sleep(0)
    _ = connection
