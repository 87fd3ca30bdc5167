"""A sitting of 30 items with 60 people, 25 papers of 5 MB and 200 check-ins in a minute, while its service and the bus
are killed: nothing is lost, nothing is there twice, and what was acknowledged is there once.
"""

import asyncio
import hashlib
import json
import time
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from chancery.cli.house import load_roster
from chancery.launch.house import House
from chancery.office.bundle import wrong_in
from chancery.rehearsal.cast import roster_of
from chancery.rules.loader import load_pack
from chancery.settings import HERE
from eventlog_svc.wiring import SERVICE as EVENTLOG
from meeting_svc.wiring import SERVICE as MEETING
from tests.journeys.test_crashes import (
    Load,
    each_acknowledged_event_once,
    log_is_tables,
    rebuilt_is_live,
    settled,
    stream_is_table,
    table,
)

pytestmark = pytest.mark.crash

TENANT = "hongkou"
ITEMS, PEOPLE, PAPERS, CHECK_INS = 30, 60, 25, 200
PAPER_BYTES = 5 * 1_048_576
MINUTE = 60.0
AT_ONCE = 6
CLERK, CHAIR = "office_clerk_qian", "tao"
SERVICES = (ATTENDANCE, MEETING, EVENTLOG)


@pytest.fixture
def house(parts_folder: Path) -> Iterator[House]:
    house = House(parts_folder / "full-sitting", "system", services=tuple(one.name for one in SERVICES))
    house.start()
    yield house
    house.stop()


