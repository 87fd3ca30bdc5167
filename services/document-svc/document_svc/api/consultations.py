"""Units asked about a draft: sent, answered, given more time; and what they cannot agree on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from chancery.calendar import Unit
from chancery.events.parts import Code, Key
from chancery.web import REFUSED, Day, DeskDep, Page, PagingDep, Receipt, WebDesk
from chancery.web.form import Form, Opinion, Whole
from document_svc.api.forms import ExtensionForm
from document_svc.api.heard import HeardMatter, heard_of
from document_svc.consultation.asking import limit_of
from document_svc.consultation.disagreement import (
    FillPart,
    OpenSheet,
    Settle,
    TakeSheetStep,
    fill_part,
    open_sheet,
    settle,
    take_sheet_step,
)
from document_svc.consultation.extension import (
    AgreeExtension,
    AskExtension,
    DeclineExtension,
    agree_extension,
    ask_extension,
    decline_extension,
)
from document_svc.consultation.reply import Reply
from document_svc.consultation.reply import reply as answer_it
from document_svc.consultation.send import SendConsultation
from document_svc.consultation.send import send_consultation as send_it
from document_svc.document.state import DOCUMENT
from document_svc.projections.tables import CONSULTATIONS

router = APIRouter(prefix="/v1", tags=["consultations 征求意见"])


class LimitForm(Form):
    """A limit that the host sets itself (反馈时限)."""

    n: Annotated[Whole, Field(ge=1, le=1_000)]
    unit: Unit


class ConsultationForm(Form):
    """Whom to ask, and for which evidence in the pack's word (征求意见)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"units": ["finance_bureau"], "asks": "countersignature"}]}
    )

    units: Annotated[tuple[Key, ...], Field(min_length=1, max_length=200)]
    asks: Code
    limit: LimitForm | None = None


class ReplyForm(Form):
    """What a unit says (反馈意见). ``attrs`` is what an opinion says in fixed words."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"unit": "finance_bureau", "asks": "countersignature", "answer": "agrees"}]}
    )

    unit: Key
    asks: Code
    answer: Literal["agrees", "opinion", "objection"]
    grounds: Opinion | None = None
    attrs: Annotated[dict[Code, Code], Field(max_length=20, default_factory=dict)]


class MoreTimeForm(ExtensionForm):
    """To which day, or by how many of the clock's own unit, and why (申请延期)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"unit": "finance_bureau", "asks": "countersignature", "by": 2, "reason": "须集体研究"}]
        }
    )

    unit: Key
    asks: Code


class OfUnitForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"unit": "finance_bureau", "asks": "countersignature"}]})

    unit: Key
    asks: Code


class DeclineForm(OfUnitForm):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"unit": "finance_bureau", "asks": "countersignature", "reason": "须按时报送"}]}
    )

    reason: Opinion


