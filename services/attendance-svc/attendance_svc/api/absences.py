"""Absences: announced, decided, taken back, ended by the return."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import func, select

from attendance_svc.absence.announce import announce
from attendance_svc.absence.call_for import CallFor, call_for
from attendance_svc.absence.change import Change, change
from attendance_svc.absence.excuse import ExcuseAbsence, excuse
from attendance_svc.absence.extend import Extend, extend
from attendance_svc.absence.overseas import Abroad, groups_of, kept
from attendance_svc.absence.refuse import RefuseLeave, refuse
from attendance_svc.absence.report_return import ReportReturn, report_return
from attendance_svc.absence.state import ABSENCE, Absence, Stage
from attendance_svc.absence.take_step import TakeStep, take_step
from attendance_svc.absence.way import half_days, row_of, way_of
from attendance_svc.absence.withdraw import Withdraw, withdraw
from attendance_svc.acting.start import Nobody, why_nobody
from attendance_svc.api.forms import (
    AbsenceExcuseForm,
    AbsenceForm,
    CallStepForm,
    ChangeForm,
    ExtensionForm,
    RefusalForm,
    ReturnForm,
    StepForm,
    WithdrawalForm,
)
from attendance_svc.api.in_time import free, keep, tell_in_time
from attendance_svc.projections.tables import ABSENCES
from attendance_svc.time_away.keep import KeepTime
from chancery.calendar import LOCAL
from chancery.events.attendance import AbsenceAnnounced, Brought
from chancery.events.parts import Counted, Key, StepDone
from chancery.refusal import not_found
from chancery.rules.rulebook import Rules
from chancery.rules.wording import Said
from chancery.web import REFUSED, DeskDep, Page, PagingDep, Receipt

router = APIRouter(prefix="/v1/absences", tags=["absences 外出"])
COUNTRY: Final = "country"


@router.post(
    "", status_code=201, operation_id="announce_absence", summary="提出外出 Announce an absence", responses=REFUSED
)
async def announce_absence(form: AbsenceForm, desk: DeskDep) -> Receipt:
    """Approved, reported, filed or not regulated: the rules say which. Where a report is enough it stands at once."""
    person = form.person or desk.person
    command = form.command(by=desk.person, at=desk.now(), person=person)
    absence = str(form.excused_as or desk.new_id())
    return await tell_in_time(desk, announce, command, KeepTime(person, absence, form.starts_at, form.ends_at))


@router.post(
    "/excuses",
    status_code=201,
    operation_id="excuse_absence_requirement",
    summary="同意例外 Excuse what is asked in principle",
    responses=REFUSED,
)
async def excuse_absence_requirement(form: AbsenceExcuseForm, desk: DeskDep) -> Receipt:
    """Before the absence is announced, by whom the row names. Announce it with ``excused_as``: the id given here."""
    command = ExcuseAbsence(by=desk.person, person_id=form.person, starts_on=form.starts_on, asked=form.asked())
    return await desk.tell(ABSENCE, excuse, command, stream=desk.new_id())


@router.post(
    "/{absence_id}:call-step",
    operation_id="call_absence_step",
    summary="视情启用环节 Call for a step",
    responses=REFUSED,
)
async def call_absence_step(absence_id: UUID, form: CallStepForm, desk: DeskDep) -> Receipt:
    """From then on it must be taken. By whom the step names, or whoever takes an open step now."""
    command = CallFor(desk.person, form.step, form.reason)
    return await desk.tell(ABSENCE, call_for, command, stream=absence_id, existing=True)


@router.post(
    "/{absence_id}:take-step",
    operation_id="take_absence_step",
    summary="批准或同意 Approve, consent, review",
    responses=REFUSED,
)
async def take_absence_step(absence_id: UUID, form: StepForm, desk: DeskDep) -> Receipt:
    """The step whose turn it is; nobody takes it in his own case. What concerns a body outside comes with its proof."""
    command = TakeStep(desk.person, form.opinion, form.proved())
    return await desk.tell(ABSENCE, take_step, command, stream=absence_id, existing=True)


@router.post("/{absence_id}:refuse", operation_id="refuse_leave", summary="不予同意 Refuse", responses=REFUSED)
async def refuse_leave(absence_id: UUID, form: RefusalForm, desk: DeskDep) -> Receipt:
    seen = (await desk.seen(ABSENCE, absence_id)).state
    command = RefuseLeave(desk.person, form.reason)
    receipt = await desk.tell(ABSENCE, refuse, command, stream=absence_id, existing=True)
    if seen.announced is not None and seen.extension is not None:
        await keep(desk, _time_of(seen, seen.announced))
    elif seen.announced is not None:
        await free(desk, seen.announced.person_id, str(absence_id))
    return receipt


@router.post("/{absence_id}:withdraw", operation_id="withdraw_absence", summary="取消外出 Withdraw", responses=REFUSED)
async def withdraw_absence(absence_id: UUID, form: WithdrawalForm, desk: DeskDep) -> Receipt:
    """Before it begins; afterwards the return is reported."""
    seen = (await desk.seen(ABSENCE, absence_id)).state
    command = Withdraw(desk.person, desk.now(), form.reason)
    receipt = await desk.tell(ABSENCE, withdraw, command, stream=absence_id, existing=True)
    if seen.announced is not None:
        await free(desk, seen.announced.person_id, str(absence_id))
    return receipt


@router.post("/{absence_id}:change", operation_id="change_absence", summary="变更外出 Change", responses=REFUSED)
async def change_absence(absence_id: UUID, form: ChangeForm, desk: DeskDep) -> Receipt:
    """Before it begins; what was approved is asked anew."""
    seen = (await desk.seen(ABSENCE, absence_id)).state
    if seen.announced is None:
        raise not_found("absence")
    before = _time_of(seen, seen.announced)
    command = Change(form.command(by=desk.person, at=desk.now(), person=before.person_id), form.because)
    wanted = replace(before, starts_at=form.starts_at, ends_at=form.ends_at)
    return await tell_in_time(desk, change, command, wanted, before=before)


@router.post("/{absence_id}:extend", operation_id="extend_absence", summary="续假 Stay longer", responses=REFUSED)
async def extend_absence(absence_id: UUID, form: ExtensionForm, desk: DeskDep) -> Receipt:
    """While away and before the planned end. Its steps are taken and refused like those of the absence."""
    seen = (await desk.seen(ABSENCE, absence_id)).state
    if seen.announced is None:
        raise not_found("absence")
    before = _time_of(seen, seen.announced)
    command = Extend(desk.person, desk.now(), form.ends_at, form.reason)
    return await tell_in_time(desk, extend, command, replace(before, ends_at=form.ends_at), before=before)


@router.post("/{absence_id}:report-return", operation_id="report_return", summary="销假 Report back", responses=REFUSED)
async def report_a_return(absence_id: UUID, form: ReturnForm, desk: DeskDep) -> Receipt:
    command = ReportReturn(desk.person, desk.now(), form.returned_at or desk.now())
    return await desk.tell(ABSENCE, report_return, command, stream=absence_id, existing=True)


def _time_of(absence: Absence, announced: AbsenceAnnounced) -> KeepTime:
    """The time an absence has, as it stands."""
    ends_at = absence.ends_at or announced.ends_at
    return KeepTime(announced.person_id, announced.absence_id, announced.starts_at, ends_at)


class OpenStepView(BaseModel):
    """A step whose turn it is, and who may take it; ``nobody`` says why nobody can."""

    do: str
    who: list[str]
    nobody: str | None = None


class ExtensionView(BaseModel):
    """A longer absence that was asked for and is not decided."""

    ends_at: datetime
    reason: str
    steps: list[StepDone]


class AbsenceView(BaseModel):
    """One absence. ``acting`` is who acts now for whoever is away; ``nobody_acts`` says why nobody does.

    ``half_days`` are the mornings and afternoons it touches. ``open_steps`` are those of the extension while one waits.
    """

    id: UUID
    version: int
    person: str
    post: str
    leaving: str
    cause: str
    destination: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    half_days: int
    mode: str
    clauses: list[str]
    urgent: bool
    organised_by_unit: bool
    form: str
    brings: list[Brought]
    stage: Stage
    steps: list[StepDone]
    open_steps: list[OpenStepView]
    extension: ExtensionView | None
    return_due: Counted | None
    returned_at: datetime | None
    overdue: bool
    acting: str | None
    nobody_acts: Nobody | None


class OverseasGroupView(BaseModel):
    destination: str
    first_on: date
    last_on: date
    people: list[str]


class OverseasLimit(BaseModel):
    """A row that counts; ``most`` None: it gives no number. ``over``: exceeded, or grown where it may not."""

    counts: str
    says: Said
    this_year: int
    last_year: int
    most: int | None
    over: bool
    clauses: list[str]


class Overseas(BaseModel):
    """The groups that left the country in a year, and how the rules look at their number and size."""

    year: int
    groups: list[OverseasGroupView]
    members: int
    limits: list[OverseasLimit]


@router.get("/overseas", operation_id="get_overseas_groups", summary="因公出国团组 Groups abroad in a year")
async def get_overseas_groups(desk: DeskDep, year: Annotated[int, Query(ge=2000, le=2100)]) -> Overseas:
    """Whoever leaves for one place on one day and comes back on one day is of one group."""
    rules = await desk.rules()
    first, after = (datetime.combine(date(on, 1, 1), time(), LOCAL) for on in (year - 1, year + 1))
    left = select(ABSENCES.c.person_id, ABSENCES.c.destination, ABSENCES.c.starts_at, ABSENCES.c.ends_at).where(
        ABSENCES.c.leaving == COUNTRY,
        ABSENCES.c.stage.in_((Stage.STANDS.value, Stage.RETURNED.value)),
        ABSENCES.c.starts_at >= first,
        ABSENCES.c.starts_at < after,
    )
    async with desk.query() as connection:
        abroad = [Abroad(*row) for row in (await connection.execute(left)).all()]
    groups = groups_of(year, abroad)
    return Overseas(
        year=year,
        groups=[
            OverseasGroupView(
                destination=one.destination, first_on=one.first_on, last_on=one.last_on, people=list(one.people)
            )
            for one in groups
        ],
        members=sum(len(one.people) for one in groups),
        limits=[
            OverseasLimit(
                counts=one.counts,
                says=Said(zh=rules.titled(one.counts, "zh"), en=rules.titled(one.counts, "en")),
                this_year=one.this_year,
                last_year=one.last_year,
                most=one.most,
                over=one.over,
                clauses=[cite.clause for cite in one.cites],
            )
            for one in kept(rules, year, abroad)
        ],
    )


@router.get("/{absence_id}", operation_id="get_absence", summary="外出详情 One absence")
async def get_absence(absence_id: UUID, desk: DeskDep) -> AbsenceView:
    seen = await desk.seen(ABSENCE, absence_id)
    desk.etag(seen.version)
    announced = seen.state.announced
    if announced is None:
        raise not_found("absence")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    acting = rules.roster.acting(announced.post, desk.now(), principal=announced.person_id)
    away = rules.roster.absences.get(announced.absence_id)
    return AbsenceView(
        id=absence_id,
        version=seen.version,
        person=announced.person_id,
        post=announced.post,
        leaving=announced.leaving,
        cause=announced.cause,
        destination=announced.destination,
        reason=announced.reason,
        starts_at=announced.starts_at,
        ends_at=seen.state.ends_at or announced.ends_at,
        half_days=half_days(announced.starts_at, seen.state.ends_at or announced.ends_at),
        mode=announced.mode,
        clauses=[cite.clause for cite in row_of(rules, announced).citations],
        urgent=announced.urgent,
        organised_by_unit=announced.organised_by_unit,
        form=announced.form,
        brings=list(announced.brings),
        stage=seen.state.stage,
        steps=list(seen.state.steps),
        open_steps=_open_steps(rules, announced, seen.state),
        extension=_extension(seen.state),
        return_due=seen.state.return_due,
        returned_at=seen.state.returned_at,
        overdue=seen.state.overdue,
        acting=acting.actor if acting else None,
        nobody_acts=why_nobody(rules, away, desk.now()) if away else None,
    )


def _extension(absence: Absence) -> ExtensionView | None:
    found = absence.extension
    if found is None:
        return None
    return ExtensionView(ends_at=found.asked.ends_at, reason=found.asked.reason, steps=list(found.steps))


def _open_steps(rules: Rules, announced: AbsenceAnnounced, absence: Absence) -> list[OpenStepView]:
    if absence.stage not in (Stage.ANNOUNCED, Stage.STANDS):
        return []
    wanted = absence.extension
    if wanted is not None:
        way = way_of(rules, announced, wanted.steps, row_of(rules, wanted.asked).first)
    else:
        way = way_of(rules, announced, absence.steps, row_of(rules, announced).first, absence.called)
    return [
        OpenStepView(do=one.step.do, who=[str(holder.person) for holder in one.left], nobody=one.waits_for_nobody)
        for one in (way.state.open if way else ())
    ]


class AbsenceLine(BaseModel):
    """One line of the ledger. ``wants_until``: a longer absence is asked for and waits."""

    id: UUID
    person: str
    post: str
    leaving: str
    cause: str
    destination: str
    reason: str
    urgent: bool
    organised_by_unit: bool
    starts_at: datetime
    ends_at: datetime
    half_days: int
    wants_until: datetime | None
    mode: str
    clauses: list[str]
    stage: str
    return_due_on: date | None
    overdue: bool
    returned_at: datetime | None


@router.get("", operation_id="list_absences", summary="请销假台账 The ledger of absences")
async def list_absences(
    desk: DeskDep,
    paging: PagingDep,
    person: Key | None = None,
    stage: Stage | None = None,
    overdue: bool | None = None,
    away_at: Annotated[AwareDatetime | None, Query(description="who is away at this moment 该时刻在外的人")] = None,
) -> Page[AbsenceLine]:
    query = select(ABSENCES)
    if person is not None:
        query = query.where(ABSENCES.c.person_id == person)
    if stage is not None:
        query = query.where(ABSENCES.c.stage == stage.value)
    if overdue is not None:
        query = query.where(ABSENCES.c.overdue == overdue)
    if away_at is not None:
        query = query.where(
            ABSENCES.c.starts_at <= away_at,
            func.coalesce(ABSENCES.c.returned_at, ABSENCES.c.ends_at) > away_at,
            ABSENCES.c.stage.in_((Stage.STANDS.value, Stage.RETURNED.value)),
        )
    async with desk.query() as connection:
        return await paging.page(connection, query, [ABSENCES.c.starts_at, ABSENCES.c.absence_id], _line)


def _line(row: Mapping[str, Any]) -> AbsenceLine:
    return AbsenceLine(
        id=row["absence_id"],
        person=row["person_id"],
        post=row["post"],
        leaving=row["leaving"],
        cause=row["cause"],
        destination=row["destination"],
        reason=row["reason"],
        urgent=row["urgent"],
        organised_by_unit=row["organised_by_unit"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        half_days=row["half_days"],
        wants_until=row["wants_until"],
        mode=row["mode"],
        clauses=row["clauses"],
        stage=row["stage"],
        return_due_on=row["return_due_on"],
        overdue=row["overdue"],
        returned_at=row["returned_at"],
    )
