"""Drafts that lie open for comment, the comments, and what became of them (决策预公开)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select

from chancery.events.parts import Code, Counted, Key, Name
from chancery.refusal import Reason, Refused, not_found
from chancery.web import REFUSED, Day, DeskDep, Form, Opinion, Page, PagingDep, Receipt
from disclosure_svc.draft.comments import AnswerComment, Became, ReceiveComment, answer_comment, receive_comment
from disclosure_svc.draft.state import COMMENT, DRAFT, Stage
from disclosure_svc.draft.window import OpenDraft, ReportDraft, open_draft, report_draft, seen
from disclosure_svc.entry.handling import of_office
from disclosure_svc.projections.tables import COMMENTS, DRAFTS

router = APIRouter(prefix="/v1/draft-windows", tags=["drafts 征求意见"])
Words = Annotated[str, Field(min_length=1, max_length=20_000, pattern="^[^\\x00]*$")]


class DraftForm(Form):
    """``matter`` is the matter that will be decided; ``closes_on`` where the rules have no number, or another day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "matter": "019a0000-0000-7000-8000-000000000001",
                    "title": "停车管理办法（草案）",
                    "unit": "transport_bureau",
                    "text": "第一条",
                    "closes_on": "2026-05-20",
                }
            ]
        }
    )

    matter: UUID
    title: Name
    unit: Key
    text: Words
    basis: Words | None = None
    kind: Code | None = None
    features: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    contact: Name | None = None
    closes_on: Day | None = None
    reason: Opinion | None = None


class CommentForm(Form):
    """A comment that came another way than over the site."""

    text: Opinion
    channel: Literal["letter", "visit", "public_meeting", "other"]
    name: Name | None = None
    contact: Name | None = None


class BecameForm(Form):
    comment: UUID
    became: Became
    reason: Opinion


class ReportForm(Form):
    summary: Words


@router.post(
    "",
    status_code=201,
    operation_id="open_draft_window",
    summary="草案公开征求意见 Lay a draft open",
    responses=REFUSED,
)
async def open_draft_window(form: DraftForm, desk: DeskDep) -> Receipt:
    """Its last day is that of the rules; an earlier one needs a reason, or is refused where the rules must be kept."""
    window_id = desk.new_id()
    command = OpenDraft(
        by=desk.person,
        at=desk.now(),
        matter_id=form.matter,
        title=form.title,
        unit=form.unit,
        text=form.text,
        basis=form.basis,
        kind=form.kind,
        features=form.features,
        contact=form.contact,
        closes_on=form.closes_on,
        reason=form.reason,
    )
    return await desk.tell(DRAFT, open_draft, command, stream=window_id, matter=form.matter)


@router.post(
    "/{window_id}:comment", operation_id="receive_comment", summary="登记意见 Put a comment down", responses=REFUSED
)
async def put_comment_down(window_id: UUID, form: CommentForm, desk: DeskDep) -> Receipt:
    """The id of the receipt is that of the comment."""
    draft = await desk.state(DRAFT, window_id)
    opened, comment_id = seen(draft), desk.new_id()
    command = ReceiveComment(
        by=desk.person,
        at=desk.now(),
        window_id=window_id,
        matter_id=opened.matter_id,
        unit=opened.unit,
        open=draft.stage is Stage.OPEN,
        text=form.text,
        channel=form.channel,
        name=form.name,
        contact=form.contact,
    )
    return await desk.tell(COMMENT, receive_comment, command, stream=comment_id, matter=opened.matter_id)


@router.post(
    "/{window_id}:answer-comment",
    operation_id="answer_comment",
    summary="意见采纳情况 What became of it",
    responses=REFUSED,
)
async def say_what_became(window_id: UUID, form: BecameForm, desk: DeskDep) -> Receipt:
    """Said again, the last counts."""
    opened = seen(await desk.state(DRAFT, window_id))
    comment = await desk.state(COMMENT, form.comment)
    if comment.received is None or comment.received.window_id != window_id:
        raise not_found("draft_comment")
    command = AnswerComment(desk.person, opened.unit, form.became, form.reason)
    return await desk.tell(COMMENT, answer_comment, command, stream=form.comment, existing=True)


