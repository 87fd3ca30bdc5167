"""Recurring work on record and what is owed of it; government information; work handed over."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from chancery.calendar import local_day, local_moment
from chancery.events.parts import Code, Key, Name
from chancery.events.planning import PlanEntry
from chancery.order import stream_of
from chancery.refusal import not_found
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.tables import CAPS, PLAN, PlanRule
from chancery.web import REFUSED, Day, DeskDep, Form, Opinion, Receipt, Text
from supervision_svc.handover.hand_over import HANDOVER, HandOver, hand_over
from supervision_svc.information.tell import COUNTED, INFORMATION, Note, Submit, answer, submit, use
from supervision_svc.plan.file import FilePlan, Line, file_plan
from supervision_svc.plan.period import days_of, period_of, unit_of
from supervision_svc.plan.state import PLAN_THING
from supervision_svc.projections.tables import INFORMATION as TOLD
from supervision_svc.projections.tables import LEDGER
from supervision_svc.projections.tables import PLAN as ON_RECORD

router = APIRouter(prefix="/v1", tags=["plans 计划与信息"])
Period = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}(-(Q[1-4]|H[12]|0[1-9]|1[0-2]))?$")]
"""A year, a half-year, a quarter or a month: 2026, 2026-H1, 2026-Q2, 2026-04."""


class LineForm(Form):
    """``fields`` are those the row wants, by the pack's words; ``item`` the line of the year's plan it belongs to."""

    title: Name
    fields: Annotated[dict[Code, Annotated[str, Field(max_length=2_000)]], Field(max_length=30, default_factory=dict)]
    item: Name | None = None
    lead: Key | None = None
    cooperating: Annotated[tuple[Key, ...], Field(max_length=100)] = ()
    responsible: Annotated[tuple[Key, ...], Field(max_length=20)] = ()
    due_on: Day | None = None


class PlanForm(Form):
    """``holder``: the unit or person whose it is, None: the government's. ``as_tasks``: the source of its tasks."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"period": "2026", "entries": [{"title": "旧改", "fields": {"measure": "户数", "value": "300"}}]}
            ]
        }
    )

    period: Period
    holder: Key | None = None
    entries: Annotated[tuple[LineForm, ...], Field(min_length=1, max_length=500)]
    as_tasks: Code | None = None


@router.put("/plans/{artefact}", operation_id="file_plan", summary="报送计划 File a plan", responses=REFUSED)
async def file_plan_of(artefact: Code, form: PlanForm, desk: DeskDep) -> Receipt:
    """For one period, or anew. What a line lacks is marked; complete lines become tasks where ``as_tasks`` says so."""
    key = f"{artefact}/{form.period}/{form.holder or ''}"
    lines = tuple(
        Line(
            title=one.title,
            fields=tuple(one.fields.items()),
            item=one.item,
            lead=one.lead,
            cooperating=one.cooperating,
            responsible=one.responsible,
            due_on=one.due_on,
        )
        for one in form.entries
    )
    command = FilePlan(desk.person, desk.now(), artefact, form.period, form.holder, lines, form.as_tasks)
    return await desk.tell(PLAN_THING, file_plan, command, stream=stream_of(desk.tenant, "plan", key))


class Owed(BaseModel):
    """One piece of recurring work of one holder for one period.

    ``state``: missing, draft, filed. ``due_on`` is the period's last day, ``owed`` that it passed without it.
    ``lacking`` are wanted fields by line; ``items_without`` lines of the year's plan for which the period has none.
    """

    artefact: str
    period: str
    holder: str | None
    says: str
    state: str
    due_on: date
    owed: bool
    lacking: dict[str, list[str]]
    beyond: list[str]
    items_without: list[str]
    entries: list[PlanEntry]
    clauses: list[str]


