"""Agenda items on their way to a sitting."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from chancery.envelope import PackRef
from chancery.events.parts import Code, Key, PaperRef
from chancery.files import Files
from chancery.files.kinds import LONGEST
from chancery.names import TenantId
from chancery.refusal import not_found
from chancery.web import REFUSED, Day, DeskDep, Page, PagingDep, Receipt, WebDesk
from meeting_svc.agenda_item.accept import Accept, accept
from meeting_svc.agenda_item.call_for import CallFor, call_for
from meeting_svc.agenda_item.checklist import AnswerQuestion, answer
from meeting_svc.agenda_item.hold_over import HoldOver, hold_over
from meeting_svc.agenda_item.papers import KeptFile, PutPaper, put_paper
from meeting_svc.agenda_item.return_item import ReturnItem, return_item
from meeting_svc.agenda_item.split import Split, split
from meeting_svc.agenda_item.state import AGENDA_ITEM, AgendaItem, Stage
from meeting_svc.agenda_item.submit import Submit, submit
from meeting_svc.agenda_item.take_step import TakeStep, take_step
from meeting_svc.agenda_item.way import agenda_ruling
from meeting_svc.agenda_item.withdraw import Withdraw, withdraw
from meeting_svc.api.forms import (
    AnswerForm,
    CallStepForm,
    HoldOverForm,
    OpinionForm,
    PaperForm,
    ReturnForm,
    SplitForm,
    SubmissionForm,
    WithdrawForm,
)
from meeting_svc.api.views import AgendaItemLine, AgendaItemView, ChecklistLine
from meeting_svc.matter.state import MATTER
from meeting_svc.projections.tables import DOCKET
from meeting_svc.seeing import kept_from, sees_matter

router = APIRouter(prefix="/v1/agenda-items", tags=["agenda items 议题"])


@router.post(
    "",
    status_code=201,
    summary="Submit an agenda item to a body 议题报送",
    responses=REFUSED,
)
async def submit_agenda_item(form: SubmissionForm, desk: DeskDep) -> Receipt:
    """201: taken in; a late item is held over where the rules say so. 409: every unmet clause at once."""
    matter = await desk.seen(MATTER, form.matter_id)
    command = Submit(
        by=desk.person,
        at=desk.now(),
        matter=matter.state,
        body=form.body,
        for_unit=form.for_unit,
        sitting_on=form.sitting_on,
        papers=form.files,
        on_paper=form.on_paper,
        earlier=await desk.state(AGENDA_ITEM, form.resubmits) if form.resubmits is not None else None,
        kept=await kept_of(desk.files, desk.tenant, form.files),
    )
    return await desk.tell(AGENDA_ITEM, submit, command, stream=desk.new_id(), matter=form.matter_id, pack=matter.pack)


@router.post(
    "/{item_id}:take-step",
    summary="Take the next step of the item's route 议题办理",
    responses=REFUSED,
)
async def take_agenda_step(item_id: UUID, form: OpinionForm, desk: DeskDep) -> Receipt:
    """Review, consent, approval: whichever step the caller's post may take now. The last one is ``accept``."""
    command = TakeStep(by=desk.person, at=desk.now(), opinion=form.opinion)
    return await desk.tell(AGENDA_ITEM, take_step, command, stream=item_id, existing=True)


@router.post("/{item_id}:call-step", summary="Call for a step where it is wanted 视情启用环节", responses=REFUSED)
async def call_agenda_step(item_id: UUID, form: CallStepForm, desk: DeskDep) -> Receipt:
    """From then on it must be taken. By whom the step names, or whoever takes an open step now."""
    command = CallFor(by=desk.person, step=form.step, reason=form.reason)
    return await desk.tell(AGENDA_ITEM, call_for, command, stream=item_id, existing=True)


@router.post("/{item_id}:answer", summary="Answer a question of the checklist 审核要点", responses=REFUSED)
async def answer_agenda_question(item_id: UUID, form: AnswerForm, desk: DeskDep) -> Receipt:
    """By the office that organises the body; every question is answered with yes before the item is accepted."""
    command = AnswerQuestion(by=desk.person, question=form.question, yes=form.yes, note=form.note)
    return await desk.tell(AGENDA_ITEM, answer, command, stream=item_id, existing=True)


@router.post(
    "/{item_id}:accept",
    summary="Put the item on the agenda, by the final say 同意上会",
    responses=REFUSED,
)
async def accept_agenda_item(item_id: UUID, form: OpinionForm, desk: DeskDep) -> Receipt:
    command = Accept(by=desk.person, at=desk.now(), opinion=form.opinion)
    return await desk.tell(AGENDA_ITEM, accept, command, stream=item_id, existing=True)


@router.post(
    "/{item_id}:hold-over",
    summary="Hold the item over to a later sitting 顺延",
    responses=REFUSED,
)
async def hold_over_agenda_item(item_id: UUID, form: HoldOverForm, desk: DeskDep) -> Receipt:
    command = HoldOver(by=desk.person, reason=form.reason)
    return await desk.tell(AGENDA_ITEM, hold_over, command, stream=item_id, existing=True)


@router.post(
    "/{item_id}:return",
    summary="Give the item back to its unit 退回",
    responses=REFUSED,
)
async def return_agenda_item(item_id: UUID, form: ReturnForm, desk: DeskDep) -> Receipt:
    command = ReturnItem(by=desk.person, reasons=form.reasons)
    return await desk.tell(AGENDA_ITEM, return_item, command, stream=item_id, existing=True)


