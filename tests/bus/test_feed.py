"""While the bus is away, a listener reads the source's own feed over HTTP, and comes back to the bus by itself."""

import asyncio
from pathlib import Path

import httpx
import pytest

from chancery.bus import HttpFeed
from chancery.launch.nats import Nats
from chancery.settings import Settings
from chancery.web.app import create_app
from chancery.web.issuer import LocalIssuer
from meeting_svc.wiring import SERVICE as MEETING
from tests.bus.office import Office, running, until
from tests.bus.test_crashes import own_bus

__all__ = ["own_bus"]
pytestmark = pytest.mark.crash


async def test_the_feed_carries_on_while_the_bus_is_down(own_bus: tuple[Office, Nats], tmp_path: Path) -> None:
    office, nats = own_bus
    issuer = LocalIssuer.at(tmp_path / "issuer")
    app = create_app(
        MEETING,
        Settings(
            mode="house",
            database_url=office.told.app_url,  # pyright: ignore[reportArgumentType]  text becomes a secret
            relay_database_url=office.told.relay_url,  # pyright: ignore[reportArgumentType]  the same
            issuer=issuer.issuer,
            keys=str(issuer.jwks),
        ),
    )
    token = issuer.mint("", client="document-svc", roles=("feed",))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http,
    ):
        listener = office.consumer(HttpFeed("http://meeting", lambda: token, http))
        async with running(office.relay(), listener):
            await office.open_many(20)
            await office.until_heard()

            async def back() -> bool:
                return listener.status.source == "bus"

            await until(back, 60, "the bus is read")
            await asyncio.to_thread(nats.stop)
            await office.open_many(20, papers=3)
            await office.until_heard()
            assert listener.status.source == "feed"
            assert await office.rows() == office.fold(await office.table())
            await asyncio.to_thread(nats.start)
            await office.until_relayed()
            await office.open_many(5)
            await until(back, 60, "the bus is read again")
            await office.until_heard()
    assert await office.agree() == 20 * 2 + 20 * 4 + 5 * 2


async def test_a_feed_that_refuses_us_is_named_as_what_holds_us_up(own_bus: tuple[Office, Nats]) -> None:
    office, nats = own_bus

    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={})

    async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as http:
        listener = office.consumer(HttpFeed("http://meeting", lambda: "old", http))
        await asyncio.to_thread(nats.stop)
        async with running(listener):

            async def told() -> bool:
                return "401" in (listener.status.error or "")

            await until(told, 15, "the listener says that the feed refuses it")
