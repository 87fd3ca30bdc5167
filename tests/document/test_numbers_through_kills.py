"""Numbers while the service is killed again and again: no gap, no number twice, nothing issued under a void one.

As many documents as ``CHANCERY_TEST_NUMBERS`` says, 500 where it says nothing.
"""

import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from chancery.calendar import local_day
from chancery.cli.house import load_roster
from chancery.desk import uuid7
from chancery.envelope import Meta, PackRef, Standing, leaf_hash
from chancery.events.base import encode
from chancery.events.document import AttributeProposed, DocumentDrafted, DocumentEvent, DocumentSigned, TextAttached
from chancery.events.parts import PaperRef, StepDone
from chancery.launch.house import House
from chancery.names import Capacity, PersonId, TenantId
from chancery.rehearsal.cast import roster_of
from chancery.rules.loader import load_pack
from chancery.settings import HERE
from chancery.store.api import Append, NewEvent
from chancery.store.store import PostgresStore

pytestmark = pytest.mark.crash

MANY = int(os.environ.get("CHANCERY_TEST_NUMBERS", "500"))
CLIENTS = 24
KILLS = 4
TENANT = TenantId("hongkou")
OFFICE = "office_clerk_qian"
PACK = PackRef("hongkou-2022", "2022.1")


@pytest.fixture
async def house(parts_folder: Path) -> AsyncGenerator[House]:
    house = House(parts_folder / "numbers-house", "system")
    await asyncio.to_thread(house.start)
    yield house
    await asyncio.to_thread(house.stop)