@router.post(
    "/{item_id}:withdraw",
    summary="Take the item back 撤回",
    responses=REFUSED,
)
async def withdraw_agenda_item(item_id: UUID, form: WithdrawForm, desk: DeskDep) -> Receipt:
    command = Withdraw(by=desk.person, reason=form.reason)
    return await desk.tell(AGENDA_ITEM, withdraw, command, stream=item_id, existing=True)


@router.post("/{item_id}:put-paper", summary="Add or replace a paper 补充或更换材料", responses=REFUSED)
async def put_agenda_paper(item_id: UUID, form: PaperForm, desk: DeskDep) -> Receipt:
    """By the item's unit or the office, until it is decided; every edition stays in the record."""
    kept = await kept_of(desk.files, desk.tenant, [form.paper])
    command = PutPaper(by=desk.person, at=desk.now(), paper=form.paper, kept=kept, replaces=form.replaces)
    return await desk.tell(AGENDA_ITEM, put_paper, command, stream=item_id, existing=True)


@router.post("/{item_id}:split", summary="Split an item of several matters 议题拆分", responses=REFUSED)
async def split_agenda_item(item_id: UUID, form: SplitForm, desk: DeskDep) -> Receipt:
    """Each part gets a file of its own and is submitted for itself."""
    command = Split(by=desk.person, parts=tuple(part.facts() for part in form.parts), reason=form.reason)
    return await desk.tell(AGENDA_ITEM, split, command, stream=item_id, existing=True)


@router.get("/{item_id}", summary="One agenda item 议题详情")
async def get_agenda_item(item_id: UUID, desk: DeskDep) -> AgendaItemView:
    seen = await desk.seen(AGENDA_ITEM, item_id)
    desk.etag(seen.version)
    item = seen.state
    submitted = item.submitted
    if submitted is None:
        raise not_found("agenda_item")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    if sees_matter(rules, await desk.state(MATTER, submitted.matter_id), desk.caller.actor, submitted.body) != "all":
        raise not_found("agenda_item")
    return AgendaItemView(
        id=item_id,
        version=seen.version,
        matter_id=submitted.matter_id,
        facts=submitted.facts,
        body=submitted.body,
        for_unit=submitted.for_unit,
        stage=item.stage,
        accepted=item.accepted,
        sitting_on=item.sitting_on,
        sitting_id=item.sitting_id,
        outcome=item.outcome,
        papers=list(item.papers),
        on_paper=list(submitted.on_paper),
        papers_due_on=submitted.papers_due_on,
        submitted_by=submitted.submitted_by,
        submitted_at=submitted.submitted_at,
        steps=list(item.steps),
        called=list(item.called),
        checklist=await _checklist(desk, item, seen.pack),
    )


async def kept_of(files: Files, tenant: TenantId, papers: Sequence[PaperRef]) -> dict[str, KeptFile]:
    """Which of these papers are kept, and how they begin."""
    found: dict[str, KeptFile] = {}
    for paper in papers:
        size = await files.size(tenant, paper.sha256)
        if size is not None:
            found[paper.sha256] = KeptFile(size, await begins_of(files, tenant, paper.sha256))
    return found


async def begins_of(files: Files, tenant: TenantId, sha256: str) -> bytes:
    async for piece in files.read(tenant, sha256):
        return piece[:LONGEST]
    return b""


async def _checklist(desk: WebDesk, item: AgendaItem, pack: PackRef | None) -> list[ChecklistLine]:
    """Every question of the item's row, with its last answer."""
    if item.submitted is None:
        return []
    rules = await desk.rules(pack=pack, to_read=True)
    hit = agenda_ruling(rules, item.submitted).first
    questions = hit.outcome.checklist if hit else ()
    return [
        ChecklistLine(question=one, says=rules.titled(one, desk.language), answer=item.answered.get(one))
        for one in questions
    ]


@router.get("", summary="Agenda items, latest last 议题列表")
async def list_agenda_items(
    desk: DeskDep,
    paging: PagingDep,
    title: Annotated[str | None, Query(max_length=200)] = None,
    stage: Stage | None = None,
    body: Code | None = None,
    unit: Key | None = None,
    matter: UUID | None = None,
    sitting: UUID | None = None,
    sitting_from: Day | None = None,
    sitting_to: Day | None = None,
) -> Page[AgendaItemLine]:
    """``title`` finds a part of it; ``unit`` is the unit the item was submitted for."""
    query = select(DOCKET)
    hidden = await kept_from(desk)
    if hidden:
        query = query.where(DOCKET.c.matter_id.not_in(hidden))
    if title:
        query = query.where(DOCKET.c.title.contains(title, autoescape=True))
    for column, wanted in (
        (DOCKET.c.stage, stage),
        (DOCKET.c.body, body),
        (DOCKET.c.for_unit, unit),
        (DOCKET.c.matter_id, matter),
        (DOCKET.c.sitting_id, sitting),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if sitting_from is not None:
        query = query.where(DOCKET.c.sitting_on >= sitting_from)
    if sitting_to is not None:
        query = query.where(DOCKET.c.sitting_on <= sitting_to)
    async with desk.query() as connection:
        return await paging.page(connection, query, [DOCKET.c.submitted_at, DOCKET.c.item_id], _line)


def _line(row: Mapping[str, Any]) -> AgendaItemLine:
    return AgendaItemLine(
        id=row["item_id"],
        matter_id=row["matter_id"],
        title=row["title"],
        kind=row["kind"],
        body=row["body"],
        for_unit=row["for_unit"],
        stage=row["stage"],
        accepted=row["accepted"],
        sitting_on=row["sitting_on"],
        sitting_id=row["sitting_id"],
        outcome=row["outcome"],
        submitted_by=row["submitted_by"],
        submitted_at=row["submitted_at"],
    )
