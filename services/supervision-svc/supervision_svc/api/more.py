"""More of a task's life: time asked for, rhythm, who answers, disagreement, evidence, going on with it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field, model_validator

from chancery.calendar import local_day
from chancery.events.parts import Code, Evidence, Key
from chancery.events.supervision import Rhythm
from chancery.web import REFUSED, Day, DeskDep, Form, Opinion, Receipt, Text, Whole, YesNo
from supervision_svc.task.carry_on import CarryOn, FileEvidence, carry_on, file_evidence
from supervision_svc.task.disagreement import (
    DecideDisagreement,
    FindDisagreement,
    SendUp,
    StateView,
    decide_disagreement,
    find_disagreement,
    send_up,
    state_view,
)
from supervision_svc.task.extension import (
    AskExtension,
    DenyExtension,
    GrantExtension,
    ask_extension,
    deny_extension,
    grant_extension,
)
from supervision_svc.task.responsible import NameResponsible, name_responsible
from supervision_svc.task.set_rhythm import SetRhythm, set_rhythm
from supervision_svc.task.state import TASK

router = APIRouter(prefix="/v1/tasks", tags=["tasks 督办"])
People = Annotated[tuple[Key, ...], Field(max_length=20)]


class AskForm(Form):
    """To which day, or by how many of the clock's own unit, and why. One of ``to`` and ``by``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "2022-03-31", "reason": "施工图需复核"}]})

    to: Day | None = None
    by: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    reason: Opinion

    @model_validator(mode="after")
    def one_of_the_two(self) -> "AskForm":
        if (self.to is None) == (self.by is None):
            raise ValueError("say to or by")
        return self


@router.post(
    "/{task_id}:ask-extension", operation_id="ask_task_extension", summary="申请延期 Ask for time", responses=REFUSED
)
async def ask_task_extension(task_id: UUID, form: AskForm, desk: DeskDep) -> Receipt:
    """By the lead, before it is due; the old day stands until it is granted."""
    command = AskExtension(desk.person, desk.now(), form.to or form.by or 0, form.reason)
    return await desk.tell(TASK, ask_extension, command, stream=task_id, existing=True)


@router.post(
    "/{task_id}:grant-extension", operation_id="grant_task_extension", summary="同意延期 Grant it", responses=REFUSED
)
async def grant_task_extension(task_id: UUID, desk: DeskDep) -> Receipt:
    """What was asked for, by whom the rules name, else by the supervising unit; the old day is kept."""
    return await desk.tell(TASK, grant_extension, GrantExtension(desk.person), stream=task_id, existing=True)


class DenialForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "汛前必须完成"}]})

    reason: Opinion


@router.post(
    "/{task_id}:deny-extension", operation_id="deny_task_extension", summary="不予延期 Deny it", responses=REFUSED
)
async def deny_task_extension(task_id: UUID, form: DenialForm, desk: DeskDep) -> Receipt:
    """By whom the rules name, else by the supervising unit, with the reason."""
    command = DenyExtension(desk.person, desk.now(), form.reason)
    return await desk.tell(TASK, deny_extension, command, stream=task_id, existing=True)


class RhythmForm(Form):
    """``times`` in every ``every`` units: ``{every: 1, unit: month}`` is once a month."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"every": 1, "unit": "month"}]})

    every: Annotated[Whole, Field(ge=1, le=366)] = 1
    unit: Literal["working_day", "calendar_day", "week", "month", "quarter", "half_year", "year"]
    times: Annotated[Whole, Field(ge=1, le=31)] = 1


@router.post("/{task_id}:set-rhythm", operation_id="set_task_rhythm", summary="明确反馈周期", responses=REFUSED)
async def set_task_rhythm(task_id: UUID, form: RhythmForm, desk: DeskDep) -> Receipt:
    """How often it is reported on, by the supervising unit, counted from now; silence is then noticed by itself."""
    rhythm = Rhythm(every=form.every, unit=form.unit, times=form.times)
    command = SetRhythm(desk.person, desk.now(), rhythm)
    return await desk.tell(TASK, set_rhythm, command, stream=task_id, existing=True)


class ResponsibleForm(Form):
    """Who answers for it, who supports, and whom to turn to day by day."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"responsible": ["shi"], "contact": "housing_clerk"}]})

    responsible: Annotated[tuple[Key, ...], Field(min_length=1, max_length=20)]
    supporting: People = ()
    contact: Key | None = None


