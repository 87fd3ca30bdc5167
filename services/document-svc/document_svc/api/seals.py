"""The use of seals: asked for, approved, used by the keeper, filed; the register of it."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from chancery.events.outgoing import SealUsed, SealUseDeclined, SealUseRequested
from chancery.events.parts import Code, Key, Name, PaperRef, StepDone
from chancery.refusal import not_found
from chancery.web import REFUSED, DeskDep, Page, PagingDep, Receipt, WebDesk
from chancery.web.form import Form, Opinion, Whole, YesNo
from document_svc.api.files import FilesDep
from document_svc.api.forms import OpinionForm, TextForm, WithdrawForm
from document_svc.document.state import DOCUMENT
from document_svc.files import FileStore
from document_svc.projections.tables import SEAL_USES
from document_svc.seal.approve import DeclineSeal, TakeSealStep, decline_seal, take_seal_step
from document_svc.seal.request import RequestSeal, request_seal
from document_svc.seal.state import SEAL_USE, Stage
from document_svc.seal.use import FileSealed, UseSeal, file_sealed, use_seal
from document_svc.seal.ways import walks_of

router = APIRouter(prefix="/v1/seal-uses", tags=["seals 用印"])
Copies = Annotated[Whole, Field(ge=1, le=100_000)]


class SealForm(Form):
    """A paper to be sealed (用印申请单): which seal, on what, where; the document, where it is one of ours."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "seal": "government_seal",
                    "on": "agreement",
                    "title": "战略合作协议",
                    "copies": 4,
                    "purpose": "与高校签约",
                    "unit": "justice_bureau",
                }
            ]
        }
    )

    seal: Code
    on: Code
    title: Name
    copies: Copies
    purpose: Opinion
    unit: Key
    offsite: YesNo = False
    place: Name | None = None
    document_id: UUID | None = None
    papers: Annotated[tuple[TextForm, ...], Field(max_length=100)] = ()


class UseForm(Form):
    """How many copies were sealed; where, if elsewhere than asked (用印)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"copies": 4}]})

    copies: Copies
    place: Name | None = None


class FileForm(Form):
    """What is kept of it: a paper for each thing that the rules want in the register (归档备查)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "papers": [
                        {
                            "kind": "original",
                            "name": "协议底稿",
                            "sha256": "0" * 64,
                            "size": 2048,
                            "media_type": "application/pdf",
                        }
                    ]
                }
            ]
        }
    )

    papers: Annotated[tuple[TextForm, ...], Field(max_length=100)]


class Waiting(BaseModel):
    """A step somebody has to take now: of the use, or of taking the seal out."""

    way: str
    do: str
    people: list[str]


class SealUseView(BaseModel):
    """One use of a seal and how far it is (用印)."""

    id: UUID
    version: int
    stage: str
    asked: SealUseRequested
    steps: list[StepDone]
    offsite_steps: list[StepDone]
    waits: list[Waiting]
    declined: SealUseDeclined | None
    used: SealUsed | None
    papers: list[PaperRef]


class SealUseLine(BaseModel):
    """A line of the register of seals (用印登记)."""

    id: UUID
    seal: str
    on: str
    document_id: UUID | None
    title: str
    unit: str
    copies: int
    offsite: bool
    place: str | None
    stage: str
    requested_by: str
    approved_by: str | None
    sealed_by: str | None
    archived: bool


@router.post("", status_code=201, summary="Ask to have a paper sealed 申请用印", responses=REFUSED)
async def request_seal_use(form: SealForm, desk: DeskDep, files: FilesDep) -> Receipt:
    """The rules say who approves it; what needs no approval waits for the keeper alone."""
    draft, signed = None, False
    if form.document_id is not None:
        document = await desk.state(DOCUMENT, form.document_id)
        draft, signed = document.draft, document.signed_on is not None
    command = RequestSeal(
        by=desk.person,
        at=desk.now(),
        seal=form.seal,
        on=form.on,
        title=form.title,
        copies=form.copies,
        purpose=form.purpose,
        unit=form.unit,
        offsite=form.offsite,
        place=form.place,
        document_id=form.document_id,
        draft=draft,
        signed=signed,
        papers=tuple(paper.paper() for paper in form.papers),
        kept=_kept(desk, files, form.papers),
    )
    return await desk.tell(SEAL_USE, request_seal, command, stream=desk.new_id())


