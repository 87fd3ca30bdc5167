"""A small real service to try the edge on: a matter's file is opened and papers are put on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, assert_never
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chancery.envelope import Recorded
from chancery.events.attendance import PersonRegistered
from chancery.events.base import Event
from chancery.events.meeting import EvidenceFiled, MatterFacts, MatterOpened
from chancery.events.parts import Code, Evidence, Key, Name
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.service import Service, stream_of
from chancery.thing import Patch, Projection, Thing, Told, Upsert, Write
from chancery.web import REFUSED, Day, DeskDep, Form, Page, PagingDep, Receipt, Whole

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
PERSON: Thing[bool, PersonRegistered] = Thing("person", lambda _: False, lambda _, __: True, (PersonRegistered,))


@dataclass(frozen=True, slots=True)
class Open:
    by: PersonId
    title: str
    kind: str | None
    money: int | None


def open_file(command: Open, file: File, rules: Rules) -> Sequence[Told[FileEvent]]:
    """Open a file; a grave matter brings its expert opinion."""
    if file.facts is not None:
        raise Refused(Reason("matter_already_open"))
    ruling, reasons = rules.unmet_gates("submission", {"kind": command.kind}, ())
    if reasons:
        raise Refused(*reasons)
    facts = MatterFacts(title=command.title, kind=command.kind, lead_unit="office", money=command.money)
    opened = MatterOpened(matter_id=file.id, facts=facts, opened_by=command.by, opened_at=rules.at)
    return [Told(opened, (ruling,))]


@dataclass(frozen=True, slots=True)
class AddPaper:
    by: PersonId
    paper: str
    most: int = 1_000_000


def add_paper(command: AddPaper, file: File, rules: Rules) -> Sequence[Told[FileEvent]]:
    """Put a paper on the file, up to a number; nothing is left to do for an empty one."""
    if file.facts is None:
        raise Refused(Reason("matter_not_open"))
    if file.papers >= command.most:
        raise Refused(Reason("file_full", params={"most": command.most}))
    if command.paper == "nothing":
        return []
    evidence = Evidence(evidence=command.paper, given_on=rules.at.date())
    return [Told(EvidenceFiled(matter_id=file.id, evidence=evidence, filed_by=command.by))]


@dataclass(frozen=True, slots=True)
class Register:
    person: str
    name: str


def register(command: Register, registered: bool, rules: Rules) -> Sequence[Told[PersonRegistered]]:
    if registered:
        return []
    return [Told(PersonRegistered(person_id=command.person, name=command.name))]


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case MatterOpened() as event:
            row = {
                "file_id": event.matter_id,
                "title": event.facts.title,
                "kind": event.facts.kind,
                "money": event.facts.money,
                "papers": 0,
                "version": recorded.version,
                "opened_at": event.opened_at,
            }
            return [Upsert("files", ("file_id",), row)]
        case EvidenceFiled() as event:
            papers = {"papers": recorded.version - 1, "version": recorded.version}
            return [Patch("files", {"file_id": event.matter_id}, papers)]
        case _:
            return []


FILES = Projection("files", 1, ("files",), frozenset(("meeting.matter_opened", "meeting.evidence_filed")), project)
TABLE = sa.table(
    "files",
    sa.column("file_id", sa.Uuid),
    sa.column("title", sa.Text),
    sa.column("kind", sa.Text),
    sa.column("money", sa.BigInteger),
    sa.column("papers", sa.Integer),
    sa.column("version", sa.Integer),
    sa.column("opened_at", sa.DateTime(timezone=True)),
)


class FileForm(Form):
    title: Name
    kind: Code | None = None
    money: Annotated[Whole, Field(ge=0)] | None = None
    on: Day | None = None
    tags: Annotated[tuple[Code, ...], Field(max_length=20)] = ()


class PaperForm(Form):
    paper: Code
    most: Whole = 1_000_000


class PersonForm(Form):
    person: Key
    name: Name


class FileView(BaseModel):
    file_id: UUID
    title: str
    kind: str | None
    money: int | None
    papers: int
    version: int
    opened_at: datetime


def view(row: Mapping[str, Any]) -> FileView:
    return FileView.model_validate(dict(row))


router = APIRouter(prefix="/v1", tags=["files"])


@router.post("/files", status_code=201, responses=REFUSED)
async def open_a_file(form: FileForm, desk: DeskDep) -> Receipt:
    """Open a file."""
    command = Open(desk.caller.actor, form.title, form.kind, form.money)
    return await desk.tell(FILE, open_file, command, stream=desk.new_id())


@router.post("/files/{file_id}:add-paper", responses=REFUSED)
async def add_a_paper(file_id: UUID, form: PaperForm, desk: DeskDep) -> Receipt:
    """Put a paper on a file."""
    command = AddPaper(desk.person, form.paper, form.most)
    return await desk.tell(FILE, add_paper, command, stream=file_id, existing=True)


@router.post("/files-with-paper", status_code=201, responses=REFUSED)
async def open_with_paper(form: FileForm, desk: DeskDep) -> Receipt:
    """Two commands of one request."""
    stream = desk.new_id()
    await desk.handle(FILE, open_file, Open(desk.person, form.title, form.kind, form.money), stream=stream)
    return await desk.tell(FILE, add_paper, AddPaper(desk.person, "letter"), stream=stream)


@router.post("/persons", responses=REFUSED)
async def register_person(form: PersonForm, desk: DeskDep) -> Receipt:
    """Make a person known, under a stream that the person's id names."""
    command = Register(form.person, form.name)
    return await desk.tell(PERSON, register, command, stream=stream_of(desk.tenant, "person", form.person))


@router.get("/files/{file_id}")
async def get_file(file_id: UUID, desk: DeskDep) -> FileView:
    """One file, from the read model."""
    async with desk.query() as connection:
        row = (await connection.execute(sa.select(TABLE).where(TABLE.c.file_id == file_id))).mappings().first()
    if row is None:
        raise Refused(Reason("not_found", params={"what": "file"}), kind="missing")
    desk.etag(row["version"])
    return view(dict(row))


@router.get("/files")
async def list_files(
    desk: DeskDep,
    paging: PagingDep,
    kind: Annotated[str | None, Query(max_length=64)] = None,
    money: Annotated[int | None, Query()] = None,
) -> Page[FileView]:
    """Files, the latest first."""
    query = sa.select(TABLE)
    if kind is not None:
        query = query.where(TABLE.c.kind == kind)
    if money is not None:
        query = query.where(TABLE.c.money == money)
    async with desk.query() as connection:
        return await paging.page(connection, query, (TABLE.c.opened_at, TABLE.c.file_id), view, descending=True)


@router.get("/broken")
async def broken(desk: DeskDep) -> FileView:
    """A fault of ours, to see that it stays inside."""
    raise RuntimeError(f"secret-{desk.tenant}")


SERVICE = Service(
    name="trial",
    title_zh="试行服务",
    title_en="Trial service",
    port=0,
    things=(FILE, PERSON),
    projections=(FILES,),
    routers=(router,),
    keeps_roster=False,
    reasons=Path(__file__).parent / "reasons.yaml",
)
