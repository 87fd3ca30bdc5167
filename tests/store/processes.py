"""Writers as processes of their own, and what they said was acknowledged."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from chancery.launch.postgres import ServiceDatabase

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A command that its caller was told is stored: the position of its last event, and how many it has."""

    command_id: UUID
    position: int
    events: int


async def start_writer(database: ServiceDatabase, callers: int, commands: int, *streams: UUID) -> Process:
    arguments = (database.app_url, database.relay_url, callers, commands, *streams)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.store.writer", *map(str, arguments)), stdout=PIPE, stderr=PIPE, cwd=ROOT
    )


async def said_by(process: Process, *, killed: bool = False) -> list[Acknowledged]:
    """All it said, after it ended; an end by itself must be a good one."""
    said, errors = await process.communicate()
    assert killed or process.returncode == 0, errors.decode()[-2000:]
    lines = said.decode().splitlines(keepends=True)
    return [
        Acknowledged(UUID(parts[0]), int(parts[1]), int(parts[2]))
        for parts in (line.split() for line in lines if line.endswith("\n"))
    ]


async def assert_all_there_once(database: ServiceDatabase, acknowledged: list[Acknowledged]) -> int:
    """Every acknowledged command is in the table, whole, once, where its caller was told; positions have no gap.

    Returns how many events there are.
    """
    owner = await asyncpg.connect(database.owner_url)
    try:
        rows = await owner.fetch(
            "select command_id, max(pos), count(*), max(pos) - min(pos) + 1 from kernel.event group by command_id"
        )
        there = {row[0]: (row[1], row[2]) for row in rows}
        assert all(row[2] == row[3] for row in rows), "a command's events are not side by side"
        for one in acknowledged:
            assert there[one.command_id] == (one.position, one.events)
        answered = await owner.fetch("select command_id, last_pos from kernel.command")
        assert {row[0]: row[1] for row in answered} == {command_id: pos for command_id, (pos, _) in there.items()}
        heads = await owner.fetch("select stream, version from kernel.head")
        versions = await owner.fetch("select stream, max(version), count(*) from kernel.event group by stream")
        assert {row[0]: row[1] for row in heads} == {row[0]: row[1] for row in versions}
        assert all(row[1] == row[2] for row in versions)
        total, last = await owner.fetchrow("select count(*), coalesce(max(pos), 0) from kernel.event") or (0, 0)
        assert total == last
        return int(total)
    finally:
        await owner.close()
