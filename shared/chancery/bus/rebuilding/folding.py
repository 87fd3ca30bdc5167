"""A hand at work on a rebuild: it reads a page of a service's own events, folds it into rows, and writes these.

Pages are folded side by side, for that is decoding and arithmetic; they are written in their order, for a later page
may change a row of an earlier one.
"""

import asyncio
import contextlib
import gc
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import asyncpg
import orjson
from asyncpg.prepared_stmt import PreparedStatement

from chancery.bus.gathering import Gathering, Group, Shape
from chancery.bus.reading import LEAN, WHOLE, NotRead, of_row
from chancery.bus.rebuilding.tables import Connection, RebuildFailed, connected
from chancery.thing import Projection

CHUNK: Final = 500
"""How many events are worked on before what came and goes on the connections is looked after."""
EVENTS: Final = "select {} from kernel.event where lane = 0 and pos > $1 and pos <= $2 and type = any($3) order by pos"


class Hand(Protocol):
    """Whoever folds pages. A page is named by the position it begins after."""

    async def fold(self, after: int, upto: int) -> int:
        """Read and fold a page; how many events of it the projection hears.

        Raises:
            RebuildFailed: an event cannot be taken in.
        """
        ...

    async def write(self, after: int) -> None:
        """Write what was folded."""
        ...


async def fold(service: str, projection: Projection, rows: Sequence[Any]) -> list[Group]:
    """What a page of events comes to, each row once."""
    project, gathering = projection.project, Gathering()
    add = gathering.add
    for number, row in enumerate(rows, 1):
        try:
            for write in project(of_row(service, row)):
                add(row[1], write)
        except Exception as error:
            raise RebuildFailed(
                f"{projection.name}: the event at {row[0]} ({row[4]}) cannot be taken in: {error!r}"
            ) from error
        if number % CHUNK == 0:
            await asyncio.sleep(0)
    return gathering.end()


@dataclass(slots=True)
class Writer:
    """Writes rows into the new tables; ``tables`` says which they are, by logical name."""

    connection: Connection
    tables: Mapping[str, str]
    _statements: dict[Shape, "PreparedStatement[asyncpg.Record]"] = field(
        default_factory=dict[Shape, "PreparedStatement[asyncpg.Record]"]
    )

    async def write(self, groups: Sequence[Group]) -> None:
        for group in groups:
            statement = self._statements.get(group.shape)
            if statement is None:
                statement = self._statements[group.shape] = await self._statement(group.shape)
            await statement.fetch(orjson.dumps(group.rows, default=str).decode())

    async def _statement(self, shape: Shape) -> "PreparedStatement[asyncpg.Record]":
        table, op, columns, key = shape
        changes = [name for name in columns if name not in key]
        text: str = await self.connection.fetchval(
            "select kernel.row_writer($1, $2, $3, $4, $5)", self.tables[table], op, columns, changes, key
        )
        return await self.connection.prepare(text)


@dataclass(slots=True)
class Here:
    """The hand of this process. While one page is folded, another may be read and a third be written."""

    service: str
    projection: Projection
    reading: Connection
    writer: Writer
    _columns: str = LEAN
    _folded: dict[int, list[Group]] = field(default_factory=dict[int, list[Group]])
    _at_read: asyncio.Lock = field(default_factory=asyncio.Lock)
    _at_work: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def fold(self, after: int, upto: int) -> int:
        rows = await self._read(after, upto)
        async with self._at_work:
            try:
                groups = await fold(self.service, self.projection, rows)
            except NotRead:
                self._columns = WHOLE
                rows = await self._read(after, upto)
                groups = await fold(self.service, self.projection, rows)
        self._folded[after] = groups
        return len(rows)

    async def _read(self, after: int, upto: int) -> Sequence[Any]:
        async with self._at_read:
            return await self.reading.fetch(EVENTS.format(self._columns), after, upto, list(self.projection.hears))

    async def write(self, after: int) -> None:
        await self.writer.write(self._folded.pop(after))


@contextlib.asynccontextmanager
async def a_hand(
    service: str, projection: Projection, owner_url: str, tables: Mapping[str, str]
) -> AsyncGenerator[Here]:
    """A hand with connections of its own."""
    async with connected(owner_url) as reading, connected(owner_url) as writing:
        yield Here(service, projection, reading, Writer(writing, tables))


@contextlib.contextmanager
def uncollected() -> Generator[None]:
    """Pages come and go without cycles: the collector need not walk all that was imported again and again."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
