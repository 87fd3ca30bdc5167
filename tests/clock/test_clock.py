# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""The system's clock never runs back; the rehearsal's is one moment for all, also through a restart of the bus."""

import asyncio
import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import nats
import pytest
from nats.aio.client import Client
from nats.js.errors import NotFoundError

from chancery import clock as clocks
from chancery.clock import BUCKET, KEY, ClockFault, SimulatedClock, SystemClock, local_day, local_moment
from chancery.launch.nats import Nats

NOW = datetime(2022, 9, 30, 1, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))


# -- the system's ---------------------------------------------------------------


def test_the_systems_clock_tells_utc() -> None:
    before = datetime.now(UTC)
    found = SystemClock().now()
    assert before <= found <= datetime.now(UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_clock_that_is_stepped_back_stands_until_it_is_reached_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody sets the machine's time an hour back: nothing written becomes earlier, and the log says it once."""
    shown = NOW

    class Stepped(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return shown

    monkeypatch.setattr(clocks, "datetime", Stepped)
    clock = SystemClock()
    assert clock.now() == NOW
    shown = NOW - timedelta(hours=1)
    assert [clock.now(), clock.now()] == [NOW, NOW]
    shown = NOW + timedelta(seconds=1)
    assert clock.now() == shown
    assert capsys.readouterr().out.count("system_clock_stepped_back") == 1


def test_local_days_and_moments() -> None:
    assert local_day(datetime(2022, 9, 30, 16, tzinfo=UTC)).isoformat() == "2022-10-01"
    assert local_moment(datetime(2022, 10, 1, tzinfo=UTC).date(), time(8, 30)) == datetime(
        2022, 10, 1, 0, 30, tzinfo=UTC
    )


# -- the rehearsal's --------------------------------------------------------------


@pytest.fixture(scope="module")
def bus() -> Generator[Nats]:
    folder = Path(tempfile.mkdtemp(prefix="chancery-clock-"))
    server = Nats(folder, durable=False)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def client(bus: Nats) -> AsyncGenerator[Client]:
    found = await nats.connect(bus.url, max_reconnect_attempts=-1, reconnect_time_wait=0.1)
    yield found
    with contextlib.suppress(NotFoundError):
        await found.jetstream().delete_key_value(BUCKET)
    await found.close()


async def follows(clock: SimulatedClock, moment: datetime, patience: float = 15.0) -> None:
    async with asyncio.timeout(patience):
        while not clock.is_set or clock.now() != moment:
            clock.moved.clear()
            await clock.moved.wait()


async def test_nobody_has_set_the_clock_yet(client: Client) -> None:
    clock = await SimulatedClock(client).start()
    try:
        with pytest.raises(ClockFault, match="not set"):
            clock.now()
    finally:
        await clock.stop()


async def test_all_follow_who_sets_it(client: Client) -> None:
    first, second = await SimulatedClock(client).start(), await SimulatedClock(client).start()
    try:
        heard: list[datetime] = []
        second.on_move(lambda: heard.append(second.now()))
        revision = await first.set(NOW)
        assert first.now() == NOW
        await follows(second, NOW)
        assert second.revision == revision
        assert await first.advance(timedelta(days=10)) == NOW + timedelta(days=10)
        await follows(second, NOW + timedelta(days=10))
        assert second.revision > revision
        await second.set(NOW)  # another scenario begins earlier
        await follows(first, NOW)
        assert heard == [NOW, NOW + timedelta(days=10), NOW]
    finally:
        await first.stop()
        await second.stop()


async def test_who_comes_later_reads_where_it_stands(client: Client) -> None:
    await SimulatedClock(client).set(datetime(2022, 9, 30, 9, tzinfo=BEIJING))
    late = await SimulatedClock(client).start()
    assert late.now() == NOW
    await late.stop()


async def test_a_moment_without_a_time_zone_is_refused(client: Client) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await SimulatedClock(client).set(datetime(2022, 9, 30, 9))  # noqa: DTZ001  the very mistake that is refused


async def test_another_process_follows(client: Client, bus: Nats) -> None:
    program = (
        "import asyncio, sys, nats\n"
        "from chancery.clock import SimulatedClock\n"
        "async def main():\n"
        "    client = await nats.connect(sys.argv[1])\n"
        "    clock = await SimulatedClock(client).start()\n"
        "    print(clock.now().isoformat(), flush=True)\n"
        "    clock.moved.clear()\n"
        "    await clock.moved.wait()\n"
        "    print(clock.now().isoformat(), flush=True)\n"
        "asyncio.run(main())\n"
    )
    ours = SimulatedClock(client)
    await ours.set(NOW)
    process = subprocess.Popen([sys.executable, "-c", program, bus.url], stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220  it talks to us line by line
    assert process.stdout is not None
    try:
        assert (await asyncio.to_thread(process.stdout.readline)).strip() == NOW.isoformat()
        await ours.set(NOW + timedelta(days=1))
        shown = await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), 15)
        assert shown.strip() == (NOW + timedelta(days=1)).isoformat()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.crash
async def test_a_restart_of_the_bus_loses_no_follower(client: Client, bus: Nats) -> None:
    setter, follower = await SimulatedClock(client).start(), await SimulatedClock(client).start()
    try:
        await setter.set(NOW)
        await follows(follower, NOW)
        bus.stop()
        assert follower.now() == NOW, "the moment stands while the bus is away"
        bus.start()
        async with asyncio.timeout(20):
            while True:
                try:
                    await setter.set(NOW + timedelta(days=2))
                    break
                except Exception:  # noqa: BLE001  the connection is on its way back
                    await asyncio.sleep(0.1)
        await follows(follower, NOW + timedelta(days=2))
    finally:
        await setter.stop()
        await follower.stop()


@pytest.mark.crash
async def test_a_clock_begun_anew_is_followed_although_its_count_is_lower(client: Client) -> None:
    """The bus lost what it kept: the bucket is another one and counts from one again."""
    follower = await SimulatedClock(client).start()
    try:
        setter = SimulatedClock(client)
        for day in range(5):
            await setter.set(NOW + timedelta(days=day))
        await follows(follower, NOW + timedelta(days=4))
        await client.jetstream().delete_key_value(BUCKET)
        bucket = await client.jetstream().create_key_value(bucket=BUCKET, history=1)
        await bucket.put(KEY, NOW.isoformat().encode())
        await follows(follower, NOW)
    finally:
        await follower.stop()
