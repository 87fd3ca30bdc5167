"""Inspections: planned within the limits of the rules, concluded, answered, looked at again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.events.parts import Claim, Code, Evidence, Key, Name
from chancery.order import stream_of
from chancery.web import REFUSED, Day, DeskDep, Form, Opinion, Page, PagingDep, Receipt, Text, YesNo
from supervision_svc.inspected.inspect import (
    Conclude,
    Plan,
    Say,
    acknowledge,
    ask_review,
    cancel,
    conclude,
    plan,
    review,
)
from supervision_svc.inspected.limits import Planned
from supervision_svc.inspected.state import INSPECTED
from supervision_svc.projections.tables import INSPECTION
from supervision_svc.task.state import TASK

router = APIRouter(prefix="/v1", tags=["inspections 督查检查"])


class ClaimForm(Form):
    """An exception that a row names, and why it holds; what it needs is named with it."""

    exception: Code
    reason: Opinion
    evidence: Code | None = None
    reference: Annotated[str, Field(min_length=1, max_length=300)] | None = None


class InspectionForm(Form):
    """``subject`` is what is looked at, ``criteria`` by which measures; ``tasks`` those it looks at, if any."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "汛前准备",
                    "inspector": "district_office",
                    "first_on": "2022-05-12",
                    "last_on": "2022-05-13",
                    "plan": "实地查看三处泵站，查阅值守记录。",
                }
            ]
        }
    )

    subject: Name
    form: Literal["inspection", "assessment"] = "inspection"
    inspector: Key
    partners: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    first_on: Day
    last_on: Day
    plan: Annotated[str, Field(max_length=20_000)] = ""
    criteria: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    tasks: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    claims: Annotated[tuple[ClaimForm, ...], Field(max_length=10)] = ()


def unit_stream(desk: DeskDep, unit: str) -> UUID:
    return stream_of(desk.tenant, "inspected", unit)


@router.post(
    "/units/{unit}/inspections",
    operation_id="plan_inspection",
    summary="督查方案 Plan an inspection",
    status_code=201,
    responses=REFUSED,
)
async def plan_inspection(unit: Key, form: InspectionForm, desk: DeskDep) -> Receipt:
    """By the unit that inspects. Whether it is a repeat, overlaps, is allowed, is too early: each limit is named."""
    inspection = desk.new_id()
    seen = [(await desk.seen(TASK, task)).state for task in form.tasks]
    arranged = [task.assigned_at for task in seen if task.assigned_at is not None]
    now, person = desk.now(), desk.person
    claims = tuple(Claim(exception=one.exception, reason=one.reason, by=person, at=now) for one in form.claims)
    evidence = tuple(
        Evidence(evidence=one.evidence, given_on=local_day(now), reference=one.reference)
        for one in form.claims
        if one.evidence is not None
    )
    planned = Planned(
        unit=unit,
        subject=form.subject,
        form=form.form,
        inspector=form.inspector,
        partners=form.partners,
        first_on=form.first_on,
        last_on=form.last_on,
        plan=form.plan,
        criteria=form.criteria,
        major=any(task.opened is not None and task.opened.major is True for task in seen),
        arranged_at=max(arranged, default=None),
        claims=claims,
        evidence=evidence,
    )
    command = Plan(person, now, inspection, form.tasks, planned)
    return await desk.tell(INSPECTED, plan, command, stream=unit_stream(desk, unit), matter=inspection)


