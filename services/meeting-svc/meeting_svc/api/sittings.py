"""Sittings of bodies: called, opened, decided, closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Query
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.events.parts import Code, Decision, Dissent
from chancery.refusal import Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.service import derived
from chancery.web import REFUSED, Day, DeskDep, Page, PagingDep, Receipt, WebDesk
from chancery.web.filing import FilesDep
from meeting_svc.agenda_item.state import AGENDA_ITEM, AgendaItem
from meeting_svc.api.forms import (
    AddItemForm,
    CallOffForm,
    CheckInForm,
    ClockExtensionForm,
    CompanionForm,
    ConvocationForm,
    DecisionForm,
    OpeningForm,
    PapersForm,
    PersonForm,
    ReleaseForm,
    SpeechForm,
    SuspensionForm,
)
from meeting_svc.api.sitting_series import series_id
from meeting_svc.api.views import SittingLine, SittingView
from meeting_svc.clerks import body_of
from meeting_svc.clocks import minutes_target
from meeting_svc.kept import keeps_back
from meeting_svc.looking import minutes_of
from meeting_svc.matter.state import MATTER, Matter
from meeting_svc.minutes.state import MINUTES
from meeting_svc.minutes.state import Stage as MinutesStage
from meeting_svc.projections.tables import SITTINGS
from meeting_svc.seeing import keep_apart, masked, sees_decision, whole_decision
from meeting_svc.series.assign import AssignNumber, assign
from meeting_svc.series.state import SERIES
from meeting_svc.sitting.add_item import AddItem, add_item
from meeting_svc.sitting.call_off import CallOff, call_off
from meeting_svc.sitting.clock import Extend as ExtendClock
from meeting_svc.sitting.clock import Resume as ResumeClock
from meeting_svc.sitting.clock import Suspend as SuspendClock
from meeting_svc.sitting.clock import extend, resume, suspend
from meeting_svc.sitting.close import Close, close
from meeting_svc.sitting.coming import (
    CallIn,
    CheckIn,
    Leave,
    PermitCompanion,
    call_in,
    check_in,
    leave,
    permit_companion,
)
from meeting_svc.sitting.convene import Convene, convene
from meeting_svc.sitting.open_sitting import OpenSitting, Present
from meeting_svc.sitting.open_sitting import open_sitting as begin_sitting
from meeting_svc.sitting.papers import ConfirmReceipt, Deliver, confirm_receipt, deliver
from meeting_svc.sitting.record import Record, record, whole
from meeting_svc.sitting.release import Release, release
from meeting_svc.sitting.speaking import Speak, speak
from meeting_svc.sitting.state import SITTING, Sitting, Stage

router = APIRouter(prefix="/v1/sittings", tags=["sittings 会议"])


@router.post("", status_code=201, summary="Convene a sitting on accepted items 召集会议", responses=REFUSED)
async def convene_sitting(form: ConvocationForm, desk: DeskDep) -> Receipt:
    """The number is given only once the call may be made; a call that broke off is finished by its repeat."""
    rules = await desk.rules()
    stream = desk.new_id()
    command = Convene(
        by=desk.person,
        body=form.body,
        starts_at=form.starts_at,
        place=form.place,
        items=tuple([await _item(desk, item_id) for item_id in form.items]),
        series=form.series or _series_of(rules, form),
        number=1,
        convened_by=form.convened_by,
        jointly=form.jointly,
        others=await _days_of(desk, form.body, stream),
        live=await _days_of(desk, form.body, stream, Stage.CONVENED),
    )
    return await _convene(desk, command, stream, rules, _matter_of(command, stream))


async def _days_of(desk: WebDesk, body: str, but: UUID, *stages: Stage) -> tuple[date, ...]:
    """The days of the body's other sittings: called, open or held."""
    wanted = [one.value for one in stages or (Stage.CONVENED, Stage.OPEN, Stage.CLOSED)]
    query = select(SITTINGS.c.held_on).where(
        SITTINGS.c.body == body, SITTINGS.c.stage.in_(wanted), SITTINGS.c.sitting_id != but
    )
    async with desk.query() as connection:
        return tuple((await connection.execute(query)).scalars().all())


async def _convene(desk: WebDesk, command: Convene, stream: UUID, rules: Rules, matter: UUID) -> Receipt:
    """Look first, then take the number, then call: a refused call uses up no number."""
    if desk.dry_run:
        return await desk.tell(SITTING, convene, command, stream=stream, matter=matter)
    if not await _called_already(desk, stream):
        convene(command, SITTING.start(stream), rules)
    register = series_id(desk, command.body, command.series)
    take = AssignNumber(command.body, command.series, stream)
    await desk.handle(SERIES, assign, take, stream=register, matter=matter)
    given = (await desk.state(SERIES, register)).given[stream]
    numbered = replace(command, number=given)
    return await desk.tell(SITTING, convene, numbered, stream=stream, matter=matter)