@router.post(
    "/{task_id}:name-responsible", operation_id="name_task_responsible", summary="明确责任人", responses=REFUSED
)
async def name_task_responsible(task_id: UUID, form: ResponsibleForm, desk: DeskDep) -> Receipt:
    """Only whom the rules mean; by the lead or the supervising unit, or by whoever chooses under the rules."""
    command = NameResponsible(desk.person, desk.now(), form.responsible, form.supporting, form.contact)
    return await desk.tell(TASK, name_responsible, command, stream=task_id, existing=True)


class ViewForm(Form):
    """What the unit holds, and on which grounds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"unit": "finance_bureau", "view": "不同意新增", "grounds": "年度预算已无余量"}]
        }
    )

    unit: Key
    view: Text
    grounds: Text


@router.post(
    "/{task_id}:state-view", operation_id="state_task_view", summary="陈述意见 State a view", responses=REFUSED
)
async def state_task_view(task_id: UUID, form: ViewForm, desk: DeskDep) -> Receipt:
    """By somebody of the unit, for his own unit alone; a later one takes the place of the earlier."""
    command = StateView(desk.person, desk.now(), form.unit, form.view, form.grounds)
    return await desk.tell(TASK, state_view, command, stream=task_id, existing=True)


class NoteForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "三次协商未能一致"}]})

    note: Opinion


@router.post(
    "/{task_id}:find-disagreement", operation_id="find_task_disagreement", summary="协商不一致", responses=REFUSED
)
async def find_task_disagreement(task_id: UUID, form: NoteForm, desk: DeskDep) -> Receipt:
    """By the lead, after it tried: the differing views are now owed to whoever decides."""
    command = FindDisagreement(desk.person, desk.now(), form.note)
    return await desk.tell(TASK, find_disagreement, command, stream=task_id, existing=True)


class SendUpForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"proposal": "建议采纳牵头单位方案"}]})

    proposal: Opinion


@router.post(
    "/{task_id}:send-up", operation_id="send_task_disagreement_up", summary="分歧上报 Send it up", responses=REFUSED
)
async def send_task_disagreement_up(task_id: UUID, form: SendUpForm, desk: DeskDep) -> Receipt:
    """By the lead, with every unit's view and grounds; none is left out."""
    command = SendUp(desk.person, desk.now(), form.proposal)
    return await desk.tell(TASK, send_up, command, stream=task_id, existing=True)


class DecidingForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "由住建局先行实施"}]})

    decision: Opinion


@router.post(
    "/{task_id}:decide-disagreement", operation_id="decide_task_disagreement", summary="裁定分歧", responses=REFUSED
)
async def decide_task_disagreement(task_id: UUID, form: DecidingForm, desk: DeskDep) -> Receipt:
    """By whom the last stage of the row names, else the supervising unit records what was decided."""
    command = DecideDisagreement(desk.person, desk.now(), form.decision)
    return await desk.tell(TASK, decide_disagreement, command, stream=task_id, existing=True)


class EvidenceForm(Form):
    """Something gates may ask for. ``personal``: it is the filer's own word that counts, not his unit's."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"evidence": "post_decision_evaluation", "reference": "评估报告"}]}
    )

    evidence: Code
    of: Key | None = None
    given_on: Day | None = None
    attrs: Annotated[dict[Code, Code], Field(max_length=20, default_factory=dict)]
    reference: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    personal: YesNo = False


@router.post(
    "/{task_id}/evidence", operation_id="file_task_evidence", summary="材料归卷 File evidence", responses=REFUSED
)
async def file_task_evidence(task_id: UUID, form: EvidenceForm, desk: DeskDep) -> Receipt:
    """In the name of the filer's unit, or his own."""
    evidence = Evidence(
        evidence=form.evidence,
        of=form.of,
        given_on=form.given_on or local_day(desk.now()),
        attrs=form.attrs,
        reference=form.reference,
    )
    command = FileEvidence(desk.person, desk.now(), evidence, form.personal)
    return await desk.tell(TASK, file_evidence, command, stream=task_id, existing=True)


class CarryOnForm(Form):
    """``begin`` sets in motion, ``change`` and ``stop`` alter what was decided, ``release`` tells it in public."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"step": "begin", "note": "按计划开工"}]})

    step: Literal["begin", "change", "stop", "release"]
    note: Opinion


@router.post("/{task_id}:carry-on", operation_id="carry_task_on", summary="实施、调整、停止、发布", responses=REFUSED)
async def carry_task_on(task_id: UUID, form: CarryOnForm, desk: DeskDep) -> Receipt:
    """By the lead, past the gates of the rules for that step; everything missing is named at once."""
    command = CarryOn(desk.person, desk.now(), form.step, form.note)
    return await desk.tell(TASK, carry_on, command, stream=task_id, existing=True)
