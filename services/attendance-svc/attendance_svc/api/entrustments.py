"""Entrustments, and who acts for whom."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import or_, select

from attendance_svc.api.forms import EntrustmentForm
from attendance_svc.entrustment.end import EndEntrustment, end
from attendance_svc.entrustment.give import GiveEntrustment, give
from attendance_svc.entrustment.state import ENTRUSTMENT
from attendance_svc.projections.tables import ACTINGS, ENTRUSTMENTS
from chancery.events.attendance import EntrustedObject
from chancery.events.parts import Code, Key
from chancery.refusal import not_found
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


class EntrustmentView(BaseModel):
    """``over`` once it was taken back or ran out; ``ends_at`` is then when."""

    id: UUID
    version: int
    giver: str
    receiver: str
    object: EntrustedObject
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


def _entrustment(row: Mapping[str, Any]) -> EntrustmentView:
    return EntrustmentView(
        id=row["entrustment_id"],
        version=row["version"],
        giver=row["giver_id"],
        receiver=row["receiver_id"],
        object=EntrustedObject(kind=row["kind"], post=row["post"], reference=row["reference"]),
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