class PartForm(Form):
    """One side's part of the sheet (分歧意见表)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"part": "host_proposal", "unit": "finance_bureau", "text": "建议分两年安排"}]}
    )

    part: Code
    unit: Key
    text: Opinion


class SheetStepForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"opinion": "已协调，未能一致"}]})

    opinion: Opinion | None = None


class SettleForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "按主办部门意见办理"}]})

    decision: Opinion


class ConsultationLine(BaseModel):
    """One unit asked about one draft.

    ``stands``: asked, answered, deemed (silence was consent), overdue. ``silence`` says what silence past the limit
    comes to.
    """

    document_id: UUID
    unit: str
    asks: str
    edition: int
    silence: str
    sent_at: datetime
    due_on: date | None
    stands: str
    answer: str | None
    answered_at: datetime | None
    late: bool
    after_deemed: bool
    more_time_asked: bool


@router.post("/documents/{document_id}:consult", summary="Send the draft to units 征求意见", responses=REFUSED)
async def consult_units(document_id: UUID, form: ConsultationForm, desk: DeskDep) -> Receipt:
    """Each unit has a clock of its own; what its silence comes to is said at once."""
    heard = await _heard(desk, document_id)
    command = SendConsultation(
        by=desk.person,
        at=desk.now(),
        units=form.units,
        asks=form.asks,
        limit=limit_of(form.limit.n, form.limit.unit) if form.limit is not None else None,
        matter=heard.facts,
    )
    return await desk.tell(DOCUMENT, send_it, command, stream=document_id, existing=True)


@router.post("/documents/{document_id}:reply", summary="Answer as a unit that was asked 反馈意见", responses=REFUSED)
async def reply_to_consultation(document_id: UUID, form: ReplyForm, desk: DeskDep) -> Receipt:
    """A late answer is kept and marked; it does not undo a consent by silence."""
    heard = await _heard(desk, document_id)
    command = Reply(
        by=desk.person,
        at=desk.now(),
        unit=form.unit,
        asks=form.asks,
        answer=form.answer,
        grounds=form.grounds,
        attrs=form.attrs,
        matter=heard.facts,
    )
    return await desk.tell(DOCUMENT, answer_it, command, stream=document_id, existing=True)


@router.post("/documents/{document_id}:ask-more-time", summary="Ask for more time 申请延期", responses=REFUSED)
async def ask_more_time(document_id: UUID, form: MoreTimeForm, desk: DeskDep) -> Receipt:
    """By the unit asked, before its limit."""
    command = AskExtension(desk.person, form.unit, form.asks, form.to or form.by or 0, form.reason)
    return await desk.tell(DOCUMENT, ask_extension, command, stream=document_id, existing=True)


@router.post("/documents/{document_id}:give-more-time", summary="Agree to more time 同意延期", responses=REFUSED)
async def give_more_time(document_id: UUID, form: OfUnitForm, desk: DeskDep) -> Receipt:
    """By the host, before the limit."""
    command = AgreeExtension(desk.person, form.unit, form.asks)
    return await desk.tell(DOCUMENT, agree_extension, command, stream=document_id, existing=True)


@router.post("/documents/{document_id}:decline-more-time", summary="Give no more time 不同意延期", responses=REFUSED)
async def decline_more_time(document_id: UUID, form: DeclineForm, desk: DeskDep) -> Receipt:
    command = DeclineExtension(desk.person, form.unit, form.asks, form.reason)
    return await desk.tell(DOCUMENT, decline_extension, command, stream=document_id, existing=True)


@router.post("/documents/{document_id}:open-disagreement", summary="Begin a sheet 填写分歧意见", responses=REFUSED)
async def open_disagreement(document_id: UUID, desk: DeskDep) -> Receipt:
    """By the host, with the objections that stand."""
    heard = await _heard(desk, document_id)
    return await desk.tell(DOCUMENT, open_sheet, OpenSheet(desk.person, heard.facts), stream=document_id, existing=True)


@router.post("/documents/{document_id}:fill-disagreement", summary="Fill in a part of it 补充意见", responses=REFUSED)
async def fill_disagreement(document_id: UUID, form: PartForm, desk: DeskDep) -> Receipt:
    """By a side of it, in its own name."""
    command = FillPart(desk.person, desk.now(), form.part, form.unit, form.text)
    return await desk.tell(DOCUMENT, fill_part, command, stream=document_id, existing=True)


@router.post("/documents/{document_id}:take-disagreement-step", summary="Take it a step up 协调上报", responses=REFUSED)
async def take_disagreement_step(document_id: UUID, form: SheetStepForm, desk: DeskDep) -> Receipt:
    """The last step takes it up, and only whole."""
    heard = await _heard(desk, document_id)
    command = TakeSheetStep(desk.person, form.opinion, heard.facts, heard.evidence)
    return await desk.tell(DOCUMENT, take_sheet_step, command, stream=document_id, existing=True)


@router.post("/documents/{document_id}:settle-disagreement", summary="Settle it 裁定分歧", responses=REFUSED)
async def settle_disagreement(document_id: UUID, form: SettleForm, desk: DeskDep) -> Receipt:
    """By whoever it went up to."""
    return await desk.tell(DOCUMENT, settle, Settle(desk.person, form.decision), stream=document_id, existing=True)


@router.get("/consultations", summary="Units asked and their answers 征求意见登记")
async def list_consultations(
    desk: DeskDep,
    paging: PagingDep,
    document: UUID | None = None,
    unit: Annotated[Key | None, Query()] = None,
    stands: Literal["asked", "answered", "deemed", "overdue"] | None = None,
    due_to: Day | None = None,
) -> Page[ConsultationLine]:
    """In order of sending. ``due_to``: wanted by that day at the latest."""
    table = CONSULTATIONS
    query = select(table)
    for column, wanted in ((table.c.document_id, document), (table.c.unit, unit), (table.c.stands, stands)):
        if wanted is not None:
            query = query.where(column == wanted)
    if due_to is not None:
        query = query.where(table.c.due_on <= due_to)
    order = [table.c.sent_at, table.c.document_id, table.c.unit, table.c.asks]
    async with desk.query() as connection:
        return await paging.page(connection, query, order, _line)


async def _heard(desk: WebDesk, document_id: UUID) -> HeardMatter:
    document = await desk.state(DOCUMENT, document_id)
    return HeardMatter() if document.draft is None else await heard_of(desk, document.draft.matter_id)


def _line(row: Mapping[str, Any]) -> ConsultationLine:
    return ConsultationLine.model_validate({name: row[name] for name in ConsultationLine.model_fields})
