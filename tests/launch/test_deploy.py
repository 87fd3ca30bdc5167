"""What deploy/ says holds: the bus permissions are enough and no more, every file is read by the program it is for."""

# pyright: reportUnknownMemberType=false
# nats-py leaves some of its own types open.

import asyncio
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
import nats
import pytest
import yaml
from nats.aio.client import Client
from nats.errors import TimeoutError as NatsTimeout

from chancery.bus.streams import connect
from chancery.cli.house import load_samples
from chancery.launch.house import SERVICES, House
from chancery.launch.nats import Nats, binary
from chancery.launch.part import free_port
from chancery.launch.postgres import discard
from chancery.rehearsal.house import unsettled
from tests.parts import POSTGRES, own_folder

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


class DeployedNats(Nats):
    """The server of deploy/nats, but with its port and data where the test wants them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        users = ("SYSTEM", "OPERATOR", *(name.upper() for name in SERVICES))
        self.passwords = {user: f"p{secrets.token_hex(12)}" for user in users}

    def command(self) -> Sequence[str]:
        place = ("-a", "127.0.0.1", "-p", str(self.port), "-m", str(self.monitor_port))
        return [str(binary()), "-c", str(DEPLOY / "nats" / "nats.conf"), *place]

    def mark(self) -> str:
        return f"-p\0{self.port}"

    def environment(self) -> Mapping[str, str]:
        named = {f"CHANCERY_NATS_{name}_PASSWORD": word for name, word in self.passwords.items()}
        return {**os.environ, **named, "CHANCERY_NATS_NAME": "deployed", "CHANCERY_NATS_DATA": str(self._folder)}


@pytest.fixture(scope="module")
def bus() -> Generator[DeployedNats]:
    with own_folder("bus") as folder:
        server = DeployedNats(folder)
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def house(bus: DeployedNats) -> Generator[House]:
    """All services, each under its own user of that server."""
    each = {
        name: {"CHANCERY_NATS_USER": name, "CHANCERY_NATS_PASSWORD": bus.passwords[name.upper()]} for name in SERVICES
    }
    prefix = f"d{secrets.token_hex(4)}_" if POSTGRES else ""
    with own_folder("deployed") as folder:
        started = House(folder, each=each, external_postgres=POSTGRES, external_nats=bus.url, prefix=prefix)
        try:
            started.start()
            yield started
        finally:
            started.stop()
            if POSTGRES:
                for name in SERVICES:
                    asyncio.run(discard(POSTGRES, f"{prefix}{name}"))


async def enter(bus: DeployedNats, user: str, problems: list[str]) -> Client:
    async def note(problem: Exception) -> None:
        problems.append(str(problem))

    return await nats.connect(
        bus.url,
        user=user,
        password=bus.passwords[user.upper()],
        inbox_prefix=f"_INBOX.{user}-svc" if user in SERVICES else f"_INBOX.{user}",
        error_cb=note,
    )


async def looked_at(client: httpx.AsyncClient, house: House, headers: dict[str, str]) -> dict[str, Any]:
    return {
        name: (await client.get(f"{address}/v1/operations/status", headers=headers)).raise_for_status().json()
        for name, address in house.addresses.items()
    }


@pytest.mark.parametrize("service", SERVICES)
def test_each_user_reads_the_streams_its_service_hears_and_no_others(service: str) -> None:
    told = (DEPLOY / "nats" / "users.conf").read_text("utf-8")
    user = told.partition(f"user: {service},")[2].partition("subscribe:")[0]
    hears = import_module(f"{service}_svc.wiring").SERVICE.hears
    for verb in ("STREAM.INFO.", "CONSUMER.CREATE."):
        reads = {name.lower() for name in re.findall(rf"{verb}([A-Z]+)\"", user)}
        assert reads - {service} == set(hears) - {service}, verb


@pytest.mark.journey
async def test_under_its_permissions_every_service_tells_and_hears(house: House) -> None:
    await load_samples(house)
    headers = {"Authorization": f"Bearer {house.mint('', None, ('operator',))}"}
    end = time.monotonic() + 60
    async with httpx.AsyncClient(timeout=30) as client:
        while busy := unsettled(await looked_at(client, house, headers), None):
            assert time.monotonic() < end, busy
            await asyncio.sleep(0.1)
        for name, status in (await looked_at(client, house, headers)).items():
            heard = {one["source"]: one["position"] for one in status["consumers"]}
            assert name == "attendance" or heard["attendance"] > 0, name
    logs = "".join((house.folder / "log" / f"{name}.log").read_text() for name in SERVICES)
    assert "permissions violation" not in logs.lower()


@pytest.mark.journey
async def test_a_service_tells_no_other_services_events(house: House, bus: DeployedNats) -> None:
    problems: list[str] = []
    client = await enter(bus, "meeting", problems)
    try:
        for subject in ("evt.hongkou.document.issued", "evt.hongkou.attendance.x", "$JS.API.STREAM.DELETE.MEETING"):
            problems.clear()
            await client.publish(subject, b"{}")
            await client.flush()
            await asyncio.sleep(0.05)
            assert ["ermissions" in problem for problem in problems] == [True], subject
    finally:
        await client.close()


@pytest.mark.journey
async def test_a_service_reads_no_stream_it_does_not_hear_and_no_answers_of_others(
    house: House, bus: DeployedNats
) -> None:
    problems: list[str] = []
    client = await enter(bus, "meeting", problems)
    try:
        assert (await client.jetstream(timeout=5).stream_info("ATTENDANCE")).state.messages > 0
        with pytest.raises(NatsTimeout):
            await client.jetstream(timeout=0.3).stream_info("SUPERVISION")
        for subject in ("_INBOX.document-svc.>", "evt.>", ">"):
            problems.clear()
            await client.subscribe(subject)
            await client.flush()
            await asyncio.sleep(0.05)
            assert ["ermissions" in problem for problem in problems] == [True], subject
    finally:
        await client.close()


@pytest.mark.journey
async def test_operators_read_every_stream_and_change_none(house: House, bus: DeployedNats) -> None:
    problems: list[str] = []
    client = await enter(bus, "operator", problems)
    try:
        js = client.jetstream(timeout=5)
        names = {info.config.name for info in await js.streams_info()}
        assert {service.upper() for service in SERVICES} <= names
        assert (await js.get_msg("ATTENDANCE", seq=1)).data is not None
        problems.clear()
        await client.publish("evt.hongkou.meeting.x", b"{}")
        await client.flush()
        await asyncio.sleep(0.05)
        assert len(problems) == 1
    finally:
        await client.close()


def test_the_bus_lets_nobody_in_without_a_password(bus: DeployedNats) -> None:
    async def enter_unknown() -> None:
        await nats.connect(bus.url, allow_reconnect=False, max_reconnect_attempts=0)

    with pytest.raises(Exception, match=r"(?i)authorization"):
        asyncio.run(enter_unknown())


async def test_of_several_addresses_the_one_that_answers_is_enough(bus: DeployedNats) -> None:
    client = await connect(
        f"nats://127.0.0.1:{free_port()}, {bus.url}", "meeting-svc", user="meeting", password=bus.passwords["MEETING"]
    )
    assert client.is_connected
    await client.close()


@pytest.mark.parametrize("file", ["nats.conf", "cluster.conf"])
def test_nats_server_reads_its_settings(bus: DeployedNats, file: str) -> None:
    routes = {f"CHANCERY_NATS_ROUTE_{n}": f"nats-route://route:secret@nats-{n}:6222" for n in (1, 2, 3)}
    environment = {**bus.environment(), **routes, "CHANCERY_NATS_ROUTE_PASSWORD": "secret"}
    done = subprocess.run(
        [str(binary()), "-c", str(DEPLOY / "nats" / file), "-t"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


async def test_provisioning_writes_what_a_service_starts_from(postgres: str, tmp_path: Path) -> None:
    """The database is named as in production, so it is made only where there is none."""
    there = await asyncpg.connect(postgres)
    taken = await there.fetchval("select 1 from pg_database where datname = 'disclosure'")
    await there.close()
    if taken:
        pytest.skip("this PostgreSQL has a database disclosure already, which is not ours to touch")
    command = [sys.executable, "-m", "chancery.launch.provisioning", str(tmp_path / "secrets"), "disclosure"]
    environment = {**os.environ, "CHANCERY_PG_ADMIN_URL": postgres}
    try:
        for _ in range(2):
            done = await asyncio.to_thread(
                subprocess.run, command, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
        kept = tmp_path / "secrets" / "disclosure"
        assert {file.name for file in kept.iterdir()} == {"chancery_database_url", "chancery_relay_database_url"}
        assert {file.stat().st_mode & 0o777 for file in kept.iterdir()} == {0o600}
        entered = await asyncpg.connect((kept / "chancery_database_url").read_text())
        assert await entered.fetchval("select current_user::text") == "disclosure_app"
        await entered.close()
    finally:
        await discard(postgres, "disclosure")


def composed() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


def test_the_compose_file_runs_every_service_without_rights_it_does_not_need() -> None:
    services = composed()["services"]
    for name in SERVICES:
        assert services[name]["command"] == ["python", "-m", f"{name}_svc"]
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["read_only"] is True
        assert "ports" not in services[name]
        mounted = cast("list[Any]", services[name]["volumes"])
        secrets_of = next(one for one in mounted if not isinstance(one, str))
        assert secrets_of["volume"]["subpath"] == name
    assert [name for name, one in services.items() if "ports" in one] == ["gateway"]


def test_every_file_the_compose_file_mounts_is_there_or_said_to_be_made() -> None:
    told = (DEPLOY / "README.md").read_text(encoding="utf-8")
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    for name in set(re.findall(r"(?<=[\s\"])(\.{1,2}/[\w./-]+)", text)):
        assert (DEPLOY / name).exists() or name.removeprefix("./").removeprefix("../") in told, name


HAPROXY = pytest.mark.skipif(
    shutil.which("haproxy") is None, reason="haproxy is not installed: apt-get install haproxy"
)


def gateway(house: House | None, bind: str) -> tuple[list[str], dict[str, str]]:
    """How the gateway is started, and its environment."""
    settings = {"CHANCERY_GATEWAY_BIND": bind, "CHANCERY_GATEWAY_ERRORS": str(DEPLOY / "haproxy")}
    for name in SERVICES:
        settings[f"CHANCERY_{name.upper()}"] = f"127.0.0.1:{house.processes[name].port if house else 2}"
    return ["haproxy", "-f", str(DEPLOY / "haproxy" / "haproxy.cfg")], {**os.environ, **settings}


@HAPROXY
def test_haproxy_reads_its_settings() -> None:
    command, environment = gateway(None, "127.0.0.1:1")
    done = subprocess.run([*command, "-c"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@HAPROXY
@pytest.mark.journey
async def test_through_the_gateway_services_answer_and_their_inside_does_not(house: House) -> None:
    port = free_port()
    command, environment = gateway(house, f"127.0.0.1:{port}")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=subprocess.DEVNULL)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            end = time.monotonic() + 20
            while (await answer_of(client, "/meeting/openapi.json")) != 200:
                assert time.monotonic() < end
                await asyncio.sleep(0.1)
            for name in SERVICES:
                assert (await answer_of(client, f"/{name}/openapi.json")) == 200
                for inside in ("readyz", "healthz", "metrics", "console", "v1/operations/status"):
                    assert (await answer_of(client, f"/{name}/{inside}")) == 404
            assert (await answer_of(client, "/elsewhere/v1")) == 404
            assert (await answer_of(client, "/meeting/v1/agenda-items")) == 401
            hasty = [await answer_of(client, "/meeting/v1/agenda-items", "Bearer hasty") for _ in range(320)]
            assert (hasty[0], hasty[-1]) == (401, 429)
            assert (await answer_of(client, "/meeting/v1/agenda-items", "Bearer patient")) == 401
    finally:
        process.terminate()
        await process.wait()


async def answer_of(client: httpx.AsyncClient, path: str, token: str | None = None) -> int:
    try:
        return (await client.get(path, headers={"Authorization": token} if token else {})).status_code
    except httpx.TransportError:
        return 0


def test_the_lock_of_production_is_part_of_the_whole_one_and_names_no_address() -> None:
    root = DEPLOY.parent
    whole, part = ((folder / "requirements.lock").read_text() for folder in (root, DEPLOY))
    pinned = {line.split(" ")[0] for line in whole.splitlines() if "==" in line and line[0].isalpha()}
    needed = {line.split(" ")[0] for line in part.splitlines() if "==" in line and line[0].isalpha()}
    assert needed
    assert needed <= pinned
    assert not any(word in needed for word in ("pytest", "ruff"))
    assert "://" not in whole + part
    unhashed = [block for block in re.split(r"\n(?=\S)", whole) if "==" in block and "--hash=sha256:" not in block]
    assert not unhashed
