"""The relay: the service's events, in order, into its stream. No outbox table, no checkpoint, no leader.

Where the stream ends, the relay goes on; the fence lets only one of several relays through. A stream that is lost or
short is filled again from the table. One that differs from the table, or is ahead of it, stops the relay with an alarm.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

import structlog
from nats.js.errors import NotFoundError

from chancery.bus.streams import LARGEST_BATCH, Bus, BusAway, Fenced, Message, message_of, still_wanted
from chancery.refusal import Fault
from chancery.store.api import Page
from chancery.store.errors import StoreUnavailable

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 5.0
"""Seconds after which the stream's end is looked at again."""
CHUNK: Final = 50
"""How many events are made ready before what came and goes on the connection is looked after."""


class StreamDiffers(Fault):
    """Stream and table say different things at one place. Nothing more is published until a person has looked."""


class Log(Protocol):
    """The event table, as far as the relay needs it."""

    async def read(self, after: int, limit: int, tenant: None = None) -> Page: ...
    async def last_position(self) -> int: ...


@dataclass(slots=True)
class RelayState:
    """How far the relay is. ``cause`` says why it stopped."""

    state: Literal["starting", "running", "waiting", "stopped"] = "starting"
    relayed: int = 0
    cause: str | None = None


@dataclass(slots=True)
class Relay:
    """``wait`` sleeps until there may be something after a position, at most a second."""

    service: str
    log: Log
    bus: Bus
    wait: Callable[[int], Awaitable[object]]
    largest: int = LARGEST_BATCH
    status: RelayState = field(default_factory=RelayState)

    async def run(self) -> None:
        """Publish for ever. Ends only by being cancelled, or when stream and table differ.

        Raises:
            StreamDiffers: a person has to look; the state says where.
        """
        while True:
            still_wanted()
            try:
                end = await self._end()
                self.status.state = "running"
                await self._follow(end)
            except (BusAway, StoreUnavailable, NotFoundError) as error:  # not found: it went away again meanwhile
                self.status.state = "waiting"
                log.info("relay_waits", service=self.service, error=str(error))
                await asyncio.sleep(0.2)
            except Fenced:
                self.status.state = "running"
                await asyncio.sleep(0.02)
            except StreamDiffers as error:
                if self.status.cause != str(error):
                    log.error("relay_stopped", service=self.service, cause=str(error))
                self.status.state, self.status.cause = "stopped", str(error)
                raise

    async def _end(self) -> int:
        """Where the stream ends, after holding that end against the table."""
        try:
            end = await self.bus.end(self.service)
        except NotFoundError:
            await self.bus.make_stream(self.service)
            end = await self.bus.end(self.service)
        if end.last:
            await self._compare(end.last, end.leaf)
        self.status.relayed = end.last
        return end.last

    async def _compare(self, last: int, leaf: str | None) -> None:
        page = await self.log.read(last - 1, 1)
        if not page.events or page.events[0].position != last:
            raise StreamDiffers(
                f"the stream of {self.service} ends at {last}, the table at {page.last}: the table was restored to an "
                "earlier moment, or this is another table's stream"
            )
        if leaf is not None and page.events[0].leaf.hex() != leaf:
            raise StreamDiffers(f"the stream of {self.service} and the table hold different events at {last}")

    async def _follow(self, end: int) -> None:
        """Publish what comes, until it is time to look at the stream's end again: it may be lost while all is quiet."""
        loop = asyncio.get_running_loop()
        looked = loop.time()
        while loop.time() - looked < LOOK_EVERY:
            still_wanted()
            end = await self._on_from(end)
            await self.wait(end)

    async def _on_from(self, end: int) -> int:
        """Publish what the table holds after the stream's end. While a batch is stored, the next is made ready."""
        batch = await self._batch(end)
        while batch:
            storing = asyncio.create_task(self.bus.publish(batch, end))
            try:
                following = await self._batch(end + len(batch)) if len(batch) == self.largest else []
                end = await storing
            finally:
                storing.cancel()
            self.status.relayed = end
            batch = following
        return end

    async def _batch(self, after: int) -> list[Message]:
        """The next events as messages.

        Raises:
            StreamDiffers: the table has a gap.
        """
        page = await self.log.read(after, self.largest)
        batch: list[Message] = []
        for number, event in enumerate(page.events, 1):
            if event.position != after + number:
                raise StreamDiffers(f"the table of {self.service} has no event at {after + number}")
            batch.append(message_of(event))
            if number % CHUNK == 0:
                await asyncio.sleep(0)
        return batch


@contextlib.asynccontextmanager
async def relaying(relay: Relay):
    """Run a relay beside something, for tests and tools."""
    task = asyncio.create_task(relay.run(), name=f"relay-{relay.service}")
    try:
        yield relay
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, StreamDiffers):
            await task
