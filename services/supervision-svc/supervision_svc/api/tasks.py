"""Tasks: the ledger, one task, reports and closing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import select

from chancery.events.parts import Code, Counted, Evidence, Key
from chancery.events.supervision import ExtensionAsked, Rhythm, TaskSource, UnitView
from chancery.refusal import not_found
from chancery.web import REFUSED, Day, DeskDep, Form, Opinion, Page, PagingDep, Receipt, Text, Whole, YesNo
from supervision_svc.projections.tables import LEDGER
from supervision_svc.task.clock import Extend, Resume, Suspend, extend, resume, suspend
from supervision_svc.task.close import Close, close
from supervision_svc.task.closing import cites_of, leads_exactly, unmet
from supervision_svc.task.report import Report, report
from supervision_svc.task.stage import stages_beside
from supervision_svc.task.state import TASK, Stage
from supervision_svc.views.lights import Light, light_of

router = APIRouter(prefix="/v1/tasks", tags=["tasks 督办"])


class ReportForm(Form):
    """``done`` is the lead's to say; ``provides`` names what the report brings of ``close_requires``."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "已印发并报备", "done": True, "provides": ["progress_feedback"]}]}
    )

    text: Text
    done: YesNo | None = None
    provides: Annotated[tuple[Code, ...], Field(max_length=20)] = ()


class ClosingForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "办结，予以销号"}]})

    note: Opinion


@router.post("/{task_id}:report", operation_id="report_task", summary="反馈 Tell how far it is", responses=REFUSED)
async def report_task(task_id: UUID, form: ReportForm, desk: DeskDep) -> Receipt:
    command = Report(desk.person, desk.now(), form.text, form.done, form.provides)
    return await desk.tell(TASK, report, command, stream=task_id, existing=True)


@router.post("/{task_id}:close", operation_id="close_task", summary="销号 Close a task", responses=REFUSED)
async def close_task(task_id: UUID, form: ClosingForm, desk: DeskDep) -> Receipt:
    """By the supervising unit, once the lead has reported it done."""
    command = Close(desk.person, desk.now(), form.note)
    return await desk.tell(TASK, close, command, stream=task_id, existing=True)


class SuspensionForm(Form):
    """Why the clock stands still (中止原因)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"cause": "等待上级批复"}]})

    cause: Annotated[str, Field(min_length=1, max_length=500)]


class ExtensionForm(Form):
    """To which day, or by how many of the clock's own unit, and why (延期). One of ``to`` and ``by``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "2022-03-31", "reason": "施工图需复核"}]})

    to: Day | None = None
    by: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    reason: Opinion

    @model_validator(mode="after")
    def one_of_the_two(self) -> "ExtensionForm":
        if (self.to is None) == (self.by is None):
            raise ValueError("say to or by")
        return self


@router.post("/{task_id}:suspend", operation_id="suspend_task", summary="中止 Suspend its clock", responses=REFUSED)
async def suspend_task(task_id: UUID, form: SuspensionForm, desk: DeskDep) -> Receipt:
    """By the supervising unit; from today on no day counts until it is resumed."""
    return await desk.tell(TASK, suspend, Suspend(desk.person, form.cause), stream=task_id, existing=True)


@router.post("/{task_id}:resume", operation_id="resume_task", summary="恢复 Resume its clock", responses=REFUSED)
async def resume_task(task_id: UUID, desk: DeskDep) -> Receipt:
    """By the supervising unit; today counts again."""
    return await desk.tell(TASK, resume, Resume(desk.person), stream=task_id, existing=True)


@router.post("/{task_id}:extend", operation_id="extend_task", summary="延期 Extend its clock", responses=REFUSED)
async def extend_task(task_id: UUID, form: ExtensionForm, desk: DeskDep) -> Receipt:
    """Before it is due, by whom the rules name or, failing that, the supervising unit; the old day is kept."""
    command = Extend(desk.person, form.to or form.by or 0, form.reason)
    return await desk.tell(TASK, extend, command, stream=task_id, existing=True)


class TaskView(BaseModel):
    """One task, with how its due moment was counted.

    ``light``: green, yellow near due, red overdue, done, none without a due moment. ``lacking`` is what closing still
    waits for; ``lacks_lead`` that the rules want exactly one lead and the source named none.
    """

    id: UUID
    version: int
    matter_id: UUID
    title: str
    text: str
    source: TaskSource
    supervisor: str | None
    lead: str | None
    cooperating: list[str]
    responsible: list[str]
    close_requires: list[str]
    provided: list[str]
    closes_on: str | None
    report_every: Rhythm | None
    due: Counted | None
    stage: Stage
    overdue: bool
    reported_done: bool
    joined: list[TaskSource]
    signed_at: datetime | None
    stages: list[str]
    passed: list[str]
    urged: int
    missed: int
    also_leads: list[str]
    supporting: list[str]
    contact: str | None
    report_due: date | None
    asked: ExtensionAsked | None
    views: list[UnitView]
    disputed: bool
    sent_up: bool
    evidence: list[Evidence]
    notices: int
    lacking: list[str]
    lacks_lead: bool
    light: Light
    clauses: list[str]


