"""Minutes of sittings."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.events.parts import Code
from chancery.refusal import not_found
from chancery.service import derived
from chancery.web import REFUSED, Day, DeskDep, Page, PagingDep, Receipt, WebDesk
from chancery.web.filing import FilesDep
from meeting_svc.api.forms import (
    AddedDecisionForm,
    CallStepForm,
    CorrectionForm,
    DraftMinutesForm,
    ExtractForm,
    OpinionForm,
    StruckDecisionForm,
)
from meeting_svc.api.views import MinutesLine, MinutesView
from meeting_svc.clocks import minutes_target
from meeting_svc.minutes.call_for import CallFor, call_for
from meeting_svc.minutes.correct import Add, Correct, Strike, add, correct, strike
from meeting_svc.minutes.draft import Draft, draft, wanted
from meeting_svc.minutes.extract import Extract, extract
from meeting_svc.minutes.issue import Issue, issue
from meeting_svc.minutes.sign import Sign, sign
from meeting_svc.minutes.state import MINUTES, Stage
from meeting_svc.minutes.take_step import TakeStep, take_step
from meeting_svc.projections.tables import MINUTES as MINUTES_TABLE
from meeting_svc.seeing import keep_apart, whole_decision
from meeting_svc.sitting.state import SITTING

router = APIRouter(prefix="/v1/minutes", tags=["minutes 纪要"])


@router.post("", status_code=201, summary="Draft the minutes of a closed sitting 起草纪要", responses=REFUSED)
async def draft_minutes(form: DraftMinutesForm, desk: DeskDep) -> Receipt:
    """Made from what was recorded. A sitting has one set of minutes."""
    sitting = await desk.seen(SITTING, form.sitting_id)
    stream = derived(form.sitting_id, "minutes")
    command = Draft(by=desk.person, sitting=sitting.state)
    return await desk.tell(MINUTES, draft, command, stream=stream, matter=sitting.correlation, pack=sitting.pack)


@router.post("/{minutes_id}:take-step", summary="Review the draft 纪要审核", responses=REFUSED)
async def take_minutes_step(minutes_id: UUID, form: OpinionForm, desk: DeskDep) -> Receipt:
    command = TakeStep(by=desk.person, opinion=form.opinion)
    return await desk.tell(MINUTES, take_step, command, stream=minutes_id, existing=True)


@router.post("/{minutes_id}:call-step", summary="Call for a step where it is wanted 视情启用环节", responses=REFUSED)
async def call_minutes_step(minutes_id: UUID, form: CallStepForm, desk: DeskDep) -> Receipt:
    """From then on it must be taken. By whom the step names, or whoever takes an open step now."""
    command = CallFor(by=desk.person, step=form.step, reason=form.reason)
    return await desk.tell(MINUTES, call_for, command, stream=minutes_id, existing=True)


@router.post("/{minutes_id}:sign", summary="Sign the minutes 纪要签发", responses=REFUSED)
async def sign_minutes(minutes_id: UUID, form: OpinionForm, desk: DeskDep) -> Receipt:
    """By the signer the rules name, or who acts for him; the right in which it is done is kept."""
    command = Sign(by=desk.person, opinion=form.opinion)
    return await desk.tell(MINUTES, sign, command, stream=minutes_id, existing=True)


@router.post("/{minutes_id}:issue", summary="Issue the minutes 纪要印发", responses=REFUSED)
async def issue_minutes(minutes_id: UUID, desk: DeskDep) -> Receipt:
    """From here others act: documents are drafted, tasks opened."""
    command = Issue(by=desk.person, at=desk.now())
    return await desk.tell(MINUTES, issue, command, stream=minutes_id, existing=True)


@router.post("/{minutes_id}:correct", summary="Correct signed minutes 纪要更正", responses=REFUSED)
async def correct_minutes(minutes_id: UUID, form: CorrectionForm, desk: DeskDep, files: FilesDep) -> Receipt:
    """By whoever signs such minutes. What was wrong stays in the record."""
    minutes = await desk.state(MINUTES, minutes_id)
    kept = next((one for one in minutes.decisions if one.no == form.no and one.kept), None)
    command = Correct(
        by=desk.person,
        no=form.no,
        reason=form.reason,
        says=form.says(),
        whole=await whole_decision(desk, files, kept) if kept is not None else None,
        salt=uuid4().hex,
    )
    if command.wholly is not None:
        await keep_apart(desk, files, command.wholly, command.salt)
    return await desk.tell(MINUTES, correct, command, stream=minutes_id, existing=True)


@router.post("/{minutes_id}:add-decision", summary="Add a decision left out 补记议定事项", responses=REFUSED)
async def add_minuted_decision(minutes_id: UUID, form: AddedDecisionForm, desk: DeskDep) -> Receipt:
    """By whoever signs such minutes; the units act on it as on those that were issued."""
    command = Add(by=desk.person, item=form.item, reason=form.reason, says=form.says())
    return await desk.tell(MINUTES, add, command, stream=minutes_id, existing=True)


@router.post("/{minutes_id}:strike-decision", summary="Strike a decision out 撤销误记事项", responses=REFUSED)
async def strike_minuted_decision(minutes_id: UUID, form: StruckDecisionForm, desk: DeskDep) -> Receipt:
    """By whoever signs such minutes; what stood stays in the record."""
    command = Strike(by=desk.person, no=form.no, reason=form.reason)
    return await desk.tell(MINUTES, strike, command, stream=minutes_id, existing=True)


@router.post("/{minutes_id}:send-extract", summary="Send an item's extract 发送纪要摘录", responses=REFUSED)
async def send_extract(minutes_id: UUID, form: ExtractForm, desk: DeskDep) -> Receipt:
    """To the units that the item's decision names, and no others."""
    command = Extract(by=desk.person, at=desk.now(), no=form.no, to=form.to)
    return await desk.tell(MINUTES, extract, command, stream=minutes_id, existing=True)


