"""The whole house under a load of commands while its parts are killed in turn: what was acknowledged is there, once."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from attendance_svc.wiring import SERVICE as ATTENDANCE
from chancery.bus import Bus, connect, projections
from chancery.bus.reader import Reader
from chancery.cli.house import load_roster
from chancery.envelope import from_cloudevent
from chancery.launch.house import House
from chancery.rehearsal.cast import roster_of
from chancery.rehearsal.house import unsettled
from chancery.rules.loader import load_pack
from chancery.service import Service
from chancery.settings import HERE
from disclosure_svc.wiring import SERVICE as DISCLOSURE
from document_svc.wiring import SERVICE as DOCUMENT
from eventlog_svc.wiring import SERVICE as EVENTLOG
from meeting_svc.wiring import SERVICE as MEETING
from supervision_svc.wiring import SERVICE as SUPERVISION

pytestmark = pytest.mark.crash

TENANTS = ("hongkou", "try-hongkou-2022-killed")
CLIENTS = 6
ROUNDS = 2
KILLED = ("meeting", "eventlog", "nats", "postgres")
SERVICES = (ATTENDANCE, MEETING, DOCUMENT, SUPERVISION, DISCLOSURE, EVENTLOG)
TELLERS = tuple(service for service in SERVICES if service is not EVENTLOG)


@dataclass
class Load:
    """Clients that never let go of a command before it is acknowledged; they repeat it under its key."""

    house: House
    going: bool = True
    acknowledged: int = 0
    repeated: int = 0
    events: list[str] = field(default_factory=list[str])
    titles: list[str] = field(default_factory=list[str])

    async def client(self, http: httpx.AsyncClient, number: int) -> None:
        tenant = TENANTS[number % len(TENANTS)]
        case = 0
        while self.going:
            case += 1
            await self.one_case(http, tenant, f"第{number}号来文第{case}件")

    async def one_case(self, http: httpx.AsyncClient, tenant: str, title: str) -> None:
        facts = {"title": title, "kind": "normative_document", "lead_unit": "justice_bureau"}
        matter = (await self.done(http, tenant, "justice_head", "/v1/matters", facts))["id"]
        self.titles.append(title)
        for evidence in (
            {"evidence": "legality_review", "attrs": {"result": "passed"}},
            {"evidence": "fair_competition_review", "attrs": {"result": "outside_scope"}},
            {"evidence": "public_participation"},
        ):
            await self.done(http, tenant, "justice_clerk", f"/v1/matters/{matter}/evidence", evidence)
        submission = {"matter_id": matter, "body": "executive"}
        item = (await self.done(http, tenant, "justice_head", "/v1/agenda-items", submission))["id"]
        for person, verb in (("yan", "take-step"), ("kong", "take-step"), ("tao", "accept")):
            await self.done(http, tenant, person, f"/v1/agenda-items/{item}:{verb}", {})

    async def done(
        self, http: httpx.AsyncClient, tenant: str, person: str, path: str, body: dict[str, Any]
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.house.mint(tenant, person)}", "Idempotency-Key": uuid4().hex}
        end = time.monotonic() + 90
        while True:
            assert time.monotonic() < end, f"{path} was not acknowledged within 90 s"
            try:
                answer = await http.post(f"{self.house.address('meeting')}{path}", json=body, headers=headers)
            except httpx.TransportError:
                self.repeated += 1
                await asyncio.sleep(0.1)
                continue
            if answer.status_code >= 500:
                self.repeated += 1
                await asyncio.sleep(0.1)
                continue
            assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
            receipt = answer.json()
            self.acknowledged += 1
            self.events += [event["id"] for event in receipt["events"]]
            return receipt

    async def goes_on(self, more: int, patience: float = 60.0) -> None:
        """Wait until so many more commands were acknowledged."""
        wanted, end = self.acknowledged + more, time.monotonic() + patience
        while self.acknowledged < wanted:
            assert time.monotonic() < end, f"{self.acknowledged} of {wanted} commands acknowledged"
            await asyncio.sleep(0.05)


@pytest.fixture
def house(parts_folder: Path) -> Iterator[House]:
    house = House(parts_folder / "killed-house", "system")
    house.start()
    yield house
    house.stop()


async def test_every_acknowledged_command_is_there_once_whatever_was_killed(house: House) -> None:
    began = time.monotonic()
    pack = await asyncio.to_thread(load_pack, HERE / "packs" / "hongkou-2022")
    async with httpx.AsyncClient(timeout=20) as http:
        for tenant in TENANTS:
            await load_roster(http, house, tenant, roster_of(pack))
        await settled(house, http)
        load = Load(house)
        clients = [asyncio.create_task(load.client(http, number)) for number in range(CLIENTS)]
        kills = 0
        for _ in range(ROUNDS):
            for part in KILLED:
                await load.goes_on(25)
                await asyncio.to_thread(house.kill, part)
                kills += 1
        await load.goes_on(25)
        load.going = False
        await asyncio.gather(*clients)
        await settled(house, http)
    stored = {service.name: await table(house, service) for service in TELLERS}
    each_acknowledged_event_once(load, stored["meeting"])
    for service in TELLERS:
        await stream_is_table(house, service, stored[service.name])
    await log_is_tables(house, stored)
    await document_heard_all(house, stored["meeting"])
    rows = await rebuilt_is_live(house)
    told = sum(map(len, stored.values()))
    print(
        f"\n{kills} kills of {', '.join(KILLED)}; {load.acknowledged} commands acknowledged, {load.repeated} repeats; "
        f"{told} events, {rows} rows of read models; {time.monotonic() - began:.0f} s"
    )


async def settled(house: House, http: httpx.AsyncClient, patience: float = 90.0) -> None:
    """Wait until all is told and heard everywhere; the last part killed may still be on its way up."""
    headers = {"Authorization": f"Bearer {house.mint('', None, ('operator',))}"}
    end = time.monotonic() + patience
    before: list[Any] = []
    busy = ["nothing was seen yet"]
    while time.monotonic() < end:
        try:
            found = {
                name: (await http.get(f"{address}/v1/operations/status", headers=headers)).raise_for_status().json()
                for name, address in house.addresses.items()
            }
        except httpx.HTTPError as error:
            busy = [repr(error)]
            continue
        busy = unsettled(found, None)
        now = [(state["position"], state["consumers"]) for state in found.values()]
        if not busy and now == before:
            return
        before = now
        await asyncio.sleep(0.1)
    pytest.fail(f"not settled within {patience:g} s: {'; '.join(busy)}")


async def table(house: House, service: Service) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(house.databases[service.name].owner_url)
    rows = await connection.fetch(
        "select pos, tenant, stream, version, type, body::text, meta::text, leaf, meta->>'id' as id "
        "from kernel.event order by pos"
    )
    await connection.close()
    assert [row["pos"] for row in rows] == list(range(1, len(rows) + 1))
    return rows


def each_acknowledged_event_once(load: Load, rows: list[asyncpg.Record]) -> None:
    there = Counter(row["id"] for row in rows)
    assert {there[event] for event in load.events} == {1}
    assert len(set(load.events)) == len(load.events)
    opened = Counter(
        json.loads(row["body"])["facts"]["title"] for row in rows if row["type"] == "meeting.matter_opened"
    )
    assert {title: opened[title] for title in load.titles} == dict.fromkeys(load.titles, 1)
    versions = Counter((row["stream"], row["version"]) for row in rows)
    assert set(versions.values()) == {1}


async def stream_is_table(house: House, service: Service, rows: list[asyncpg.Record]) -> None:
    client = await connect(house.nats_url, "looks")
    bus = Bus(client)
    assert await bus.end_of(service.name) == len(rows)
    reader = Reader(bus, service.name)
    await reader.open(0)
    found = 0
    while found < len(rows):
        came = await reader.next(5.0)
        assert came, f"the stream of {service.name} gave {found} of {len(rows)}"
        for part in came:
            event, row = from_cloudevent(part), rows[found]
            found += 1
            told = (event.position, event.tenant, event.version, event.type, event.body.decode(), event.meta.decode())
            assert told == (row["pos"], row["tenant"], row["version"], row["type"], row["body"], row["meta"])
            assert (str(event.stream), event.leaf) == (str(row["stream"]), bytes(row["leaf"]))
    await reader.close()
    await client.close()


async def log_is_tables(house: House, stored: dict[str, list[asyncpg.Record]]) -> None:
    connection = await asyncpg.connect(house.databases["eventlog"].owner_url)
    found = await connection.fetch("select source, pos, tenant, event_id::text, type, version from log_entry")
    parked = await connection.fetchval("select count(*) from kernel.dead_letter")
    await connection.close()
    assert parked == 0
    assert len(found) == sum(map(len, stored.values()))
    assert {tuple(row) for row in found} == {
        (source, row["pos"], row["tenant"], row["id"], row["type"], row["version"])
        for source, rows in stored.items()
        for row in rows
    }


async def document_heard_all(house: House, rows: list[asyncpg.Record]) -> None:
    connection = await asyncpg.connect(house.databases["document"].owner_url)
    matters = await connection.fetch("select tenant, matter_id::text, title from heard_matters")
    papers = await connection.fetch("select tenant, matter_id::text, no, whole->>'evidence' from heard_evidence")
    await connection.close()
    bodies = [(row, json.loads(row["body"])) for row in rows]
    assert sorted(map(tuple, matters)) == sorted(
        (row["tenant"], str(row["stream"]), body["facts"]["title"])
        for row, body in bodies
        if row["type"] == "meeting.matter_opened"
    )
    assert sorted(map(tuple, papers)) == sorted(
        (row["tenant"], str(row["stream"]), row["version"], body["evidence"]["evidence"])
        for row, body in bodies
        if row["type"] == "meeting.evidence_filed"
    )


async def rebuilt_is_live(house: House, services: Sequence[Service] = SERVICES) -> int:
    """Every read model of every service, filled anew from the first event, is row for row what served all the while."""
    client = await connect(house.nats_url, "rebuilds")
    rows = 0
    for service in services:
        url = house.databases[service.name].owner_url
        connection = await asyncpg.connect(url)
        for state in await projections.status(service, url):
            before = [await rows_of(connection, name) for name in state.tables]
            await projections.rebuild(service, state.name, url, bus=Bus(client))
            after = [await rows_of(connection, name) for name in state.tables]
            assert after == before, f"{service.name}: {state.name}"
            rows += sum(map(len, after))
        await connection.close()
    await client.close()
    return rows


async def rows_of(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> list[str]:
    return sorted(row[0] for row in await connection.fetch(f"select t::text from {name} t"))
