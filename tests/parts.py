# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""The real parts a test stands on: started here from wheels, or those that ``CHANCERY_PG_ADMIN_URL`` and
``CHANCERY_NATS_URL`` name.

A PostgreSQL of somebody's is used for databases of a random name, taken away afterwards. Streams have fixed names, so a
NATS of somebody's must hold none but those of an earlier run of these tests, which left its mark there.
"""

import asyncio
import os
import secrets
import shutil
import signal
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import nats
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from chancery.launch.house import House, throwaway_prefix
from chancery.launch.nats import Nats
from chancery.launch.part import end_left_behind
from chancery.launch.postgres import Postgres, discard

POSTGRES = os.environ.get("CHANCERY_PG_ADMIN_URL")
NATS = os.environ.get("CHANCERY_NATS_URL")
FOLDER = Path(__file__).resolve().parents[1] / "var" / "test"
MARK = "CHANCERY_TESTS"


@contextmanager
def own_folder(name: str = "") -> Generator[Path]:
    """A folder inside the checkout for the data of parts; gone afterwards."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = FOLDER / f"{os.getpid()}-{secrets.token_hex(3)}{name and '-'}{name}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_left_behind() -> None:
    """End the parts of test runs that were killed, and remove their data."""
    for folder in FOLDER.glob("[0-9]*-*"):
        with suppress(ValueError, OSError):
            os.kill(int(folder.name.partition("-")[0]), 0)
            continue
        for file in sorted(folder.rglob("*.pid")):
            end_left_behind(file)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_postgres(folder: Path) -> Generator[str]:
    """The superuser's address of a running PostgreSQL."""
    if POSTGRES:
        yield POSTGRES
        return
    server = Postgres(folder)
    server.start()
    try:
        yield server.admin_url
    finally:
        server.stop()


@contextmanager
def a_bus(folder: Path) -> Generator[str]:
    """The address of a NATS without streams, flushing every write."""
    if NATS:
        asyncio.run(_empty(NATS))
        yield NATS
        asyncio.run(_empty(NATS))
        return
    server = Nats(folder)
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@asynccontextmanager
async def bus_of_its_own(folder: Path) -> AsyncGenerator[str]:
    """``a_bus`` from within a running loop."""
    context = a_bus(folder)
    url = await asyncio.to_thread(context.__enter__)
    try:
        yield url
    finally:
        await asyncio.to_thread(context.__exit__, None, None, None)


@contextmanager
def a_house(folder: Path, **how: Any) -> Generator[House]:
    """The whole house, every service a process; with databases of its own where the PostgreSQL is somebody's."""
    if NATS:
        asyncio.run(_empty(NATS))
    prefix = throwaway_prefix() if POSTGRES else ""
    house = House(folder, prefix=prefix, external_postgres=POSTGRES, external_nats=NATS, **how)
    try:
        house.start()
        yield house
    finally:
        house.stop()
        if POSTGRES:
            for service in house.services:
                asyncio.run(discard(POSTGRES, f"{prefix}{service}"))
        if NATS:
            asyncio.run(_empty(NATS))


async def _empty(url: str) -> None:
    client = await nats.connect(url)
    try:
        js = client.jetstream()
        await _marked(js)
        for name in [info.config.name for info in await js.streams_info()]:
            if name and name != MARK:
                await js.delete_stream(name)
    finally:
        await client.close()


async def _marked(js: JetStreamContext) -> None:
    """Make sure that what is cleared is ours."""
    try:
        await js.stream_info(MARK)
    except NotFoundError:
        there = [info.config.name for info in await js.streams_info()]
        if there:
            raise RuntimeError(
                f"CHANCERY_NATS_URL names a server that holds streams ({', '.join(map(str, there))}), "
                "which these tests would delete. Name an empty one."
            ) from None
        await js.add_stream(name=MARK, subjects=[MARK])


def end(pid: int) -> None:
    """``kill -9`` a process, which may be gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
