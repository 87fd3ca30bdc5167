"""Commands over HTTP: the raw limit is the same framework and server doing one validated insert a request.

Ours does what a command takes: token, idempotency key, load, rules, decide, append with a read model, receipt. Each
server is a process of its own; 32 kept-alive connections ask them in turns. ``python -m chancery.bench.http SERVER
PORT`` is one of the two servers.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, assert_never
from uuid import UUID, uuid4

import asyncpg
import uvicorn
import uvloop
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, Field

from chancery.bench.context import Context, settle
from chancery.bench.report import Result, middle, percentile
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import EvidenceFiled, MatterFacts, MatterOpened
from chancery.events.parts import Code, Evidence, Key, Name
from chancery.launch.part import kept_port
from chancery.launch.postgres import ServiceDatabase
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.service import Service
from chancery.settings import Settings
from chancery.thing import Patch, Projection, Thing, Told, Upsert, Write
from chancery.web import REFUSED, DeskDep, Form, Receipt, Whole
from chancery.web.app import create_app
from chancery.web.issuer import LocalIssuer
from chancery.web.logs import set_up
from chancery.web.serve import run as run_app

CONNECTIONS = 32
LENGTH = 5
"""How many commands a file gets before its caller opens the next one."""
PACKS = Path(__file__).resolve().parents[1] / "packs"
PREPARE = """
create table public.bench_plain (
  id uuid primary key, title text not null, kind text, lead_unit text not null, money bigint, body json not null,
  at timestamptz not null default clock_timestamp());
grant select, insert on public.bench_plain to "{app}";
create table public.bench_file_v1 (
  tenant text not null, file_id uuid not null, title text not null, kind text, papers integer not null,
  opened_at timestamptz not null, primary key (tenant, file_id));
alter table public.bench_file_v1 enable row level security;
create policy tenant on public.bench_file_v1 to "{app}" using (tenant = any ((select kernel.tenants())::text[]));
create view public.bench_file with (security_invoker = true) as select * from public.bench_file_v1;
grant select, insert, update, delete on public.bench_file_v1, public.bench_file to "{app}";
insert into kernel.projection (name, version) values ('bench_file', 1);
"""

# -- a small service, as any is ----------------------------------------------

FileEvent = MatterOpened | EvidenceFiled


@dataclass(frozen=True, slots=True)
class File:
    id: UUID
    facts: MatterFacts | None = None
    papers: int = 0


def evolve(file: File, event: FileEvent) -> File:
    match event:
        case MatterOpened():
            return replace(file, facts=event.facts)
        case EvidenceFiled():
            return replace(file, papers=file.papers + 1)
        case _:
            assert_never(event)


FILE: Thing[File, FileEvent] = Thing("file", File, evolve, (MatterOpened, EvidenceFiled))


class FileForm(Form):
    title: Name
    kind: Code | None = None
    lead_unit: Key
    money: Annotated[Whole, Field(ge=0)] | None = None


class PaperForm(Form):
    evidence: Code


@dataclass(frozen=True, slots=True)
class OpenFile:
    by: PersonId
    form: FileForm


@dataclass(frozen=True, slots=True)
class AddPaper:
    by: PersonId
    evidence: str


def open_file(command: OpenFile, file: File, rules: Rules) -> Sequence[Told[FileEvent]]:
    """Open a file, after asking the gates of its stage."""
    if file.facts is not None:
        raise Refused(Reason("busy"))
    form = command.form
    ruling, unmet = rules.unmet_gates("submission", {"kind": form.kind}, ())
    if unmet:
        raise Refused(*unmet)
    facts = MatterFacts(title=form.title, kind=form.kind, lead_unit=form.lead_unit, money=form.money)
    return [Told(MatterOpened(matter_id=file.id, facts=facts, opened_by=command.by, opened_at=rules.at), (ruling,))]


def add_paper(command: AddPaper, file: File, rules: Rules) -> Sequence[Told[FileEvent]]:
    """Put a paper on an open file."""
    if file.facts is None:
        raise Refused(Reason("busy"))
    evidence = Evidence(evidence=command.evidence, given_on=rules.at.date())
    return [Told(EvidenceFiled(matter_id=file.id, evidence=evidence, filed_by=command.by))]


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case MatterOpened() as event:
            row = {"title": event.facts.title, "kind": event.facts.kind, "papers": 0, "opened_at": event.opened_at}
            return [Upsert("bench_file", ("file_id",), {"file_id": event.matter_id, **row})]
        case EvidenceFiled() as event:
            return [Patch("bench_file", {"file_id": event.matter_id}, {"papers": recorded.version - 1})]
        case _:
            return []


router = APIRouter(prefix="/v1/files", tags=["files"])


@router.post("", status_code=201, responses=REFUSED)
async def open_a_file(form: FileForm, desk: DeskDep) -> Receipt:
    return await desk.tell(FILE, open_file, OpenFile(desk.person, form), stream=desk.new_id())


@router.post("/{file_id}:add-paper", status_code=201, responses=REFUSED)
async def add_a_paper(file_id: UUID, form: PaperForm, desk: DeskDep) -> Receipt:
    command = AddPaper(desk.person, form.evidence)
    return await desk.tell(FILE, add_paper, command, stream=file_id, existing=True)


SERVICE = Service(
    name="meeting",
    title_zh="性能对比",
    title_en="Benchmark",
    port=0,
    things=(FILE,),
    projections=(
        Projection("bench_file", 1, ("bench_file",), frozenset(kind.event_name for kind in FILE.events), project),
    ),
    routers=(router,),
)

# -- the raw limit: the same framework, one insert ------------------------------


class Inserted(BaseModel):
    id: UUID
    at: datetime


def plain_app(url: str) -> FastAPI:
    """A validated body, one insert through a pool, an answer: no more."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with asyncpg.create_pool(url, min_size=16, max_size=16) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/files", status_code=201)
    async def insert(form: FileForm) -> Inserted:  # pyright: ignore[reportUnusedFunction]
        pool: asyncpg.Pool[asyncpg.Record] = app.state.pool
        made = uuid4()
        at = await pool.fetchval(
            "insert into bench_plain (id, title, kind, lead_unit, money, body) values ($1, $2, $3, $4, $5, $6) "
            "returning at",
            made,
            form.title,
            form.kind,
            form.lead_unit,
            form.money,
            form.model_dump_json(),
        )
        return Inserted(id=made, at=at)

    return app


