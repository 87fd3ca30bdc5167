"""What was acknowledged is there after any kill, once; what was not is there whole or not at all."""

import asyncio
import os
import secrets
from collections.abc import AsyncGenerator
from uuid import UUID, uuid4

import pytest

from chancery.launch.postgres import Postgres, ServiceDatabase, provision
from chancery.store.api import Outcome
from chancery.store.errors import StoreUnavailable
from chancery.store.migrate import upgrade
from tests.parts import own_folder
from tests.store.notes import all_of, note, opened, with_notes
from tests.store.processes import Acknowledged, assert_all_there_once, said_by, start_writer

pytestmark = pytest.mark.crash


@pytest.fixture
async def server() -> AsyncGenerator[Postgres]:
    """A PostgreSQL that may be killed: nobody else's."""
    with own_folder("killed") as folder:
        server = Postgres(folder / "pg")
        await asyncio.to_thread(server.start)
        try:
            yield server
        finally:
            await asyncio.to_thread(server.stop)


@pytest.fixture
async def mortal(server: Postgres) -> ServiceDatabase:
    database = await provision(server.admin_url, "meeting", secrets.token_urlsafe(12))
    await asyncio.to_thread(upgrade, "meeting", database.owner_url, "0001")
    return await with_notes(database)


async def test_a_database_killed_under_load_loses_nothing_and_callers_notice_nothing(
    server: Postgres, mortal: ServiceDatabase
) -> None:
    acknowledged: list[Acknowledged] = []
    over = asyncio.Event()

    async def caller() -> None:
        while not over.is_set():
            append = note(uuid4(), events=2)
            verdict = await store.append(append)
            assert verdict.outcome is Outcome.APPENDED
            acknowledged.append(Acknowledged(append.command_id, verdict.position, 2))

    async with opened(mortal, patience=60) as store:
        callers = asyncio.gather(*(caller() for _ in range(48)))
        for _ in range(4):
            before = len(acknowledged)
            while len(acknowledged) < before + 200:
                assert not callers.done(), callers.result()
                await asyncio.sleep(0.01)
            await asyncio.to_thread(server.kill)
        before = len(acknowledged)
        while len(acknowledged) < before + 200:
            assert not callers.done(), callers.result()
            await asyncio.sleep(0.01)
        over.set()
        await callers
        assert store.appender.figures.reconnected >= 4
    assert len({one.command_id for one in acknowledged}) == len(acknowledged)
    assert await assert_all_there_once(mortal, acknowledged) == 2 * len(acknowledged)


async def test_a_killed_writer_leaves_whole_commands_and_all_that_it_acknowledged(
    new_database: ServiceDatabase,
) -> None:
    acknowledged: list[Acknowledged] = []
    total = 0
    for _ in range(3):
        writer = await start_writer(new_database, 32, 0)
        assert writer.stdout is not None
        first = (await writer.stdout.readline()).split()
        await asyncio.sleep(0.4)
        writer.kill()
        acknowledged += [
            Acknowledged(UUID(first[0].decode()), int(first[1]), int(first[2])),
            *await said_by(writer, killed=True),
        ]
        await asyncio.sleep(0.3)  # a commit that was on its way ends on the server's side
        total = await assert_all_there_once(new_database, acknowledged)
    assert len(acknowledged) > 100
    assert total >= sum(one.events for one in acknowledged)


async def test_a_database_that_stays_away_is_told_and_asking_again_is_safe(
    server: Postgres, mortal: ServiceDatabase
) -> None:
    async with opened(mortal, patience=1.0) as store:
        await store.append(note(uuid4()))
        appends = [note(uuid4()) for _ in range(30)]
        os.kill(server.pid, 19)  # SIGSTOP: no new connections, while its sessions may still answer
        server.kill()
        await asyncio.to_thread(server.stop)
        began = asyncio.get_running_loop().time()
        results = await asyncio.gather(*(store.append(append) for append in appends), return_exceptions=True)
        assert {type(result) for result in results} == {StoreUnavailable}
        assert asyncio.get_running_loop().time() - began < 8
        with pytest.raises(StoreUnavailable):
            await store.last_position()
        await asyncio.to_thread(server.start)
        verdicts = await all_of(store, appends)
        assert {verdict.outcome for verdict in verdicts} <= {Outcome.APPENDED, Outcome.REPEATED}
    acknowledged = [Acknowledged(a.command_id, v.position, 1) for a, v in zip(appends, verdicts, strict=True)]
    assert await assert_all_there_once(mortal, acknowledged) == 31
