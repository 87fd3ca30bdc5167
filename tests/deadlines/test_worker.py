"""Deadlines on a real database: started, met, fired once, counted anew; any worker killed at any moment."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import orjson
import pytest
from sqlalchemy import text

from chancery.calendar import Calendar, bundled, local_moment
from chancery.deadlines import RunningDeadline, deadline_id, extended_due, move_order, resumed_due, suspended_due
from chancery.deadlines.shelf import BUNDLED, CalendarShelf
from chancery.deadlines.worker import Fire
from chancery.desk import HouseDesk
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.operations import DeadlineMoved
from chancery.launch.postgres import Postgres, ServiceDatabase, provision
from chancery.names import TenantId
from chancery.refusal import Reason, Refused
from chancery.store.migrate import upgrade
from chancery.store.writes import group_writes
from tests.deadlines.office import (
    NAME,
    NOW,
    Office,
    StandingClock,
    office,
    running_clock,
    sitting_no,
)

HERE = TenantId("here")
DAY = timedelta(days=1)


@pytest.fixture
async def at_work(database: ServiceDatabase) -> AsyncGenerator[Office]:
    async with office(database.app_url, database.relay_url, StandingClock(NOW)) as found:
        yield found


async def the_deadline(at_work: Office, number: int, tenant: TenantId = HERE) -> RunningDeadline:
    found = await at_work.table.find(tenant, deadline_id(sitting_no(number), NAME))
    assert found is not None
    return found


async def told(at_work: Office) -> list[Recorded[Event]]:
    return [stored.recorded() for stored in (await at_work.store.read(0, 10_000)).events]


def set_clock(at_work: Office, moment: datetime) -> None:
    assert isinstance(at_work.clock, StandingClock)
    at_work.clock.moment = moment


# -- started, met, fired ---------------------------------------------------------------


async def test_a_deadline_starts_in_the_commit_of_its_event(at_work: Office) -> None:
    due = running_clock(NOW)
    handled = await at_work.close_sitting(HERE, sitting_no(1), due, NOW)
    found = await the_deadline(at_work, 1)
    assert (found.state, found.counted, found.thing) == ("running", due, sitting_no(1))
    assert found.cause == handled.events[0]
    assert await at_work.table.next_due(NOW) == due.due_at


async def test_where_the_rules_are_silent_nothing_runs(at_work: Office) -> None:
    await at_work.close_sitting(HERE, sitting_no(1), None, NOW)
    assert await at_work.table.of_thing(HERE, sitting_no(1)) == []


async def test_nothing_fires_a_moment_too_early(at_work: Office) -> None:
    due = running_clock(NOW)
    await at_work.close_sitting(HERE, sitting_no(1), due, NOW)
    worker = at_work.worker()
    set_clock(at_work, due.due_at - timedelta(microseconds=1))
    assert (await worker.fire_due(), await at_work.table.due_count(at_work.clock.now())) == (0, 0)
    set_clock(at_work, due.due_at)
    assert await at_work.table.due_count(due.due_at) == 1
    assert await worker.fire_due() == 1
    assert await at_work.overdue() == [(HERE, sitting_no(1))]


async def test_what_fired_says_when_it_was_due_and_when_it_was_written_down(at_work: Office) -> None:
    due = running_clock(NOW)
    await at_work.close_sitting(HERE, sitting_no(1), due, NOW)
    set_clock(at_work, due.due_at + 3 * DAY)  # nobody worked for three days
    await at_work.worker().fire_due()
    fired = (await told(at_work))[-1]
    assert fired.business_at == due.due_at
    found = await the_deadline(at_work, 1)
    assert (found.state, found.fired_at, found.late) == ("fired", due.due_at, True)


async def test_what_was_due_before_it_began_fires_when_it_began(at_work: Office) -> None:
    """Entered late: the event cannot lie before the one that started the clock."""
    due = running_clock(NOW - 60 * DAY)
    await at_work.close_sitting(HERE, sitting_no(1), due, NOW)
    await at_work.worker().fire_due()
    assert [r.business_at for r in await told(at_work)] == [NOW, NOW]


async def test_what_was_met_does_not_fire(at_work: Office) -> None:
    due = running_clock(NOW)
    await at_work.close_sitting(HERE, sitting_no(1), due, NOW)
    await at_work.issue_minutes(HERE, sitting_no(1), NOW + DAY)
    found = await the_deadline(at_work, 1)
    assert (found.state, found.met_at, found.late) == ("met", NOW + DAY, False)
    set_clock(at_work, due.due_at + DAY)
    assert await at_work.worker().fire_due() == 0
    assert await at_work.overdue() == []


async def test_what_is_met_late_stays_late(at_work: Office) -> None:
    due = running_clock(NOW)
    await at_work.close_sitting(HERE, sitting_no(1), due, NOW)
    set_clock(at_work, due.due_at + DAY)
    await at_work.worker().fire_due()
    await at_work.issue_minutes(HERE, sitting_no(1), due.due_at + 2 * DAY)
    found = await the_deadline(at_work, 1)
    assert (found.state, found.fired_at, found.late) == ("met", due.due_at, True)


async def test_a_worker_that_comes_again_finds_nothing(at_work: Office) -> None:
    due = running_clock(NOW)
    await at_work.close_sitting(HERE, sitting_no(1), due, NOW)
    set_clock(at_work, due.due_at)
    worker = at_work.worker()
    assert await worker.look() == 1
    assert await worker.look() == 0
    assert await at_work.worker().look() == 0
    assert len(await at_work.overdue()) == 1


async def test_tenants_deadlines_fire_each_in_their_own_house(at_work: Office) -> None:
    due = running_clock(NOW)
    for number, tenant in enumerate(("here", "there", "elsewhere")):
        await at_work.close_sitting(tenant, sitting_no(number), due, NOW)
    set_clock(at_work, due.due_at)
    await at_work.worker().fire_due()
    assert sorted(await at_work.overdue()) == sorted(
        [("here", sitting_no(0)), ("there", sitting_no(1)), ("elsewhere", sitting_no(2))]
    )
    assert await at_work.table.find(HERE, deadline_id(sitting_no(1), NAME)) is None
    assert [d.thing for d in await at_work.table.page(HERE, states=("fired",))] == [sitting_no(0)]


async def test_one_that_cannot_be_fired_does_not_hold_up_the_others(at_work: Office) -> None:
    due = running_clock(NOW)
    for number in range(6):
        await at_work.close_sitting(HERE, sitting_no(number), due, NOW)
    set_clock(at_work, due.due_at)

    def but_the_third(fire: Fire) -> Fire:
        async def failing(deadline: RunningDeadline, cause: UUID) -> None:
            if deadline.thing == sitting_no(3):
                raise ConnectionError("the archive does not answer")
            await fire(deadline, cause)

        return failing

    await at_work.worker(but_the_third).fire_due()
    assert {thing for _, thing in await at_work.overdue()} == {sitting_no(n) for n in (0, 1, 2, 4, 5)}
    assert await at_work.table.due_count(due.due_at) == 1
    async with at_work.kernel.query(HERE) as connection:
        row = (await connection.execute(text("select last_error, attempts from kernel.deadline_work"))).one()
    assert ("archive" in row.last_error, row.attempts) == (True, 1)
    assert await at_work.worker().fire_due() == 0, "put off for a while"
    async with at_work.kernel.query(HERE) as connection:
        await connection.execute(text("update kernel.deadline_work set leased_until = now()"))
    assert await at_work.worker().fire_due() == 1, "and then tried again"
    assert len(await at_work.overdue()) == 6


async def test_one_whose_rules_are_gone_waits_for_them_and_fires_then(at_work: Office) -> None:
    """A no that says nothing of the matter loses no firing."""
    due = running_clock(NOW)
    await at_work.close_sitting(HERE, sitting_no(1), due, NOW)
    set_clock(at_work, due.due_at)

    def while_they_are_gone(fire: Fire) -> Fire:
        del fire

        async def refusing(deadline: RunningDeadline, cause: UUID) -> None:
            raise Refused(Reason("case_rules_gone", params={"pack": "x@1", "here": "x@2"}), kind="away")

        return refusing

    await at_work.worker(while_they_are_gone).fire_due()
    assert await at_work.overdue() == []
    assert await at_work.table.due_count(due.due_at) == 1
    async with at_work.kernel.query(HERE) as connection:
        await connection.execute(text("update kernel.deadline_work set leased_until = now()"))
    await at_work.worker().fire_due()
    assert await at_work.overdue() == [(HERE, sitting_no(1))]
    assert await at_work.table.due_count(due.due_at) == 0


async def test_the_same_deadline_started_again_begins_anew(at_work: Office) -> None:
    await at_work.close_sitting(HERE, sitting_no(1), running_clock(NOW), NOW)
    later = running_clock(NOW + 7 * DAY)
    await at_work.close_sitting(HERE, sitting_no(1), later, NOW + 7 * DAY)
    found = await the_deadline(at_work, 1)
    assert (found.counted, found.state) == (later, "running")
    assert len(await at_work.table.of_thing(HERE, sitting_no(1))) == 1


async def test_deadlines_come_by_pages_in_the_order_they_fall_due(at_work: Office) -> None:
    for number in range(7):
        await at_work.close_sitting(HERE, sitting_no(number), running_clock(NOW + (7 - number) * DAY), NOW)
    seen: list[RunningDeadline] = []
    while page := await at_work.table.page(
        HERE, limit=3, after=(seen[-1].counted.due_at, seen[-1].id) if seen else None
    ):
        seen += page
    assert len({d.id for d in seen}) == 7
    assert [d.counted.due_at for d in seen] == sorted(d.counted.due_at for d in seen)
    soon = await at_work.table.page(HERE, until=seen[2].counted.due_at)
    assert {d.counted.due_at for d in soon} <= {d.counted.due_at for d in seen[:4]}


# -- walls ------------------------------------------------------------------------------


async def test_the_application_sees_no_tenants_rows_without_standing_there(
    at_work: Office, database: ServiceDatabase
) -> None:
    await at_work.close_sitting(HERE, sitting_no(1), running_clock(NOW), NOW)
    connection = await asyncpg.connect(database.app_url)
    try:
        taken = await connection.fetch("select * from kernel.take_due($1, 5, '1s')", NOW + 30 * DAY)
        assert [set(row.keys()) for row in taken] == [{"tenant", "id", "due_at", "attempts"}]
        assert await connection.fetchval("select count(*) from public.deadline") == 0
        assert await connection.fetchval("select count(*) from kernel.deadline_work") == 0
        await connection.execute("select set_config('chancery.tenants', '{there}', false)")
        assert await connection.fetchval("select count(*) from public.deadline_v1") == 0
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("insert into kernel.deadline_work (tenant, id) values ('here', gen_random_uuid())")
        await connection.execute("select set_config('chancery.tenants', '{here}', false)")
        assert await connection.fetchval("select count(*) from public.deadline") == 1
    finally:
        await connection.close()


async def test_the_bus_role_may_not_take_deadlines(database: ServiceDatabase) -> None:
    connection = await asyncpg.connect(database.relay_url)
    try:
        for call in ("take_due(now(), 1, '1s')", "due_count(now())", "other_calendar('x', '', gen_random_uuid(), 1)"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"select * from kernel.{call}")
    finally:
        await connection.close()


# -- many workers, killed -----------------------------------------------------------------


async def test_many_workers_at_once_take_each_deadline_once(at_work: Office) -> None:
    due = running_clock(NOW)
    for number in range(40):
        await at_work.close_sitting("here" if number % 2 else "there", sitting_no(number), due, NOW)
    set_clock(at_work, due.due_at)
    handed: list[UUID] = []

    def noting(fire: Fire) -> Fire:
        async def noted(deadline: RunningDeadline, cause: UUID) -> None:
            handed.append(deadline.id)
            await fire(deadline, cause)

        return noted

    workers = [at_work.worker(noting) for _ in range(5)]
    for worker in workers:
        worker.page = 7
    await asyncio.gather(*(worker.fire_due() for worker in workers))
    assert Counter(handed) == Counter({deadline_id(sitting_no(n), NAME): 1 for n in range(40)})
    assert len(await at_work.overdue()) == 40


async def test_a_lease_that_ran_out_fires_nothing_twice(at_work: Office) -> None:
    """Two workers have the same deadline, one of them slow: both hand it over, one event comes of it."""
    due = running_clock(NOW)
    await at_work.close_sitting(HERE, sitting_no(1), due, NOW)
    set_clock(at_work, due.due_at)
    go_on = asyncio.Event()

    def slow(fire: Fire) -> Fire:
        async def later(deadline: RunningDeadline, cause: UUID) -> None:
            await go_on.wait()
            await fire(deadline, cause)

        return later

    first = asyncio.create_task(at_work.worker(slow, lease=0.05).fire_due())
    await asyncio.sleep(0.2)
    assert await at_work.worker().fire_due() == 1
    go_on.set()
    assert await first == 1
    assert len(await at_work.overdue()) == 1


Starter = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start_worker(database: ServiceDatabase) -> Generator[Starter]:
    started: list[subprocess.Popen[str]] = []
    root = Path(__file__).parents[2]

    def start(*how: str) -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [sys.executable, str(Path(__file__).parent / "office.py"), database.app_url, database.relay_url, *how],
                stdout=subprocess.PIPE,
                text=True,
                cwd=root,
                env=os.environ | {"PYTHONPATH": str(root)},
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.mark.crash
@pytest.mark.parametrize("where", ["before", "after"])
async def test_killed_in_the_middle_of_a_firing_it_fires_once(
    at_work: Office, start_worker: Starter, where: str
) -> None:
    """One process dies with a deadline in its hand, before or after its command was stored; others finish the work."""
    past = datetime.now(UTC) - 20 * DAY
    due = running_clock(past, 1, unit="calendar_day")
    everything = {sitting_no(number) for number in range(30)}
    for sitting in everything:
        await at_work.close_sitting(HERE, sitting, due, past)
    doomed = start_worker(where)
    assert doomed.stdout is not None
    held = UUID((await asyncio.to_thread(doomed.stdout.readline)).strip())
    stored = {thing for _, thing in await at_work.overdue()}
    assert (held in stored) is (where == "after")
    others = [start_worker(), start_worker()]
    doomed.send_signal(signal.SIGKILL)
    await asyncio.to_thread(doomed.wait)
    end = time.monotonic() + 60
    while await at_work.table.due_count(datetime.now(UTC)):
        assert time.monotonic() < end, "the others did not finish the work"
        await asyncio.sleep(0.1)  # what is waited for happens in other processes
    assert all(other.poll() is None for other in others)
    fired = Counter(thing for _, thing in await at_work.overdue())
    assert fired == Counter(dict.fromkeys(everything, 1))
    assert {d.state for d in await at_work.table.page(HERE, states=("running", "fired"), limit=100)} == {"fired"}


@pytest.fixture
def doomed_server() -> Generator[Postgres]:
    """A server of our own, to be killed."""
    folder = Path(tempfile.mkdtemp(prefix="chancery-deadlines-"))
    folder.chmod(0o711)
    server = Postgres(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.crash
async def test_a_database_killed_while_deadlines_fire_loses_none_and_fires_none_twice(doomed_server: Postgres) -> None:
    database = await provision(doomed_server.admin_url, "meeting", "secret")
    await asyncio.to_thread(upgrade, "meeting", database.owner_url, "0001")
    past = datetime.now(UTC) - 20 * DAY
    due = running_clock(past, 1, unit="calendar_day")
    everything = {sitting_no(number) for number in range(200)}
    handed: list[UUID] = []
    in_the_middle = asyncio.Event()

    def noting(fire: Fire) -> Fire:
        async def noted(deadline: RunningDeadline, cause: UUID) -> None:
            await fire(deadline, cause)
            handed.append(deadline.id)
            if len(handed) == 30:
                in_the_middle.set()

        return noted

    async with office(database.app_url, database.relay_url, StandingClock(datetime.now(UTC))) as at_work:
        await asyncio.gather(*(at_work.close_sitting(HERE, sitting, due, past) for sitting in everything))
        workers = [at_work.worker(noting, lease=1.0) for _ in range(2)]
        for worker in workers:
            worker.page, worker.at_once = 10, 2
        running = [asyncio.create_task(worker.run()) for worker in workers]
        await asyncio.wait_for(in_the_middle.wait(), 60)
        os.kill(doomed_server.pid, signal.SIGKILL)
        end = time.monotonic() + 60
        left = -1
        while left:
            assert time.monotonic() < end, f"{left} never fired"
            await asyncio.sleep(0.2)
            with contextlib.suppress(Exception):  # it is on its way back
                left = await at_work.table.due_count(datetime.now(UTC))
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        assert doomed_server.restarts >= 1
        assert Counter(thing for _, thing in await at_work.overdue()) == Counter(dict.fromkeys(everything, 1))


async def test_filled_anew_from_the_first_event_the_table_is_the_same(
    at_work: Office, database: ServiceDatabase
) -> None:
    """Rows are made of events alone: nothing a worker noted, no clock, no place in the table goes into them."""
    due = running_clock(NOW)
    for number in range(6):
        await at_work.close_sitting("there" if number == 5 else HERE, sitting_no(number), due, NOW)
    await at_work.issue_minutes(HERE, sitting_no(0), NOW + DAY)
    first = await the_deadline(at_work, 1)
    order = move_order(first, extended_due(due, bundled(), 3), "extension", NOW + DAY)
    await HouseDesk(at_work.kernel).carry_out(order, "extend", tenant=HERE, cause=first.id)
    set_clock(at_work, due.due_at + timedelta(hours=5))
    await at_work.worker().look()
    await at_work.issue_minutes(HERE, sitting_no(2), due.due_at + DAY)
    events = await told(at_work)
    owner = await asyncpg.connect(database.owner_url)
    try:
        query = "select d::text from deadline_v1 d order by tenant, id"
        before = await owner.fetch(query)
        assert len(before) == 6
        await owner.execute("truncate deadline_v1")
        (projection,) = at_work.kernel.service.projections
        for event in events:
            groups = group_writes((1, event.tenant, write) for write in projection.project(event))
            await owner.execute("select kernel.write_rows($1::json)", orjson.dumps(groups, default=str).decode())
        assert await owner.fetch(query) == before
    finally:
        await owner.close()


# -- counted anew ---------------------------------------------------------------------------

NOTICE_2027 = (
    '{"year": 2027, "papers": ["https://example.org/2027"], "days": ['
    '{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, '
    '{"name": "元旦", "date": "2027-01-02", "isOffDay": true}, '
    '{"name": "元旦", "date": "2027-01-03", "isOffDay": true}]}'
)
DECEMBER = datetime(2026, 12, 29, 2, tzinfo=UTC)


async def test_the_notice_of_an_unknown_year_settles_what_was_provisional(at_work: Office, tmp_path: Path) -> None:
    """A file is laid into the folder while the service runs; each deadline concerned says both dates in an event."""
    shelf = CalendarShelf(tmp_path, look_every=0)
    at_work.calendar = shelf
    set_clock(at_work, DECEMBER)
    await at_work.close_sitting(HERE, sitting_no(1), running_clock(DECEMBER, 5), DECEMBER)
    await at_work.close_sitting(HERE, sitting_no(2), running_clock(DECEMBER, 2), DECEMBER)  # ends in December
    before = await the_deadline(at_work, 1)
    assert (before.counted.due_on, before.counted.provisional) == (date(2027, 1, 5), True)
    worker = at_work.worker()
    assert await worker.look() == 0

    (tmp_path / "2027.json").write_text(NOTICE_2027, encoding="utf-8")
    assert await worker.look() == 1
    found = await the_deadline(at_work, 1)
    assert (found.counted.due_on, found.counted.provisional) == (date(2027, 1, 6), False)
    assert found.counted.calendar_version == shelf().version
    moved = (await told(at_work))[-1]
    assert isinstance(moved.event, DeadlineMoved)
    assert (moved.event.was, moved.event.now) == (before.counted, found.counted)
    assert (moved.event.cause, moved.event.thing) == ("calendar", sitting_no(1))
    assert moved.meta.correlation == before.matter
    untouched = await the_deadline(at_work, 2)
    assert untouched.counted.due_on == date(2026, 12, 31)

    assert await worker.look() == 0
    assert await at_work.worker().look() == 0
    assert len(await told(at_work)) == 3


async def test_a_moved_deadline_fires_at_its_new_moment_and_only_then(at_work: Office, tmp_path: Path) -> None:
    at_work.calendar = CalendarShelf(tmp_path, look_every=0)
    set_clock(at_work, DECEMBER)
    old = running_clock(DECEMBER, 5)
    await at_work.close_sitting(HERE, sitting_no(1), old, DECEMBER)
    (tmp_path / "2027.json").write_text(NOTICE_2027, encoding="utf-8")
    worker = at_work.worker()
    set_clock(at_work, old.due_at)  # due by the old count, at the same look in which the new one becomes known
    assert await worker.look() == 1
    assert await at_work.overdue() == []
    set_clock(at_work, (await the_deadline(at_work, 1)).counted.due_at)
    await worker.look()
    assert await at_work.overdue() == [(HERE, sitting_no(1))]


async def test_two_workers_count_anew_once(at_work: Office, tmp_path: Path) -> None:
    (tmp_path / "2027.json").write_text(NOTICE_2027, encoding="utf-8")
    set_clock(at_work, DECEMBER)
    for number in range(12):
        await at_work.close_sitting(HERE, sitting_no(number), running_clock(DECEMBER, 4 + number), DECEMBER)
    at_work.calendar = CalendarShelf(tmp_path, look_every=0)
    await asyncio.gather(*(at_work.worker().look() for _ in range(3)))
    moved = [r.event for r in await told(at_work) if isinstance(r.event, DeadlineMoved)]
    assert Counter(event.thing for event in moved) == Counter({sitting_no(n): 1 for n in range(12)})


async def test_an_older_process_does_not_count_back(at_work: Office, tmp_path: Path) -> None:
    """While a new version is rolled out, processes with both calendars run; what is known later stands."""
    (tmp_path / "2027.json").write_text(NOTICE_2027, encoding="utf-8")
    set_clock(at_work, DECEMBER)
    await at_work.close_sitting(HERE, sitting_no(1), running_clock(DECEMBER, 5), DECEMBER)
    older = at_work.worker()
    older.pass_every = 0.0
    assert await older.look() == 0
    at_work.calendar = CalendarShelf(tmp_path, look_every=0)
    newer = at_work.worker()
    newer.pass_every = 0.0
    assert await newer.look() == 1
    assert [await older.look(), await newer.look(), await older.look()] == [0, 0, 0]
    assert (await the_deadline(at_work, 1)).counted.due_on == date(2027, 1, 6)
    # what the older process still starts is counted anew by the newer one
    await at_work.close_sitting(HERE, sitting_no(2), running_clock(DECEMBER, 5), DECEMBER)
    assert await newer.look() == 1
    # and an operator may go back on purpose, and forth again
    await at_work.table.adopt_calendar(bundled().version, again=True)
    assert [await newer.look(), await older.look(), await older.look()] == [0, 2, 0]
    assert (await the_deadline(at_work, 1)).counted.due_on == date(2027, 1, 5)
    await at_work.table.adopt_calendar(CalendarShelf(tmp_path, look_every=0)().version, again=True)
    assert [await older.look(), await newer.look()] == [0, 2]
    assert (await the_deadline(at_work, 1)).counted.due_on == date(2027, 1, 6)


async def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    shelf = CalendarShelf(tmp_path, look_every=0)
    (tmp_path / "2027.json").write_text("{", encoding="utf-8")
    assert shelf().version == bundled().version
    (tmp_path / "2027.json").write_text(NOTICE_2027, encoding="utf-8")
    assert shelf().knows(2027)
    (tmp_path / "2027.json").write_text('{"year": 2027}', encoding="utf-8")
    assert shelf().knows(2027), "the last good one stands"
    assert Calendar.from_folder(BUNDLED).version == bundled().version == CalendarShelf()().version


# -- standing still, extended ------------------------------------------------------------------


async def test_a_deadline_stands_still_and_goes_on(at_work: Office) -> None:
    start = datetime(2024, 6, 3, 2, tzinfo=UTC)
    set_clock(at_work, start)
    await at_work.close_sitting(HERE, sitting_no(1), running_clock(start), start)
    running = await the_deadline(at_work, 1)
    house = HouseDesk(at_work.kernel)
    still = suspended_due(running.counted, bundled(), date(2024, 6, 5), "等待第三方意见")
    order = move_order(running, still, "suspension", start + DAY)
    await house.carry_out(order, "suspend", tenant=HERE, cause=running.id, matter=running.matter)
    set_clock(at_work, running.counted.due_at + 300 * DAY)
    assert await at_work.worker().look() == 0, "a clock that stands still does not run out"
    standing = await the_deadline(at_work, 1)
    on_again = resumed_due(standing.counted, bundled(), date(2024, 6, 13))
    order = move_order(standing, on_again, "suspension", local_moment(date(2024, 6, 13), datetime.min.time()))
    await house.carry_out(order, "resume", tenant=HERE, cause=running.id, matter=running.matter)
    found = await the_deadline(at_work, 1)
    assert found.counted.due_on == date(2024, 6, 18)
    assert await at_work.worker().look() == 1
    moves = [r.event for r in await told(at_work) if isinstance(r.event, DeadlineMoved)]
    assert [event.cause for event in moves] == ["suspension", "suspension"]
    assert moves[0].now == moves[1].was


async def test_an_extended_deadline_keeps_the_day_it_was_due_first(at_work: Office) -> None:
    await at_work.close_sitting(HERE, sitting_no(1), running_clock(NOW), NOW)
    running = await the_deadline(at_work, 1)
    longer = extended_due(running.counted, bundled(), date(2024, 11, 15))
    order = move_order(running, longer, "extension", NOW)
    await HouseDesk(at_work.kernel).carry_out(order, "extend", tenant=HERE, cause=running.id)
    found = await the_deadline(at_work, 1)
    assert (found.counted.due_on, found.counted.extended_from) == (date(2024, 11, 15), running.counted.due_on)


async def test_a_move_does_not_wake_what_has_ended(at_work: Office) -> None:
    await at_work.close_sitting(HERE, sitting_no(1), running_clock(NOW), NOW)
    running = await the_deadline(at_work, 1)
    await at_work.issue_minutes(HERE, sitting_no(1), NOW + DAY)
    order = move_order(running, extended_due(running.counted, bundled(), 3), "extension", NOW)
    await HouseDesk(at_work.kernel).carry_out(order, "extend", tenant=HERE, cause=running.id)
    found = await the_deadline(at_work, 1)
    assert (found.state, found.counted.due_on) == ("met", running.counted.due_on)