class ConclusionForm(Form):
    """What was found, and what is to be put right."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"conclusion": "两处泵站值守到位，一处缺记录。"}]})

    conclusion: Text
    to_put_right: Text | None = None


@router.post(
    "/units/{unit}/inspections/{inspection_id}:conclude",
    operation_id="conclude_inspection",
    summary="督查结论 Conclude it",
    responses=REFUSED,
)
async def conclude_inspection(unit: Key, inspection_id: UUID, form: ConclusionForm, desk: DeskDep) -> Receipt:
    """By the unit that inspects; the unit inspected is told."""
    command = Conclude(desk.person, desk.now(), inspection_id, form.conclusion, form.to_put_right)
    stream = unit_stream(desk, unit)
    return await desk.tell(INSPECTED, conclude, command, stream=stream, matter=inspection_id, existing=True)


class SayForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "已收悉，立即整改。"}]})

    text: Opinion


class ReviewForm(SayForm):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "经复核，维持原结论。", "upheld": True}]})

    upheld: YesNo


@router.post(
    "/units/{unit}/inspections/{inspection_id}:acknowledge",
    operation_id="acknowledge_inspection",
    summary="反馈签收 Acknowledge it",
    responses=REFUSED,
)
async def acknowledge_inspection(unit: Key, inspection_id: UUID, form: SayForm, desk: DeskDep) -> Receipt:
    """By the unit that was inspected."""
    command = Say(desk.person, desk.now(), inspection_id, form.text)
    stream = unit_stream(desk, unit)
    return await desk.tell(INSPECTED, acknowledge, command, stream=stream, matter=inspection_id, existing=True)


@router.post(
    "/units/{unit}/inspections/{inspection_id}:ask-review",
    operation_id="ask_inspection_review",
    summary="申请复核 Ask for review",
    responses=REFUSED,
)
async def ask_inspection_review(unit: Key, inspection_id: UUID, form: SayForm, desk: DeskDep) -> Receipt:
    """By the unit that was inspected, within the time the rules set where they set one."""
    command = Say(desk.person, desk.now(), inspection_id, form.text)
    stream = unit_stream(desk, unit)
    return await desk.tell(INSPECTED, ask_review, command, stream=stream, matter=inspection_id, existing=True)


@router.post(
    "/units/{unit}/inspections/{inspection_id}:review",
    operation_id="review_inspection",
    summary="复核决定 Review it",
    responses=REFUSED,
)
async def review_inspection(unit: Key, inspection_id: UUID, form: ReviewForm, desk: DeskDep) -> Receipt:
    """By the unit that inspects, and not by the authors of the conclusion."""
    command = Say(desk.person, desk.now(), inspection_id, form.text, form.upheld)
    stream = unit_stream(desk, unit)
    return await desk.tell(INSPECTED, review, command, stream=stream, matter=inspection_id, existing=True)


@router.post(
    "/units/{unit}/inspections/{inspection_id}:cancel",
    operation_id="cancel_inspection",
    summary="取消督查 Cancel it",
    responses=REFUSED,
)
async def cancel_inspection(unit: Key, inspection_id: UUID, form: SayForm, desk: DeskDep) -> Receipt:
    """By the unit that inspects, before it is concluded."""
    command = Say(desk.person, desk.now(), inspection_id, form.text)
    stream = unit_stream(desk, unit)
    return await desk.tell(INSPECTED, cancel, command, stream=stream, matter=inspection_id, existing=True)


class InspectionLine(BaseModel):
    """One inspection: planned, cancelled, concluded, acknowledged, review_asked or reviewed."""

    id: UUID
    unit: str
    subject: str
    form: str
    inspector: str
    partners: list[str]
    first_on: date
    last_on: date
    flagged: list[str]
    clauses: list[str]
    stage: str
    conclusion: str | None
    reply: str | None
    review_due_on: date | None
    told_at: datetime


@router.get("/inspections", operation_id="list_inspections", summary="督查台账 Inspections", responses=REFUSED)
async def list_inspections(
    desk: DeskDep,
    paging: PagingDep,
    unit: Key | None = None,
    inspector: Key | None = None,
    stage: Literal["planned", "cancelled", "concluded", "acknowledged", "review_asked", "reviewed"] | None = None,
) -> Page[InspectionLine]:
    """Every inspection, in the order of its first day."""
    query = select(INSPECTION)
    for column, wanted in (
        (INSPECTION.c.unit, unit),
        (INSPECTION.c.inspector, inspector),
        (INSPECTION.c.stage, stage),
    ):
        if wanted is not None:
            query = query.where(column == wanted)

    def line(row: Mapping[str, Any]) -> InspectionLine:
        return InspectionLine.model_validate({**row, "id": row["inspection_id"]})

    async with desk.query() as connection:
        return await paging.page(connection, query, [INSPECTION.c.first_on, INSPECTION.c.inspection_id], line)
