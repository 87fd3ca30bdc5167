"""Some services in one process, over real PostgreSQL and NATS, with the rehearsal's clock and Hongkou's sample cast."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
from fastapi import FastAPI

from chancery.clock import SimulatedClock
from chancery.launch.postgres import ServiceDatabase
from chancery.rehearsal.house import RunningHouse
from chancery.service import Service
from chancery.settings import Settings
from chancery.web.app import create_app
from chancery.web.issuer import LocalIssuer
from chancery.web.running import Running
from tests.hongkou import pack
from tests.parts import bus_of_its_own

TENANT = "hongkou"


@dataclass(frozen=True)
class Government:
    """Another government than Hongkou for a small house: its packs, and its people as ``load_roster`` takes them."""

    tenant: str
    packs: Path
    governments: Path
    roster: dict[str, Any]


Database = Callable[..., Awaitable[ServiceDatabase]]


@dataclass
class SmallHouse:
    """The running services; operations are named as scenarios name them (``meeting.open_matter``)."""

    house: RunningHouse
    issuer: LocalIssuer
    apps: dict[str, FastAPI] = field(default_factory=dict[str, FastAPI])
    government: Government | None = None

    @property
    def tenant(self) -> str:
        return self.government.tenant if self.government else TENANT

    def running(self, service: str) -> Running:
        return self.apps[service].state.running

    async def clock(self, moment: datetime) -> None:
        """Move the clock of all services and wait until all has come to rest."""
        clock = self.running(next(iter(self.apps))).clock
        assert isinstance(clock, SimulatedClock)
        await clock.set(moment)
        await self.settle(moment)

    async def settle(self, clock: datetime | None = None) -> None:
        await self.house.settle(clock)

    async def call(
        self,
        operation: str,
        given: dict[str, Any] | None = None,
        *,
        by: str | None = None,
        tenant: str | None = None,
        roles: tuple[str, ...] = (),
        key: str | None = None,
        **headers: str,
    ) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Idempotency-Key"] = key or uuid4().hex
        body = {**(given or {}), "headers": sent}
        return await self.house.call(operation, body, tenant=tenant or self.tenant, person=by, roles=roles)

    async def done(self, operation: str, given: dict[str, Any] | None = None, **how: Any) -> dict[str, Any]:
        """The receipt of a command that goes through, or the answer of a read."""
        answer = await self.call(operation, given, **how)
        assert answer.status_code in (200, 201), f"{operation}: {answer.status_code} {answer.text}"
        return cast("dict[str, Any]", answer.json())

    async def refused(
        self, operation: str, given: dict[str, Any] | None = None, *, status: int = 409, **how: Any
    ) -> dict[str, Any]:
        """The problem of a command that does not go through."""
        answer = await self.call(operation, given, **how)
        assert answer.status_code == status, f"{operation}: {answer.status_code} {answer.text}"
        return cast("dict[str, Any]", answer.json())

    async def load_cast(self) -> None:
        """Hongkou's sample roster, told by the attendance service as it would be in the house."""
        if self.government is not None:
            await self.done("attendance.load_roster", self.government.roster, roles=("roster",))
            await self.settle()
            return
        people = cast("dict[str, Any]", pack().cast)
        roster = {
            "units": [
                {"unit_id": unit, "kind": term.kind or "unit", "name_zh": term.zh, "name_en": term.en}
                for unit, term in pack().words["units"].items()
            ],
            "persons": {
                person: {"name": name["zh"], "name_en": name["en"]} for person, name in people["persons"].items()
            },
            "appointments": [_dated(one) for one in people["appointments"]],
            "portfolios": [_dated(one) for one in people["portfolios"]],
            "pairings": [_dated(one) for one in people["pairings"]],
        }
        await self.done("attendance.load_roster", roster, roles=("roster",))
        await self.settle()


def _dated(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "from": str(one["from"])}


@asynccontextmanager
async def small_house(
    services: Sequence[Service],
    fresh_database: Database,
    folder: Path,
    begins: datetime,
    government: Government | None = None,
) -> AsyncGenerator[SmallHouse]:
    """The services up, the clock set, the cast loaded. The bus is one of its own, so its streams are too."""
    issuer = LocalIssuer.at(folder / "issuer")
    apps: dict[str, FastAPI] = {}
    async with bus_of_its_own(folder / "nats") as bus, AsyncExitStack() as stack:
        for service in services:
            database = await fresh_database(service.name)
            settings = Settings(
                mode="house",
                database_url=database.app_url,  # pyright: ignore[reportArgumentType]  text becomes a secret
                relay_database_url=database.relay_url,  # pyright: ignore[reportArgumentType]  the same
                nats_url=bus,
                issuer=issuer.issuer,
                keys=str(issuer.jwks),
                clock="simulated",
            )
            if government is not None:
                of_its_own = {"packs": government.packs, "governments": government.governments}
                settings = settings.model_copy(update=of_its_own)
            app = apps[service.name] = create_app(service, settings)
            await stack.enter_async_context(app.router.lifespan_context(app))
        mounts = {f"http://{name}": httpx.ASGITransport(app) for name, app in apps.items()}
        client = await stack.enter_async_context(httpx.AsyncClient(mounts=mounts))

        def mint(tenant: str, person: str | None, roles: tuple[str, ...] = ()) -> str:
            return issuer.mint(tenant, person=person, client=None if person else "tests", roles=roles)

        running = RunningHouse({name: f"http://{name}" for name in apps}, mint, client)
        await running.learn()
        house = SmallHouse(running, issuer, apps, government)
        await house.clock(begins)
        await house.load_cast()
        yield house
