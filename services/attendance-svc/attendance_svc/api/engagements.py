"""Engagements of leaders: asked for, agreed to, declined; and their days of field research."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select

from attendance_svc.absence.take_step import TakeStep
from attendance_svc.api.absences import OpenStepView
from attendance_svc.api.forms import (
    EngagementExcuseForm,
    EngagementForm,
    RefusalForm,
    ResearchDayForm,
    StepForm,
    StrikeForm,
    WithdrawalForm,
)
from attendance_svc.engagement.answer import Decline, WithdrawEngagement, decline, take_step, withdraw
from attendance_svc.engagement.ask import ask
from attendance_svc.engagement.excuse import ExcuseEngagement, excuse
from attendance_svc.engagement.state import ENGAGEMENT, Engagement, Stage
from attendance_svc.engagement.way import row_of, way_of
from attendance_svc.projections.tables import ENGAGEMENTS, RESEARCH_DAYS
from attendance_svc.research_day.quota import quotas
from attendance_svc.research_day.record import Record, Strike, record, strike
from attendance_svc.research_day.state import RESEARCH_DAY, day_of
from chancery.events.attendance import EngagementAsked
from chancery.events.parts import Code, Key, StepDone
from chancery.refusal import not_found
from chancery.rules.rulebook import Rules
from chancery.web import REFUSED, Day, DeskDep, Page, PagingDep, Receipt

engagements = APIRouter(prefix="/v1/engagements", tags=["engagements 公务活动"])
research = APIRouter(prefix="/v1/research-days", tags=["research 基层调研"])


@engagements.post(
    "", status_code=201, operation_id="ask_engagement", summary="邀请、讲话、题词等 Ask a leader", responses=REFUSED
)
async def ask_engagement(form: EngagementForm, desk: DeskDep) -> Receipt:
    """Free, by a route, or refused: the rules say which. Where nobody has to agree it stands at once."""
    command = form.command(by=desk.person, at=desk.now())
    return await desk.tell(ENGAGEMENT, ask, command, stream=form.excused_as or desk.new_id())


@engagements.post(
    "/excuses",
    status_code=201,
    operation_id="excuse_engagement_requirement",
    summary="同意例外 Excuse what is asked in principle",
    responses=REFUSED,
)
async def excuse_engagement_requirement(form: EngagementExcuseForm, desk: DeskDep) -> Receipt:
    """Before it is asked for, by whom the row names. Ask for it with ``excused_as``: the id given here."""
    command = ExcuseEngagement(by=desk.person, person_id=form.person, on=form.on, asked=form.asked())
    return await desk.tell(ENGAGEMENT, excuse, command, stream=desk.new_id())


@engagements.post(
    "/{engagement_id}:take-step",
    operation_id="take_engagement_step",
    summary="审核、同意 Review, consent, approve",
    responses=REFUSED,
)
async def take_engagement_step(engagement_id: UUID, form: StepForm, desk: DeskDep) -> Receipt:
    command = TakeStep(desk.person, form.opinion, form.proved())
    return await desk.tell(ENGAGEMENT, take_step, command, stream=engagement_id, existing=True)


@engagements.post(
    "/{engagement_id}:decline", operation_id="decline_engagement", summary="不予同意 Decline", responses=REFUSED
)
async def decline_engagement(engagement_id: UUID, form: RefusalForm, desk: DeskDep) -> Receipt:
    command = Decline(desk.person, form.reason)
    return await desk.tell(ENGAGEMENT, decline, command, stream=engagement_id, existing=True)


@engagements.post(
    "/{engagement_id}:withdraw", operation_id="withdraw_engagement", summary="撤回 Withdraw", responses=REFUSED
)
async def withdraw_engagement(engagement_id: UUID, form: WithdrawalForm, desk: DeskDep) -> Receipt:
    command = WithdrawEngagement(desk.person, form.reason)
    return await desk.tell(ENGAGEMENT, withdraw, command, stream=engagement_id, existing=True)


class EngagementView(BaseModel):
    """One engagement: what was asked, what the rules answer, and whose turn it is."""

    id: UUID
    version: int
    asked: EngagementAsked
    clauses: list[str]
    stage: Stage
    steps: list[StepDone]
    open_steps: list[OpenStepView]


@engagements.get("/{engagement_id}", operation_id="get_engagement", summary="活动详情 One engagement")
async def get_engagement(engagement_id: UUID, desk: DeskDep) -> EngagementView:
    seen = await desk.seen(ENGAGEMENT, engagement_id)
    desk.etag(seen.version)
    asked = seen.state.asked
    if asked is None:
        raise not_found("engagement")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    return EngagementView(
        id=engagement_id,
        version=seen.version,
        asked=asked,
        clauses=[cite.clause for cite in row_of(rules, asked).citations],
        stage=seen.state.stage,
        steps=list(seen.state.steps),
        open_steps=_open(rules, asked, seen.state),
    )


def _open(rules: Rules, asked: EngagementAsked, engagement: Engagement) -> list[OpenStepView]:
    if engagement.stage is not Stage.ASKED:
        return []
    way = way_of(rules, asked, engagement.steps, row_of(rules, asked).first)
    return [
        OpenStepView(do=one.step.do, who=[str(holder.person) for holder in one.left], nobody=one.waits_for_nobody)
        for one in (way.state.open if way else ())
    ]


class EngagementLine(BaseModel):
    id: UUID
    person: str
    act: str
    title: str
    place: str | None
    organiser: str | None
    on: date
    asked_by: str
    substitute_for: str | None
    answer: str
    clauses: list[str]
    stage: str


@engagements.get("", operation_id="list_engagements", summary="活动台账 The ledger of engagements")
async def list_engagements(
    desk: DeskDep,
    paging: PagingDep,
    person: Key | None = None,
    act: Code | None = None,
    stage: Stage | None = None,
    since: Annotated[Day | None, Query(description="on this day or later 该日及以后")] = None,
    until: Annotated[Day | None, Query(description="on this day or before 该日及以前")] = None,
) -> Page[EngagementLine]:
    query = select(ENGAGEMENTS)
    for column, asked in (
        (ENGAGEMENTS.c.person_id, person),
        (ENGAGEMENTS.c.act, act),
        (ENGAGEMENTS.c.stage, stage.value if stage else None),
    ):
        if asked is not None:
            query = query.where(column == asked)
    if since is not None:
        query = query.where(ENGAGEMENTS.c.on_day >= since)
    if until is not None:
        query = query.where(ENGAGEMENTS.c.on_day <= until)
    async with desk.query() as connection:
        return await paging.page(connection, query, [ENGAGEMENTS.c.on_day, ENGAGEMENTS.c.engagement_id], _line)


def _line(row: Mapping[str, Any]) -> EngagementLine:
    return EngagementLine(
        id=row["engagement_id"],
        person=row["person_id"],
        act=row["act"],
        title=row["title"],
        place=row["place"],
        organiser=row["organiser"],
        on=row["on_day"],
        asked_by=row["asked_by"],
        substitute_for=row["substitute_for"],
        answer=row["answer"],
        clauses=row["clauses"],
        stage=row["stage"],
    )


@research.post(
    "", status_code=201, operation_id="record_research_day", summary="登记调研 Record a day", responses=REFUSED
)
async def record_research_day(form: ResearchDayForm, desk: DeskDep) -> Receipt:
    """A day counts once, at however many places."""
    person = form.person or desk.person
    command = Record(desk.person, person, form.day, form.place, form.subject)
    return await desk.tell(RESEARCH_DAY, record, command, stream=day_of(desk.tenant, person, form.day))


@research.post(":strike", operation_id="strike_research_day", summary="撤销调研日 Strike a day", responses=REFUSED)
async def strike_research_day(form: StrikeForm, desk: DeskDep) -> Receipt:
    person = form.person or desk.person
    command = Strike(desk.person, person, form.day, form.reason)
    return await desk.tell(RESEARCH_DAY, strike, command, stream=day_of(desk.tenant, person, form.day), existing=True)


class ResearchDayLine(BaseModel):
    person: str
    day: date
    place: str
    subject: str


@research.get("", operation_id="list_research_days", summary="调研台账 Days of field research")
async def list_research_days(desk: DeskDep, paging: PagingDep, person: Key | None = None) -> Page[ResearchDayLine]:
    query = select(RESEARCH_DAYS)
    if person is not None:
        query = query.where(RESEARCH_DAYS.c.person_id == person)
    order = [RESEARCH_DAYS.c.day, RESEARCH_DAYS.c.person_id, RESEARCH_DAYS.c.version]
    async with desk.query() as connection:
        return await paging.page(connection, query, order, _day)


def _day(row: Mapping[str, Any]) -> ResearchDayLine:
    return ResearchDayLine(person=row["person_id"], day=row["day"], place=row["place"], subject=row["subject"])


class QuotaView(BaseModel):
    """One leader's year: distinct days, how many the rules want (None: at least none), and how many are missing."""

    person: str
    name: str
    days: int
    wanted: int | None
    left: int
    clauses: list[str]


class Quotas(BaseModel):
    year: int
    leaders: list[QuotaView]


@research.get("/quota", operation_id="get_research_quota", summary="调研天数 Days against the quota")
async def get_research_quota(desk: DeskDep, year: Annotated[int, Query(ge=2000, le=2100)]) -> Quotas:
    rules = await desk.rules()
    days = select(RESEARCH_DAYS.c.person_id, RESEARCH_DAYS.c.day).where(
        RESEARCH_DAYS.c.day >= date(year, 1, 1), RESEARCH_DAYS.c.day <= date(year, 12, 31)
    )
    async with desk.query() as connection:
        rows = [(row.person_id, row.day) for row in (await connection.execute(days)).all()]
    return Quotas(
        year=year,
        leaders=[
            QuotaView(
                person=one.person,
                name=rules.roster.name(one.person),
                days=one.days,
                wanted=one.wanted,
                left=one.left,
                clauses=[cite.clause for cite in one.cites],
            )
            for one in quotas(rules, year, rows)
        ],
    )