@router.get("/{task_id}", operation_id="get_task", summary="督办事项详情 One task")
async def get_task(task_id: UUID, desk: DeskDep) -> TaskView:
    seen = await desk.seen(TASK, task_id)
    desk.etag(seen.version)
    task, opened = seen.state, seen.state.opened
    if opened is None:
        raise not_found("task")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    due = rules.again(task.due) if task.due else None
    async with desk.query() as connection:
        asked = select(LEDGER.c.report_due_on).where(LEDGER.c.task_id == task_id)
        report_due = (await connection.execute(asked)).scalar_one_or_none()
    return TaskView(
        id=task_id,
        version=seen.version,
        matter_id=opened.matter_id,
        title=opened.title,
        text=opened.text,
        source=opened.source,
        supervisor=opened.supervisor,
        lead=opened.lead,
        cooperating=list(opened.cooperating),
        responsible=list(task.answers),
        close_requires=list(opened.close_requires),
        provided=sorted(task.provided),
        closes_on=opened.closes_on,
        report_every=opened.report_every,
        due=due,
        stage=task.stage,
        overdue=task.overdue,
        reported_done=task.reported_done,
        joined=list(task.joined),
        signed_at=task.signed_at,
        stages=[*opened.stages, *stages_beside(opened, rules)],
        passed=list(task.passed),
        urged=task.urged,
        missed=task.missed,
        also_leads=list(task.also_leads),
        supporting=list(task.supporting),
        contact=task.contact,
        report_due=report_due,
        asked=task.asked,
        views=list(task.views),
        disputed=task.disputed is not None,
        sent_up=task.sent_up is not None,
        evidence=list(task.evidence),
        notices=task.notices,
        lacking=[] if task.stage is Stage.CLOSED else [reason.subject or reason.code for reason in unmet(task, rules)],
        lacks_lead=opened.lead is None and leads_exactly(opened, rules),
        clauses=[cite.clause for cite in cites_of(opened, rules)],
        light=light_of(task.stage.value, due.due_on if due else None, due.due_at if due else None, desk.now(), rules),
    )


class TaskLine(BaseModel):
    id: UUID
    matter_id: UUID
    title: str
    source: str
    clauses: list[str]
    supervisor: str | None
    lead: str | None
    cooperating: list[str]
    opened_at: datetime
    due_on: date | None
    stage: str
    light: Light
    late: bool | None
    last_report: str | None
    closed_at: datetime | None


@router.get("", operation_id="list_tasks", summary="督办台账 The ledger of tasks")
async def list_tasks(
    desk: DeskDep,
    paging: PagingDep,
    lead: Key | None = None,
    supervisor: Key | None = None,
    matter: UUID | None = None,
    source: Code | None = None,
    stage: Literal["open", "closed"] | None = None,
    overdue: bool | None = None,
    late: bool | None = None,
    due_before: date | None = None,
) -> Page[TaskLine]:
    """Lights are computed from events, at the moment of asking; nobody is ranked."""
    query = select(LEDGER)
    for column, wanted in (
        (LEDGER.c.lead, lead),
        (LEDGER.c.supervisor, supervisor),
        (LEDGER.c.matter_id, matter),
        (LEDGER.c.source, source),
        (LEDGER.c.stage, stage),
        (LEDGER.c.overdue, overdue),
        (LEDGER.c.late, late),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if due_before is not None:
        query = query.where(LEDGER.c.due_on < due_before)
    rules, now = await desk.rules(), desk.now()

    def line(row: Mapping[str, Any]) -> TaskLine:
        return TaskLine(
            id=row["task_id"],
            matter_id=row["matter_id"],
            title=row["title"],
            source=row["source"],
            clauses=row["clauses"],
            supervisor=row["supervisor"],
            lead=row["lead"],
            cooperating=row["cooperating"],
            opened_at=row["opened_at"],
            due_on=row["due_on"],
            stage=row["stage"],
            light=light_of(row["stage"], row["due_on"], row["due_at"], now, rules),
            late=row["late"],
            last_report=row["last_report"],
            closed_at=row["closed_at"],
        )

    async with desk.query() as connection:
        return await paging.page(connection, query, [LEDGER.c.opened_at, LEDGER.c.task_id], line)
