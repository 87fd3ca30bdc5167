"""A second hand, in a process of its own: what one processor folds while another does the same.

``python -m chancery.bus.rebuilding.beside`` is that process. What it is to do comes on its standard input, never as an
argument, for an address holds a password. It ends when its input ends, so it never outlives who asked.
"""

import asyncio
import contextlib
import importlib
import os
import sys
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

import orjson
import structlog

from chancery.bus.rebuilding.folding import Here, a_hand, uncollected
from chancery.bus.rebuilding.tables import RebuildFailed
from chancery.events.base import REGISTRY
from chancery.thing import Projection

log = structlog.get_logger(__name__)

READY: Final = "ready"


@dataclass(slots=True)
class Beside:
    """The hand of the other process, seen from this one. ``ready`` is done when it can be asked."""

    process: asyncio.subprocess.Process
    ready: asyncio.Future[int]
    _asked: dict[str, asyncio.Future[int]] = field(default_factory=dict[str, "asyncio.Future[int]"])
    _ended: bool = False

    async def fold(self, after: int, upto: int) -> int:
        return await self._ask(f"fold {after} {upto}")

    async def write(self, after: int) -> None:
        await self._ask(f"write {after}")

    async def _ask(self, question: str) -> int:
        stdin = self.process.stdin
        if stdin is None or self._ended:
            raise RebuildFailed("the process beside has ended")
        answer = self._asked[question] = asyncio.get_running_loop().create_future()
        stdin.write(f"{question}\n".encode())
        return await answer

    async def listen(self) -> None:
        """Hand its answers to those who asked, as long as it lives."""
        stdout = self.process.stdout
        while stdout is not None and (line := await stdout.readline()):
            told: dict[str, Any] = orjson.loads(line)
            answer = self.ready if told["to"] == READY else self._asked.pop(told["to"])
            if answer.done():
                continue
            if "failed" in told:
                answer.set_exception(RebuildFailed(told["failed"]))
            else:
                answer.set_result(told["events"])
        self._ended = True
        for answer in (self.ready, *self._asked.values()):
            if not answer.done():
                answer.set_exception(RebuildFailed("the process beside has ended"))


@contextlib.asynccontextmanager
async def beside(
    service: str, projection: Projection, owner_url: str, tables: Mapping[str, str]
) -> AsyncGenerator[Beside | None]:
    """A second hand; None where what it projects cannot be named to another process."""
    named = _named(projection)
    if named is None:
        yield None
        return
    order = {
        "service": service,
        "url": owner_url,
        "name": projection.name,
        "project": named,
        "hears": sorted(projection.hears),
        "events": sorted({REGISTRY.of(name).__module__ for name in projection.hears if REGISTRY.knows(name)}),
        "tables": dict(tables),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    hand = Beside(process, asyncio.get_running_loop().create_future())
    listening = asyncio.create_task(hand.listen())
    try:
        if process.stdin is not None:
            process.stdin.write(orjson.dumps(order) + b"\n")
        yield hand
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await listening
        for left in (hand.ready, *hand._asked.values()):  # pyright: ignore[reportPrivateUsage]
            if left.done() and not left.cancelled():
                left.exception()  # nobody waits for it any more


def _named(projection: Projection) -> str | None:
    """Where another process finds what is projected; None if only this one has it."""
    project = projection.project
    module, name = getattr(project, "__module__", "__main__"), getattr(project, "__qualname__", "")
    there = getattr(sys.modules.get(module), name, None)
    return None if module == "__main__" or there is not project else f"{module}:{name}"


# -- in the other process ---------------------------------------------------------


async def _serve(lines: asyncio.StreamReader, out: BinaryIO) -> None:
    order: dict[str, Any] = orjson.loads(await lines.readline())
    for module in order["events"]:
        importlib.import_module(module)
    module, _, name = order["project"].partition(":")
    project = getattr(importlib.import_module(module), name)
    tables: dict[str, str] = order["tables"]
    projection = Projection(order["name"], 0, tuple(tables), frozenset(order["hears"]), project)
    async with a_hand(order["service"], projection, order["url"], tables) as hand:
        with uncollected():
            _tell(out, {"to": READY, "events": 0})
            doing: set[asyncio.Task[None]] = set()
            while line := (await lines.readline()).decode().strip():
                task = asyncio.create_task(_do(hand, line, out))
                doing.add(task)
                task.add_done_callback(doing.discard)


async def _do(hand: Here, question: str, out: BinaryIO) -> None:
    words = question.split()
    try:
        if words[0] == "fold":
            events = await hand.fold(int(words[1]), int(words[2]))
        else:
            events = 0
            await hand.write(int(words[1]))
    except RebuildFailed as error:
        _tell(out, {"to": question, "failed": str(error)})
    except Exception as error:
        log.exception("page_failed", question=question)
        _tell(out, {"to": question, "failed": repr(error)})
    else:
        _tell(out, {"to": question, "events": events})


def _tell(out: BinaryIO, what: dict[str, Any]) -> None:
    out.write(orjson.dumps(what) + b"\n")
    out.flush()


async def _main() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed or logged goes where errors go
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    await _serve(lines, out)


if __name__ == "__main__":
    asyncio.run(_main())