async def _called_already(desk: WebDesk, stream: UUID) -> bool:
    try:
        await desk.seen(SITTING, stream)
    except Refused:
        return False
    return True


async def _item(desk: WebDesk, item_id: UUID) -> AgendaItem:
    try:
        return await desk.state(AGENDA_ITEM, item_id)
    except Refused:
        return AGENDA_ITEM.start(item_id)  # the decision names every item that is not there


def _series_of(rules: Rules, form: ConvocationForm) -> str:
    """The term where the body counts by terms and the government says which runs; else the year."""
    year = str(local_day(form.starts_at).year)
    if body_of(rules, form.body).series == "term":
        return str(rules.setting("term") or year)
    return year


def _matter_of(command: Convene, sitting: UUID) -> UUID:
    """A sitting on one matter belongs to it; one on several is a matter of its own."""
    matters = {item.submitted.matter_id for item in command.items if item.submitted is not None}
    return matters.pop() if len(matters) == 1 else sitting


@router.post("/{sitting_id}:open", summary="Open the sitting: who presides, who is present 会议开始", responses=REFUSED)
async def open_sitting(sitting_id: UUID, form: OpeningForm, desk: DeskDep) -> Receipt:
    command = OpenSitting(
        by=desk.person,
        at=desk.now(),
        present=tuple(Present(one.person, one.seat) for one in form.present),
        chair=form.chair,
    )
    return await desk.tell(SITTING, begin_sitting, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:record-decision", summary="Record what was decided on an item 议定事项", responses=REFUSED)
async def record_decision(sitting_id: UUID, form: DecisionForm, desk: DeskDep, files: FilesDep) -> Receipt:
    """Where the rules keep the content back, the event carries none of it."""
    seen = await desk.seen(SITTING, sitting_id)
    sitting = seen.state
    matter = await _matter(desk, sitting, form.item_id)
    command = Record(
        by=desk.person,
        item_id=form.item_id,
        outcome=form.outcome,
        text=form.text,
        item=await _item(desk, form.item_id),
        on_file=matter.evidence,
        excuses=matter.excuses,
        claims=matter.claims,
        lead=form.lead,
        cooperating=form.cooperating,
        due_on=form.due_on,
        orders_document=form.orders_document,
        referred_to=form.referred_to,
        dissent=tuple(Dissent(person=one.person, opinion=one.opinion) for one in form.dissent),
        salt=uuid4().hex,
    )
    item = next((one for one in sitting.items if one.item_id == form.item_id), None)
    rules = await desk.rules(pack=seen.pack)
    if item is not None and sitting.convened is not None and keeps_back(rules, item.facts, sitting.convened.body):
        await keep_apart(desk, files, whole(command, item), command.salt)
    return await desk.tell(SITTING, record, command, stream=sitting_id, existing=True)


@router.get("/{sitting_id}/decisions/{no}", summary="One decision, with its content 议定事项详情")
async def get_sitting_decision(
    sitting_id: UUID, no: Annotated[int, Path(ge=1, le=10_000)], desk: DeskDep, files: FilesDep
) -> Decision:
    """As the minutes say it now. What the rules keep back is answered as a stub, or not at all, to whom they say so."""
    seen = await desk.seen(SITTING, sitting_id)
    minutes = await minutes_of(desk, sitting_id)
    stand = minutes.decisions if minutes is not None and not seen.state.released else seen.state.decisions
    decision = next((one for one in stand if one.no == no), None)
    if decision is None:
        raise not_found("decision")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    matter = await desk.state(MATTER, decision.matter_id)
    sees = sees_decision(rules, matter, decision, seen.state, desk.caller.actor)
    if decision.kept is None:
        return decision
    if sees == "nothing":
        raise not_found("decision")
    return decision if sees == "stub" else await whole_decision(desk, files, decision)


@router.post("/{sitting_id}:release-decision", summary="Open a decision to everybody 公开议定事项", responses=REFUSED)
async def release_sitting_decision(sitting_id: UUID, form: ReleaseForm, desk: DeskDep, files: FilesDep) -> Receipt:
    """By the body's office: what was kept back may be seen by everybody from now on."""
    sitting = await desk.state(SITTING, sitting_id)
    minutes = await minutes_of(desk, sitting_id)
    stand = minutes.decisions if minutes is not None else sitting.decisions
    kept = next((one for one in stand if one.no == form.no and one.kept), None)
    content = await whole_decision(desk, files, kept) if kept is not None else None
    command = Release(by=desk.person, decision=content)
    return await desk.tell(SITTING, release, command, stream=sitting_id, existing=True)


async def _matter(desk: WebDesk, sitting: Sitting, item_id: UUID) -> Matter:
    """The matter's file as it stands now; an empty one where the item is none of this sitting."""
    matter = next((one.matter_id for one in sitting.items if one.item_id == item_id), None)
    return Matter(item_id) if matter is None else await desk.state(MATTER, matter)


@router.post("/{sitting_id}:add-item", summary="Add an item after the call 临时增加议题", responses=REFUSED)
async def add_sitting_item(sitting_id: UUID, form: AddItemForm, desk: DeskDep) -> Receipt:
    """409 where the rules let no item come after the call."""
    command = AddItem(by=desk.person, item=await _item(desk, form.item_id))
    return await desk.tell(SITTING, add_item, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:deliver-papers", summary="Papers went out 送阅会议材料", responses=REFUSED)
async def deliver_papers(sitting_id: UUID, form: PapersForm, desk: DeskDep) -> Receipt:
    """Late papers still go out; the event says that they are late."""
    command = Deliver(by=desk.person, at=desk.now(), items=form.items, to=form.to)
    return await desk.tell(SITTING, deliver, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:confirm-papers", summary="Papers were received 签收材料", responses=REFUSED)
async def confirm_papers(sitting_id: UUID, form: PersonForm, desk: DeskDep) -> Receipt:
    command = ConfirmReceipt(by=desk.person, at=desk.now(), person=form.person)
    return await desk.tell(SITTING, confirm_receipt, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:check-in", summary="Check in 签到", responses=REFUSED)
async def check_in_to_sitting(sitting_id: UUID, form: CheckInForm, desk: DeskDep) -> Receipt:
    """In what quality somebody sits, and whether he waits to be called, follows from the rules."""
    command = CheckIn(by=desk.person, at=desk.now(), person=form.person, observer=form.observer, beside=form.beside)
    return await desk.tell(SITTING, check_in, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:permit-companion", summary="Allow a companion 同意带员", responses=REFUSED)
async def permit_sitting_companion(sitting_id: UUID, form: CompanionForm, desk: DeskDep) -> Receipt:
    command = PermitCompanion(by=desk.person, person=form.person, beside=form.beside)
    return await desk.tell(SITTING, permit_companion, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:call-in", summary="Call an item's people in 叫会", responses=REFUSED)
async def call_in_item(sitting_id: UUID, form: AddItemForm, desk: DeskDep) -> Receipt:
    command = CallIn(by=desk.person, at=desk.now(), item_id=form.item_id)
    return await desk.tell(SITTING, call_in, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:speak", summary="Somebody spoke on an item 发言", responses=REFUSED)
async def speak_on_item(sitting_id: UUID, form: SpeechForm, desk: DeskDep) -> Receipt:
    """Written down by the office, in order. Where the rules let somebody speak last, nobody speaks after him."""
    command = Speak(
        by=desk.person,
        at=desk.now(),
        item_id=form.item_id,
        person=form.person,
        agrees=form.agrees,
        opinion=form.opinion,
    )
    return await desk.tell(SITTING, speak, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:leave", summary="Go before the end 中途离会", responses=REFUSED)
async def leave_sitting(sitting_id: UUID, form: PersonForm, desk: DeskDep) -> Receipt:
    """Where too few members stay, the event says so."""
    command = Leave(by=desk.person, at=desk.now(), person=form.person)
    return await desk.tell(SITTING, leave, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:call-off", summary="Call the sitting off 取消会议", responses=REFUSED)
async def call_off_sitting(sitting_id: UUID, form: CallOffForm, desk: DeskDep) -> Receipt:
    """Before it opens. Its number stays used, its items wait for a later sitting."""
    command = CallOff(by=desk.person, reason=form.reason)
    return await desk.tell(SITTING, call_off, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:close", summary="Close the sitting 会议结束", responses=REFUSED)
async def close_sitting(sitting_id: UUID, desk: DeskDep) -> Receipt:
    """409 while an item is undecided; each of them is named."""
    command = Close(by=desk.person, at=desk.now())
    return await desk.tell(SITTING, close, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:suspend-clock", summary="The minutes' clock stands still 中止计时", responses=REFUSED)
async def suspend_minutes_clock(sitting_id: UUID, form: SuspensionForm, desk: DeskDep) -> Receipt:
    """By the body's office, with the cause; days on which it stands do not count."""
    command = SuspendClock(by=desk.person, cause=form.cause, issued=await _issued(desk, sitting_id))
    return await desk.tell(SITTING, suspend, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:resume-clock", summary="The minutes' clock goes on 恢复计时", responses=REFUSED)
async def resume_minutes_clock(sitting_id: UUID, desk: DeskDep) -> Receipt:
    command = ResumeClock(by=desk.person, issued=await _issued(desk, sitting_id))
    return await desk.tell(SITTING, resume, command, stream=sitting_id, existing=True)


@router.post("/{sitting_id}:extend-clock", summary="Minutes may be issued later 延期印发纪要", responses=REFUSED)
async def extend_minutes_clock(sitting_id: UUID, form: ClockExtensionForm, desk: DeskDep) -> Receipt:
    """By whom the clock's row names, else the office; the day they were due first is kept."""
    to = form.to if form.to is not None else int(form.by or 0)
    command = ExtendClock(by=desk.person, to=to, reason=form.reason, issued=await _issued(desk, sitting_id))
    return await desk.tell(SITTING, extend, command, stream=sitting_id, existing=True)


async def _issued(desk: WebDesk, sitting_id: UUID) -> bool:
    try:
        minutes = await desk.state(MINUTES, derived(sitting_id, "minutes"))
    except Refused:
        return False
    return minutes.stage is MinutesStage.ISSUED


@router.get("/{sitting_id}", summary="One sitting 会议详情")
async def get_sitting(sitting_id: UUID, desk: DeskDep) -> SittingView:
    seen = await desk.seen(SITTING, sitting_id)
    desk.etag(seen.version)
    sitting = await masked(desk, await desk.rules(pack=seen.pack, to_read=True), seen.state)
    convened, opened, closed = sitting.convened, sitting.opened, sitting.closed
    if convened is None:
        raise not_found("sitting")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    return SittingView(
        id=sitting_id,
        version=seen.version,
        body=convened.body,
        series=convened.series,
        number=convened.number,
        stage=sitting.stage,
        starts_at=convened.starts_at,
        sitting_on=convened.sitting_on,
        place=convened.place,
        convened_by=convened.convened_by,
        items=list(sitting.items),
        joint_with=list(convened.joint_with),
        day_off=convened.day_off,
        put_off=list(sitting.put_off),
        seats=list(sitting.seats.values()),
        waiting=sorted(sitting.waiting),
        gone=sorted(sitting.gone),
        missing=list(opened.missing) if opened else [],
        leaves=list(sitting.leaves),
        papers=list(sitting.papers),
        papers_received=sorted(sitting.received),
        spoken=list(sitting.spoken),
        chair=opened.chair if opened else None,
        present=list(opened.present) if opened else [],
        members=opened.members if opened else None,
        members_present=opened.members_present if opened else None,
        quorum=opened.quorum if opened else None,
        decisions=list(sitting.decisions),
        closed_at=closed.closed_at if closed else None,
        minutes_due=sitting.due,
        minutes_target=minutes_target(rules, convened.body, closed.closed_at) if closed else None,
    )


@router.get("", summary="Sittings, by their day 会议台账")
async def list_sittings(
    desk: DeskDep,
    paging: PagingDep,
    stage: Stage | None = None,
    body: Code | None = None,
    series: Annotated[str | None, Query(max_length=200)] = None,
    held_from: Day | None = None,
    held_to: Day | None = None,
) -> Page[SittingLine]:
    query = select(SITTINGS)
    for column, wanted in ((SITTINGS.c.stage, stage), (SITTINGS.c.body, body), (SITTINGS.c.series, series)):
        if wanted is not None:
            query = query.where(column == wanted)
    if held_from is not None:
        query = query.where(SITTINGS.c.held_on >= held_from)
    if held_to is not None:
        query = query.where(SITTINGS.c.held_on <= held_to)
    async with desk.query() as connection:
        return await paging.page(connection, query, [SITTINGS.c.starts_at, SITTINGS.c.sitting_id], _line)


def _line(row: Mapping[str, Any]) -> SittingLine:
    return SittingLine(
        id=row["sitting_id"],
        body=row["body"],
        series=row["series"],
        number=row["number"],
        stage=row["stage"],
        starts_at=row["starts_at"],
        sitting_on=row["held_on"],
        place=row["place"],
        items=row["items"],
        convened_by=row["convened_by"],
        chair=row["chair"],
        closed_at=row["closed_at"],
    )
