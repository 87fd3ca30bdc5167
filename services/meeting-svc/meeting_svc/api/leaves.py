"""Leaves from sittings: asked, granted or refused."""

from uuid import UUID

from fastapi import APIRouter

from chancery.refusal import not_found
from chancery.service import derived
from chancery.web import REFUSED, DeskDep, Receipt
from meeting_svc.api.forms import LeaveExcuseForm, LeaveStepForm, MeetingLeaveForm, RefusalForm
from meeting_svc.api.views import MeetingLeaveView
from meeting_svc.leave.answer import Refuse, TakeStep, refuse, take_step
from meeting_svc.leave.ask import AskLeave, ask
from meeting_svc.leave.excuse import ExcuseLeave, excuse
from meeting_svc.leave.state import LEAVE
from meeting_svc.leave.way import row_of, walk_of
from meeting_svc.sitting.state import SITTING

router = APIRouter(prefix="/v1/meeting-leaves", tags=["meeting leaves 会议请假"])


@router.post("", status_code=201, summary="Ask to stay away from a sitting 会议请假", responses=REFUSED)
async def ask_meeting_leave(form: MeetingLeaveForm, desk: DeskDep) -> Receipt:
    """Approved, reported or filed: the rules say which. One leave for a person and a sitting."""
    sitting = await desk.seen(SITTING, form.sitting_id)
    person = form.person or desk.person
    command = AskLeave(
        by=desk.person,
        sitting=sitting.state,
        person=person,
        reason=form.reason,
        form=form.form,
        brings=form.brings,
        substitute=form.substitute,
    )
    stream = derived(form.sitting_id, "leave", person)
    return await desk.tell(LEAVE, ask, command, stream=stream, matter=sitting.correlation, pack=sitting.pack)


@router.post("/excuses", status_code=201, summary="Excuse what leave is asked with 同意例外", responses=REFUSED)
async def excuse_meeting_leave(form: LeaveExcuseForm, desk: DeskDep) -> Receipt:
    """Before the leave is asked, by whom the row names, with the reason. A refusal says what may be excused."""
    sitting = await desk.seen(SITTING, form.sitting_id)
    command = ExcuseLeave(by=desk.person, sitting=sitting.state, person=form.person, asked=form.asked())
    stream = derived(form.sitting_id, "leave", form.person)
    return await desk.tell(LEAVE, excuse, command, stream=stream, matter=sitting.correlation, pack=sitting.pack)


@router.post("/{leave_id}:take-step", summary="Approve, consent, pass on 办理会议请假", responses=REFUSED)
async def take_leave_step(leave_id: UUID, form: LeaveStepForm, desk: DeskDep) -> Receipt:
    """After the last step that must be taken the leave stands, and the sitting counts it."""
    command = TakeStep(by=desk.person, opinion=form.opinion, with_substitute=form.with_substitute)
    return await desk.tell(LEAVE, take_step, command, stream=leave_id, existing=True)


@router.post("/{leave_id}:refuse", summary="Refuse the leave 不同意会议请假", responses=REFUSED)
async def refuse_meeting_leave(leave_id: UUID, form: RefusalForm, desk: DeskDep) -> Receipt:
    command = Refuse(by=desk.person, reason=form.reason)
    return await desk.tell(LEAVE, refuse, command, stream=leave_id, existing=True)


@router.get("/{leave_id}", summary="One leave from a sitting 会议请假详情")
async def get_meeting_leave(leave_id: UUID, desk: DeskDep) -> MeetingLeaveView:
    seen = await desk.seen(LEAVE, leave_id)
    desk.etag(seen.version)
    leave = seen.state
    if leave.asked is None:
        raise not_found("meeting_leave")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    hit = row_of(rules, leave.asked).first
    walk = walk_of(rules, leave.asked, leave.steps, hit) if hit is not None else None
    waits = sorted({str(one.person) for step in walk.state.open for one in step.left}) if walk else []
    return MeetingLeaveView(
        id=leave_id,
        version=seen.version,
        stage=leave.stage,
        asked=leave.asked,
        steps=list(leave.steps),
        substitute=leave.substitute,
        waits_for=waits,
    )
