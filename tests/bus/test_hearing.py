# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# nats-py leaves some of its own types open, and tells nowhere which messages it splits.
"""What is told is heard, once and in order; what cannot be taken in waits aside with all that follows it."""

import asyncio
import random
from uuid import UUID, uuid4

import nats
import pytest

from chancery.bus import Bus, HttpFeed, connect
from chancery.bus import consumer as consumers
from chancery.bus.client import ShortWay
from chancery.bus.reader import Gap, Reader
from chancery.bus.streams import BusAway, message_of, stream_name
from chancery.envelope import from_cloudevent
from tests.bus.office import NUL, TENANTS, Office, filed, opened, running, until


async def test_what_is_told_is_heard(office: Office) -> None:
    async with running(office.relay(), office.consumer()):
        await office.open_many(120, papers=2)
        await office.until_heard()
    assert await office.agree() == 360


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_order_of_batches_and_restarts_leaves_three_equal_copies(office: Office, seed: int) -> None:
    """Table, stream and projection are one whatever is stopped and started in between."""
    chance = random.Random(seed)
    known: list[tuple[UUID, int]] = []
    for _ in range(12):
        works = [office.relay(chance.choice((1, 7, 50))) for _ in range(chance.choice((0, 1, 1, 2)))]
        listeners = [office.consumer(largest=chance.choice((1, 3, 50))) for _ in range(chance.choice((0, 1, 2)))]
        async with running(*works, *listeners):
            for _ in range(chance.randint(1, 4)):
                number = chance.randint(0, 1)
                if known and chance.random() < 0.5:
                    stream, number = chance.choice(known)
                    told = [filed(stream) for _ in range(chance.randint(1, 3))]
                else:
                    stream = uuid4()
                    known.append((stream, number))
                    told = [opened(stream), *(filed(stream) for _ in range(chance.randint(0, 9)))]
                await office.tell(*told, stream=stream, tenant=TENANTS[number])
                await asyncio.sleep(chance.random() * 0.03)
    async with running(office.relay(), office.consumer()):
        await office.until_heard()
    assert await office.agree() > 20


async def test_two_listeners_of_one_name_take_each_event_once(office: Office) -> None:
    async with running(office.relay(), office.consumer(largest=5), office.consumer(largest=5)):
        await office.open_many(60)
        await office.until_heard()
    assert await office.agree() == 120


@pytest.mark.parametrize("title", ["毒事项", NUL])
async def test_an_event_that_cannot_be_taken_in_holds_back_its_own_stream_only(office: Office, title: str) -> None:
    """In our own code (first title) or in the database (second), the cause is kept and the others go on."""
    await office.open_many(5)
    poisoned = await office.open(title, papers=1)
    await office.open_many(5)
    async with running(office.relay(), office.consumer(largest=4)):
        await office.until_heard()
        await office.tell(filed(poisoned), stream=poisoned)
        await office.open_many(3)
        await office.until_heard()
    parked = await office.parked()
    assert [(position, first) for position, first, _ in parked] == [(11, True), (12, False), (23, False)]
    assert "nobody can take in" in parked[0][2] or "22P05" in parked[0][2] or "unsupported Unicode" in parked[0][2]
    assert await office.agree(without=lambda event: event.stream == poisoned) == 29


async def test_parked_events_are_redriven_in_order_once_the_cause_is_gone(office: Office) -> None:
    poisoned = await office.open("毒事项", papers=2)
    letters = office.letters()
    hearing = letters.hearings[0]
    async with running(office.relay(), office.consumer()):
        await office.until_heard()
        still = await letters.redrive(TENANTS[0], hearing, poisoned)
        assert still.positions == ()
        assert still.stopped_by is not None
        assert [first for _, first, _ in await office.parked()] == [True, False, False]
        office.cured = True
        twice = await asyncio.gather(*(letters.redrive(TENANTS[0], hearing, poisoned) for _ in range(2)))
        assert sorted(position for one in twice for position in one.positions) == [1, 2, 3]
        await office.tell(filed(poisoned), stream=poisoned)
        await office.until_heard()
    assert await office.parked() == []
    assert await office.agree() == 4


