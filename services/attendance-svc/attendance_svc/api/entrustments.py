"""Entrustments, and who acts for whom."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import func, or_, select

from attendance_svc.api.forms import EntrustmentForm
from attendance_svc.entrustment.end import EndEntrustment, end
from attendance_svc.entrustment.give import GiveEntrustment, give
from attendance_svc.entrustment.review import Fault, review
from attendance_svc.entrustment.state import ENTRUSTMENT
from attendance_svc.projections.tables import ACTINGS, ENTRUSTMENTS, GAPS
from chancery.events.attendance import EntrustedObject
from chancery.events.parts import Code, Key
from chancery.names import Capacity
from chancery.refusal import Reason, Refused, not_found
from chancery.web import REFUSED, DeskDep, Page, PagingDep, Receipt

entrustments = APIRouter(prefix="/v1/entrustments", tags=["entrustments 委托"])
actings = APIRouter(prefix="/v1/actings", tags=["acting 代行"])


@entrustments.post(
    "", status_code=201, operation_id="give_entrustment", summary="委托 Entrust somebody", responses=REFUSED
)
async def give_entrustment(form: EntrustmentForm, desk: DeskDep) -> Receipt:
    command = GiveEntrustment(
        by=desk.person,
        at=desk.now(),
        giver=form.giver or desk.person,
        receiver=form.receiver,
        object=form.object,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
    )
    return await desk.tell(ENTRUSTMENT, give, command, stream=desk.new_id())


@entrustments.post(
    "/{entrustment_id}:end", operation_id="end_entrustment", summary="结束委托 End an entrustment", responses=REFUSED
)
async def end_entrustment(entrustment_id: UUID, desk: DeskDep) -> Receipt:
    command = EndEntrustment(desk.person, desk.now())
    return await desk.tell(ENTRUSTMENT, end, command, stream=entrustment_id, existing=True)


class FindingView(BaseModel):
    """Something wrong with the register; ``fault`` says what, ``clauses`` the rules that want a mandate."""

    fault: Fault
    person: str
    starts_at: datetime
    ends_at: datetime | None
    entrustments: list[str]
    absence_id: str | None
    clauses: list[str]


class Findings(BaseModel):
    findings: list[FindingView]


@entrustments.get(
    "/findings",
    operation_id="review_entrustments",
    summary="委托冲突与空档 Conflicts and gaps",
    responses=REFUSED,
)
async def review_entrustments(
    desk: DeskDep,
    since: Annotated[AwareDatetime | None, Query(description="now where none is named 默认现在")] = None,
    until: Annotated[AwareDatetime | None, Query(description="30 days later where none is named 默认三十天后")] = None,
) -> Findings:
    """The same given to two, givers who left the post, receivers who are away, and times nobody was entrusted for."""
    begins = since or desk.now()
    ends = until or begins + timedelta(days=30)
    if ends <= begins:
        raise Refused(Reason("ends_before_it_starts", subject="until"))
    found = review(await desk.rules(), begins, ends)
    return Findings(
        findings=[
            FindingView(
                fault=one.fault,
                person=one.person,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                entrustments=list(one.entrustments),
                absence_id=one.absence,
                clauses=[cite.clause for cite in one.cites],
            )
            for one in found
        ]
    )


class EntrustmentView(BaseModel):
    """``over`` once it was taken back or ran out; ``ends_at`` is then when. ``capacity``: in what right he acts."""

    id: UUID
    version: int
    giver: str
    receiver: str
    object: EntrustedObject
    capacity: Capacity
    starts_at: datetime
    ends_at: datetime | None
    over: bool


@entrustments.get("/{entrustment_id}", operation_id="get_entrustment", summary="委托详情 One entrustment")
async def get_entrustment(entrustment_id: UUID, desk: DeskDep) -> EntrustmentView:
    seen = await desk.seen(ENTRUSTMENT, entrustment_id)
    desk.etag(seen.version)
    given = seen.state.given
    if given is None:
        raise not_found("entrustment")
    return EntrustmentView(
        id=entrustment_id,
        version=seen.version,
        giver=given.giver_id,
        receiver=given.receiver_id,
        object=given.object,
        capacity=capacity_on(given.object.kind),
        starts_at=given.starts_at,
        ends_at=seen.state.ended_at or given.ends_at,
        over=seen.state.over,
    )


@entrustments.get("", operation_id="list_entrustments", summary="委托登记簿 The register of entrustments")
async def list_entrustments(
    desk: DeskDep,
    paging: PagingDep,
    giver: Key | None = None,
    receiver: Key | None = None,
    kind: Code | None = None,
    holds_at: Annotated[AwareDatetime | None, Query(description="in force at this moment 该时刻有效")] = None,
) -> Page[EntrustmentView]:
    query = select(ENTRUSTMENTS)
    for column, wanted in (
        (ENTRUSTMENTS.c.giver_id, giver),
        (ENTRUSTMENTS.c.receiver_id, receiver),
        (ENTRUSTMENTS.c.kind, kind),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if holds_at is not None:
        ends = ENTRUSTMENTS.c.ends_at
        query = query.where(ENTRUSTMENTS.c.starts_at <= holds_at, or_(ends.is_(None), ends > holds_at))
    async with desk.query() as connection:
        order = [ENTRUSTMENTS.c.starts_at, ENTRUSTMENTS.c.entrustment_id]
        return await paging.page(connection, query, order, _entrustment)


def capacity_on(kind: str) -> Capacity:
    """In what right somebody acts on a mandate: for the holder himself, or entrusted with one thing of his."""
    return Capacity.ACTING if kind == "acting" else Capacity.ENTRUSTED


def _entrustment(row: Mapping[str, Any]) -> EntrustmentView:
    return EntrustmentView(
        id=row["entrustment_id"],
        version=row["version"],
        giver=row["giver_id"],
        receiver=row["receiver_id"],
        object=EntrustedObject(kind=row["kind"], post=row["post"], reference=row["reference"]),
        capacity=capacity_on(row["kind"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        over=row["over"],
    )


class ActingView(BaseModel):
    """Somebody acts, or acted, for the holder of a post. ``ended_at`` is None while it goes on."""

    id: UUID
    principal: str
    post: str
    actor: str
    absence_id: UUID
    scope: list[str]
    clauses: list[str]
    started_at: datetime
    ended_at: datetime | None


@actings.get("", operation_id="list_actings", summary="代行情况 Who acts for whom")
async def list_actings(
    desk: DeskDep,
    paging: PagingDep,
    principal: Key | None = None,
    actor: Key | None = None,
    post: Code | None = None,
    acts_at: Annotated[AwareDatetime | None, Query(description="who acts at this moment 该时刻由谁代行")] = None,
) -> Page[ActingView]:
    query = select(ACTINGS)
    for column, wanted in (
        (ACTINGS.c.principal_id, principal),
        (ACTINGS.c.actor_id, actor),
        (ACTINGS.c.post, post),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if acts_at is not None:
        ended = ACTINGS.c.ended_at
        query = query.where(ACTINGS.c.started_at <= acts_at, or_(ended.is_(None), ended > acts_at))
    async with desk.query() as connection:
        order = [ACTINGS.c.started_at, ACTINGS.c.acting_id, ACTINGS.c.version]
        return await paging.page(connection, query, order, _acting)


def _acting(row: Mapping[str, Any]) -> ActingView:
    return ActingView(
        id=row["acting_id"],
        principal=row["principal_id"],
        post=row["post"],
        actor=row["actor_id"],
        absence_id=row["absence_id"],
        scope=row["scope"],
        clauses=row["clauses"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
    )


class GapView(BaseModel):
    """Somebody is away and nobody was named to act for him. ``to_name`` can name somebody; ``tell`` are told of it."""

    principal: str
    post: str
    absence_id: UUID
    to_name: list[str]
    tell: list[str]
    clauses: list[str]
    since: datetime
    until: datetime


@actings.get("/gaps", operation_id="list_acting_gaps", summary="无人代行 For whom nobody is named")
async def list_acting_gaps(
    desk: DeskDep,
    paging: PagingDep,
    tell: Annotated[Key | None, Query(description="those told to this person 告知此人的")] = None,
    open_at: Annotated[AwareDatetime | None, Query(description="open at this moment 该时刻仍无人代行")] = None,
) -> Page[GapView]:
    query = select(GAPS)
    until = func.coalesce(GAPS.c.closed_at, GAPS.c.ends_at)
    if tell is not None:
        query = query.where(GAPS.c.tell.contains([tell]))
    if open_at is not None:
        query = query.where(GAPS.c.since <= open_at, until > open_at)
    async with desk.query() as connection:
        return await paging.page(connection, query, [GAPS.c.since, GAPS.c.acting_id, GAPS.c.version], _gap)


def _gap(row: Mapping[str, Any]) -> GapView:
    return GapView(
        principal=row["principal_id"],
        post=row["post"],
        absence_id=row["absence_id"],
        to_name=row["to_name"],
        tell=row["tell"],
        clauses=row["clauses"],
        since=row["since"],
        until=row["closed_at"] or row["ends_at"],
    )
