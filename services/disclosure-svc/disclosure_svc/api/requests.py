"""Requests for information (依申请公开), for the office: the register, each step, the letters, the year's figures."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, or_, select

from chancery.calendar import local_day
from chancery.deadlines import sentences
from chancery.events.disclosure import AnswerKind, ApplicantKind, Channel
from chancery.events.parts import Code, Counted, Name
from chancery.office import csv, docx, pdf, xlsx
from chancery.office.fonts import folders_of
from chancery.office.table import MOST_ROWS, Column, Table
from chancery.web import REFUSED, Day, DeskDep, Form, Moment, Opinion, Page, PagingDep, Receipt, WebDesk, YesNo
from chancery.web.files import attachment, file_of
from chancery.web.running import running_of
from disclosure_svc.api import annual
from disclosure_svc.entry.handling import by_the_office
from disclosure_svc.projections.tables import REQUESTS
from disclosure_svc.request.answer import KINDS, Answer, ExtendAnswer, answer, extend_answer
from disclosure_svc.request.consult import AskOpinion, HearOpinion, Role, ask_opinion, hear_opinion
from disclosure_svc.request.correct import AskCorrection, Correct, ask_correction, correct
from disclosure_svc.request.handling import of_the_office
from disclosure_svc.request.letters import Letter, letter
from disclosure_svc.request.receive import Receive, SetAnswerDay, receive, set_answer_day
from disclosure_svc.request.state import REQUEST, Stage
from disclosure_svc.request.state import Request as Asking

router = APIRouter(prefix="/v1/disclosure-requests", tags=["requests 依申请公开"])
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PRINT = "application/pdf"


class ReceiptForm(Form):
    """``confirmed_at`` where the channel counts from the day both sides confirmed (ordinary mail, fax, online)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "applicant": "张某",
                    "applicant_kind": "citizen",
                    "contact": "某路1号",
                    "wanted": "2021年道路养护经费安排",
                    "channel": "in_person",
                    "reached_at": "2022-01-19T10:00:00+08:00",
                }
            ]
        }
    )

    applicant: Name
    applicant_kind: ApplicantKind
    contact: Opinion
    wanted: Opinion
    form_wanted: Name | None = None
    channel: Channel
    reached_at: Moment
    confirmed_at: Moment | None = None


class AnswerDayForm(Form):
    due_on: Day


class CorrectionForm(Form):
    missing: Opinion
    by_on: Day


class CorrectedForm(Form):
    wanted: Opinion
    corrected_at: Moment


class OpinionForm(Form):
    role: Role
    whom: Name


class HeardForm(Form):
    opinion: UUID
    agrees: YesNo
    note: Opinion | None = None


class PutOffForm(Form):
    """To which day the answer is put off."""

    to: Day
    reason: Opinion


class AnswerForm(Form):
    """``ground`` with what is withheld, in whole or in part; ``public_interest`` where a third party objects."""

    kind: AnswerKind
    text: Opinion
    ground: Code | None = None
    public_interest: Opinion | None = None


@router.post("", operation_id="receive_request", summary="登记申请 Take a request in", responses=REFUSED)
async def receive_request(form: ReceiptForm, desk: DeskDep) -> Receipt:
    request_id = desk.new_id()
    command = Receive(
        by=desk.person,
        matter_id=request_id,
        applicant=form.applicant,
        applicant_kind=form.applicant_kind,
        contact=form.contact,
        wanted=form.wanted,
        channel=form.channel,
        reached_at=form.reached_at,
        confirmed_at=form.confirmed_at,
        form_wanted=form.form_wanted,
    )
    return await desk.tell(REQUEST, receive, command, stream=request_id, matter=request_id)


@router.post("/{request_id}:set-answer-day", operation_id="set_answer_day", summary="自定答复日期", responses=REFUSED)
async def set_day(request_id: UUID, form: AnswerDayForm, desk: DeskDep) -> Receipt:
    """Where no rule in force here has a number."""
    command = SetAnswerDay(desk.person, form.due_on)
    return await desk.tell(REQUEST, set_answer_day, command, stream=request_id, existing=True)


@router.post("/{request_id}:ask-correction", operation_id="ask_correction", summary="告知补正", responses=REFUSED)
async def ask_for_correction(request_id: UUID, form: CorrectionForm, desk: DeskDep) -> Receipt:
    """Once, within the days of the rules; the clock of the answer stands still meanwhile."""
    command = AskCorrection(desk.person, form.missing, form.by_on)
    return await desk.tell(REQUEST, ask_correction, command, stream=request_id, existing=True)


