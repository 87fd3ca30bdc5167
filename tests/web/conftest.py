"""The trial service over a real PostgreSQL, without a network between test and app."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from alembic import command
from alembic.config import Config
from fastapi import FastAPI

from chancery.launch.postgres import Postgres, ServiceDatabase, discard, provision
from chancery.settings import Settings
from chancery.web.app import create_app
from chancery.web.issuer import LocalIssuer
from chancery.web.running import Running
from tests.web.trial import SERVICE

HERE = Path(__file__).parent


structlog.configure(processors=[structlog.processors.KeyValueRenderer()])  # faults are told without paintings


@pytest.fixture(scope="session")
def web_postgres() -> Generator[Postgres]:
    folder = HERE.parents[1] / "var" / f"web-tests-{os.getpid()}"  # where a lesser user than root may read
    folder.mkdir(parents=True)
    server = Postgres(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    return LocalIssuer.at(tmp_path_factory.mktemp("issuer"))


async def made(server: Postgres, name: str) -> ServiceDatabase:
    """A database with the kernel and the trial service's read model."""
    database = await provision(server.admin_url, name, "not-a-secret")
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    config.attributes["owner_url"] = database.owner_url
    config.attributes["roles"] = {"app": database.app_role, "relay": database.relay_role}
    await asyncio.to_thread(command.upgrade, config, "head")
    return database


@pytest.fixture(scope="session")
async def settings(web_postgres: Postgres, issuer: LocalIssuer) -> AsyncGenerator[Settings]:
    database = await made(web_postgres, "trial")
    yield Settings(
        mode="house",
        database_url=database.app_url,  # pyright: ignore[reportArgumentType]
        relay_database_url=database.relay_url,  # pyright: ignore[reportArgumentType]
        issuer=issuer.issuer,
        keys=str(issuer.jwks),
        packs=HERE / "rules",
        governments=HERE / "rules" / "governments.yaml",
    )
    await discard(web_postgres.admin_url, "trial")


@dataclass
class Trial:
    """The running trial service and somebody who speaks to it."""

    app: FastAPI
    issuer: LocalIssuer
    http: httpx.AsyncClient

    @property
    def running(self) -> Running:
        return self.app.state.running

    def headers(self, person: str | None = "tao", tenant: str = "trial", **more: Any) -> dict[str, str]:
        client = None if person else "oa"
        token = self.issuer.mint(tenant, person=person, client=client, roles=more.pop("roles", ()))
        return {"Authorization": f"Bearer {token}", **{k.replace("_", "-"): str(v) for k, v in more.items()}}

    async def post(self, path: str, body: Any = None, **how: Any) -> httpx.Response:
        return await self.http.post(path, json={} if body is None else body, headers=self.headers(**how))

    async def get(self, path: str, **how: Any) -> httpx.Response:
        return await self.http.get(path, headers=self.headers(**how))

    async def opened(self, title: str = "甲事项", **how: Any) -> str:
        answer = await self.post("/v1/files", {"title": title}, **how)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]


@pytest.fixture(scope="session")
async def trial(settings: Settings, issuer: LocalIssuer) -> AsyncGenerator[Trial]:
    app = create_app(SERVICE, settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://trial") as http,
    ):
        yield Trial(app, issuer, http)
