# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""What time it is: the system's, or in a rehearsal one simulated moment that all processes share."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeout
from nats.js.errors import KeyNotFoundError, NotFoundError
from nats.js.kv import KeyValue

from chancery.calendar import local_day, local_moment
from chancery.refusal import Fault

__all__ = ["Clock", "ClockFault", "SimulatedClock", "SystemClock", "local_day", "local_moment"]

log = structlog.get_logger(__name__)

BUCKET = "chancery_clock"
KEY = "now"
LOOK_EVERY = 1.0


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
        self._revision = 0
        self._followers: list[Callable[[], None]] = []
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
            self._take(entry.value, entry.revision)
        self._task = asyncio.create_task(self._follow(), name="simulated-clock")
        return self

    async def stop(self) -> None:
        while self._task is not None and not self._task.done():
            self._task.cancel()  # again and again: the client may take one cancellation for its own time-out
            await asyncio.wait({self._task}, timeout=0.2)

    async def begin(self, moment: datetime) -> None:
        """Set the clock, unless somebody has set it before."""
        bucket = await self._bucket()
        try:
            await bucket.get(KEY)
        except KeyNotFoundError:
            await self.set(moment)

    def now(self) -> datetime:
        if self._moment is None:
            raise ClockFault("The rehearsal's clock is not set. Set it with `chancery clock set MOMENT`.")
        return self._moment

    @property
    def is_set(self) -> bool:
        return self._moment is not None

    @property
    def revision(self) -> int:
        """How many times the clock had been set when the present moment was: whoever set it can wait for others."""
        return self._revision

    @property
    def moved(self) -> asyncio.Event:
        """Set whenever the moment changed; whoever waits clears it."""
        return self._moved

    def on_move(self, follower: Callable[[], None]) -> None:
        """Call this, too, whenever the moment changed."""
        self._followers.append(follower)

    async def set(self, moment: datetime) -> int:
        """Move the clock for everybody, forward or, for another scenario, back; returns the revision to wait for.

        Raises:
            ValueError: the moment names no time zone.
        """
        if moment.tzinfo is None:
            raise ValueError(f"{moment} names no time zone; say which moment is meant, as in {moment}+08:00")
        bucket = await self._bucket()
        value = moment.astimezone(UTC).isoformat().encode()
        revision = await bucket.put(KEY, value)
        self._take(value, revision)
        return revision

    async def advance(self, by: timedelta) -> datetime:
        moment = self.now() + by
        await self.set(moment)
        return moment

    def _take(self, value: bytes | None, revision: int | None) -> None:
        """Later revisions alone move it: what was set last stands, in whatever order the news arrive."""
        if not value or (revision is not None and revision <= self._revision):
            return
        self._moment = datetime.fromisoformat(value.decode())
        self._revision = revision or self._revision
        self._moved.set()
        for follower in self._followers:
            follower()

    async def _bucket(self) -> KeyValue:
        stream = self._client.jetstream()
        try:
            return await stream.key_value(BUCKET)
        except NotFoundError:
            return await stream.create_key_value(bucket=BUCKET, history=1)

    async def _follow(self) -> None:
        """Hear of every move; look by itself every second, since a watch may die silently with the bus's server."""
        while True:
            watcher = None
            try:
                bucket = await self._bucket()
                watcher = await bucket.watch(KEY)
                await self._hear(bucket, watcher)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001  the bus may be away for a while; the moment stands until it is back
                log.warning("simulated_clock_lost", error=repr(error))
            finally:
                if watcher is not None:
                    with contextlib.suppress(Exception):
                        await watcher.stop()
            await asyncio.sleep(0.2)

    async def _hear(self, bucket: KeyValue, watcher: KeyValue.KeyWatcher) -> None:
        while True:
            try:
                entry = await watcher.updates(timeout=LOOK_EVERY)
            except NatsTimeout:
                try:
                    entry = await bucket.get(KEY)
                except KeyNotFoundError:
                    continue
                if entry.revision == self._revision:
                    continue
                if (entry.revision or 0) < self._revision:
                    entry = await bucket.get(KEY)  # we may have set it ourselves while the answer was on its way
                    if (entry.revision or 0) >= self._revision:
                        continue
                    log.warning("simulated_clock_begun_anew", revision=entry.revision)
                    self._revision = 0
                self._take(entry.value, entry.revision)
                return  # the watch missed it: open another
            if isinstance(entry, KeyValue.Entry):
                self._take(entry.value, entry.revision)