@dataclass
class Load:
    """Clients that repeat a command under its key until it is answered."""

    house: House
    http: httpx.AsyncClient
    waiting: list[UUID]
    done: int = 0
    repeated: int = 0
    issued: dict[UUID, str] = field(default_factory=dict[UUID, str])

    async def client(self) -> None:
        while self.waiting:
            document = self.waiting.pop()
            number = len(self.waiting)
            if number % 40 == 0:
                await self.set_aside(document)
            await self.post(f"/v1/documents/{document}:number", None)
            if number % 25 == 0:
                await self.post(f"/v1/documents/{document}:give-number-up", {"reason": "并入另一件"})
                await self.numbered_again(document)
            await self.post(f"/v1/documents/{document}:issue", None)
            self.done += 1

    async def numbered_again(self, document: UUID) -> None:
        """A number that was just given up may be void only a moment later; until then the document keeps none."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            await self.post(f"/v1/documents/{document}:number", None)
            found = await self.get(f"/v1/documents/{document}")
            if found["number"] is not None:
                return
            await asyncio.sleep(0.1)
        pytest.fail(f"{document} got no number again")

    async def set_aside(self, document: UUID) -> None:
        """Two numbers are set aside: one is called void, one given to the document."""
        this_year = local_day(datetime.now(UTC)).year
        form = {"in_name_of": "district_office", "year": this_year, "reason": "预留"}
        receipts = [await self.post("/v1/document-registers:reserve", form) for _ in range(2)]
        taken = [await self.seq_of(receipt["events"][0]["id"]) for receipt in receipts]
        register = receipts[0]["id"]
        void = {"seq": taken[0], "reason": "作废"}
        await self.post(f"/v1/document-registers/{register}:cancel-number", void)
        await self.post(f"/v1/documents/{document}:number", {"reserved": taken[1]})

    async def seq_of(self, event: str) -> int:
        connection = await asyncpg.connect(self.house.databases["document"].owner_url)
        body = await connection.fetchval("select body::text from kernel.event where meta->>'id' = $1", event)
        await connection.close()
        return int(json.loads(body)["seq"])

    async def post(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.house.mint(TENANT, OFFICE)}", "Idempotency-Key": uuid4().hex}
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                answer = await self.http.post(f"{self.house.address('document')}{path}", json=body, headers=headers)
            except httpx.TransportError:
                self.repeated += 1
                await asyncio.sleep(0.1)
                continue
            if answer.status_code >= 500:
                self.repeated += 1
                await asyncio.sleep(0.1)
                continue
            assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
            return answer.json()
        pytest.fail(f"{path} was not answered within 120 s")

    async def get(self, path: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.house.mint(TENANT, OFFICE)}"}
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                answer = await self.http.get(f"{self.house.address('document')}{path}", headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 200:
                return answer.json()
            await asyncio.sleep(0.1)
        pytest.fail(f"{path} was not answered within 120 s")


async def test_numbers_have_no_gap_and_none_twice_whatever_is_killed(house: House) -> None:
    pack = await asyncio.to_thread(load_pack, HERE / "packs" / "hongkou-2022")
    began = time.monotonic()
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=CLIENTS)) as http:
        await load_roster(http, house, TENANT, roster_of(pack))
        documents = [uuid7() for _ in range(MANY)]
        await seed(house, documents)
        seeded = time.monotonic()
        load = Load(house, http, list(documents))
        clients = [asyncio.create_task(load.client()) for _ in range(CLIENTS)]
        for kill in range(1, KILLS + 1):
            while load.done < MANY * kill // (KILLS + 1):
                if any(one.done() and one.exception() for one in clients):
                    break
                await asyncio.sleep(0.02)
            await asyncio.to_thread(house.kill, "document")
        await asyncio.gather(*clients)
        took = time.monotonic() - seeded
    connection = await asyncpg.connect(house.databases["document"].owner_url)
    rows = await connection.fetch(
        "select type, stream, body::text from kernel.event where tenant = $1 order by pos", TENANT
    )
    await connection.close()
    told = [(row["type"], row["stream"], json.loads(row["body"])) for row in rows]
    fresh = [body["seq"] for kind, _, body in told if kind == "document.number_reserved"]
    fresh += [body["seq"] for kind, _, body in told if kind == "document.number_assigned" and not body["reserved"]]
    assert sorted(fresh) == list(range(1, len(fresh) + 1)), "a gap, or a number twice"
    void = {body["seq"] for kind, _, body in told if kind == "document.number_cancelled"}
    given = [body for kind, _, body in told if kind == "document.number_assigned"]
    assert max(Counter(body["seq"] for body in given).values()) == 1
    carried = Counter(body["document_id"] for kind, _, body in told if kind == "document.numbered")
    up = Counter(body["document_id"] for kind, _, body in told if kind == "document.number_given_up")
    issued = {body["document_id"]: body["number"] for kind, _, body in told if kind == "document.issued"}
    assert set(issued) == {str(one) for one in documents}
    assert len(set(issued.values())) == MANY
    by_seq = {body["seq"]: body for body in given}
    out = {body["seq"] for seq, body in by_seq.items() if seq not in void}
    assert {by_seq[seq]["number"] for seq in out} == set(issued.values())
    assert all(carried[one] == 1 + up[one] for one in issued)
    print(
        f"\n{MANY} documents numbered and issued by {CLIENTS} clients through {KILLS} kills in {took:.0f} s "
        f"({seeded - began:.0f} s to seed); {len(fresh)} numbers, {len(void)} void, {load.repeated} repeats"
    )


async def seed(house: House, documents: Sequence[UUID]) -> None:
    """Signed notices, as their events; drawn up by hand this would take the better part of the time."""
    store = await PostgresStore.open(
        "document", house.databases["document"].app_url, house.databases["document"].relay_url
    )
    matter, now = uuid7(), datetime.now(UTC)
    left = list(documents)

    async def one_after_another() -> None:
        while left:
            await store.append(_signed(left.pop(), matter, now))

    await asyncio.gather(*(one_after_another() for _ in range(8)))
    await store.close()


def _signed(document: UUID, matter: UUID, now: datetime) -> Append:
    paper = PaperRef(kind="text", name="正文.txt", sha256="0" * 64, size=1, media_type="text/plain")
    step = StepDone(step=0, do="sign", person="kong", post="deputy_mayor", capacity=Capacity.OWN, at=now)
    told: list[DocumentEvent] = [
        DocumentDrafted(
            document_id=document,
            matter_id=matter,
            kind="other",
            title="关于一件事的通知",
            in_name_of="district_office",
            direction="downward",
            nature="routine",
            lead_unit="justice_bureau",
            drafted_by="justice_head",
            drafted_at=now,
        ),
        TextAttached(document_id=document, edition=1, paper=paper, attached_by="justice_head"),
        AttributeProposed(document_id=document, attribute="proactive", proposed_by="justice_head"),
        DocumentSigned(document_id=document, taken=step, signed_on=date(now.year, now.month, now.day)),
    ]
    command = uuid7()
    events: list[NewEvent] = []
    for version, event in enumerate(told, 1):
        meta = Meta(id=uuid7(), actor=Standing(PersonId("justice_head")), correlation=matter, pack=PACK)
        body, head = encode(event), meta.to_json()
        args = (TENANT, document, version, event.event_name, event.event_version, body, head, now, command)
        events.append(NewEvent(event.event_name, event.event_version, body, head, now, leaf_hash(*args)))
    return Append(TENANT, command, document, 0, events, b"{}", b"")