@router.get("/{minutes_id}", summary="One set of minutes 纪要详情")
async def get_minutes(minutes_id: UUID, desk: DeskDep) -> MinutesView:
    seen = await desk.seen(MINUTES, minutes_id)
    desk.etag(seen.version)
    if seen.state.draft is None:
        raise not_found("minutes")
    return MinutesView(
        id=minutes_id,
        version=seen.version,
        stage=seen.state.stage,
        draft=seen.state.draft,
        decisions=list(seen.state.decisions),
        corrections=list(seen.state.corrections),
        extracts=list(seen.state.extracts),
        steps=list(seen.state.steps),
        called=list(seen.state.called),
    )


@router.get("", summary="Minutes under way and minutes wanted 纪要台账")
async def list_minutes(
    desk: DeskDep,
    paging: PagingDep,
    stage: Stage | None = None,
    body: Code | None = None,
    sitting: UUID | None = None,
    overdue: bool | None = None,
    held_from: Day | None = None,
    held_to: Day | None = None,
) -> Page[MinutesLine]:
    """In order of the sitting's end; stage ``not_seen``: nobody has drafted them, ``wanted``: somebody has to."""
    table = MINUTES_TABLE
    query = select(table)
    for column, asked in (
        (table.c.stage, stage),
        (table.c.body, body),
        (table.c.sitting_id, sitting),
        (table.c.overdue, overdue),
    ):
        if asked is not None:
            query = query.where(column == asked)
    if held_from is not None:
        query = query.where(table.c.held_on >= held_from)
    if held_to is not None:
        query = query.where(table.c.held_on <= held_to)
    async with desk.query() as connection:
        found = await paging.page(connection, query, [table.c.closed_at, table.c.sitting_id], _line)
    for line in found.items:
        if line.issued_on is None:
            await _owed(desk, line)
    return found


async def _owed(desk: WebDesk, line: MinutesLine) -> None:
    """What is still to be done, by the rules under which the sitting was called."""
    sitting = await desk.seen(SITTING, line.sitting_id)
    rules = await desk.rules(pack=sitting.pack, to_read=True)
    line.wanted = line.stage != Stage.NOT_SEEN or wanted(rules, sitting.state)
    target = minutes_target(rules, line.body, line.closed_at)
    line.target_on = target.due_on if target is not None else None
    line.past_target = target is not None and line.wanted and local_day(desk.now()) > target.due_on


def _line(row: Mapping[str, Any]) -> MinutesLine:
    return MinutesLine(
        id=row["minutes_id"],
        sitting_id=row["sitting_id"],
        body=row["body"],
        series=row["series"],
        number=row["number"],
        sitting_on=row["held_on"],
        stage=row["stage"],
        closed_at=row["closed_at"],
        due_on=row["due_on"],
        overdue=row["overdue"],
        issued_on=row["issued_on"],
        wanted=True,
        target_on=None,
        past_target=False,
    )