@router.get("/plans", operation_id="list_plans_owed", summary="定期工作 What is owed", responses=REFUSED)
async def list_plans_owed(
    desk: DeskDep, period: Period | None = None, artefact: Code | None = None, of: Code | None = None
) -> list[Owed]:
    """Every piece of recurring work the rules know, for a period (now, where none is named), of everybody who owes it.

    ``of`` names the plan of the year whose lines a stage's goals belong to.
    """
    rules, now = await desk.rules(), desk.now()
    async with desk.query() as connection:
        rows = (await connection.execute(select(ON_RECORD))).mappings().all()
    there = {(row["artefact"], row["period"], row["holder"]): dict(row) for row in rows}
    found: list[Owed] = []
    for row in rules.pack.rows(PLAN):
        rule = row.outcome
        wanted = period or period_of(local_day(now), rule.rhythm.unit)
        if (artefact is not None and rule.artefact != artefact) or wanted is None:
            continue
        if unit_of(wanted) != rule.rhythm.unit:
            continue
        items = _items(there, of, wanted)
        holders = _holders(rule, rules)
        named = {key[2] for key in there if key[:2] == (rule.artefact, wanted)}
        others = sorted(one for one in named if one is not None and one not in holders)
        for holder in (*(holders if named - {None} or len(holders) > 1 else (None,)), *others):
            record = there.get((rule.artefact, wanted, holder))
            found.append(_owed(rule, row.clauses, wanted, holder, record, items, rules, now))
    return found


def _items(there: dict[Any, Any], of: str | None, period: str) -> list[str]:
    if of is None:
        return []
    of_year = [row for key, row in there.items() if key[0] == of and key[1] == period[:4]]
    return [entry["title"] for row in of_year for entry in row["entries"] if not entry["missing"]]


def _holders(rule: PlanRule, rules: Rules) -> tuple[str | None, ...]:
    """Each person whom the row names owes his own; a unit that drafts for the government owes the government's."""
    if rule.drafted_by is None or rule.drafted_by.how == "unit":
        return (None,)
    return tuple(sorted(rules.who(rule.drafted_by, Case(), acting="never").people())) or (None,)


def _owed(
    rule: PlanRule,
    clauses: tuple[str, ...],
    period: str,
    holder: str | None,
    record: dict[str, Any] | None,
    items: list[str],
    rules: Rules,
    now: datetime,
) -> Owed:
    entries = [PlanEntry.model_validate(entry) for entry in record["entries"]] if record else []
    state = "missing" if record is None else "draft" if record["draft"] else "filed"
    covered = {entry.item for entry in entries if not entry.missing}
    _, last = days_of(period)
    return Owed(
        artefact=rule.artefact,
        period=period,
        holder=holder,
        says=rules.titled(rule.artefact),
        state=state,
        due_on=last,
        owed=state != "filed" and local_day(now) > last,
        lacking={entry.title: list(entry.missing) for entry in entries if entry.missing},
        beyond=[entry.title for entry in entries if entry.beyond],
        items_without=[item for item in items if item not in covered],
        entries=entries,
        clauses=list(clauses),
    )


# -- government information -----------------------------------------------------------


class InformationForm(Form):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"unit": "finance_bureau", "kind": "briefing", "title": "一季度收支", "text": "收支平衡。"}]
        }
    )

    unit: Key
    kind: Code
    title: Name
    text: Text


@router.post("/information", operation_id="submit_information", summary="报送信息", status_code=201, responses=REFUSED)
async def submit_information(form: InformationForm, desk: DeskDep) -> Receipt:
    """By somebody of the unit."""
    information = desk.new_id()
    command = Submit(desk.person, desk.now(), form.unit, form.kind, form.title, form.text)
    return await desk.tell(INFORMATION, submit, command, stream=information, matter=information)


class NoteForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "《每日要情》第12期"}]})

    text: Name