@router.post("/{request_id}:correct", operation_id="correct_request", summary="登记补正", responses=REFUSED)
async def correct_request(request_id: UUID, form: CorrectedForm, desk: DeskDep) -> Receipt:
    command = Correct(desk.person, form.wanted, form.corrected_at)
    return await desk.tell(REQUEST, correct, command, stream=request_id, existing=True)


@router.post("/{request_id}:ask-opinion", operation_id="ask_opinion", summary="征求意见", responses=REFUSED)
async def ask_for_opinion(request_id: UUID, form: OpinionForm, desk: DeskDep) -> Receipt:
    """A third party, or another maker of the information; the clock of the answer stands still meanwhile."""
    command = AskOpinion(desk.person, desk.new_id(), form.role, form.whom)
    return await desk.tell(REQUEST, ask_opinion, command, stream=request_id, existing=True)


@router.post("/{request_id}:hear-opinion", operation_id="hear_opinion", summary="登记意见", responses=REFUSED)
async def put_opinion_down(request_id: UUID, form: HeardForm, desk: DeskDep) -> Receipt:
    command = HearOpinion(desk.person, form.opinion, form.agrees, form.note)
    return await desk.tell(REQUEST, hear_opinion, command, stream=request_id, existing=True)


@router.post("/{request_id}:extend-answer", operation_id="extend_answer", summary="延期答复", responses=REFUSED)
async def put_answer_off(request_id: UUID, form: PutOffForm, desk: DeskDep) -> Receipt:
    """By whom the row names; a letter tells whoever asked."""
    command = ExtendAnswer(desk.person, form.to, form.reason)
    return await desk.tell(REQUEST, extend_answer, command, stream=request_id, existing=True)


@router.post("/{request_id}:answer", operation_id="answer_request", summary="答复 Answer", responses=REFUSED)
async def answer_request(request_id: UUID, form: AnswerForm, desk: DeskDep) -> Receipt:
    command = Answer(desk.person, form.kind, form.text, desk.now(), form.ground, form.public_interest)
    return await desk.tell(REQUEST, answer, command, stream=request_id, existing=True)


# -- looked at ---------------------------------------------------------------------------------


class OpinionView(BaseModel):
    id: UUID
    role: Role
    whom: str
    asked_at: datetime
    due: Counted | None
    agrees: bool | None
    silent: bool
    note: str | None


class RequestView(BaseModel):
    """``due`` is None where the rules are silent and no day was set (``regulated`` false); accounts go day by day."""

    id: UUID
    version: int
    number: str | None
    stage: Stage
    applicant: str
    applicant_kind: ApplicantKind
    contact: str
    wanted: str
    form_wanted: str | None
    channel: Channel
    reached_at: datetime
    starts_at: datetime
    regulated: bool
    correction_due: Counted | None
    due: Counted | None
    account_zh: list[str]
    account_en: list[str]
    overdue: bool
    extensions: int
    opinions: list[OpinionView]
    answer: AnswerKind | None
    answer_text: str | None
    ground: str | None
    answered_at: datetime | None
    late: bool | None


class RequestLine(BaseModel):
    id: UUID
    number: str | None
    applicant: str
    applicant_kind: ApplicantKind
    channel: Channel
    received_on: date
    stage: str
    due_on: date | None
    overdue: bool
    answer: AnswerKind | None
    closed_on: date | None
    late: bool


class Figures(BaseModel):
    """A year of requests, counted from what happened (年度报告数据); carried over are those open as the year began."""

    year: int
    carried_over: int
    received: int
    by_applicant: dict[str, int]
    answered: dict[str, int]
    lapsed: int
    late: int
    extended: int
    open_at_end: int


async def _office(desk: WebDesk) -> None:
    """People's names and wishes are for the office alone."""
    by_the_office(await desk.rules(), desk.person)


