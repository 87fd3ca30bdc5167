"""Meetings that somebody wants to hold: asked, approved by the route, given up."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select

from chancery.events.meeting import MeetingAsk, MeetingRequested
from chancery.events.parts import Code, Key
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.service import stream_of
from chancery.texts.saying import Sayings
from chancery.web import REFUSED, Day, DeskDep, Page, PagingDep, Receipt, WebDesk
from meeting_svc.api.forms import MeetingRequestForm, OpinionForm, RefusalForm, WithdrawForm
from meeting_svc.api.missing import missing_line
from meeting_svc.api.views import MeetingNear, MeetingRequestLine, MeetingRequestView
from meeting_svc.matter.state import MATTER
from meeting_svc.meeting_year.state import MEETING_YEAR, MeetingYear
from meeting_svc.meeting_year.take_place import TakePlace, take_place
from meeting_svc.projections.tables import MEETING_REQUESTS
from meeting_svc.request.answer import Cancel, Refuse, TakeStep, cancel, refuse, take_step
from meeting_svc.request.ask import Ask, ask, looked_for
from meeting_svc.request.near import near_ruling, together, window
from meeting_svc.request.state import LIVE, REQUEST, Stage
from meeting_svc.request.way import limited, walk_of

router = APIRouter(prefix="/v1/meeting-requests", tags=["meeting requests 开会申请"])
NEAR_MOST: Final = 50


@router.post("", status_code=201, summary="Ask to hold a meeting 申请开会", responses=REFUSED)
async def request_meeting(form: MeetingRequestForm, desk: DeskDep) -> Receipt:
    """Refused with every clause at once, routed, or free. A decision on the matter's file may stand for the route."""
    matter = await desk.state(MATTER, form.matter_id) if form.matter_id is not None else None
    command = Ask(
        by=desk.person,
        at=desk.now(),
        asked=form.asked(),
        on_file=matter.evidence if matter is not None else (),
        claims=matter.claims if matter is not None else (),
    )
    stream = desk.new_id()
    if not limited(await desk.rules(), command.asked):
        return await desk.tell(REQUEST, ask, command, stream=stream, matter=form.matter_id)
    return await _within_the_year(desk, command, stream, form.matter_id)


async def _within_the_year(desk: WebDesk, command: Ask, stream: UUID, matter: UUID | None) -> Receipt:
    """Take the place first, then ask: two asked at one moment stand one behind the other, and see each other."""
    asked = command.asked
    place = stream_of(desk.tenant, "meeting_year", f"{asked.unit}/{asked.scope}/{asked.meets_on.year}")
    if not desk.dry_run:
        await desk.handle(MEETING_YEAR, take_place, TakePlace(stream, command), stream=place, matter=matter or stream)
    year = await _year(desk, place)
    counted = replace(command, held=year.before(stream), place=place)
    return await desk.tell(REQUEST, ask, counted, stream=stream, matter=matter)


async def _year(desk: WebDesk, place: UUID) -> MeetingYear:
    try:
        return await desk.state(MEETING_YEAR, place)
    except Refused:
        return MEETING_YEAR.start(place)  # nobody asked for a meeting of that year yet


@router.post("/{request_id}:take-step", summary="Approve, review, handle 办理开会申请", responses=REFUSED)
async def take_request_step(request_id: UUID, form: OpinionForm, desk: DeskDep) -> Receipt:
    command = TakeStep(by=desk.person, opinion=form.opinion)
    return await desk.tell(REQUEST, take_step, command, stream=request_id, existing=True)


@router.post("/{request_id}:refuse", summary="Say no to the meeting 不同意开会", responses=REFUSED)
async def refuse_meeting_request(request_id: UUID, form: RefusalForm, desk: DeskDep) -> Receipt:
    command = Refuse(by=desk.person, reason=form.reason)
    return await desk.tell(REQUEST, refuse, command, stream=request_id, existing=True)


@router.post("/{request_id}:cancel", summary="Give the meeting up 会议不开", responses=REFUSED)
async def cancel_meeting_request(request_id: UUID, form: WithdrawForm, desk: DeskDep) -> Receipt:
    """It counts towards no yearly number any more."""
    command = Cancel(by=desk.person, reason=form.reason)
    return await desk.tell(REQUEST, cancel, command, stream=request_id, existing=True)