@router.post("/information/{information_id}:use", operation_id="use_information", summary="采用", responses=REFUSED)
async def use_information(information_id: UUID, form: NoteForm, desk: DeskDep) -> Receipt:
    """Where it was used; by another unit than the one that told it."""
    command = Note(desk.person, desk.now(), form.text)
    return await desk.tell(INFORMATION, use, command, stream=information_id, existing=True)


@router.post(
    "/information/{information_id}:answer", operation_id="answer_information", summary="信息反馈", responses=REFUSED
)
async def answer_information(information_id: UUID, form: NoteForm, desk: DeskDep) -> Receipt:
    """What its unit hears of it."""
    command = Note(desk.person, desk.now(), form.text)
    return await desk.tell(INFORMATION, answer, command, stream=information_id, existing=True)


class InformationCounts(BaseModel):
    """How much one unit told in a period, by kind; units that told nothing are named with nought. Nobody is ranked."""

    unit: str
    says: str
    all: int
    used: int
    answered: int
    kinds: dict[str, int]
    clauses: list[str]


@router.get("/information/counts", operation_id="count_information", summary="信息报送情况 By unit", responses=REFUSED)
async def count_information(desk: DeskDep, period: Period) -> list[InformationCounts]:
    """Of a month, a quarter, a half-year or a year, every department and every other unit that told something."""
    rules = await desk.rules()
    first, last = days_of(period)
    began, ended = local_moment(first, _MIDNIGHT), local_moment(date.fromordinal(last.toordinal() + 1), _MIDNIGHT)
    query = (
        select(TOLD.c.unit, TOLD.c.kind, func.count(), func.count(TOLD.c.used), func.count(TOLD.c.answer))
        .where(TOLD.c.submitted_at >= began, TOLD.c.submitted_at < ended)
        .group_by(TOLD.c.unit, TOLD.c.kind)
        .order_by(TOLD.c.unit, TOLD.c.kind)
    )
    async with desk.query() as connection:
        rows = (await connection.execute(query)).all()
    told = {unit for unit, *_ in rows}
    units = sorted(told | {unit for unit, one in rules.roster.units.items() if one.kind == "department"})
    clauses = list(rules.ask(CAPS, what=COUNTED).citations)
    return [
        InformationCounts(
            unit=unit,
            says=rules.titled(unit),
            all=sum(row[2] for row in rows if row[0] == unit),
            used=sum(row[3] for row in rows if row[0] == unit),
            answered=sum(row[4] for row in rows if row[0] == unit),
            kinds={row[1]: row[2] for row in rows if row[0] == unit},
            clauses=[cite.clause for cite in clauses],
        )
        for unit in units
    ]


_MIDNIGHT = time()


# -- work handed over ---------------------------------------------------------------------


class HandoverForm(Form):
    """Without ``tasks``: every open task for which the giver answers."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"giver": "shi", "receiver": "cao", "note": "分工调整，逐件交接"}]}
    )

    giver: Key
    receiver: Key
    tasks: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()
    note: Opinion


@router.post("/handovers", operation_id="hand_work_over", summary="工作交接", status_code=201, responses=REFUSED)
async def hand_work_over(form: HandoverForm, desk: DeskDep) -> Receipt:
    """By the giver, or by somebody of the receiver's unit; the tasks name the receiver by themselves."""
    answers = LEDGER.c.responsible.op("@>")(cast([form.giver], JSONB))
    query = select(LEDGER.c.task_id).where(LEDGER.c.stage == "open", answers).order_by(LEDGER.c.task_id)
    async with desk.query() as connection:
        his = [row[0] for row in (await connection.execute(query)).all()]
    chosen = tuple(task for task in his if not form.tasks or task in form.tasks)
    if any(task not in his for task in form.tasks):
        raise not_found("task")
    handover = desk.new_id()
    command = HandOver(desk.person, desk.now(), form.giver, form.receiver, chosen, form.note)
    return await desk.tell(HANDOVER, hand_over, command, stream=handover, matter=handover)
