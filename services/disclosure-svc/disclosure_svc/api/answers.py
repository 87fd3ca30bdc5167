"""What the public talks about, emergencies and messages; and what units make known (舆情、突发事件、来件、信息发布)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.events.parts import Code, Counted, Key, Name, StepDone
from chancery.refusal import not_found
from chancery.web import REFUSED, DeskDep, Form, Opinion, Page, PagingDep, Receipt, YesNo
from disclosure_svc.opinion_case.state import CASE
from disclosure_svc.opinion_case.verbs import (
    AnswerCase,
    CloseCase,
    DoStep,
    OpenCase,
    answer_case,
    close_case,
    do_step,
    open_case,
)
from disclosure_svc.projections.tables import CASES, RELEASES
from disclosure_svc.release.state import RELEASE
from disclosure_svc.release.state import Stage as ReleaseStage
from disclosure_svc.release.verbs import (
    AskRelease,
    BringForRelease,
    CallForReleaseStep,
    SendOut,
    TakeReleaseStep,
    ask_release,
    bring_for_release,
    call_for_release_step,
    send_out,
    take_release_step,
)
from disclosure_svc.release.way import standing_of, way_of

cases = APIRouter(prefix="/v1/opinion-cases", tags=["cases 舆情与来件"])
releases = APIRouter(prefix="/v1/releases", tags=["releases 信息发布"])
Words = Annotated[str, Field(min_length=1, max_length=20_000, pattern="^[^\\x00]*$")]


# -- cases ---------------------------------------------------------------------------------------


class CaseForm(Form):
    """``about`` and ``severity`` are words of the rules; ``channel`` and ``simple`` are told of a message."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"about": "public_opinion", "title": "网传停水", "text": "网民反映。", "unit": "water_bureau"}]
        }
    )

    about: Code
    title: Name
    text: Opinion
    unit: Key
    severity: Code | None = None
    channel: Code | None = None
    simple: YesNo | None = None


class StepForm(Form):
    step: Code
    note: Opinion


class AnswerForm(Form):
    """``public``: the answer is shown on the site; ``step``: the step of the rules that it is."""

    text: Words
    public: YesNo = False
    step: Code | None = None


class NoteForm(Form):
    note: Opinion


@cases.post(
    "", status_code=201, operation_id="open_opinion_case", summary="舆情、来件登记 Take a case in", responses=REFUSED
)
async def open_opinion_case(form: CaseForm, desk: DeskDep) -> Receipt:
    """What has to be done with it, and by when, is told by the rules of its class."""
    case_id = desk.new_id()
    command = OpenCase(
        by=desk.person,
        at=desk.now(),
        matter_id=case_id,
        about=form.about,
        title=form.title,
        text=form.text,
        unit=form.unit,
        severity=form.severity,
        channel=form.channel,
        simple=form.simple,
    )
    return await desk.tell(CASE, open_case, command, stream=case_id, matter=case_id)


@cases.post("/{case_id}:do-step", operation_id="do_case_step", summary="登记环节 Put a step down", responses=REFUSED)
async def do_case_step(case_id: UUID, form: StepForm, desk: DeskDep) -> Receipt:
    command = DoStep(desk.person, form.step, form.note, desk.now())
    return await desk.tell(CASE, do_step, command, stream=case_id, existing=True)


@cases.post("/{case_id}:answer", operation_id="answer_opinion_case", summary="回应 Answer", responses=REFUSED)
async def answer(case_id: UUID, form: AnswerForm, desk: DeskDep) -> Receipt:
    command = AnswerCase(desk.person, form.text, desk.now(), form.public, form.step)
    return await desk.tell(CASE, answer_case, command, stream=case_id, existing=True)


@cases.post("/{case_id}:close", operation_id="close_opinion_case", summary="办结 Close", responses=REFUSED)
async def close(case_id: UUID, form: NoteForm, desk: DeskDep) -> Receipt:
    """409: every step the rules want that is missing."""
    command = CloseCase(desk.person, form.note, desk.now())
    return await desk.tell(CASE, close_case, command, stream=case_id, existing=True)


class CaseView(BaseModel):
    """``open_steps`` is what the rules still want."""

    id: UUID
    version: int
    matter_id: UUID
    about: str
    severity: str | None
    title: str
    text: str
    unit: str
    channel: str | None
    stage: str
    requires: list[str]
    done: list[str]
    open_steps: list[str]
    answers: list[str]
    due: Counted | None
    overdue: bool


