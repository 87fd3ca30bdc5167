"""A follower that goes on from its position sees every event once, however many write, and in whatever order they
commit."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from chancery.launch.postgres import ServiceDatabase
from chancery.store.appender import STATEMENT
from chancery.store.store import PostgresStore
from tests.store.notes import BODY, NOON, new_event, opened
from tests.store.processes import assert_all_there_once, said_by, start_writer

Read = Callable[[int], Awaitable[list[tuple[int, UUID]]]]


class Follower:
    """Reads on from its position, like the relay and every consumer; keeps what it saw."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self.seen: list[tuple[int, UUID]] = []

    async def look(self) -> None:
        while page := await self._read(self.seen[-1][0] if self.seen else 0):
            self.seen += page

    @property
    def commands(self) -> set[UUID]:
        return {command_id for _, command_id in self.seen}


def following(store: PostgresStore) -> Follower:
    async def read(after: int) -> list[tuple[int, UUID]]:
        return [(e.position, e.command_id) for e in (await store.read(after, 100)).events]

    return Follower(read)


@pytest.mark.parametrize("shared", [False, True], ids=["streams of their own", "the same streams"])
async def test_sixteen_writers_in_four_processes_hide_nothing_from_a_follower(
    new_database: ServiceDatabase, shared: bool
) -> None:
    streams = [uuid4() for _ in range(3)] if shared else []
    async with opened(new_database) as store:
        follower = following(store)
        writers = [await start_writer(new_database, 4, 30 if shared else 80, *streams) for _ in range(4)]
        ended = asyncio.gather(*(said_by(writer) for writer in writers))
        while not ended.done():
            await follower.look()
            await asyncio.sleep(0)
        acknowledged = [one for said in await ended for one in said]
        await follower.look()
        assert len(acknowledged) == 16 * (30 if shared else 80)
        total = await assert_all_there_once(new_database, acknowledged)
        assert [position for position, _ in follower.seen] == list(range(1, total + 1))
        assert follower.commands == {one.command_id for one in acknowledged}


# -- two transactions, the later one commits first ------------------------------------

Begun = "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def two_transactions(
    database: ServiceDatabase,
) -> "AsyncGenerator[tuple[asyncpg.Connection[Any], asyncpg.Connection[Any]]]":
    first, second = [await asyncpg.connect(database.app_url) for _ in range(2)]
    try:
        yield first, second
    finally:
        await first.close()
        await second.close()


async def test_a_number_drawn_before_the_commit_loses_events(new_database: ServiceDatabase) -> None:
    """Why positions are not a sequence: the harness sees the loss where there is one."""
    owner = await asyncpg.connect(new_database.owner_url)
    await owner.execute("create table naive (pos bigserial primary key, command_id uuid not null)")
    await owner.execute(f'grant select, insert on naive to "{new_database.app_role}"')
    await owner.execute(f'grant usage on sequence naive_pos_seq to "{new_database.app_role}"')

    async def read(after: int) -> list[tuple[int, UUID]]:
        rows = await owner.fetch("select pos, command_id from naive where pos > $1 order by pos", after)
        return [(row[0], row[1]) for row in rows]

    follower = Follower(read)
    insert = "insert into naive (command_id) values ($1)"
    slow, quick = uuid4(), uuid4()
    async with two_transactions(new_database) as (first, second):
        transaction = first.transaction()
        await transaction.start()
        await first.execute(insert, slow)
        await second.execute(insert, quick)
        await follower.look()
        await transaction.commit()
        await follower.look()
    stored = {row[0] for row in await owner.fetch("select command_id from naive")}
    await owner.close()
    assert stored - follower.commands == {slow}


async def test_a_position_taken_in_the_order_of_commits_loses_none(new_database: ServiceDatabase) -> None:
    """The same interleaving with ours: the second waits for the first."""
    slow, quick = uuid4(), uuid4()
    async with opened(new_database) as store, two_transactions(new_database) as (first, second):
        follower = following(store)
        transaction = first.transaction()
        await transaction.start()
        assert (await first.fetch(STATEMENT, *one_command(slow)))[0]["outcome"] == "all"
        waiting = asyncio.create_task(second.fetch(STATEMENT, *one_command(quick)))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await follower.look()
        assert follower.seen == []
        await transaction.commit()
        assert (await waiting)[0]["outcome"] == "all"
        await follower.look()
        assert follower.seen == [(1, slow), (2, quick)]


async def test_a_turn_given_up_leaves_no_gap(new_database: ServiceDatabase) -> None:
    given_up, kept = uuid4(), uuid4()
    async with opened(new_database) as store, two_transactions(new_database) as (first, second):
        transaction = first.transaction()
        await transaction.start()
        await first.fetch(STATEMENT, *one_command(given_up))
        waiting = asyncio.create_task(second.fetch(STATEMENT, *one_command(kept)))
        await transaction.rollback()
        await waiting
        follower = following(store)
        await follower.look()
        assert follower.seen == [(1, kept)]


def one_command(command_id: UUID) -> tuple[Any, ...]:
    """The arguments of one command of one event, by hand."""
    stream = uuid4()
    event = new_event(command_id, "east", stream, 1)
    return (
        *(["east"], [command_id], [stream], "{0}", "{1}", "{1}", [b"asked"], ["{}"]),
        *("{1}", "{1}", [event.type], "{1}", [BODY.decode()], [event.meta.decode()], [NOON], [event.leaf]),
        *([], [], [], [], []),
    )