@router.post("/{use_id}:take-step", summary="Review or approve it 审核审批", responses=REFUSED)
async def take_seal_use_step(use_id: UUID, form: OpinionForm, desk: DeskDep) -> Receipt:
    """Whichever step the caller's post may take now."""
    command = TakeSealStep(desk.person, form.opinion)
    return await desk.tell(SEAL_USE, take_seal_step, command, stream=use_id, existing=True)


@router.post("/{use_id}:decline", summary="Decline it 不同意", responses=REFUSED)
async def decline_seal_use(use_id: UUID, form: WithdrawForm, desk: DeskDep) -> Receipt:
    """By somebody whose turn it is."""
    command = DeclineSeal(desk.person, form.reason)
    return await desk.tell(SEAL_USE, decline_seal, command, stream=use_id, existing=True)


@router.post("/{use_id}:use", summary="Put the seal on it 用印", responses=REFUSED)
async def use_seal_on_it(use_id: UUID, form: UseForm, desk: DeskDep) -> Receipt:
    """By the keeper, at the place that the rules name, or where taking it out was approved."""
    command = UseSeal(desk.person, desk.now(), form.copies, form.place)
    return await desk.tell(SEAL_USE, use_seal, command, stream=use_id, existing=True)


@router.post("/{use_id}:file", summary="File what was sealed 归档备查", responses=REFUSED)
async def file_seal_use(use_id: UUID, form: FileForm, desk: DeskDep, files: FilesDep) -> Receipt:
    papers = tuple(paper.paper() for paper in form.papers)
    command = FileSealed(desk.person, papers, _kept(desk, files, form.papers))
    return await desk.tell(SEAL_USE, file_sealed, command, stream=use_id, existing=True)


@router.get("/{use_id}", summary="One use of a seal 用印详情")
async def get_seal_use(use_id: UUID, desk: DeskDep) -> SealUseView:
    seen = await desk.seen(SEAL_USE, use_id)
    desk.etag(seen.version)
    use = seen.state
    if use.asked is None:
        raise not_found("seal_use")
    waits: list[Waiting] = []
    if use.stage is Stage.REQUESTED:
        rules = await desk.rules(pack=seen.pack, to_read=True)
        for way, walk in walks_of(rules, use, use.asked):
            waits += [
                Waiting(way=way, do=one.step.do, people=[str(left.person) for left in one.left])
                for one in walk.state.open
            ]
    return SealUseView(
        id=use_id,
        version=seen.version,
        stage=use.stage,
        asked=use.asked,
        steps=list(use.steps),
        offsite_steps=list(use.offsite_steps),
        waits=waits,
        declined=use.declined,
        used=use.used,
        papers=list(use.papers),
    )


@router.get("", summary="The register of seals 用印登记")
async def list_seal_uses(
    desk: DeskDep,
    paging: PagingDep,
    seal: Code | None = None,
    stage: Stage | None = None,
    unit: Key | None = None,
    offsite: bool | None = None,
    document: Annotated[UUID | None, Query()] = None,
) -> Page[SealUseLine]:
    """In the order in which they were asked for."""
    query = select(SEAL_USES)
    for column, wanted in (
        (SEAL_USES.c.seal, seal),
        (SEAL_USES.c.stage, stage),
        (SEAL_USES.c.unit, unit),
        (SEAL_USES.c.offsite, offsite),
        (SEAL_USES.c.document_id, document),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    async with desk.query() as connection:
        return await paging.page(connection, query, [SEAL_USES.c.requested_at, SEAL_USES.c.use_id], _line)


def _kept(desk: WebDesk, files: FileStore, papers: tuple[TextForm, ...]) -> bool:
    return all(files.size(desk.tenant, paper.sha256) == paper.size for paper in papers)


def _line(row: Mapping[str, Any]) -> SealUseLine:
    return SealUseLine(
        id=row["use_id"],
        seal=row["seal"],
        on=row["on"],
        document_id=row["document_id"],
        title=row["title"],
        unit=row["unit"],
        copies=row["copies"],
        offsite=row["offsite"],
        place=row["place"],
        stage=row["stage"],
        requested_by=row["requested_by"],
        approved_by=row["approved_by"],
        sealed_by=row["sealed_by"],
        archived=row["archived"],
    )
