"""Parked events: looked at, tried again in order, or passed over for good with a reason."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
import structlog

from chancery.bus.consumer import Hearing, check_leaf
from chancery.envelope import from_cloudevent
from chancery.events.operations import DeadLetterRedriven, DeadLetterSkipped
from chancery.names import TenantId
from chancery.service import stream_of
from chancery.store.appender import LOST
from chancery.store.errors import OutdatedProcess
from chancery.store.writes import group_writes
from chancery.thing import Thing, Told

log = structlog.get_logger(__name__)

COLUMNS: Final = "consumer, source, pos, stream, event, cause, first, parked_at"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One parked event. ``first``: it could not be taken in; otherwise it waits behind one that could not."""

    consumer: str
    source: str
    position: int
    stream: UUID
    type: str
    cause: str
    first: bool
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class Redriven:
    """What went through, and what stopped it, if anything did."""

    stream: UUID
    positions: tuple[int, ...]
    stopped_by: str | None = None


LettersEvent = DeadLetterRedriven | DeadLetterSkipped
DEAD_LETTERS: Thing[None, LettersEvent] = Thing(
    "dead_letters", lambda _: None, lambda _, __: None, (DeadLetterRedriven, DeadLetterSkipped)
)


def letters_stream(tenant: TenantId, consumer: str, source: str, stream: UUID) -> UUID:
    """Where what operators did about one held stream is told."""
    return stream_of(tenant, "dead-letters", f"{consumer}/{source}/{stream}")


def tell(command: LettersEvent, _: None, __: object) -> Sequence[Told[LettersEvent]]:
    """What an operator did is an event like any other."""
    return [Told(command)]


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The parked events of one service; ``url`` is its database under the application role."""

    url: str
    hearings: Sequence[Hearing]

    def hearing(self, consumer: str, source: str) -> Hearing | None:
        return next((h for h in self.hearings if (h.name, h.source) == (consumer, source)), None)

    async def page(
        self, tenant: TenantId, after: tuple[str, str, int] = ("", "", 0), limit: int = 50
    ) -> list[DeadLetter]:
        """Parked events of a tenant, by consumer, source and position."""
        async with self._within(tenant) as connection:
            rows = await connection.fetch(
                f"select {COLUMNS} from kernel.dead_letter where tenant = $1 "
                "and (consumer, source, pos) > ($2, $3, $4) order by consumer, source, pos limit $5",
                tenant,
                *after,
                limit,
            )
        return [_letter(row) for row in rows]

    async def find(self, tenant: TenantId, consumer: str, source: str, position: int) -> DeadLetter | None:
        async with self._within(tenant) as connection:
            row = await connection.fetchrow(
                f"select {COLUMNS} from kernel.dead_letter "
                "where tenant = $1 and consumer = $2 and source = $3 and pos = $4",
                tenant,
                consumer,
                source,
                position,
            )
        return _letter(row) if row else None

    async def redrive(self, tenant: TenantId, hearing: Hearing, stream: UUID) -> Redriven:
        """Try a stream's parked events again, in order, until none is left or one still cannot be taken in.

        Each event, its writes and its leaving the dead letters are one transaction, so two operators at once do it
        once. Reactions run before it under their own command ids, so that trying again repeats nothing.
        """
        done: list[int] = []
        while True:
            async with self._within(tenant) as connection:
                row = await connection.fetchrow(
                    "select pos, event from kernel.dead_letter where consumer = $1 and source = $2 and tenant = $3 "
                    "and stream = $4 order by pos limit 1",
                    hearing.name,
                    hearing.source,
                    tenant,
                    stream,
                )
            if row is None:
                return Redriven(stream, tuple(done))
            try:
                again = await self._again(tenant, hearing, int(row[0]), str(row[1]))
            except LOST:
                raise
            except Exception as error:  # noqa: BLE001  it stays parked, with what stopped it this time
                await self._note(tenant, hearing, int(row[0]), repr(error)[:2000])
                log.warning("dead_letter_stays", consumer=hearing.name, position=row[0], error=repr(error))
                return Redriven(stream, tuple(done), repr(error)[:500])
            if again:
                done.append(int(row[0]))

    async def skip(self, tenant: TenantId, hearing: Hearing, position: int) -> None:
        """Pass over one parked event for good; the later ones of its stream wait to be redriven."""
        async with self._within(tenant) as connection:
            await self._leave(connection, tenant, hearing, position)

    async def _again(self, tenant: TenantId, hearing: Hearing, position: int, event: str) -> bool:
        """One parked event once more; False where somebody else was first."""
        stored = from_cloudevent(event.encode())
        check_leaf(stored)
        recorded = stored.recorded()
        if hearing.act is not None:
            await hearing.act(recorded)
        writes = [(1, str(tenant), write) for write in hearing.writes(recorded)] if hearing.writes is not None else []
        async with self._within(tenant) as connection:
            if not await self._leave(connection, tenant, hearing, position):
                return False
            if writes:
                groups = orjson.dumps(group_writes(writes), default=str).decode()
                await connection.execute("select kernel.write_rows($1::json)", groups)
        if hearing.after is not None:
            hearing.after((stored,))
        return True

    async def _leave(
        self, connection: "asyncpg.Connection[asyncpg.Record]", tenant: TenantId, hearing: Hearing, position: int
    ) -> bool:
        """Take it away; the listener waits at its own row meanwhile, so that it sees the stream held or free."""
        version = await connection.fetchval(
            "select version from kernel.consumer where name = $1 and source = $2 and lane = 0 for update",
            hearing.name,
            hearing.source,
        )
        if version != hearing.version:
            raise OutdatedProcess(f"{hearing.name}: the tables have another version than {hearing.version}")
        gone = await connection.execute(
            "delete from kernel.dead_letter where consumer = $1 and source = $2 and tenant = $3 and pos = $4",
            hearing.name,
            hearing.source,
            tenant,
            position,
        )
        return bool(gone == "DELETE 1")

    async def _note(self, tenant: TenantId, hearing: Hearing, position: int, cause: str) -> None:
        async with self._within(tenant) as connection:
            await connection.execute(
                "update kernel.dead_letter set cause = $5, first = true "
                "where consumer = $1 and source = $2 and tenant = $3 and pos = $4",
                hearing.name,
                hearing.source,
                tenant,
                position,
                cause.replace("\x00", ""),
            )

    @asynccontextmanager
    async def _within(self, tenant: TenantId) -> AsyncGenerator["asyncpg.Connection[asyncpg.Record]"]:
        """One transaction inside one tenant's wall."""
        connection = await asyncpg.connect(self.url, timeout=5, command_timeout=20)
        try:
            async with connection.transaction():
                await connection.execute("select set_config('chancery.tenants', $1::text[]::text, true)", [tenant])
                yield connection
        finally:
            await connection.close()


def _letter(row: Any) -> DeadLetter:
    event = orjson.loads(row[4])
    return DeadLetter(row[0], row[1], row[2], row[3], event["type"], row[5], row[6], row[7])