@cases.get("/{case_id}", operation_id="get_opinion_case", summary="舆情详情 One case")
async def get_opinion_case(case_id: UUID, desk: DeskDep) -> CaseView:
    seen = await desk.seen(CASE, case_id)
    opened = seen.state.opened
    if opened is None:
        raise not_found("opinion_case")
    desk.etag(seen.version)
    case = seen.state
    return CaseView(
        id=case_id,
        version=seen.version,
        matter_id=opened.matter_id,
        about=opened.about,
        severity=opened.severity,
        title=opened.title,
        text=opened.text,
        unit=opened.unit,
        channel=opened.channel,
        stage=case.stage,
        requires=list(opened.requires),
        done=list(case.done),
        open_steps=[step for step in opened.requires if step not in case.done],
        answers=[one.text for one in case.answers],
        due=opened.due,
        overdue=case.overdue,
    )


class CaseLine(BaseModel):
    """``age`` is for how many days it has been without an answer, None once there is one."""

    id: UUID
    matter_id: UUID
    about: str
    severity: str | None
    title: str
    unit: str
    stage: str
    opened_at: datetime
    age: int | None
    overdue: bool
    late: bool
    answered_at: datetime | None


@cases.get("", operation_id="list_opinion_cases", summary="舆情台账 The cases")
async def list_opinion_cases(
    desk: DeskDep,
    paging: PagingDep,
    about: Code | None = None,
    unit: Key | None = None,
    stage: Literal["open", "closed"] | None = None,
    answered: bool | None = None,
    overdue: bool | None = None,
) -> Page[CaseLine]:
    query = select(CASES)
    for column, wanted in (
        (CASES.c.about, about),
        (CASES.c.unit, unit),
        (CASES.c.stage, stage),
        (CASES.c.overdue, overdue),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if answered is not None:
        query = query.where(CASES.c.answered_at.is_not(None) if answered else CASES.c.answered_at.is_(None))
    today = local_day(desk.now())

    def line(row: Mapping[str, Any]) -> CaseLine:
        age = (today - local_day(row["opened_at"])).days if row["answered_at"] is None else None
        return CaseLine.model_validate({**row, "id": row["case_id"], "age": age})

    async with desk.query() as connection:
        return await paging.page(connection, query, [CASES.c.opened_at, CASES.c.case_id], line)


# -- releases ------------------------------------------------------------------------------------


class ReleaseForm(Form):
    """``case`` is the case it belongs to, where it belongs to one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "about": "emergency",
                    "title": "抢修情况",
                    "text": "管网已修复。",
                    "unit": "water_bureau",
                    "features": [],
                }
            ]
        }
    )

    about: Code
    title: Name
    text: Words
    unit: Key
    features: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    case: UUID | None = None


class NeedForm(Form):
    need: Code
    reference: Name


class ReleaseStepForm(Form):
    opinion: Opinion | None = None


class CallForm(Form):
    step: Code
    reason: Opinion | None = None


class SendForm(Form):
    channels: Annotated[tuple[Code, ...], Field(max_length=20)] = ()


@releases.post("", status_code=201, operation_id="ask_release", summary="申请发布 Ask for a release", responses=REFUSED)
async def ask_for_release(form: ReleaseForm, desk: DeskDep) -> Receipt:
    """By the unit that speaks; who reviews it, and what has to be there before, is told by the rules."""
    release_id, matter_id = desk.new_id(), None
    if form.case is not None:
        opened = (await desk.state(CASE, form.case)).opened
        if opened is None:
            raise not_found("opinion_case")
        matter_id = opened.matter_id
    command = AskRelease(
        by=desk.person,
        at=desk.now(),
        matter_id=matter_id or release_id,
        about=form.about,
        title=form.title,
        text=form.text,
        unit=form.unit,
        features=form.features,
        case_id=form.case,
    )
    return await desk.tell(RELEASE, ask_release, command, stream=release_id, matter=matter_id or release_id)


@releases.post(
    "/{release_id}:bring", operation_id="bring_for_release", summary="补齐要件 Bring what is needed", responses=REFUSED
)
async def bring(release_id: UUID, form: NeedForm, desk: DeskDep) -> Receipt:
    """In one's own name; also afterwards, where the rules want it to follow."""
    command = BringForRelease(desk.person, form.need, form.reference)
    return await desk.tell(RELEASE, bring_for_release, command, stream=release_id, existing=True)


@releases.post(
    "/{release_id}:take-step", operation_id="take_release_step", summary="审核 Take the next step", responses=REFUSED
)
async def take_step(release_id: UUID, form: ReleaseStepForm, desk: DeskDep) -> Receipt:
    command = TakeReleaseStep(desk.person, form.opinion)
    return await desk.tell(RELEASE, take_release_step, command, stream=release_id, existing=True)


@releases.post(
    "/{release_id}:call-for-step",
    operation_id="call_for_release_step",
    summary="报请审定 Call for a step",
    responses=REFUSED,
)
async def call_for_step(release_id: UUID, form: CallForm, desk: DeskDep) -> Receipt:
    """A step that exists only where it is wanted has to be taken from then on."""
    command = CallForReleaseStep(desk.person, form.step, form.reason)
    return await desk.tell(RELEASE, call_for_release_step, command, stream=release_id, existing=True)


@releases.post("/{release_id}:send", operation_id="send_release", summary="发布 Send it out", responses=REFUSED)
async def send(release_id: UUID, form: SendForm, desk: DeskDep) -> Receipt:
    """409: everything that is missing, with its clauses."""
    done = await _done(release_id, desk)
    command = SendOut(desk.person, desk.now(), form.channels, done)
    return await desk.tell(RELEASE, send_out, command, stream=release_id, existing=True)


async def _done(release_id: UUID, desk: DeskDep) -> frozenset[str]:
    """What the case of a release has behind it."""
    asked = (await desk.state(RELEASE, release_id)).asked
    if asked is None or asked.case_id is None:
        return frozenset()
    return frozenset((await desk.state(CASE, asked.case_id)).done)


class ReleaseView(BaseModel):
    """``missing`` names what stands in its way, ``outstanding`` what the rules want without holding it up."""

    id: UUID
    version: int
    matter_id: UUID
    case_id: UUID | None
    about: str
    title: str
    text: str
    unit: str
    stage: ReleaseStage
    requires: list[str]
    channels: list[str]
    steps: list[StepDone]
    turn: list[str]
    missing: list[str]
    outstanding: list[str]


@releases.get("/{release_id}", operation_id="get_release", summary="发布详情 One release")
async def get_release(release_id: UUID, desk: DeskDep) -> ReleaseView:
    seen = await desk.seen(RELEASE, release_id)
    release, asked = seen.state, seen.state.asked
    if asked is None:
        raise not_found("release")
    desk.etag(seen.version)
    rules = await desk.rules(pack=seen.pack, to_read=True)
    standing = standing_of(release, asked, rules, await _done(release_id, desk))
    way = way_of(rules, release, asked)
    turn = [str(one.person) for step in way.state.open for one in step.left] if way else []
    return ReleaseView(
        id=release_id,
        version=seen.version,
        matter_id=asked.matter_id,
        case_id=asked.case_id,
        about=asked.about,
        title=asked.title,
        text=asked.text,
        unit=asked.unit,
        stage=release.stage,
        requires=list(asked.requires),
        channels=list(release.released.channels if release.released else asked.channels),
        steps=list(release.steps),
        turn=list(dict.fromkeys(turn)),
        missing=[] if release.released else [one.code for one in standing.missing],
        outstanding=[str(one.params.get("evidence", one.code)) for one in standing.outstanding],
    )


class ReleaseLine(BaseModel):
    id: UUID
    matter_id: UUID
    case_id: UUID | None
    about: str
    title: str
    unit: str
    stage: str
    asked_at: datetime
    released_at: datetime | None
    outstanding: list[str]


@releases.get("", operation_id="list_releases", summary="发布台账 Releases")
async def list_releases(
    desk: DeskDep,
    paging: PagingDep,
    case: UUID | None = None,
    unit: Key | None = None,
    stage: Literal["asked", "released"] | None = None,
) -> Page[ReleaseLine]:
    query = select(RELEASES)
    for column, wanted in ((RELEASES.c.case_id, case), (RELEASES.c.unit, unit), (RELEASES.c.stage, stage)):
        if wanted is not None:
            query = query.where(column == wanted)

    def line(row: Mapping[str, Any]) -> ReleaseLine:
        return ReleaseLine.model_validate({**row, "id": row["release_id"]})

    async with desk.query() as connection:
        return await paging.page(connection, query, [RELEASES.c.asked_at, RELEASES.c.release_id], line)
