"""The life of a task: entered, joined, signed for, given back, assigned, urged, its stages passed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from chancery.events.parts import Code, Key, Name
from chancery.order import stream_of
from chancery.web import REFUSED, Day, DeskDep, Form, Moment, Opinion, Receipt, Text, YesNo
from supervision_svc.task.assignment import Assign, GiveBack, SignFor, assign, give_back, sign_for
from supervision_svc.task.enter import Enter, Said, enter
from supervision_svc.task.join import Join, join
from supervision_svc.task.stage import PassStage, pass_stage
from supervision_svc.task.state import TASK
from supervision_svc.task.urge import Urge, urge

router = APIRouter(prefix="/v1/tasks", tags=["tasks 督办"])
Units = Annotated[tuple[Key, ...], Field(max_length=100)]
OutsideId = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")]
"""What another system calls it: printable, without spaces."""


class SourceForm(Form):
    """What came in. ``source`` is one of the pack's words, ``channel`` the way it came; a ``simple`` question is one
    that whoever enters it marks so; ``due_on`` is a day that was set with it and goes before the rules' clock.
    ``also_lead`` are units that lead beside the first, for a reason; ``responsible`` who answers for it, where somebody
    was named. ``proposer`` is found from ``given_by`` where a leader gave it.
    """

    source: Code
    title: Name
    text: Text
    received_at: Moment | None = None
    lead: Key | None = None
    cooperating: Units = ()
    reference: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    given_by: Key | None = None
    channel: Code | None = None
    simple: YesNo | None = None
    kind: Code | None = None
    features: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    proposer: Code | None = None
    due_on: Day | None = None
    major: YesNo | None = None
    also_lead: Units = ()
    also_lead_reason: Opinion | None = None
    responsible: Annotated[tuple[Key, ...], Field(max_length=20)] = ()


class EntryForm(SourceForm):
    """``matter_id`` ties the task to a matter that is there; without it the task is a matter of its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "message",
                    "title": "四平路路灯不亮",
                    "text": "网友留言反映四平路一段路灯连续三晚不亮。",
                    "channel": "website_message",
                    "simple": True,
                    "lead": "construction_bureau",
                }
            ]
        }
    )

    matter_id: UUID | None = None
    outside_id: OutsideId | None = None


def said_of(form: SourceForm, desk: DeskDep, outside_id: str | None = None) -> Said:
    given = {name: getattr(form, name) for name in SourceForm.model_fields if name != "received_at"}
    return Said(received_at=form.received_at or desk.now(), outside_id=outside_id, **given)


def from_outside(desk: DeskDep, outside_id: str) -> UUID:
    """The task of what another system calls so: the same one however often it is handed in."""
    return stream_of(desk.tenant, "outside_task", outside_id)


@router.post("", operation_id="enter_task", summary="登记立项 Enter a task", status_code=201, responses=REFUSED)
async def enter_task(form: EntryForm, desk: DeskDep) -> Receipt:
    """Of an instruction, a finding, a motion, a petition, a message. What meetings decide opens tasks by itself.

    ``outside_id`` is what another system calls it: under it a task is entered once, whoever enters it.

    By the unit that the rules name to watch over it; where they name none, the unit of whoever enters it watches.
    """
    task = from_outside(desk, form.outside_id) if form.outside_id is not None else desk.new_id()
    matter = form.matter_id or task
    command = Enter(desk.person, desk.now(), matter, said_of(form, desk, form.outside_id))
    return await desk.tell(TASK, enter, command, stream=task, matter=matter)


@router.post("/{task_id}:join", operation_id="join_task", summary="并案 Join another source", responses=REFUSED)
async def join_task(task_id: UUID, form: SourceForm, desk: DeskDep) -> Receipt:
    """The task carries the closing conditions of both, and the earlier day. By the supervising unit."""
    command = Join(desk.person, desk.now(), desk.new_id(), said_of(form, desk))
    return await desk.tell(TASK, join, command, stream=task_id, existing=True)


@router.post("/{task_id}:sign-for", operation_id="sign_for_task", summary="签收 Sign for a task", responses=REFUSED)
async def sign_for_task(task_id: UUID, desk: DeskDep) -> Receipt:
    """By somebody of the lead unit."""
    return await desk.tell(TASK, sign_for, SignFor(desk.person, desk.now()), stream=task_id, existing=True)


class GiveBackForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "该路段由市属单位养护"}]})

    reason: Opinion


@router.post("/{task_id}:give-back", operation_id="give_back_task", summary="退回 Give it back", responses=REFUSED)
async def give_back_task(task_id: UUID, form: GiveBackForm, desk: DeskDep) -> Receipt:
    """As wrongly assigned: by the lead unit, before it signs, within the setting ``task_return`` where one is set."""
    command = GiveBack(desk.person, desk.now(), form.reason)
    return await desk.tell(TASK, give_back, command, stream=task_id, existing=True)


class AssignmentForm(Form):
    """Without ``cooperating`` those who help stay as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"lead": "construction_bureau"}]})

    lead: Key
    cooperating: Units = ()


@router.post("/{task_id}:assign", operation_id="assign_task", summary="交办 Assign a task", responses=REFUSED)
async def assign_task(task_id: UUID, form: AssignmentForm, desk: DeskDep) -> Receipt:
    """To a lead, by the supervising unit: after it was given back, where nobody leads, or to another."""
    command = Assign(desk.person, desk.now(), form.lead, form.cooperating)
    return await desk.tell(TASK, assign, command, stream=task_id, existing=True)


class UrgingForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "距到期还有两天，请抓紧办理"}]})

    note: Opinion


@router.post("/{task_id}:urge", operation_id="urge_task", summary="催办 Urge the lead", responses=REFUSED)
async def urge_task(task_id: UUID, form: UrgingForm, desk: DeskDep) -> Receipt:
    """By the supervising unit."""
    return await desk.tell(TASK, urge, Urge(desk.person, desk.now(), form.note), stream=task_id, existing=True)


class StageForm(Form):
    """``stage`` is one of the task's ``stages``; ``note`` says what was found."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"stage": "verification", "note": "现场核实，整改属实"}]})

    stage: Code
    note: Opinion


@router.post("/{task_id}:pass-stage", operation_id="pass_task_stage", summary="过环节 Pass a stage", responses=REFUSED)
async def pass_task_stage(task_id: UUID, form: StageForm, desk: DeskDep) -> Receipt:
    """Verified, revisited, whatever the pack names, in its order and by whom it names."""
    command = PassStage(desk.person, desk.now(), form.stage, form.note)
    return await desk.tell(TASK, pass_stage, command, stream=task_id, existing=True)