@router.get("/{request_id}", summary="One request for a meeting 开会申请详情")
async def get_meeting_request(request_id: UUID, desk: DeskDep, http: Request) -> MeetingRequestView:
    seen = await desk.seen(REQUEST, request_id)
    desk.etag(seen.version)
    request = seen.state
    if request.requested is None:
        raise not_found("meeting_request")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    walk = walk_of(rules, request.requested, request.steps) if request.stage is Stage.ASKED else None
    waits = sorted({str(one.person) for step in walk.state.open for one in step.left}) if walk else []
    sayings: Sayings = http.app.state.problems.sayings
    return MeetingRequestView(
        id=request_id,
        version=seen.version,
        stage=request.stage,
        requested=request.requested,
        steps=list(request.steps),
        waits_for=waits,
        near=await _near(desk, rules, request.id, request.requested.asked) if request.stage in LIVE else [],
        shown=[missing_line(one, sayings) for one in await _shown(desk, rules, request.requested)],
    )


async def _shown(desk: WebDesk, rules: Rules, requested: MeetingRequested) -> list[Reason]:
    """Judged as of the moment it was asked, on what lies on the matter's file now."""
    table = MEETING_REQUESTS
    query = select(table.c.requested_at).where(table.c.request_id == requested.request_id)
    async with desk.query() as connection:
        asked_at = (await connection.execute(query)).scalar_one_or_none()
    matter_id = requested.asked.matter_id
    matter = await desk.state(MATTER, matter_id) if matter_id is not None else None
    command = Ask(
        by=PersonId(requested.requested_by),
        at=asked_at or desk.now(),
        asked=requested.asked,
        on_file=matter.evidence if matter is not None else (),
        claims=matter.claims if matter is not None else (),
    )
    return looked_for(command, rules)


async def _near(desk: WebDesk, rules: Rules, own: UUID, asked: MeetingAsk) -> list[MeetingNear]:
    """Asked of the record only where the rules speak of it."""
    ruling, apart = near_ruling(rules), window(rules)
    if not ruling.regulated:
        return []
    table = MEETING_REQUESTS
    query = (
        select(table.c.request_id)
        .where(table.c.scope == asked.scope, table.c.stage.in_([stage.value for stage in LIVE]))
        .where(table.c.meets_on.between(asked.meets_on - apart, asked.meets_on + apart))
        .order_by(table.c.meets_on, table.c.request_id)
        .limit(NEAR_MOST)
    )
    async with desk.query() as connection:
        found = (await connection.execute(query)).scalars().all()
    others = [await desk.state(REQUEST, other) for other in found if other != own]
    return [
        MeetingNear(
            id=one.id,
            title=one.requested.asked.title,
            unit=one.requested.asked.unit,
            meets_on=one.requested.asked.meets_on,
            clauses=[cite.clause for cite in ruling.citations],
        )
        for one in together(rules, asked, own, others)
        if one.requested is not None
    ]


@router.get("", summary="Requests for meetings 开会申请台账")
async def list_meeting_requests(
    desk: DeskDep,
    paging: PagingDep,
    stage: Stage | None = None,
    unit: Key | None = None,
    scope: Code | None = None,
    meets_from: Day | None = None,
    meets_to: Day | None = None,
) -> Page[MeetingRequestLine]:
    table = MEETING_REQUESTS
    query = select(table)
    for column, sought in ((table.c.stage, stage), (table.c.unit, unit), (table.c.scope, scope)):
        if sought is not None:
            query = query.where(column == sought)
    if meets_from is not None:
        query = query.where(table.c.meets_on >= meets_from)
    if meets_to is not None:
        query = query.where(table.c.meets_on <= meets_to)
    async with desk.query() as connection:
        return await paging.page(connection, query, [table.c.requested_at, table.c.request_id], _line)


def _line(row: Mapping[str, Any]) -> MeetingRequestLine:
    return MeetingRequestLine(
        id=row["request_id"],
        title=row["title"],
        unit=row["unit"],
        scope=row["scope"],
        meets_on=row["meets_on"],
        people=row["people"],
        stage=row["stage"],
        requested_by=row["requested_by"],
        requested_at=row["requested_at"],
    )
