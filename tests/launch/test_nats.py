# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.
"""A real JetStream of our own that flushes what it acknowledges."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest

from chancery.launch.nats import Nats
from chancery.launch.part import PartFailed

pytestmark = pytest.mark.crash


@pytest.fixture
def server(folder: Path) -> Iterator[Nats]:
    made = Nats(folder / "nats")
    made.start()
    yield made
    made.stop()


async def test_a_killed_server_is_back_on_its_port_with_every_acknowledged_message(server: Nats) -> None:
    url = server.url
    back = asyncio.Event()

    async def is_back() -> None:
        back.set()

    client = await nats.connect(url, max_reconnect_attempts=-1, reconnect_time_wait=0.05, reconnected_cb=is_back)
    js = client.jetstream(timeout=5)
    await js.add_stream(name="KEPT", subjects=["kept"])
    for sent in (50, 100, 150):
        for number in range(50):
            await js.publish("kept", str(number).encode())
        server.kill()
        await asyncio.to_thread(server.wait)
        await asyncio.wait_for(back.wait(), 20)
        back.clear()
        assert (await js.stream_info("KEPT")).state.messages == sent
    await client.close()
    assert (server.restarts, server.url) == (3, url)


def test_it_flushes_every_write(server: Nats) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.monitor_port}/jsz", timeout=5) as answer:
        assert json.load(answer)["config"]["sync_always"] is True


def test_stopped_and_started_it_is_watched_again(server: Nats) -> None:
    server.stop()
    assert not server.running
    server.start()
    server.kill()
    server.wait()
    assert server.restarts == 1


def test_one_that_cannot_start_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANCERY_NATS_BIN", "/bin/false")
    with pytest.raises(PartFailed, match="nats did not start"):
        Nats(folder / "nats").start()
    assert not list(folder.rglob("*.pid"))
