"""One service hears another: projections, reactions, and what operators do about an event that cannot be taken in."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import MatterOpened
from chancery.launch.postgres import Postgres, discard
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, derived
from chancery.settings import Settings
from chancery.thing import Projection, Upsert, Write
from chancery.web.app import create_app
from chancery.web.issuer import LocalIssuer
from tests.web.conftest import HERE, Trial, made
from tests.web.trial import FILE, FILES, SERVICE, Open, open_file

POISON = "此件不能读"
mended: list[str] = []


def hear(recorded: Recorded[Event]) -> Sequence[Write]:
    event = recorded.event
    if not isinstance(event, MatterOpened):
        return []
    if event.facts.title == POISON and not mended:
        raise ValueError("as if the reader had a fault")
    row = {"title": f"闻：{event.facts.title}", "papers": 0, "version": 1, "opened_at": event.opened_at}
    return [Upsert("files", ("file_id",), {"file_id": event.matter_id, **row})]


def answer(recorded: Recorded[MatterOpened], _: Rules) -> Sequence[Order]:
    """Whoever hears of an outcry opens a file of his own about it."""
    if not recorded.event.facts.title.startswith("呼"):
        return []
    stream = derived(recorded.meta.id, "answer")
    return [Order(FILE, open_file, Open(PersonId("house"), "应", None, None), stream)]


SPEAKER = replace(SERVICE, name="speaker")
LISTENER = replace(
    SERVICE,
    name="listener",
    projections=(FILES,),
    heard={"speaker": (Projection("heard", 1, ("files",), frozenset(("meeting.matter_opened",)), hear, "heard"),)},
    reactions=(Reaction("answer-outcry", "speaker", MatterOpened, answer),),
)


@pytest.fixture
async def two(web_postgres: Postgres, nats_server: str, issuer: LocalIssuer) -> AsyncGenerator[tuple[Trial, Trial]]:
    """The speaker and the listener, each with a database of its own, on one bus."""
    found: list[Trial] = []
    async with AsyncExitStack() as stack:
        for service in (SPEAKER, LISTENER):
            database = await made(web_postgres, service.name)
            stack.push_async_callback(discard, web_postgres.admin_url, service.name)
            app = create_app(
                service,
                Settings(
                    mode="house",
                    database_url=database.app_url,  # pyright: ignore[reportArgumentType]
                    relay_database_url=database.relay_url,  # pyright: ignore[reportArgumentType]
                    nats_url=nats_server,
                    issuer=issuer.issuer,
                    keys=str(issuer.jwks),
                    packs=HERE / "rules",
                    governments=HERE / "rules" / "governments.yaml",
                ),
            )
            await stack.enter_async_context(app.router.lifespan_context(app))
            http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://trial")
            found.append(Trial(app, issuer, await stack.enter_async_context(http)))
        yield found[0], found[1]
    mended.clear()


async def eventually(look: Callable[[], Any], patience: float = 15.0) -> Any:
    end = asyncio.get_running_loop().time() + patience
    while True:
        found = await look()
        if found or asyncio.get_running_loop().time() > end:
            return found
        await asyncio.sleep(0.02)


async def test_what_one_tells_the_other_hears_reacts_to_and_recovers_from(two: tuple[Trial, Trial]) -> None:
    speaker, listener = two

    async def heard(file: str) -> dict[str, Any] | None:
        found = await listener.get(f"/v1/files/{file}")
        return found.json() if found.status_code == 200 else None

    plain = await speaker.opened("寻常事")
    assert (await eventually(lambda: heard(plain)))["title"] == "闻：寻常事"

    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    outcry = (await speaker.post("/v1/files", {"title": "呼救"}, traceparent=trace)).json()
    answered = derived(UUID(outcry["events"][0]["id"]), "answer")
    assert (await eventually(lambda: heard(str(answered))))["title"] == "应"
    told = (await listener.running.store.load("trial", answered)).events  # pyright: ignore[reportArgumentType]
    meta = told[0].recorded().meta
    assert len(told) == 1
    assert (meta.actor.capacity.value, meta.actor.person) == ("system", "client.listener-svc")
    assert (str(meta.correlation), str(meta.causation)) == (outcry["matter"], outcry["events"][0]["id"])
    assert meta.trace == trace

    await speaker.opened(POISON)
    operator = {"person": None, "roles": ("operator",)}

    async def parked() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await listener.get("/v1/operations/dead-letters", **operator)).json()["items"]
        return found

    letters = await eventually(parked)
    assert [(letter["consumer"], letter["first"]) for letter in letters] == [("heard", True)]
    assert "as if the reader had a fault" in letters[0]["cause"]
    later = await speaker.opened("其后之事")
    assert (await eventually(lambda: heard(later)))["title"] == "闻：其后之事", "other streams go on"
    status = (await listener.get("/v1/operations/status", **operator)).json()
    assert status["dead_letters"] == 1

    place = f"/v1/operations/dead-letters/heard/speaker/{letters[0]['position']}"
    assert (await listener.post(f"{place}:redrive")).status_code == 403
    stays = await listener.post(f"{place}:redrive", **operator)
    assert (stays.status_code, stays.json()["reasons"][0]["code"]) == (409, "dead_letter_stays")
    mended.append("yes")
    redriven = await listener.post(f"{place}:redrive", **operator)
    assert redriven.json()["events"][0]["type"] == "operations.dead_letter_redriven"
    assert await parked() == []
    assert (await heard(letters[0]["stream"]) or {})["title"] == f"闻：{POISON}"

    mended.clear()
    await speaker.opened(POISON)
    again = (await eventually(parked))[0]
    place = f"/v1/operations/dead-letters/heard/speaker/{again['position']}"
    assert (await listener.post(f"{place}:skip", {"reason": "x"}, **operator)).status_code == 422
    skipped = await listener.post(f"{place}:skip", {"reason": "查明无用"}, **operator)
    assert skipped.json()["events"][0]["type"] == "operations.dead_letter_skipped"
    assert await parked() == []
    assert await heard(again["stream"]) is None
