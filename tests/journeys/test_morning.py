"""A morning: 5,000 hotline messages and a sitting of 40 decisions arrive while every service is restarted once."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

import chancery
from chancery.bus.streams import connect
from chancery.calendar import LOCAL
from chancery.cli.house import load_roster
from chancery.clock import SimulatedClock
from chancery.launch.house import SERVICES, House
from chancery.rehearsal.cast import roster_of
from chancery.rehearsal.house import RunningHouse
from chancery.rules.loader import load_pack
from chancery.settings import HERE
from supervision_svc.wiring import SERVICE as SUPERVISION
from tests.journeys.test_crashes import settled, table

pytestmark = pytest.mark.crash

TENANT = "hongkou"
CALLS, BATCH, CLIENTS, DECISIONS = 5_000, 125, 4, 40
MORNING = datetime(2026, 12, 29, 9, tzinfo=LOCAL)
RECEIVED = (
    datetime(2026, 9, 25, 10, tzinfo=LOCAL),
    datetime(2026, 9, 30, 16, tzinfo=LOCAL),
    datetime(2026, 10, 3, 12, tzinfo=LOCAL),
    datetime(2026, 12, 28, 18, tzinfo=LOCAL),
    MORNING,
)
"""When the calls had come in: before, on the eve of and within National Day; and at the end of a year whose next is not
announced."""


@pytest.fixture
def house(parts_folder: Path) -> Iterator[House]:
    house = House(parts_folder / "morning-house", "simulated")
    house.start()
    yield house
    house.stop()


def fifth_working_day(after: datetime) -> date:
    """Counted by hand from the published days off, and by the week where none are published."""
    folder = Path(chancery.__file__).parent / "data" / "holidays"
    day, left = after.astimezone(LOCAL).date(), 5
    while left:
        day += timedelta(days=1)
        published = {
            one["date"]: one["isOffDay"] for one in json.loads((folder / f"{day.year}.json").read_text())["days"]
        }
        left -= not published.get(day.isoformat(), day.weekday() >= 5)
    return day


def call(no: int) -> dict[str, Any]:
    return {
        "outside_id": f"12345-{no:05d}",
        "source": "message",
        "channel": "hotline_12345_online",
        "title": f"来电第{no}件",
        "text": "市民来电反映问题一件。",
        "lead": "construction_bureau",
        "received_at": RECEIVED[no % len(RECEIVED)].isoformat(),
    }


@dataclass
class Hotline:
    """The hotline's own system: it hands a batch in until it is told what became of it, and some of it again."""

    house: House
    http: httpx.AsyncClient
    queue: asyncio.Queue[int] = field(default_factory=asyncio.Queue[int])
    entered: int = 0
    repeated: int = 0
    seen: Counter[str] = field(default_factory=Counter[str])

    async def client(self) -> None:
        while not self.queue.empty():
            first = self.queue.get_nowait()
            items = [call(no) for no in range(first, first + BATCH)]
            answer = await self.hand_in(items)
            assert answer["refused"] == 0, answer
            self.seen.update(item["outside_id"] for item in answer["items"])
            self.entered += BATCH
            again = await self.hand_in(items[:5])
            assert (again["entered"], again["there_already"]) == (0, 5)

    async def hand_in(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        address = f"{self.house.address('supervision')}/v1/intake"
        end = time.monotonic() + 90
        while time.monotonic() < end:
            headers = {"Authorization": f"Bearer {self.house.mint(TENANT, 'construction_clerk')}"}
            try:
                answer = await self.http.post(address, json={"items": items}, headers=headers)
            except httpx.TransportError:
                self.repeated += 1
                await asyncio.sleep(0.1)
                continue
            if answer.status_code < 500:
                assert answer.status_code == 200, answer.text
                return dict(answer.json())
            self.repeated += 1
            await asyncio.sleep(0.1)
        raise AssertionError("a batch was not taken in within 90 s")

    async def reaches(self, count: int) -> None:
        end = time.monotonic() + 90
        while self.entered < count:
            assert time.monotonic() < end, f"{self.entered} of {count}"
            await asyncio.sleep(0.02)


async def sitting(running: RunningHouse) -> str:
    """Forty decisions of one special meeting, their minutes signed and not issued yet."""

    async def done(name: str, person: str, **given: Any) -> dict[str, Any]:
        answer = await running.call(f"meeting.{name}", given, tenant=TENANT, person=person)
        assert answer.status_code in (200, 201), f"{name}: {answer.text}"
        return dict(answer.json())

    items: list[str] = []
    for no in range(DECISIONS):
        facts = {"title": f"协调事项第{no}项", "kind": "coordination_of_important_question"}
        matter = await done("open_matter", "housing_head", **facts, lead_unit="housing_bureau")
        item = await done("submit_agenda_item", "housing_head", matter_id=matter["id"], body="special")
        await done("accept_agenda_item", "office_clerk_qian", id=item["id"])
        items.append(item["id"])
    place = {"starts_at": "2026-12-29T09:00:00+08:00", "place": "第二会议室"}
    held = await done("convene_sitting", "shi", body="special", items=items, **place)
    present = [{"person": "shi"}, {"person": "housing_head"}]
    await done("open_sitting", "shi", id=held["id"], present=present)
    for no, item in enumerate(items):
        decided = {"outcome": "adopted", "text": f"第{no}项抓好落实。", "lead": "housing_bureau"}
        await done("record_decision", "office_clerk_qian", id=held["id"], item_id=item, **decided)
    await done("close_sitting", "office_clerk_qian", id=held["id"])
    minutes = await done("draft_minutes", "office_clerk_qian", sitting_id=held["id"])
    await done("sign_minutes", "shi", id=minutes["id"])
    return str(minutes["id"])


async def test_nothing_is_lost_nothing_is_twice_and_every_day_is_right(house: House) -> None:
    began = time.monotonic()
    client = await connect(house.nats_url, "morning")
    clock = await SimulatedClock(client).start()
    await clock.set(MORNING)
    pack = await asyncio.to_thread(load_pack, HERE / "packs" / "hongkou-2022")
    async with httpx.AsyncClient(timeout=60) as http:
        await load_roster(http, house, TENANT, roster_of(pack))
        await settled(house, http)
        running = RunningHouse(house.addresses, house.mint, http)
        await running.learn()
        minutes = await sitting(running)
        hotline = Hotline(house, http)
        for first in range(0, CALLS, BATCH):
            hotline.queue.put_nowait(first)
        clients = [asyncio.create_task(hotline.client()) for _ in range(CLIENTS)]
        await hotline.reaches(BATCH)
        issued = await running.call("meeting.issue_minutes", {"id": minutes}, tenant=TENANT, person="office_clerk_qian")
        assert issued.status_code == 200, issued.text
        for number, service in enumerate(SERVICES, 1):
            await hotline.reaches(number * 500)
            await asyncio.to_thread(house.kill, service)
        await asyncio.gather(*clients)
        await settled(house, http)
    await clock.stop()
    await client.close()
    await each_is_there_once_with_its_day(house, hotline)
    print(
        f"\n{CALLS} messages, {DECISIONS} decisions, {len(SERVICES)} services restarted, {hotline.repeated} batches "
        f"handed in again; {time.monotonic() - began:.0f} s"
    )


async def each_is_there_once_with_its_day(house: House, hotline: Hotline) -> None:
    assert hotline.seen == Counter(f"12345-{no:05d}" for no in range(CALLS))
    told = [(row["type"], json.loads(row["body"])) for row in await table(house, SUPERVISION)]
    opened = [body for kind, body in told if kind == "supervision.task_opened"]
    calls = {body["outside_id"]: body for body in opened if body["outside_id"] is not None}
    decided = [body for body in opened if body["source"]["minutes_id"] is not None]
    assert (len(opened), len(calls), len(decided)) == (CALLS + DECISIONS, CALLS, DECISIONS)
    assert {body["source"]["decision_no"] for body in decided} == set(range(1, DECISIONS + 1))
    days = {received: fifth_working_day(received) for received in RECEIVED}
    assert days[RECEIVED[1]] > date(2026, 10, 8)
    assert days[RECEIVED[-1]].year == 2027
    past: set[str] = set()
    for no in range(CALLS):
        body, received = calls[f"12345-{no:05d}"], RECEIVED[no % len(RECEIVED)]
        due = body["due"]
        assert (due["due_on"], due["provisional"]) == (days[received].isoformat(), days[received].year == 2027), no
        if days[received] < MORNING.date():
            past.add(body["task_id"])
    overdue = Counter(body["task_id"] for kind, body in told if kind == "supervision.task_overdue")
    assert overdue == Counter(past)
    connection = await asyncpg.connect(house.databases["supervision"].owner_url)
    rows = await connection.fetch("select task_id::text, due_on, overdue, outside_id from ledger")
    parked = await connection.fetchval("select count(*) from kernel.dead_letter")
    await connection.close()
    assert parked == 0
    assert len(rows) == CALLS + DECISIONS
    assert {row["task_id"] for row in rows if row["overdue"]} == past
    for row in rows:
        if row["outside_id"] is not None:
            assert row["due_on"] == days[RECEIVED[int(row["outside_id"][-5:]) % len(RECEIVED)]]
