# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""What time it is: the system's, or in a rehearsal one simulated moment that all processes share."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from nats.aio.client import Client
from nats.js.errors import KeyNotFoundError, NotFoundError
from nats.js.kv import KeyValue

from chancery.calendar import local_day, local_moment
from chancery.refusal import Fault

__all__ = ["Clock", "ClockFault", "SimulatedClock", "SystemClock", "local_day", "local_moment"]

log = structlog.get_logger(__name__)

BUCKET = "chancery_clock"
KEY = "now"


class ClockFault(Fault):
    """The clock cannot tell the time: a rehearsal whose clock nobody has set."""


class Clock(Protocol):
    """Tells the time as an aware UTC moment."""

    def now(self) -> datetime: ...


class SystemClock:
    """The system's time. Stepped backward by somebody, it stands still until the time is reached again, and says so."""

    def __init__(self) -> None:
        self._latest = datetime.min.replace(tzinfo=UTC)
        self._warned = False

    def now(self) -> datetime:
        found = datetime.now(UTC)
        if found >= self._latest:
            self._latest, self._warned = found, False
            return found
        if self._latest - found > timedelta(seconds=1) and not self._warned:
            log.warning("system_clock_stepped_back", by_seconds=(self._latest - found).total_seconds())
            self._warned = True
        return self._latest


class SimulatedClock:
    """One moment for all processes, kept in a bucket of the bus. ``set`` moves it, everybody follows."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._moment: datetime | None = None
        self._task: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()

    async def start(self) -> "SimulatedClock":
        """Read the present moment and follow it from now on."""
        bucket = await self._bucket()
        try:
            entry = await bucket.get(KEY)
        except KeyNotFoundError:
            pass
        else:
            self._take(entry.value)
        self._task = asyncio.create_task(self._follow(), name="simulated-clock")
        return self

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def now(self) -> datetime:
        if self._moment is None:
            raise ClockFault("The rehearsal's clock is not set. Set it with `chancery clock set MOMENT`.")
        return self._moment

    @property
    def is_set(self) -> bool:
        return self._moment is not None

    @property
    def moved(self) -> asyncio.Event:
        """Set whenever the moment changed; whoever waits clears it."""
        return self._moved

    async def set(self, moment: datetime) -> None:
        """Move the clock for everybody, forward or, for another scenario, back."""
        bucket = await self._bucket()
        await bucket.put(KEY, moment.astimezone(UTC).isoformat().encode())
        self._take(moment.astimezone(UTC).isoformat().encode())

    async def advance(self, by: timedelta) -> datetime:
        moment = self.now() + by
        await self.set(moment)
        return moment

    def _take(self, value: bytes | None) -> None:
        if value:
            self._moment = datetime.fromisoformat(value.decode())
            self._moved.set()

    async def _bucket(self) -> KeyValue:
        stream = self._client.jetstream()
        try:
            return await stream.key_value(BUCKET)
        except NotFoundError:
            return await stream.create_key_value(bucket=BUCKET, history=1)

    async def _follow(self) -> None:
        while True:
            try:
                watcher = await (await self._bucket()).watch(KEY)
                async for entry in watcher:
                    if entry is not None:
                        self._take(entry.value)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001  the bus may be away for a while; the moment stands until it is back
                log.warning("simulated_clock_lost", error=repr(error))
            await asyncio.sleep(0.2)