def paper(number: int) -> bytes:
    """A paper unlike any other, of exactly five megabytes."""
    begins = f"%PDF-1.7\n第{number}号材料\n".encode()
    return (
        begins
        + hashlib.sha256(begins).digest() * ((PAPER_BYTES - len(begins)) // 32)
        + bytes((PAPER_BYTES - len(begins)) % 32)
    )


def attendees() -> dict[str, dict[str, str]]:
    """People beside those of the sample cast."""
    return {f"guest.{number:02d}": {"name": f"列席{number}号", "name_en": f"Guest {number}"} for number in range(1, 61)}


async def at_once(works: Sequence[Awaitable[Any]]) -> list[Any]:
    """All of it, a few at a time."""
    few = asyncio.Semaphore(AT_ONCE)

    async def one(work: Awaitable[Any]) -> Any:
        async with few:
            return await work

    return await asyncio.gather(*(one(work) for work in works))


class Sitting(Load):
    """The load of one sitting, command by command; none is let go before it is acknowledged."""

    checked_in: int = 0
    plan: tuple[tuple[int, str], ...] = ()
    kills: int = 0

    def will_kill(self, *plan: tuple[int, str]) -> None:
        """Which parts die, each as so many more commands were acknowledged."""
        self.plan = tuple((self.acknowledged + after, part) for after, part in plan)

    async def done(
        self, http: httpx.AsyncClient, tenant: str, person: str, path: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        receipt = await super().done(http, tenant, person, path, body)
        if self.plan and self.acknowledged >= self.plan[0][0]:
            (_, part), *rest = self.plan
            self.plan = tuple(rest)
            await asyncio.to_thread(self.house.kill, part)
            self.kills += 1
        return receipt

    async def put(self, http: httpx.AsyncClient, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        headers = {"Authorization": f"Bearer {self.house.mint(TENANT, 'justice_clerk')}"}
        end = time.monotonic() + 90
        while time.monotonic() < end:
            try:
                address = f"{self.house.address('meeting')}/v1/files/{digest}"
                answer = await http.put(address, content=content, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code < 500:
                assert answer.status_code == 200, answer.text
                return digest
            await asyncio.sleep(0.1)
        raise AssertionError("a paper was not taken within 90 s")

    async def item(self, http: httpx.AsyncClient, number: int) -> str:
        """One item from its file to the agenda; the first ones bring a paper."""
        title = f"第{number}项议题"
        facts = {"title": title, "lead_unit": "justice_bureau"}
        matter = (await self.done(http, TENANT, "justice_head", "/v1/matters", facts))["id"]
        self.titles.append(title)
        papers: list[dict[str, Any]] = []
        if number <= PAPERS:
            digest = await self.put(http, paper(number))
            named = {"kind": "draft", "name": f"第{number}号材料.pdf", "media_type": "application/pdf"}
            papers = [{**named, "sha256": digest, "size": PAPER_BYTES}]
        submission = {"matter_id": matter, "body": "executive", "papers": papers}
        item = (await self.done(http, TENANT, "justice_head", "/v1/agenda-items", submission))["id"]
        for person, verb in (("yan", "take-step"), ("kong", "take-step"), ("tao", "accept")):
            await self.done(http, TENANT, person, f"/v1/agenda-items/{item}:{verb}", {})
        return item

    async def tell(self, http: httpx.AsyncClient, sitting: str, verb: str, body: dict[str, Any], by: str) -> int:
        """How many events it came to."""
        receipt = await self.done(http, TENANT, by, f"/v1/sittings/{sitting}:{verb}", body)
        return len(receipt["events"])

    async def comes(self, http: httpx.AsyncClient, sitting: str, person: str, *, goes_out: bool) -> None:
        """Comes, is checked in a second time by the office, and some go out and come again: 3⅓ check-ins a head."""
        times = [("check-in", person), ("check-in", CLERK)]
        if goes_out:
            times += [("leave", person), ("check-in", person), ("check-in", person)]
        for verb, by in times:
            await self.tell(http, sitting, verb, {"person": person}, by)
            self.checked_in += verb == "check-in"


async def test_nothing_is_lost_and_nothing_is_there_twice(house: House, tmp_path: Path) -> None:
    began = time.monotonic()
    pack = await asyncio.to_thread(load_pack, HERE / "packs" / "hongkou-2022")
    roster = roster_of(pack)
    roster["persons"] |= attendees()
    async with httpx.AsyncClient(timeout=20, limits=httpx.Limits(max_connections=AT_ONCE)) as http:
        await load_roster(http, house, TENANT, roster)
        await settled(house, http)
        load = Sitting(house)
        load.will_kill((60, "nats"))
        items = await at_once([load.item(http, number) for number in range(1, ITEMS + 1)])
        called = {"body": "executive", "starts_at": "2026-12-30T09:00:00+08:00", "place": "第一会议室", "items": items}
        sitting = (await load.done(http, TENANT, CLERK, "/v1/sittings", called))["id"]
        await settled(house, http)
        first = {"present": [{"person": CHAIR}], "chair": CHAIR}
        await load.tell(http, sitting, "open", first, CLERK)

        people = [CHAIR, "yan", "kong", "cao", *attendees()][:PEOPLE]
        out = [person for person in people if person.startswith("guest.")][:40]
        kept_as_the_minute_began = load.acknowledged
        load.will_kill((60, "meeting"), (150, "nats"))
        minute = time.monotonic()
        await at_once([load.comes(http, sitting, person, goes_out=person in out) for person in people])
        minute = time.monotonic() - minute
        assert load.checked_in == CHECK_INS
        assert load.acknowledged - kept_as_the_minute_began == CHECK_INS + len(out)
        assert minute < MINUTE, f"{CHECK_INS} check-ins took {minute:.0f} s"

        load.will_kill((12, "meeting"))
        decided = {"outcome": "adopted", "text": "会议同意。"}
        await at_once(
            [load.tell(http, sitting, "record-decision", {"item_id": item, **decided}, CLERK) for item in items]
        )
        assert (load.kills, load.plan) == (4, ())
        await load.tell(http, sitting, "close", {}, CLERK)
        await load.done(http, TENANT, CLERK, "/v1/minutes", {"sitting_id": sitting})
        await settled(house, http)
        await the_sitting_is_whole(house, http, sitting, people, out)
        size = await the_case_file_is_whole(house, http, sitting, tmp_path / "case.zip")
    stored = {service.name: await table(house, service) for service in (ATTENDANCE, MEETING)}
    each_acknowledged_event_once(load, stored["meeting"])
    each_check_in_once(stored["meeting"], sitting, people, out)
    for service in (ATTENDANCE, MEETING):
        await stream_is_table(house, service, stored[service.name])
    await log_is_tables(house, stored)
    rows = await rebuilt_is_live(house, (MEETING, EVENTLOG))
    print(
        f"\n{ITEMS} items, {len(people)} people, {PAPERS} papers of {PAPER_BYTES} bytes, {CHECK_INS} check-ins in "
        f"{minute:.0f} s; 2 kills of meeting, 2 of nats; {load.acknowledged} commands acknowledged, {load.repeated} "
        f"repeats; {sum(map(len, stored.values()))} events, {rows} rows of read models; a case file of "
        f"{size // 1_048_576} MB; {time.monotonic() - began:.0f} s"
    )


async def the_sitting_is_whole(
    house: House, http: httpx.AsyncClient, sitting: str, people: Sequence[str], out: Sequence[str]
) -> None:
    """What people see: every item decided, everybody there once, nobody gone who came back."""
    headers = {"Authorization": f"Bearer {house.mint(TENANT, CHAIR)}"}
    answer = await http.get(f"{house.address('meeting')}/v1/sittings/{sitting}/run-sheet", headers=headers)
    sheet = answer.raise_for_status().json()
    assert [item["state"] for item in sheet["items"]] == ["decided"] * ITEMS
    assert [len(item["papers"]) for item in sheet["items"]] == [1] * PAPERS + [0] * (ITEMS - PAPERS)
    there = {one["person"]: one for one in sheet["people"] if one["came_at"] is not None}
    assert sorted(there) == sorted(people)
    assert [one for one in out if there[one]["went_at"] is not None] == []
    connection = await asyncpg.connect(house.databases["meeting"].owner_url)
    stages = await connection.fetch("select stage, count(*) from docket group by stage")
    decisions = await connection.fetchval("select count(*) from decisions")
    await connection.close()
    assert {row["stage"]: row["count"] for row in stages} == {"decided": ITEMS}
    assert decisions == ITEMS


async def the_case_file_is_whole(house: House, http: httpx.AsyncClient, sitting: str, path: Path) -> int:
    """All papers are in it, and every hash is right; it comes in pieces."""
    headers = {"Authorization": f"Bearer {house.mint(TENANT, CLERK)}"}
    address = f"{house.address('meeting')}/v1/sittings/{sitting}/case-file.zip"
    async with http.stream("GET", address, headers=headers) as answer:
        assert answer.status_code == 200
        with path.open("wb") as file:
            async for piece in answer.aiter_bytes():
                file.write(piece)
    assert await asyncio.to_thread(wrong_in, path) == []
    size = (await asyncio.to_thread(path.stat)).st_size
    assert size > PAPERS * PAPER_BYTES
    return size


def each_check_in_once(rows: Sequence[asyncpg.Record], sitting: str, people: Sequence[str], out: Sequence[str]) -> None:
    """Checked in twice in a row is once; who went out and came again is twice. The chair was there at the opening."""
    came: Counter[str] = Counter()
    went: Counter[str] = Counter()
    for row in rows:
        if str(row["stream"]) == sitting and row["type"] == "meeting.checked_in":
            came[json.loads(row["body"])["seat"]["person"]] += 1
        if str(row["stream"]) == sitting and row["type"] == "meeting.left_sitting":
            went[json.loads(row["body"])["person"]] += 1
    assert went == Counter(out)
    assert came == Counter([one for one in people if one != CHAIR] + list(out))
