"""Filled anew from the service's own table, page by page; two processes fold, where there is enough to fold."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import structlog

from chancery.bus.reading import WHOLE
from chancery.bus.rebuilding.beside import Beside, beside
from chancery.bus.rebuilding.folding import EVENTS, Hand, Writer, a_hand, fold, uncollected
from chancery.bus.rebuilding.tables import (
    SWITCHES,
    Connection,
    Kept,
    RebuildFailed,
    Table,
    make_ready,
    switch,
)

log = structlog.get_logger(__name__)

PAGE: Final = 10_000
ENOUGH: Final = 25
"""How many pages are worth a second process."""
APPENDS: Final = (7411, 0)
"""The lock under which events get their positions (see ``kernel.append``)."""


@dataclass(slots=True)
class Own:
    """Page by page from the event table: while pages are folded, others are read and written."""

    service: str
    kept: Kept
    connection: Connection
    tables: Sequence[Table]
    owner_url: str
    page: int
    say: Callable[[str, int], None]
    position: int = 0
    events: int = 0
    _begun: int = 0
    _written: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def _new(self) -> dict[str, str]:
        return {table.name: table.new for table in self.tables}

    async def run(self) -> tuple[Mapping[str, int], int, int]:
        with uncollected():
            return await self._run()

    async def _run(self) -> tuple[Mapping[str, int], int, int]:
        await self._fill(await self._last())
        await make_ready(self.connection, self.tables)
        for _ in range(SWITCHES):
            last = await self._last()
            if last - self.position > self.page:
                await self._fill(last)
                continue
            try:
                await self._finish()
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError) as error:
                log.info("switch_waits", projection=self.kept.projection.name, error=str(error))
                await asyncio.sleep(0.2)
                continue
            return {"own": self.position}, self.events, 0
        raise RebuildFailed(f"{self.kept.projection.name}: readers never let go of the old table")

    async def _last(self) -> int:
        return int(await self.connection.fetchval("select kernel.last_position()"))

    async def _finish(self) -> None:
        """The rest of the events and the change of places, while no event can be added."""
        began, told, projection = self.position, self.events, self.kept.projection
        try:
            async with self.connection.transaction():
                await self.connection.execute("set local lock_timeout = '3s'; set local synchronous_commit = on")
                await self.connection.execute("select pg_advisory_xact_lock($1, $2)", *APPENDS)
                last = await self._last()
                rows = await self.connection.fetch(EVENTS.format(WHOLE), self.position, last, list(projection.hears))
                await Writer(self.connection, self._new).write(await fold(self.service, projection, rows))
                self.position, self.events = last, told + len(rows)
                await switch(self.connection, self.tables, self.kept, last)
        except BaseException:
            self.position, self.events = began, told
            raise

    async def _fill(self, upto: int) -> None:
        """Fold all pages up to a position. Each hand has two under way: one is read or written, one folded."""
        self._begun = self.position
        async with (
            a_hand(self.service, self.kept.projection, self.owner_url, self._new) as here,
            self._second(upto - self.position) as second,
        ):
            works = [self._work(here, upto), self._work(here, upto)]
            if second is not None:
                works += [self._help(second, upto), self._help(second, upto)]
            await _all_or_none(works)

    @contextlib.asynccontextmanager
    async def _second(self, events: int) -> AsyncGenerator[Beside | None]:
        if events < ENOUGH * self.page or processors() < 2:
            yield None
            return
        async with beside(self.service, self.kept.projection, self.owner_url, self._new) as hand:
            yield hand

    async def _help(self, hand: Beside, upto: int) -> None:
        """Work with the second process, as soon as it is there; it is not waited for when nothing is left to begin."""
        while not hand.ready.done() and self._begun < upto:
            await asyncio.wait((hand.ready,), timeout=0.05)
        if not hand.ready.done():
            return
        failed = hand.ready.exception()
        if failed is not None:
            log.warning("rebuild_goes_on_alone", projection=self.kept.projection.name, error=str(failed))
            return
        await self._work(hand, upto)

    async def _work(self, hand: Hand, upto: int) -> None:
        while self._begun < upto:
            after = self._begun
            end = self._begun = min(after + self.page, upto)
            events = await hand.fold(after, end)
            async with self._written:
                await self._written.wait_for(lambda after=after: self.position == after)
            await hand.write(after)
            self.events += events
            async with self._written:
                self.position = end
                self._written.notify_all()
            self.say("own", end)


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


async def _all_or_none(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Everything to its end, or the first failure and nothing more."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