@router.get("/figures/{year}", operation_id="request_figures", summary="年度数据 A year's figures", responses=REFUSED)
async def request_figures(year: Annotated[int, Path(ge=1900, le=2199)], desk: DeskDep) -> Figures:
    await _office(desk)
    first, last = date(year, 1, 1), date(year, 12, 31)
    of = REQUESTS.c
    came, ended = of.received_on.between(first, last), of.closed_on.between(first, last)
    before = (of.received_on < first) & or_(of.closed_on.is_(None), of.closed_on >= first)
    still = (of.received_on <= last) & or_(of.closed_on.is_(None), of.closed_on > last)
    asked = (before, came, ended & (of.stage == "lapsed"), ended & of.late, ended & of.extended, still)
    counts = select(*(func.count().filter(one) for one in asked)).select_from(REQUESTS)
    by_kind = select(of.applicant_kind, func.count()).where(came).group_by(of.applicant_kind)
    answers = select(of.answer, func.count()).where(ended, of.answer.is_not(None)).group_by(of.answer)
    async with desk.query() as connection:
        carried, received, lapsed, late, extended, open_at_end = tuple[int, ...](
            (await connection.execute(counts)).one()
        )
        kinds = {row[0]: row[1] for row in await connection.execute(by_kind)}
        answered = {row[0]: row[1] for row in await connection.execute(answers)}
    return Figures(
        year=year,
        carried_over=carried,
        received=received,
        by_applicant=kinds,
        answered={kind: answered.get(kind, 0) for kind in KINDS},
        lapsed=lapsed,
        late=late,
        extended=extended,
        open_at_end=open_at_end,
    )


class AnnualLine(BaseModel):
    """One line of the annual report's table, by class of applicants."""

    no: str
    zh: str
    en: str
    counts: dict[str, int]
    total: int


@router.get("/annual/{year}", operation_id="annual_table", summary="年度报告第三表 The annual table", responses=REFUSED)
async def annual_table(year: Annotated[int, Path(ge=1900, le=2199)], desk: DeskDep) -> list[AnnualLine]:
    """The lines of the official table, in their order, counted from events."""
    return [
        AnnualLine(no=one.no, zh=one.zh, en=one.en, counts=dict(one.counts), total=one.total)
        for one in annual.lines_of(await _all(desk), year)
    ]


@router.get(
    "/annual/{year}/{sheet}",
    operation_id="annual_table_file",
    summary="年度报告第三表（表格） The annual table as a sheet",
    response_class=Response,
    responses=file_of(xlsx.MEDIA_TYPE, csv.MEDIA_TYPE),
)
async def annual_table_file(
    year: Annotated[int, Path(ge=1900, le=2199)], sheet: Literal["xlsx", "csv"], desk: DeskDep
) -> Response:
    return await _sheet(annual.table_of(annual.lines_of(await _all(desk), year), year), sheet, desk)


REGISTER: Final = (
    Column("number", "登记号", "number", width=14),
    Column("applicant", "申请人", "applicant", width=20),
    Column("applicant_kind", "申请人类别", "class", width=16),
    Column("channel", "渠道", "channel", width=14),
    Column("received_on", "收到日期", "received", "day"),
    Column("due_on", "答复期限", "due", "day"),
    Column("stage", "状态", "stage", width=12),
    Column("corrected", "补正", "corrected", "yes_no"),
    Column("consulted", "征求意见", "consulted", "yes_no"),
    Column("extended", "延期", "put off", "yes_no"),
    Column("answer", "答复类型", "answer", width=24),
    Column("closed_on", "办结日期", "closed", "day"),
    Column("late", "逾期", "late", "yes_no"),
)


@router.get(
    "/register/{sheet}",
    operation_id="request_register",
    summary="依申请公开台账（表格） The register as a sheet",
    response_class=Response,
    responses=file_of(xlsx.MEDIA_TYPE, csv.MEDIA_TYPE),
)
async def request_register(sheet: Literal["xlsx", "csv"], desk: DeskDep) -> Response:
    """The same rows as the list, for the office alone."""
    rows = [
        {column.key: row[column.key] for column in REGISTER}
        | {"answer": KINDS[row["answer"]].zh if row["answer"] else None}
        for row in await _all(desk)
    ]
    return await _sheet(Table("政府信息公开申请登记表", REGISTER, rows), sheet, desk)