@router.post(
    "/{window_id}:report",
    operation_id="report_draft_window",
    summary="公开采纳情况 Publish the report",
    responses=REFUSED,
)
async def report(window_id: UUID, form: ReportForm, desk: DeskDep) -> Receipt:
    """Once the time is over and every comment has its answer; both are shown on the site, without names."""
    mine = COMMENTS.c.window_id == window_id
    query = select(COMMENTS.c.became, func.count()).where(mine).group_by(COMMENTS.c.became)
    async with desk.query() as connection:
        counts: dict[str | None, int] = {row[0]: row[1] for row in await connection.execute(query)}
    unanswered = counts.pop(None, 0)
    known = {name: count for name, count in counts.items() if name is not None}
    command = ReportDraft(desk.person, desk.now(), form.summary, known, unanswered)
    return await desk.tell(DRAFT, report_draft, command, stream=window_id, existing=True)


class DraftView(BaseModel):
    id: UUID
    version: int
    matter_id: UUID
    title: str
    unit: str
    stage: Stage
    due: Counted
    gives: list[str]
    summary: str | None
    comments: int | None


@router.get("/{window_id}", operation_id="get_draft_window", summary="征求意见详情 One draft", responses=REFUSED)
async def get_draft_window(window_id: UUID, desk: DeskDep) -> DraftView:
    found = await desk.seen(DRAFT, window_id)
    opened, told = seen(found.state), found.state.reported
    desk.etag(found.version)
    return DraftView(
        id=window_id,
        version=found.version,
        matter_id=opened.matter_id,
        title=opened.title,
        unit=opened.unit,
        stage=found.state.stage,
        due=opened.due,
        gives=[*opened.gives, *(told.gives if told else ())],
        summary=told and told.summary,
        comments=told and told.comments,
    )


class DraftLine(BaseModel):
    id: UUID
    matter_id: UUID
    title: str
    unit: str
    stage: str
    opened_on: date
    due_on: date
    reported_on: date | None


@router.get("", operation_id="list_draft_windows", summary="征求意见台账 Drafts open for comment")
async def list_draft_windows(
    desk: DeskDep,
    paging: PagingDep,
    stage: Literal["open", "closed", "reported"] | None = None,
    unit: Key | None = None,
) -> Page[DraftLine]:
    query = select(DRAFTS)
    for column, wanted in ((DRAFTS.c.stage, stage), (DRAFTS.c.unit, unit)):
        if wanted is not None:
            query = query.where(column == wanted)

    def line(row: Mapping[str, Any]) -> DraftLine:
        return DraftLine.model_validate({**row, "id": row["window_id"]})

    async with desk.query() as connection:
        return await paging.page(connection, query, [DRAFTS.c.opened_on, DRAFTS.c.window_id], line)


class CommentLine(BaseModel):
    id: UUID
    text: str
    channel: str
    name: str | None
    contact: str | None
    received_at: datetime
    became: str | None
    reason: str | None


@router.get("/{window_id}/comments", operation_id="list_comments", summary="收到的意见 Comments", responses=REFUSED)
async def list_comments(
    window_id: UUID, desk: DeskDep, paging: PagingDep, answered: bool | None = None
) -> Page[CommentLine]:
    """For the unit that drafts and the office alone: people said who they are."""
    opened = seen(await desk.state(DRAFT, window_id))
    rules = await desk.rules()
    if not rules.works_in(desk.person, opened.unit) and not of_office(rules, desk.person):
        params = {"unit": rules.titled(opened.unit)}
        raise Refused(Reason("not_of_office_or_lead", params=params), kind="forbidden")
    query = select(COMMENTS).where(COMMENTS.c.window_id == window_id)
    if answered is not None:
        query = query.where(COMMENTS.c.became.is_not(None) if answered else COMMENTS.c.became.is_(None))

    def line(row: Mapping[str, Any]) -> CommentLine:
        return CommentLine.model_validate({**row, "id": row["comment_id"]})

    async with desk.query() as connection:
        return await paging.page(connection, query, [COMMENTS.c.received_at, COMMENTS.c.comment_id], line)