async def test_redriving_beside_a_running_listener_leaves_nothing_behind(office: Office) -> None:
    """Events of the stream keep coming while it is redriven; none is parked behind nothing, none is lost."""
    poisoned = await office.open("毒事项")
    letters = office.letters()
    async with running(office.relay(), office.consumer(largest=3)):
        await office.until_heard()
        office.cured = True

        async def go_on() -> None:
            for _ in range(40):
                await office.tell(filed(poisoned), stream=poisoned)
                await asyncio.sleep(0.002)

        going = asyncio.create_task(go_on())
        while not going.done():
            await letters.redrive(TENANTS[0], letters.hearings[0], poisoned)
        await office.until_heard()
        await letters.redrive(TENANTS[0], letters.hearings[0], poisoned)
    assert await office.parked() == []
    assert await office.agree() == 41


async def test_a_skipped_event_is_passed_over_and_the_later_ones_wait_for_a_person(office: Office) -> None:
    poisoned = await office.open("毒事项", papers=1)
    letters = office.letters()
    async with running(office.relay(), office.consumer()):
        await office.until_heard()
        await letters.skip(TENANTS[0], letters.hearings[0], 1)
        await office.tell(filed(poisoned), stream=poisoned)
        await office.until_heard()
        assert [position for position, _, _ in await office.parked()] == [2, 3]
        done = await letters.redrive(TENANTS[0], letters.hearings[0], poisoned)
    assert done.positions == (2, 3)
    assert await office.agree(without=lambda event: event.position == 1) == 3


async def test_parked_events_of_another_government_are_not_seen(office: Office) -> None:
    poisoned = await office.open("毒事项")
    letters = office.letters()
    async with running(office.relay(), office.consumer()):
        await office.until_heard()
    assert [letter.stream for letter in await letters.page(TENANTS[0])] == [poisoned]
    assert await letters.page(TENANTS[1]) == []
    assert (await letters.redrive(TENANTS[1], letters.hearings[0], poisoned)).positions == ()
    await letters.skip(TENANTS[1], letters.hearings[0], 1)
    assert len(await office.parked()) == 1


async def test_an_event_that_was_tampered_with_on_the_bus_is_refused(office: Office) -> None:
    stream = await office.open("甲事项")
    event = (await office.table())[0]
    await office.bus.make_stream(office.name)
    topic, body, headers = message_of(event)
    await office.client.request(topic, body.replace("甲".encode(), "乙".encode()), headers=headers, timeout=2)
    async with running(office.consumer()):
        await office.until_heard()
    assert [(position, first) for position, first, _ in await office.parked()] == [(1, True)]
    assert "hash" in (await office.parked())[0][2]
    assert await office.rows() == (set(), set())
    assert stream == event.stream