async def _all(desk: WebDesk) -> list[dict[str, Any]]:
    """Every request, the earliest first."""
    await _office(desk)
    query = select(REQUESTS).order_by(REQUESTS.c.received_on, REQUESTS.c.request_id).limit(MOST_ROWS)
    async with desk.query() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def _sheet(table: Table, sheet: Literal["xlsx", "csv"], desk: WebDesk) -> Response:
    made = desk.now()
    content = await asyncio.to_thread(lambda: xlsx.write(table, made_at=made) if sheet == "xlsx" else csv.write(table))
    kind = xlsx.MEDIA_TYPE if sheet == "xlsx" else csv.MEDIA_TYPE
    return attachment(content, kind, f"{table.title}.{sheet}")


@router.get("/{request_id}", operation_id="get_disclosure_request", summary="申请详情 One request", responses=REFUSED)
async def get_disclosure_request(request_id: UUID, desk: DeskDep) -> RequestView:
    seen = await desk.seen(REQUEST, request_id)
    rules = await desk.rules(pack=seen.pack, to_read=True)
    received = of_the_office(seen.state, desk.person, rules)
    desk.etag(seen.version)
    request, told, due = seen.state, seen.state.answered, seen.state.due
    return RequestView(
        id=request_id,
        version=seen.version,
        number=request.number,
        stage=request.stage,
        applicant=received.applicant,
        applicant_kind=received.applicant_kind,
        contact=received.contact,
        wanted=request.wanted,
        form_wanted=received.form_wanted,
        channel=received.channel,
        reached_at=received.reached_at,
        starts_at=received.starts_at,
        regulated=received.answer_due is not None,
        correction_due=received.correction_due,
        due=due,
        account_zh=sentences(due, rules.calendar, "zh") if due else [],
        account_en=sentences(due, rules.calendar, "en") if due else [],
        overdue=request.overdue,
        extensions=len(request.extended),
        opinions=_opinions(request),
        answer=told and told.kind,
        answer_text=told and told.text,
        ground=told and told.ground,
        answered_at=told and told.answered_at,
        late=told and told.late,
    )


def _opinions(request: Asking) -> list[OpinionView]:
    return [
        OpinionView(
            id=id_,
            role=one.asked.role,
            whom=one.asked.whom,
            asked_at=one.asked.asked_at,
            due=one.asked.due,
            agrees=one.agrees,
            silent=one.silent,
            note=one.note,
        )
        for id_, one in request.opinions.items()
    ]


@router.get("", operation_id="list_disclosure_requests", summary="依申请公开台账 The register", responses=REFUSED)
async def list_disclosure_requests(
    desk: DeskDep,
    paging: PagingDep,
    stage: Literal["in_hand", "correcting", "lapsed", "answered"] | None = None,
    answered: AnswerKind | None = None,
    overdue: bool | None = None,
) -> Page[RequestLine]:
    await _office(desk)
    query = select(REQUESTS)
    for column, wished in ((REQUESTS.c.stage, stage), (REQUESTS.c.answer, answered), (REQUESTS.c.overdue, overdue)):
        if wished is not None:
            query = query.where(column == wished)
    async with desk.query() as connection:
        return await paging.page(connection, query, [REQUESTS.c.received_on, REQUESTS.c.request_id], _line)


def _line(row: Mapping[str, Any]) -> RequestLine:
    return RequestLine.model_validate({**row, "id": row["request_id"]})


@router.get(
    "/{request_id}/letters/{kind}",
    operation_id="request_letter",
    summary="文书 A letter",
    response_class=Response,
    responses={**REFUSED, 200: {"content": {WORD: {}, PRINT: {}}}},
)
async def request_letter(
    request_id: UUID, kind: Letter, request: Request, desk: DeskDep, form: Literal["docx", "pdf"] = "docx"
) -> Response:
    """As DOCX to go on with, or as PDF."""
    seen = await desk.seen(REQUEST, request_id)
    rules = await desk.rules(pack=seen.pack, to_read=True)
    of_the_office(seen.state, desk.person, rules)
    told, running = seen.state.answered, running_of(request)
    government = running.room.shelf.government(desk.tenant)
    ground = rules.titled(told.ground) if told and told.ground else None
    office = government.zh if government else desk.tenant
    paper = letter(kind, seen.state, office, ground, local_day(desk.now()))
    if form == "pdf":
        content = await asyncio.to_thread(pdf.write, paper, folders_of(running.settings.fonts))
    else:
        content = await asyncio.to_thread(docx.write, paper)
    named = {"Content-Disposition": f'attachment; filename="{kind}-{request_id}.{form}"'}
    return Response(content, media_type=PRINT if form == "pdf" else WORD, headers=named)
