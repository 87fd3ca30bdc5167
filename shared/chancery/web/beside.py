"""Work that goes on beside the requests: watched, started again when it fails, and seen by operators."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from chancery.store.store import PostgresStore

log = structlog.get_logger(__name__)

LONGEST: Final = 30.0


@dataclass(slots=True)
class Job:
    """One kind of work: how it is done, and how it goes. ``error`` is what stopped it last."""

    name: str
    run: Callable[[], Awaitable[None]]
    state: str = "waiting"
    restarts: int = 0
    error: str | None = None


@dataclass(slots=True)
class Beside:
    """All work beside the requests. A job that ends or fails begins again, each time after a longer pause.

    One that then runs for a minute is well again: the next pause is short. ``restarted`` is told each time.
    """

    restarted: Callable[[str], None] = lambda _: None
    jobs: dict[str, Job] = field(default_factory=dict[str, Job])
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    def start(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        job = self.jobs[name] = Job(name, run)
        self._tasks.append(asyncio.create_task(self._watch(job), name=name))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    @property
    def failing(self) -> list[str]:
        return [job.name for job in self.jobs.values() if job.state == "failed"]

    async def _watch(self, job: Job) -> None:
        pause = 0.2
        while True:
            began = asyncio.get_running_loop().time()
            job.state = "running"
            try:
                await job.run()
                reason = "it ended"
            except asyncio.CancelledError:
                job.state = "stopped"
                raise
            except Exception as error:
                reason = repr(error)
                if reason != job.error:
                    log.error("work_failed", task=job.name, error=reason, exc_info=error)
            job.state, job.error = "failed", reason
            job.restarts += 1
            self.restarted(job.name)
            if asyncio.get_running_loop().time() - began > 60:
                pause = 0.2
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST)


@dataclass(slots=True)
class Tail:
    """The last position of the event table, as it moves."""

    store: PostgresStore
    position: int = 0
    _waiting: set["asyncio.Future[None]"] = field(default_factory=set["asyncio.Future[None]"])

    def heard(self, position: int) -> None:
        if position > self.position:
            self.position = position
            for waiting in self._waiting:
                if not waiting.done():
                    waiting.set_result(None)

    async def beyond(self, after: int, patience: float) -> bool:
        """Wait until there is something after a position; False if patience ended first."""
        end = asyncio.get_running_loop().time() + patience
        while self.position <= after:
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(waiting)
            try:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(waiting, left)
            finally:
                self._waiting.discard(waiting)
        return True

    async def run(self) -> None:
        """Listen, and look now and then in case a notice was lost."""
        stop = await self.store.listen(self.heard)
        try:
            while True:
                self.heard(await self.store.last_position())
                await asyncio.sleep(2)
        finally:
            await stop()
