"""Filled anew from what others told, by a second listener beside the one in service."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import asyncpg
import structlog

from chancery.bus.consumer import Consumer, Feed, Hearing
from chancery.bus.rebuilding.tables import (
    NEW,
    SWITCHES,
    Connection,
    Kept,
    RebuildFailed,
    Table,
    forget_listener,
    make_ready,
    switch,
)
from chancery.bus.streams import Bus
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.operations import DeadLetterSkipped
from chancery.thing import Write

log = structlog.get_logger(__name__)

HEARD: Final = 500


@dataclass(slots=True)
class Heard:
    """A second listener under a name of its own fills the new table from the first event of each source.

    It takes in, parks and keeps its position like the first. Then the first is held at its row until the second has
    come as far, and position, dead letters and tables change hands together. Events that an operator passed over for
    good are passed over here too.
    """

    kept: Kept
    connection: Connection
    tables: Sequence[Table]
    owner_url: str
    bus: Bus
    feeds: Mapping[str, Feed]
    page: int
    say: Callable[[str, int], None]
    counted: dict[str, int] = field(default_factory=dict[str, int])

    async def run(self) -> tuple[Mapping[str, int], int, int]:
        await forget_listener(self.connection, self.kept.consumer + NEW)
        skipped = await self._skipped()
        works = [
            Consumer(
                self._hearing(source, skipped),
                self.owner_url,
                self.bus,
                self.feeds.get(source),
                min(self.page, HEARD),
                0.2,
            )
            for source in self.kept.sources
        ]
        tasks = _begin(works)
        try:
            await self._until(works, tasks, await self._live())
            await make_ready(self.connection, self.tables)
            for _ in range(SWITCHES):
                try:
                    return await self._finish(works, tasks)
                except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
                    log.info("switch_waits", projection=self.kept.projection.name, error=str(error))
                    await _end(tasks)
                    tasks = _begin(works)
                    await asyncio.sleep(0.2)
        finally:
            await _end(tasks)
        raise RebuildFailed(f"{self.kept.projection.name}: readers never let go of the old table")

    def _hearing(self, source: str, skipped: frozenset[tuple[str, int]]) -> Hearing:
        projection, new = self.kept.projection, {table.name: table.new for table in self.tables}

        def project(recorded: Recorded[Event]) -> Sequence[Write]:
            if (source, recorded.position) in skipped:
                return ()
            return [replace(write, table=new[write.table]) for write in projection.project(recorded)]

        return Hearing(self.kept.consumer + NEW, source, projection.hears, project, version=projection.version)

    async def _skipped(self) -> frozenset[tuple[str, int]]:
        rows = await self.connection.fetch(
            "select body->>'source', (body->>'position')::bigint from kernel.event "
            "where type = $1 and body->>'consumer' = $2",
            DeadLetterSkipped.event_name,
            self.kept.consumer,
        )
        return frozenset((row[0], row[1]) for row in rows)

    async def _live(self, *, hold: bool = False) -> dict[str, int]:
        """How far the listener in service is; held at its rows until the transaction ends, if wanted."""
        rows = await self.connection.fetch(
            "select source, pos from kernel.consumer where name = $1 and source = any($2) order by source"
            + (" for update" if hold else ""),
            self.kept.consumer,
            list(self.kept.sources),
        )
        return {row[0]: row[1] for row in rows}

    async def _until(
        self, works: Sequence[Consumer], tasks: Sequence["asyncio.Task[None]"], there: Mapping[str, int]
    ) -> None:
        """Wait until the second listener is as far as the first was."""
        still, seen = 0.0, -1
        while any(work.status.position < there.get(work.hearing.source, 0) for work in works):
            for work, task in zip(works, tasks, strict=True):
                if task.done():
                    task.result()
                self.say(work.hearing.source, work.status.position)
            now = sum(work.status.position for work in works)
            still, seen = (still + 0.02, seen) if now == seen else (0.0, now)
            if still > 30:
                errors = {work.hearing.source: work.status.error for work in works if work.status.error}
                raise RebuildFailed(f"{self.kept.projection.name} does not come on: {errors}")
            await asyncio.sleep(0.02)

    async def _finish(
        self, works: Sequence[Consumer], tasks: Sequence["asyncio.Task[None]"]
    ) -> tuple[Mapping[str, int], int, int]:
        name, new = self.kept.consumer, self.kept.consumer + NEW
        async with self.connection.transaction():
            await self.connection.execute("set local lock_timeout = '3s'; set local synchronous_commit = on")
            await self._until(works, tasks, await self._live(hold=True))
            await _end(tasks)
            # what it had sent off when it was stopped is there or is not, but not between
            await self.connection.execute("select from kernel.consumer where name = $1 for update", new)
            await switch(self.connection, self.tables, self.kept, 0)
            await self.connection.execute(
                "delete from kernel.dead_letter where consumer = $1 and source = any($2)", name, list(self.kept.sources)
            )
            await self.connection.execute("update kernel.dead_letter set consumer = $1 where consumer = $2", name, new)
            await self.connection.execute(
                "insert into kernel.consumer (name, source, lane, version, pos) "
                "select $1, source, lane, version, pos from kernel.consumer where name = $2 "
                "on conflict (name, source, lane) do update set version = excluded.version, pos = excluded.pos, "
                "heard_at = now()",
                name,
                new,
            )
            await self.connection.execute("delete from kernel.consumer where name = $1", new)
            positions = await self._live()
            parked = await self.connection.fetchval("select count(*) from kernel.dead_letter where consumer = $1", name)
        return positions, sum(positions.values()), int(parked)


def _begin(works: Iterable[Consumer]) -> list["asyncio.Task[None]"]:
    return [asyncio.create_task(work.run()) for work in works]


async def _end(tasks: Iterable["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with contextlib.suppress(asyncio.CancelledError):
            await task