class Plain(uvicorn.Server):
    """uvicorn as it comes, but for the collector, which is frozen in both servers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        settle()


def main(server: str, port: int) -> None:
    """Run one of the two servers until told to stop."""
    settings = Settings()
    if server == "plain":
        app = plain_app(settings.database_url.get_secret_value())
        Plain(uvicorn.Config(app, port=port, loop="uvloop", http="httptools", access_log=False)).run()
        return
    set_up("bench")
    run_app(create_app(SERVICE, settings), settings, port)


# -- who asks ----------------------------------------------------------------


@dataclass(slots=True)
class Turn:
    """What one turn gave."""

    done: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list[float])

    @property
    def rate(self) -> float:
        return self.done / self.seconds


class Line(asyncio.Protocol):
    """One kept-alive connection, one request at a time, and no more work per answer than that takes."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[bytes] | None = None
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # pyright: ignore[reportAttributeAccessIssue]  what TCP gives

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return
        at = head.lower().index(b"content-length:") + 15
        if len(body) < int(head[at:].partition(b"\r\n")[0]):
            return
        self._read = b""
        if self._answer is None:
            return
        if head[9:12] != b"201":
            self._answer.set_exception(AssertionError(f"{head[9:12]!r}: {body[:500]!r}"))
        else:
            self._answer.set_result(body)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError(repr(exc)))

    async def ask(self, request: bytes) -> bytes:
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer


Write_ = Callable[[str | None], bytes]
"""Writes the next request: for the file of an id, or (None) one that opens a file."""


