"""One command, one verdict: appended, repeated or conflict; and what happens to the others of its batch."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from chancery.envelope import leaf_hash
from chancery.launch.postgres import ServiceDatabase
from chancery.names import TenantId
from chancery.store.api import Append, Outcome, Verdict
from chancery.store.errors import OutdatedProcess, PoisonedAppend, StoreUnavailable
from chancery.store.store import PostgresStore
from chancery.thing import Patch
from tests.store.notes import BODY, EAST, NOON, WEST, all_of, every_event, note, opened, put, rows_of
from tests.store.proxy import wire_to


async def test_what_was_appended_is_read_back_byte_for_byte(store: PostgresStore) -> None:
    stream = uuid4()
    append = note(stream, events=2)
    verdict = await store.append(append)
    assert (verdict.outcome, verdict.version, verdict.answer) == (Outcome.APPENDED, 2, append.answer)

    loaded = await store.load(EAST, stream)
    assert loaded.version == 2
    assert [(e.position, e.version) for e in loaded.events] == [(verdict.position - 1, 1), (verdict.position, 2)]
    for stored, event in zip(loaded.events, append.events, strict=True):
        assert (stored.body, stored.meta, stored.business_at, stored.leaf) == (BODY, event.meta, NOON, event.leaf)
        assert stored.leaf == leaf_hash(
            stored.tenant,
            stored.stream,
            stored.version,
            stored.type,
            stored.schema_version,
            stored.body,
            stored.meta,
            stored.business_at,
            stored.command_id,
        )


async def test_a_repeated_command_gets_its_first_answer_and_changes_nothing(store: PostgresStore) -> None:
    stream = uuid4()
    append = note(stream)
    first = await store.append(append)
    await store.append(note(stream, 1))
    again = await store.append(append)
    assert again == Verdict(Outcome.REPEATED, first.version, first.position, first.answer, first.fingerprint)
    assert (await store.load(EAST, stream)).version == 2


async def test_a_reused_id_shows_what_was_asked_first(store: PostgresStore) -> None:
    append = note(uuid4(), fingerprint=b"a leave of two days")
    await store.append(append)
    other = note(uuid4(), command_id=append.command_id, fingerprint=b"a leave of nine days")
    verdict = await store.append(other)
    assert verdict.outcome is Outcome.REPEATED
    assert (verdict.fingerprint, verdict.answer) == (b"a leave of two days", append.answer)
    assert (await store.load(EAST, other.stream)).events == ()


async def test_loading_tells_what_a_known_command_was_answered(store: PostgresStore) -> None:
    append = note(uuid4())
    first = await store.append(append)
    loaded = await store.load(EAST, append.stream, append.command_id)
    assert loaded.known == Verdict(Outcome.REPEATED, 1, first.position, append.answer, b"asked")
    assert (await store.load(EAST, append.stream, uuid4())).known is None
    assert (await store.load(WEST, append.stream, append.command_id)).known is None


@pytest.mark.parametrize("expected", [0, 1, 3])
async def test_a_command_that_saw_another_version_conflicts_and_writes_no_row(
    store: PostgresStore, database: ServiceDatabase, expected: int
) -> None:
    stream = uuid4()
    await store.append(note(stream, events=2, writes=[put(stream, "kept")]))
    verdict = await store.append(note(stream, expected, writes=[put(stream, "lost")]))
    assert (verdict.outcome, verdict.version, verdict.position) == (Outcome.CONFLICT, 2, 0)
    assert (await store.load(EAST, stream)).version == 2
    assert (await rows_of(database, EAST))[stream] == ("kept", None)


async def test_of_many_who_saw_the_same_version_one_wins(store: PostgresStore) -> None:
    stream = uuid4()
    await store.append(note(stream))
    verdicts = await all_of(store, [note(stream, 1) for _ in range(40)])
    assert sorted(v.outcome for v in verdicts) == [Outcome.APPENDED, *[Outcome.CONFLICT] * 39]
    assert {v.version for v in verdicts} == {2}


async def test_tenants_share_a_commit_and_nothing_else(store: PostgresStore, database: ServiceDatabase) -> None:
    tenants = [TenantId(f'district {number}, "{{quoted}}"') for number in range(7)]
    appends = [note(uuid4(), tenant=tenants[number % 7]) for number in range(100)]
    before = store.appender.figures.batches
    verdicts = await all_of(store, appends)
    assert {v.outcome for v in verdicts} == {Outcome.APPENDED}
    assert store.appender.figures.batches - before <= 4
    for tenant in tenants:
        own = {a.stream for a in appends if a.tenant == tenant}
        assert set(await rows_of(database, tenant)) == own
        assert {e.stream for e in (await store.read(0, 500, tenant)).events} == own


async def test_a_stream_of_another_tenant_cannot_be_read_begun_or_continued(
    store: PostgresStore, database: ServiceDatabase
) -> None:
    stream = uuid4()
    await store.append(note(stream, tenant=EAST, writes=[put(stream, "east's")]))
    assert (await store.load(WEST, stream)).events == ()
    for expected in (0, 1, 2):
        verdict = await store.append(note(stream, expected, tenant=WEST, writes=[put(stream, "west's")]))
        assert (verdict.outcome, verdict.version) == (Outcome.CONFLICT, 0)
    # Side by side with its owner in one batch, and with one that may begin.
    free = uuid4()
    verdicts = await all_of(store, [note(free, tenant=WEST), note(stream, 0, tenant=WEST), note(uuid4(), tenant=EAST)])
    assert [v.outcome for v in verdicts] == [Outcome.APPENDED, Outcome.CONFLICT, Outcome.APPENDED]
    assert (await store.load(EAST, stream)).version == 1
    assert stream not in await rows_of(database, WEST)
    assert (await rows_of(database, EAST))[stream] == ("east's", None)


async def test_a_command_id_belongs_to_its_tenant(store: PostgresStore) -> None:
    append = note(uuid4(), tenant=EAST)
    await store.append(append)
    verdict = await store.append(note(uuid4(), tenant=WEST, command_id=append.command_id))
    assert verdict.outcome is Outcome.APPENDED


def poisons() -> dict[str, Append]:
    stream = uuid4()
    return {
        "a body that is not JSON": note(stream, body=b"{"),
        "a body that is not text": note(stream, body=b'{"a":"\xff\xfe"}'),
        "a row with a sign no text may hold": note(stream, writes=[put(stream, "a\0b")]),
        "a row without what it must have": note(stream, writes=[Patch("notes", {"note_id": stream}, {"seen": "many"})]),
        "a row of no table": note(stream, writes=[Patch("no_such_table", {"note_id": stream}, {"stage": "x"})]),
        "a row that changes what finds it": note(stream, writes=[Patch("notes", {"stage": "a"}, {"stage": "b"})]),
        "a version no column holds": note(stream, 2**31),
    }


@pytest.mark.parametrize("what", list(poisons()))
async def test_a_poison_harms_no_other_command_of_its_batch(store: PostgresStore, what: str) -> None:
    poison = poisons()[what]
    before = await store.last_position()
    good = [note(uuid4()) for _ in range(9)]
    results = await asyncio.gather(
        *(store.append(append) for append in [*good[:5], poison, *good[5:]]), return_exceptions=True
    )
    assert isinstance(results.pop(5), PoisonedAppend)
    assert [r.outcome for r in results if isinstance(r, Verdict)] == [Outcome.APPENDED] * 9
    assert [e.position for e in await every_event(store, before)] == list(range(before + 1, before + 10))
    assert (await store.load(EAST, poison.stream, poison.command_id)).events == ()


async def test_a_process_older_than_its_tables_is_told_so(store: PostgresStore) -> None:
    stream = uuid4()
    for projections in ((("notes", 2),), (("notes", 1), ("never_heard_of", 1))):
        with pytest.raises(OutdatedProcess, match=projections[-1][0]):
            await store.append(note(stream, projections=projections))
    verdicts = await asyncio.gather(
        store.append(note(stream)), store.append(note(uuid4(), projections=(("notes", 0),))), return_exceptions=True
    )
    assert isinstance(verdicts[0], Verdict)
    assert isinstance(verdicts[1], OutdatedProcess)


async def test_a_process_that_waits_while_the_tables_move_on_is_told_so(
    store: PostgresStore, database: ServiceDatabase
) -> None:
    """A rebuild exchanges tables in its turn; who waited for the turn has missed it."""
    owner = await asyncpg.connect(database.owner_url)
    stream = uuid4()
    try:
        async with owner.transaction():
            await owner.execute("select pg_advisory_xact_lock(7411, 0)")
            waiting = asyncio.create_task(store.append(note(stream)))
            await asyncio.sleep(0.1)
            assert not waiting.done()
            await owner.execute("update kernel.projection set version = 2 where name = 'notes'")
        with pytest.raises(OutdatedProcess):
            await waiting
    finally:
        await owner.execute("update kernel.projection set version = 1 where name = 'notes'")
        await owner.close()
    assert (await store.load(EAST, stream)).events == ()


async def test_a_caller_who_goes_away_harms_nobody(store: PostgresStore) -> None:
    appends = [note(uuid4()) for _ in range(30)]
    tasks = [asyncio.create_task(store.append(append)) for append in appends]
    await asyncio.sleep(0)
    for task in tasks[::3]:
        task.cancel()
    await asyncio.sleep(0.001)
    tasks[1].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(r, Verdict) for n, r in enumerate(done) if n % 3 and n != 1)
    for append in appends:  # whatever became of them, asking again says so, and they are there once
        await store.append(append)
        assert (await store.load(EAST, append.stream)).version == 1


async def test_a_closed_store_has_finished_what_was_asked(new_database: ServiceDatabase) -> None:
    async with opened(new_database) as store:
        tasks = [asyncio.create_task(store.append(note(uuid4()))) for _ in range(700)]
        await asyncio.sleep(0)
    assert {(await task).outcome for task in tasks} == {Outcome.APPENDED}
    with pytest.raises(StoreUnavailable):
        await store.append(note(uuid4()))


async def test_a_command_that_tells_nothing_is_not_appended(store: PostgresStore) -> None:
    with pytest.raises(ValueError, match="tells nothing"):
        await store.append(note(uuid4(), events=0))


async def test_positions_begin_with_one_and_have_no_gap(new_database: ServiceDatabase) -> None:
    async with opened(new_database) as store:
        assert await store.last_position() == 0
        stream = uuid4()
        await all_of(store, [note(stream), *(note(uuid4(), events=3) for _ in range(50)), note(stream)])
        events = await every_event(store)
        assert [e.position for e in events] == list(range(1, 152))
        page = await store.read(100, 10)
        assert ([e.position for e in page.events], page.last) == (list(range(101, 111)), 151)


async def test_whoever_listens_hears_the_last_position(new_database: ServiceDatabase) -> None:
    heard: list[int] = []
    async with opened(new_database) as store:
        stop = await store.listen(heard.append)
        await store.append(note(uuid4(), events=4))
        await until(lambda: heard == [4])
        await _end_all(new_database)  # the listening connection among them
        for _ in range(100):
            await store.append(note(uuid4()))
            await asyncio.sleep(0.02)
            if heard[-1] > 4:
                break
        assert heard[-1] == await store.last_position()
        await stop()
        count = len(heard)
        await store.append(note(uuid4()))
        await asyncio.sleep(0.05)
        assert len(heard) == count


async def test_a_broken_connection_is_nothing_to_the_caller(new_database: ServiceDatabase) -> None:
    async with opened(new_database) as store:
        streams = [uuid4() for _ in range(20)]
        versions: dict[UUID, int] = {}

        async def caller(stream: UUID) -> None:
            for version in range(30):
                verdict = await store.append(note(stream, version))
                assert verdict.outcome is Outcome.APPENDED
                assert (await store.load(EAST, stream)).version == version + 1
                versions[stream] = verdict.version

        calls = asyncio.gather(*(caller(stream) for stream in streams))
        for _ in range(4):
            await asyncio.sleep(0.05)
            await _end_all(new_database)
        await calls
        assert set(versions.values()) == {30}
        assert store.appender.figures.reconnected > 0
        assert [e.position for e in await every_event(store)] == list(range(1, 601))


async def test_an_answer_lost_on_the_way_is_given_to_its_first_caller_as_the_first(
    new_database: ServiceDatabase,
) -> None:
    """Committed, but the answer never came: asked again, the store finds the command, and for its caller it is new."""
    async with wire_to(new_database.app_url) as (url, wire), opened(replace(new_database, app_url=url)) as store:
        for _ in range(2):  # so many that they are shared, and every writer has its connection
            await all_of(store, [note(uuid4()) for _ in range(60)])
        wire.lossy = True
        append = note(uuid4())
        asking = asyncio.create_task(store.append(append))
        await wire.lost.wait()
        assert await store.last_position() == 121
        assert not asking.done()
        wire.cut()
        verdict = await asking
        assert (verdict.outcome, verdict.version, verdict.position) == (Outcome.APPENDED, 1, 121)
        assert (await store.append(append)).outcome is Outcome.REPEATED
        assert [e.position for e in await every_event(store)] == list(range(1, 122))


async def _end_all(database: ServiceDatabase) -> None:
    """End every session of the service, as a restart does."""
    for role_url in (database.app_url, database.relay_url):
        own = await asyncpg.connect(role_url)
        await own.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where usename = current_user and pid <> pg_backend_pid()"
        )
        await own.close()


async def until(true: Callable[[], bool], patience: float = 5.0) -> None:
    end = asyncio.get_running_loop().time() + patience
    while not true():
        assert asyncio.get_running_loop().time() < end
        await asyncio.sleep(0.01)
