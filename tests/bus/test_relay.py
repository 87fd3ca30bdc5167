"""The stream is the table, event for event, whatever befalls the bus; or the relay stops and says so."""

import asyncio
import dataclasses
from collections.abc import Callable

import pytest
from nats.js.errors import NotFoundError

from chancery.bus import relay as relays
from chancery.bus.relay import Relay, StreamDiffers
from chancery.bus.streams import Bus, BusAway, End, Fenced, message_of, stream_name
from tests.bus.office import Office, delete_stream, other, running, until


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "LOOK_EVERY", 0.2)


async def same(office: Office) -> int:
    table, stream = await office.table(), await office.stream()
    assert [event.leaf for event in stream] == [event.leaf for event in table]
    assert [event.position for event in stream] == list(range(1, len(table) + 1))
    return len(table)


@pytest.mark.parametrize("relays_at_once", [2, 4])
async def test_several_relays_at_once_do_no_harm(office: Office, relays_at_once: int) -> None:
    works = [office.relay(largest=7 + number) for number in range(relays_at_once)]
    async with running(*works):
        await office.open_many(200)
        await office.until_relayed()
    assert await same(office) == 400
    assert all(work.status.state != "stopped" for work in works)


async def test_a_deleted_stream_is_filled_again_even_when_nothing_happens(office: Office, looks_often: None) -> None:
    async with running(office.relay(), office.consumer()):
        await office.open_many(60)
        await office.until_heard()
        await delete_stream(office)
        await office.until_relayed()
        assert await same(office) == 120
        await office.open_many(5)
        await office.until_heard()
    assert await office.agree() == 130


async def test_a_short_stream_is_filled_up(office: Office) -> None:
    await office.open_many(30)
    table = await office.table()
    await office.bus.make_stream(office.name)
    await office.bus.publish([message_of(event) for event in table[:11]], 0)
    async with running(office.relay()):
        await office.until_relayed()
    assert await same(office) == 60


async def stopped(work: Relay, office: Office) -> str:
    """The relay stops with its alarm, and the stream is as it was."""
    before = await office.bus.end(office.name)
    with pytest.raises(StreamDiffers) as alarm:
        await asyncio.wait_for(work.run(), 10)
    assert work.status.state == "stopped"
    assert work.status.cause == str(alarm.value)
    assert await office.bus.end(office.name) == before
    return str(alarm.value)


async def test_a_stream_that_differs_stops_the_relay_and_is_not_overwritten(office: Office) -> None:
    await office.open_many(4)
    table = await office.table()
    await office.bus.make_stream(office.name)
    messages = [message_of(event) for event in table[:5]]
    messages[4] = message_of(other(table[4]))
    await office.bus.publish(messages, 0)
    assert "different events at 5" in await stopped(office.relay(), office)


async def test_a_stream_that_is_ahead_stops_the_relay_and_is_not_overwritten(office: Office) -> None:
    """The table was restored to an earlier moment, or it is another table's stream."""
    await office.open_many(2)
    table = await office.table()
    await office.bus.make_stream(office.name)
    more = [dataclasses.replace(event, position=event.position + 4) for event in table]
    await office.bus.publish([message_of(event) for event in (*table, *more)], 0)
    assert "ends at 8, the table at 4" in await stopped(office.relay(), office)


async def test_a_message_that_somebody_else_put_in_stops_the_relay(office: Office, looks_often: None) -> None:
    await office.open_many(3)
    work = office.relay()
    async with running(work) as (task,):
        await office.until_relayed()
        await office.client.request(f"evt.jia.{office.name}.matter_opened", b"not of ours", timeout=2)

        async def done() -> bool:
            return task.done()

        await until(done, 5, "the relay stops")
    assert work.status.state == "stopped"
    await office.open_many(1)
    assert "different events at 7" in await stopped(office.relay(), office)
    assert (await office.bus.end(office.name)).last == 7


async def test_a_batch_is_stored_whole_or_not_at_all(office: Office) -> None:
    await office.open_many(10)
    batch = [message_of(event) for event in await office.table()]
    await office.bus.make_stream(office.name)
    with pytest.raises((Fenced, BusAway)):
        await office.bus.publish(batch, 3)
    assert (await office.bus.end(office.name)).last == 0
    assert await office.bus.publish(batch, 0) == 20
    with pytest.raises(Fenced):
        await office.bus.publish(batch[:1], 0)
    with pytest.raises((Fenced, BusAway)):
        await office.bus.publish(batch, 0)
    assert (await office.bus.end(office.name)).last == 20


async def test_nothing_in_the_stream_can_be_deleted_or_purged(office: Office) -> None:
    await office.open_many(2)
    async with running(office.relay()):
        await office.until_relayed()
    attempts: list[Callable[[], object]] = [
        lambda: office.bus.js.delete_msg(stream_name(office.name), 1),
        lambda: office.bus.js.purge_stream(stream_name(office.name)),
    ]
    for attempt in attempts:
        with pytest.raises(Exception, match=r"(?i)not permitted"):
            await attempt()  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType]  either is awaited
    assert await same(office) == 4


async def test_a_stream_that_goes_away_while_it_is_looked_at_is_looked_at_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was not there, was made, and was lost again before its end was asked: the relay is not lost with it."""
    await office.open(papers=3)
    ask, asked = Bus.end, 0

    async def end(self: Bus, service: str) -> End:
        nonlocal asked
        asked += 1
        if asked <= 3:
            await delete_stream(office) if asked == 2 else None
            raise NotFoundError
        return await ask(self, service)

    monkeypatch.setattr(Bus, "end", end)
    async with running(office.relay()):
        await office.until_relayed()
    assert asked > 3
    assert await same(office) == 4