def request(path: str, body: bytes, headers: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{headers}\r\n".encode() + body


OPEN = '{"title":"关于某某路改造工程的议题","kind":null,"lead_unit":"bureau_a","money":1200000}'.encode()
PAPER = b'{"evidence":"research_report"}'


def of_plain(_: str | None) -> bytes:
    return request("/v1/files", OPEN)


def of_ours(token: str) -> Write_:
    def write(file: str | None) -> bytes:
        headers = f"Authorization: Bearer {token}\r\nIdempotency-Key: {uuid4()}\r\n"
        if file is None:
            return request("/v1/files", OPEN, headers)
        return request(f"/v1/files/{file}:add-paper", PAPER, headers)

    return write


async def ask(port: int, write: Write_, seconds: float) -> Turn:
    """``CONNECTIONS`` callers ask one after the other until the time is over."""
    loop = asyncio.get_running_loop()
    turn = Turn()
    lines = [(await loop.create_connection(Line, "127.0.0.1", port)) for _ in range(CONNECTIONS)]
    end = time.perf_counter() + seconds

    async def call(line: Line) -> None:
        while True:
            file: str | None = None
            for _ in range(LENGTH):
                began = time.perf_counter()
                if began > end:
                    return
                body = await line.ask(write(file))
                turn.waits.append(time.perf_counter() - began)
                turn.done += 1
                file = file or body[7:43].decode()

    began = time.perf_counter()
    await asyncio.gather(*(call(line) for _, line in lines))
    turn.seconds = time.perf_counter() - began
    for transport, _ in lines:
        transport.close()
    return turn


@contextmanager
def serving(server: str, port: int, settings: Mapping[str, str], log: Path) -> Generator[None]:
    """One of the two servers as a process, from its first answer on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_")}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "chancery.bench.http", server, str(port)],
            env={**kept, **settings},
            stdout=out,
            stderr=out,
        )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=2).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        else:
            raise RuntimeError(f"{server} did not start:\n{log.read_text()[-2000:]}")
        yield
    finally:
        process.terminate()
        process.wait(20)


def settings_of(ctx: Context, database: ServiceDatabase, issuer: LocalIssuer, nats_url: str = "") -> dict[str, str]:
    """Settings of a server; without a bus, what is measured is the command and not the relay beside it."""
    return {
        "CHANCERY_MODE": "house",
        "CHANCERY_DATABASE_URL": database.app_url,
        "CHANCERY_RELAY_DATABASE_URL": database.relay_url,
        "CHANCERY_NATS_URL": nats_url,
        "CHANCERY_ISSUER": issuer.issuer,
        "CHANCERY_KEYS": str(issuer.jwks),
        "CHANCERY_GOVERNMENTS": str(_governments(ctx.folder)),
    }


def _governments(folder: Path) -> Path:
    """One government under the first pack that lies here."""
    pack = sorted(path.parent.name for path in PACKS.glob("*/pack.yaml"))[0]
    file = folder / "governments.yaml"
    file.write_text(f"governments:\n- {{id: bench, zh: 甲, en: A, adopted: [{{pack: {pack}, from: 2000-01-01}}]}}\n")
    return file


async def run(ctx: Context) -> list[Result]:
    seconds, rounds = (2.0, 2) if ctx.quick else (4.0, 5)
    database = await ctx.database("meeting", "0001")
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(PREPARE.format(app=database.app_role))
    await owner.close()
    issuer = LocalIssuer.at(ctx.folder / "issuer")
    token = issuer.mint("bench", person="clerk_a")
    ports = {name: kept_port(ctx.folder / f"port-{name}") for name in ("plain", "ours", "relayed")}
    log = ctx.folder / "http.log"
    alone, relayed = settings_of(ctx, database, issuer), settings_of(ctx, database, issuer, ctx.nats_url)
    ours: list[Turn] = []
    plain: list[Turn] = []
    with serving("plain", ports["plain"], alone, log), serving("ours", ports["ours"], alone, log):
        await asyncio.to_thread(_turn, ports["plain"], of_plain, 1.0)
        await asyncio.to_thread(_turn, ports["ours"], of_ours(token), 1.0)
        for _ in range(rounds):
            plain.append(await asyncio.to_thread(_turn, ports["plain"], of_plain, seconds))
            ours.append(await asyncio.to_thread(_turn, ports["ours"], of_ours(token), seconds))
    with serving("ours", ports["relayed"], relayed, log):
        await asyncio.to_thread(_turn, ports["relayed"], of_ours(token), 1.0)
        told = await asyncio.to_thread(_turn, ports["relayed"], of_ours(token), seconds)
    limit, rate = middle([one.rate for one in plain]), middle([one.rate for one in ours])
    ratio = middle([mine.rate / theirs.rate for mine, theirs in zip(ours, plain, strict=True)])
    found = [
        Result("one insert over the same framework 同框架单次插入", limit, "/s"),
        Result("full command over HTTP 完整接口命令", rate, "/s", ratio, 0.8, 1.0),
    ]
    found.append(Result("… with the relay beside it 同时转发", told.rate, "/s", told.rate / limit))
    for name, turns in (("insert 插入", plain), ("command 命令", ours)):
        for part, label in ((0.5, "p50"), (0.99, "p99")):
            value = middle([percentile(one.waits, part) for one in turns])
            found.append(Result(f"… {label}, {name}", value * 1000, "ms"))
    return found


def _turn(port: int, write: Write_, seconds: float) -> Turn:
    """A loop of its own, so that who asks costs as little as may be."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(ask(port, write, seconds))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