async def test_a_listener_that_finds_the_stream_ahead_of_it_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks at the end all the time while events come, so now and then one comes between its wait and its look."""
    monkeypatch.setattr(consumers, "LOOK_AT_END", 1)
    listener = office.consumer()
    listener.patience = 0.001
    async with running(office.relay(), listener):
        for _ in range(60):
            await office.open()
            await asyncio.sleep(0.004)
        await office.until_heard()
    assert await office.agree() == 60


async def test_what_was_asked_for_is_handed_on_unread_and_what_the_server_says_is_not(office: Office) -> None:
    """The library still calls what we stand in for, so that thousands are read without their headers."""
    await office.open_many(30)
    async with running(office.relay()):
        await office.until_relayed()
    client = office.client
    assert isinstance(client, ShortWay)
    split: list[bytes] = []
    library = client._parse_header_lines

    def count(raw: bytes) -> dict[str, str]:
        split.append(raw)
        return library(raw)

    client._parse_header_lines = count
    reader = Reader(office.bus, office.name, largest=20)
    await reader.open(0)
    came: list[bytes] = []
    while len(came) < 60:
        came += await reader.next(2.0)
    assert [from_cloudevent(body).position for body in came] == list(range(1, 61))
    assert split == []
    await asyncio.sleep(1.5)
    assert await reader.next(0.01) == []  # and no Gap: the server was heard meanwhile
    await client.publish(f"$JS.API.CONSUMER.DELETE.{stream_name(office.name)}.{reader._name}")
    with pytest.raises(Gap, match="409"):
        await reader.next(2.0)
    await reader.close()


async def test_a_client_without_the_short_way_reads_the_same(office: Office) -> None:
    await office.open_many(30)
    async with running(office.relay()):
        await office.until_relayed()
    plain = await nats.connect(office.nats_url)
    listener = office.consumer()
    listener.bus = Bus(plain)
    async with running(listener):
        await office.until_heard()
    await plain.close()
    assert await office.agree() == 60


async def test_a_batch_made_ready_before_its_forerunner_was_parked_waits_behind_it(office: Office) -> None:
    """Batches are made ready while the one before is stored: what that one parks holds back this one's events too."""
    poisoned = await office.open("毒事项", papers=150)
    await office.open_many(100)
    await office.tell(*(filed(poisoned) for _ in range(30)), stream=poisoned)
    async with running(office.relay()):
        await office.until_relayed()
    async with running(office.consumer(largest=40)):
        await office.until_heard()
    held = [event.position for event in await office.table() if event.stream == poisoned]
    assert len(held) == 181
    assert [(position, first) for position, first, _ in await office.parked()] == [
        (position, position == 1) for position in held
    ]
    assert await office.agree(without=lambda event: event.stream == poisoned) == 381


class Source:
    """The source's own log, read straight from its table; counts how often it is asked."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.asked = 0

    async def read(self, after: int, limit: int, wait: float):
        self.asked += 1
        page = await self.office.store.read(after, limit)
        if not page.events:
            await asyncio.sleep(min(wait, 0.05))
        return page.events


async def test_what_the_bus_gets_wrong_is_asked_of_the_source(office: Office) -> None:
    """A tampered message and one that is no event at all, between good ones."""
    await office.open_many(10)
    table = await office.table()
    await office.bus.make_stream(office.name)
    for event in table:
        topic, body, headers = message_of(event)
        if event.position == 4:
            body = body.replace("事项".encode(), "换了".encode()).replace(b"legality_review", b"legality_rebuff")
        if event.position == 9:
            body = b"what is this"
        await office.client.request(topic, body, headers=headers, timeout=2)
    source = Source(office)
    async with running(office.consumer(source)):
        await office.until_heard()
    assert source.asked >= 2
    assert await office.parked() == []
    assert await office.rows() == office.fold(table)


async def test_without_the_bus_the_source_is_read_and_then_the_bus_again(office: Office) -> None:
    source = Source(office)
    away = Bus(await connect(office.nats_url, "away"))
    await away.client.close()
    listener = office.consumer(source)
    listener.bus = away
    await office.open_many(40)
    async with running(listener):
        await office.until_heard()
        assert listener.status.source == "feed"
        listener.bus = office.bus
        async with running(office.relay()):
            await office.open_many(40)
            await office.until_heard()

            async def back() -> bool:
                return listener.status.source == "bus"

            await until(back, 10, "the bus is read again")
            asked = source.asked
            await office.open_many(10)
            await office.until_heard()
            assert source.asked == asked
    assert await office.agree() == 180


async def test_a_feed_that_answers_something_else_is_waited_for(office: Office) -> None:
    import httpx

    def page(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b'{"events":[{"nothing":"of ours"}],"last":1,"next":1}')

    async with httpx.AsyncClient(transport=httpx.MockTransport(page)) as client:
        with pytest.raises(BusAway, match="something else"):
            await HttpFeed("http://source", lambda: "token", client).read(0, 10, 0)


async def test_a_listener_older_than_its_tables_writes_nothing(office: Office) -> None:
    await office.open_many(3)
    listener = office.consumer()
    async with running(office.relay(), listener):
        await office.until_heard()
        await office.of_heard("update kernel.consumer set version = 2 where source = $1", office.name)
        await office.open_many(3)
        await asyncio.sleep(0.5)
        assert await office.position() == 6

        async def told() -> bool:
            return "version" in (listener.status.error or "")

        await until(told, 5, "the listener says why it waits")
