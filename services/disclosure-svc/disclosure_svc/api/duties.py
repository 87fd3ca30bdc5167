"""What has to be public beside documents: decisions, results, priority fields, lists (公开事项)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.events.parts import Code, Counted, Key, Name
from chancery.refusal import not_found
from chancery.web import REFUSED, DeskDep, Form, Opinion, Page, PagingDep, Receipt, YesNo
from disclosure_svc.duty.asking import Facts
from disclosure_svc.duty.close import PublishDuty, Review, Withhold, publish_duty, review, withhold
from disclosure_svc.duty.open import OpenByHand, open_by_hand
from disclosure_svc.duty.state import DUTY, Stage
from disclosure_svc.projections.tables import DUTIES

router = APIRouter(prefix="/v1/publication-duties", tags=["duties 公开事项"])
Words = Annotated[str, Field(min_length=1, max_length=20_000, pattern="^[^\\x00]*$")]


class DutyForm(Form):
    """``what`` is the word of the rules; ``elements`` what its kind consists of, each by its word."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"what": "public_welfare", "title": "养老床位建设情况", "unit": "civil_affairs"}]
        }
    )

    what: Code
    title: Name
    unit: Key
    text: Words | None = None
    kind: Code | None = None
    features: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    major: YesNo | None = None
    elements: Annotated[dict[Code, Opinion], Field(max_length=30)] = Field(default_factory=dict[str, str])
    reference: Name | None = None


class ReviewForm(Form):
    passed: YesNo
    note: Opinion | None = None


class PublicForm(Form):
    """``text`` where the duty has no words of its own, or others are published; ``channels`` where it did appear."""

    text: Words | None = None
    channels: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    reference: Name | None = None


class WithholdForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"ground": "trade_secret", "reason": "涉及企业报价"}]})

    ground: Code
    reason: Opinion


@router.post(
    "",
    status_code=201,
    operation_id="open_publication_duty",
    summary="公开事项登记 Enter what has to be public",
    responses=REFUSED,
)
async def open_publication_duty(form: DutyForm, desk: DeskDep) -> Receipt:
    """What nobody tells this house by itself: priority fields, lists of powers. 409 where no rule wants it public."""
    duty_id = desk.new_id()
    command = OpenByHand(
        by=desk.person,
        at=desk.now(),
        matter_id=duty_id,
        what=form.what,
        title=form.title,
        unit=form.unit,
        text=form.text,
        kind=form.kind,
        features=form.features,
        major=form.major,
        elements=form.elements,
        reference=form.reference,
    )
    return await desk.tell(DUTY, open_by_hand, command, stream=duty_id, matter=duty_id)


@router.post(
    "/{duty_id}:review", operation_id="review_publication_duty", summary="保密审查 Review secrecy", responses=REFUSED
)
async def review_duty(duty_id: UUID, form: ReviewForm, desk: DeskDep) -> Receipt:
    return await desk.tell(DUTY, review, Review(desk.person, form.passed, form.note), stream=duty_id, existing=True)


@router.post(
    "/{duty_id}:publish", operation_id="publish_publication_duty", summary="公开 Make it public", responses=REFUSED
)
async def publish(duty_id: UUID, form: PublicForm, desk: DeskDep) -> Receipt:
    """409: everything that is missing, with its clauses; where the rules name channels, one of them is confirmed."""
    command = PublishDuty(desk.person, desk.now(), form.text, form.channels, form.reference)
    return await desk.tell(DUTY, publish_duty, command, stream=duty_id, existing=True)


@router.post(
    "/{duty_id}:withhold",
    operation_id="withhold_publication_duty",
    summary="不予公开 Keep it closed",
    responses=REFUSED,
)
async def keep_closed(duty_id: UUID, form: WithholdForm, desk: DeskDep) -> Receipt:
    """By the office, on a ground that the rules list, with the reason."""
    command = Withhold(desk.person, form.ground, form.reason)
    return await desk.tell(DUTY, withhold, command, stream=duty_id, existing=True)


class DutyView(BaseModel):
    """``channels`` are those it may appear in, and once it is public those it did appear in."""

    id: UUID
    version: int
    matter_id: UUID
    what: str
    title: str
    unit: str | None
    text: str | None
    stage: Stage
    needs: list[str]
    channels: list[str]
    lacking: list[str]
    reviewed: bool | None
    due: Counted | None
    overdue: bool
    ground: str | None
    reason: str | None
    covered_by: UUID | None
    clauses: list[str]


@router.get("/{duty_id}", operation_id="get_publication_duty", summary="公开事项详情 One duty")
async def get_publication_duty(duty_id: UUID, desk: DeskDep) -> DutyView:
    seen = await desk.seen(DUTY, duty_id)
    opened = seen.state.opened
    if opened is None:
        raise not_found("publication_duty")
    desk.etag(seen.version)
    rules = await desk.rules(pack=seen.pack, to_read=True)
    duty = seen.state
    ruling = Facts(opened.what, opened.kind, opened.features, opened.major, opened.decided_by).asked(rules)
    return DutyView(
        id=duty_id,
        version=seen.version,
        matter_id=opened.matter_id,
        what=opened.what,
        title=opened.title,
        unit=opened.unit,
        text=duty.published.text if duty.published else opened.text,
        stage=duty.stage,
        needs=list(opened.needs),
        channels=list(duty.published.channels if duty.published else opened.channels),
        lacking=list(opened.lacking),
        reviewed=duty.reviewed.passed if duty.reviewed else None,
        due=opened.due,
        overdue=duty.overdue,
        ground=duty.withheld and duty.withheld.ground,
        reason=duty.withheld and duty.withheld.reason,
        covered_by=duty.covered and duty.covered.entry_id,
        clauses=sorted({cite.clause for cite in ruling.citations}),
    )


class DutyLine(BaseModel):
    """``age`` is for how many days it has been open, None once it is not."""

    id: UUID
    matter_id: UUID
    what: str
    title: str
    unit: str | None
    stage: str
    opened_on: date
    age: int | None
    due_on: date | None
    overdue: bool
    lacking: list[str]
    published_on: date | None
    ground: str | None
    number: str | None


@router.get("", operation_id="list_publication_duties", summary="公开事项台账 What has to be public")
async def list_publication_duties(
    desk: DeskDep,
    paging: PagingDep,
    what: Annotated[tuple[Code, ...], Query(max_length=20)] = (),
    unit: Key | None = None,
    matter: UUID | None = None,
    stage: Literal["open", "published", "withheld", "covered"] | None = None,
    overdue: bool | None = None,
    incomplete: bool | None = None,
) -> Page[DutyLine]:
    """What is not public yet, with its age: of priority fields (``what`` may be named several times), by unit."""
    query = select(DUTIES)
    for column, wanted in (
        (DUTIES.c.unit, unit),
        (DUTIES.c.matter_id, matter),
        (DUTIES.c.stage, stage),
        (DUTIES.c.overdue, overdue),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if what:
        query = query.where(DUTIES.c.what.in_(what))
    if incomplete is not None:
        query = query.where((DUTIES.c.lacking != []) if incomplete else (DUTIES.c.lacking == []))
    today = local_day(desk.now())

    def line(row: Mapping[str, Any]) -> DutyLine:
        age = (today - row["opened_on"]).days if row["stage"] == "open" else None
        return DutyLine.model_validate({**row, "id": row["duty_id"], "age": age})

    async with desk.query() as connection:
        return await paging.page(connection, query, [DUTIES.c.opened_on, DUTIES.c.duty_id], line)
