"""A rebuild with a second process at work: the same rows, one failure for both, and nothing left behind."""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chancery.bus import projections
from chancery.bus.projections import RebuildFailed
from chancery.bus.rebuilding import beside as second
from chancery.bus.rebuilding import own
from chancery.bus.rebuilding.beside import Beside
from chancery.bus.rebuilding.folding import Here
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.thing import Write
from meeting_svc.projections.matters import MATTERS
from tests.bus.office import ROOT, until
from tests.bus.test_projections import SERVICE, Desk, desk

__all__ = ["desk"]
HERE = "tests.bus.test_rebuilding_beside"
SERVED = replace(SERVICE, projections=(MATTERS,))


def fails_beside(recorded: Recorded[Event]) -> Sequence[Write]:
    """What only the second process cannot take in, from some event on."""
    main = sys.modules["__main__"].__spec__
    if main is not None and main.name == second.__name__ and recorded.position > 50:
        raise ValueError("never seen before")
    return MATTERS.project(recorded)


@dataclass
class Worked:
    """Who folded how many pages. ``waits``: the first process folds two pages only before the second one helps."""

    here: int = 0
    beside: int = 0
    waits: bool = True


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> Worked:
    """Even a small table is worth two processes."""
    pages = Worked()
    here, there = Here.fold, Beside.fold

    def two() -> int:
        return 2

    async def fold_here(self: Here, after: int, upto: int) -> int:
        pages.here += 1
        end = time.monotonic() + 60
        while pages.waits and not pages.beside:
            assert time.monotonic() < end, "the second process does not come"
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.002)
        return await here(self, after, upto)

    async def fold_there(self: Beside, after: int, upto: int) -> int:
        pages.beside += 1
        return await there(self, after, upto)

    monkeypatch.setattr(own, "ENOUGH", 1)
    monkeypatch.setattr(own, "processors", two)
    monkeypatch.setattr(Here, "fold", fold_here)
    monkeypatch.setattr(Beside, "fold", fold_there)
    return pages


async def test_two_processes_leave_the_rows_of_one(desk: Desk, worked: Worked) -> None:
    """Later pages change rows of earlier ones, and they are folded in no order at all."""
    await desk.open_many(150)
    rows = await desk.rows()
    done = await projections.rebuild(SERVED, "matters", desk.database.owner_url, page=2)
    assert done.positions == {"own": 450}
    assert done.events == 450
    assert await desk.rows() == rows
    assert min(worked.here, worked.beside) > 5, worked
    assert worked.here + worked.beside == 225


async def test_what_the_second_process_cannot_take_in_ends_both(desk: Desk, worked: Worked) -> None:
    await desk.open_many(150)
    rows = await desk.rows()
    service = replace(SERVICE, projections=(replace(MATTERS, project=fails_beside),))
    with pytest.raises(RebuildFailed, match=r"matters: the event at \d+ .*never seen before"):
        await projections.rebuild(service, "matters", desk.database.owner_url, page=2)
    assert worked.beside > 0
    assert await desk.rows() == rows
    assert await desk.owner.fetchval("select to_regclass('matters_v1__new')") is None


async def test_a_second_process_killed_in_the_middle_leaves_the_old_table_serving(
    desk: Desk, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open_many(150)
    rows = await desk.rows()
    fold = Beside.fold

    async def fold_and_die(self: Beside, after: int, upto: int) -> int:
        if worked.beside == 5:
            self.process.kill()
        return await fold(self, after, upto)

    monkeypatch.setattr(Beside, "fold", fold_and_die)
    with pytest.raises(RebuildFailed, match="the process beside has ended"):
        await projections.rebuild(SERVED, "matters", desk.database.owner_url, page=2)
    assert await desk.rows() == rows
    assert await desk.owner.fetchval("select to_regclass('matters_v1__new')") is None
    monkeypatch.setattr(Beside, "fold", fold)
    await projections.rebuild(SERVED, "matters", desk.database.owner_url, page=2)
    assert await desk.rows() == rows


async def test_where_no_second_process_starts_one_does_all(
    desk: Desk, worked: Worked, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.open_many(30)
    rows = await desk.rows()
    worked.waits = False
    monkeypatch.setattr(sys, "executable", "/bin/false")
    await projections.rebuild(SERVED, "matters", desk.database.owner_url, page=2)
    assert (worked.here, worked.beside) == (45, 0)
    assert await desk.rows() == rows


async def test_a_second_process_that_comes_too_late_is_not_waited_for(
    desk: Desk, worked: Worked, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await desk.open_many(30)
    worked.waits = False
    late = tmp_path / "late"
    late.write_text("#!/bin/sh\nexec sleep 60\n")
    late.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(late))
    done = await projections.rebuild(SERVED, "matters", desk.database.owner_url, page=2)
    assert done.seconds < 30
    assert (worked.here, worked.beside) == (45, 0)


async def test_what_has_no_name_elsewhere_is_folded_here(desk: Desk, worked: Worked) -> None:
    await desk.open_many(30)
    rows = await desk.rows()
    worked.waits = False

    def inner(recorded: Recorded[Event]) -> Sequence[Write]:
        return MATTERS.project(recorded)

    service = replace(SERVICE, projections=(replace(MATTERS, project=inner),))
    await projections.rebuild(service, "matters", desk.database.owner_url, page=2)
    assert (worked.here, worked.beside) == (45, 0)
    assert await desk.rows() == rows


OUTLIVED = f"""
import asyncio
from chancery.bus.rebuilding.beside import beside
from {HERE} import SERVED
async def main():
    async with beside("meeting", SERVED.projections[0], URL, {{}}) as hand:
        await hand.ready
        print(hand.process.pid, flush=True)
        await asyncio.sleep(60)
"""


@pytest.mark.crash
async def test_the_second_process_does_not_outlive_the_first(desk: Desk) -> None:
    words = OUTLIVED.replace("URL", repr(desk.database.owner_url)) + "\nasyncio.run(main())\n"
    first = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", words),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))},
    )
    assert first.stdout is not None
    beside = int(await first.stdout.readline())
    first.kill()
    await first.wait()

    async def gone() -> bool:
        return not os.path.exists(f"/proc/{beside}")  # noqa: ASYNC240

    await until(gone, 20, "the second process ends with the first")
