"""Matters and the evidence on their files."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.events.parts import Code, Key
from chancery.refusal import not_found
from chancery.rules.rulebook import Rules
from chancery.rules.setting_aside import proved
from chancery.rules.wording import Said
from chancery.web import REFUSED, DeskDep, Moment, Page, PagingDep, Receipt
from meeting_svc.api.forms import ChoiceForm, EvidenceForm, ExceptionForm, ExcuseForm, MatterForm, ReaderForm
from meeting_svc.api.views import CompetenceView, CompetentBody, MatterLine, MatterView
from meeting_svc.competence import Competence, competence_of
from meeting_svc.facts import case_of
from meeting_svc.matter.choose_body import ChooseBody, choose_body
from meeting_svc.matter.claim import ClaimException, claim
from meeting_svc.matter.excuse import ExcuseRequirement, excuse
from meeting_svc.matter.file_evidence import FileEvidence
from meeting_svc.matter.file_evidence import file_evidence as put_on_file
from meeting_svc.matter.open_matter import OpenMatter
from meeting_svc.matter.open_matter import open_matter as open_matter_file
from meeting_svc.matter.readers import NameReader, StrikeReader, name_reader, strike_reader
from meeting_svc.matter.state import MATTER
from meeting_svc.projections.tables import MATTERS
from meeting_svc.seeing import kept_from, looked_at

router = APIRouter(prefix="/v1/matters", tags=["matters 事项"])


@router.post("", status_code=201, summary="Open a matter's file 立卷", responses=REFUSED)
async def open_matter(form: MatterForm, desk: DeskDep) -> Receipt:
    """Say what the matter is, once; agenda items and documents refer to it."""
    command = OpenMatter(by=desk.person, at=desk.now(), facts=form.facts())
    return await desk.tell(MATTER, open_matter_file, command, stream=desk.new_id())


@router.post(
    "/{matter_id}/evidence",
    status_code=201,
    summary="File evidence on a matter 材料归卷",
    responses=REFUSED,
)
async def file_evidence(matter_id: UUID, form: EvidenceForm, desk: DeskDep) -> Receipt:
    """Only by the unit that gives it: the one the gates name, or the filer's own."""
    command = FileEvidence(by=desk.person, evidence=form.to_evidence(local_day(desk.now())))
    return await desk.tell(MATTER, put_on_file, command, stream=matter_id, existing=True)


@router.post("/{matter_id}:excuse", summary="Excuse what is asked in principle 同意例外", responses=REFUSED)
async def excuse_requirement(matter_id: UUID, form: ExcuseForm, desk: DeskDep) -> Receipt:
    """Only by whom the row names, with the reason; what must be is never excused. A refusal says what may be."""
    command = ExcuseRequirement(by=desk.person, asked=form.asked(), body=form.body)
    return await desk.tell(MATTER, excuse, command, stream=matter_id, existing=True)


@router.post("/{matter_id}:claim-exception", summary="Claim an exception 说明例外情形", responses=REFUSED)
async def claim_exception(matter_id: UUID, form: ExceptionForm, desk: DeskDep) -> Receipt:
    """Rows that name the exception ask nothing of the matter any more, once they have what they need for it."""
    command = ClaimException(by=desk.person, asked=form.asked())
    return await desk.tell(MATTER, claim, command, stream=matter_id, existing=True)


@router.post("/{matter_id}:choose-body", summary="Choose the body that decides 确定上会", responses=REFUSED)
async def choose_matter_body(matter_id: UUID, form: ChoiceForm, desk: DeskDep) -> Receipt:
    """Where the rules let several bodies decide: by whom they name. Chosen anew, the last choice counts."""
    command = ChooseBody(by=desk.person, body=form.body, reason=form.reason)
    return await desk.tell(MATTER, choose_body, command, stream=matter_id, existing=True)


@router.post("/{matter_id}:name-reader", summary="Name a reader 指定知悉人", responses=REFUSED)
async def name_matter_reader(matter_id: UUID, form: ReaderForm, desk: DeskDep) -> Receipt:
    """Of a matter that is not for everybody's eyes, by whoever opened its file, or the office."""
    command = NameReader(by=desk.person, person=form.person)
    return await desk.tell(MATTER, name_reader, command, stream=matter_id, existing=True)


@router.post("/{matter_id}:strike-reader", summary="Strike a reader off 取消知悉", responses=REFUSED)
async def strike_matter_reader(matter_id: UUID, form: ReaderForm, desk: DeskDep) -> Receipt:
    command = StrikeReader(by=desk.person, person=form.person)
    return await desk.tell(MATTER, strike_reader, command, stream=matter_id, existing=True)


@router.get("/{matter_id}/competence", summary="Which bodies may or must decide 议事权限")
async def get_matter_competence(matter_id: UUID, desk: DeskDep) -> CompetenceView:
    """By the rules of the matter's case. No line: the rules name no body for it."""
    seen = await desk.seen(MATTER, matter_id)
    matter = seen.state
    if matter.facts is None:
        raise not_found("matter")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    found = competence_of(rules, matter.facts, proved(matter.claims, matter.evidence))
    case = case_of(matter.facts, raiser=matter.opened_by)
    return CompetenceView(
        chosen=matter.chosen,
        choosers=sorted({who for one in found.choosers for who in rules.who(one, case, "choose").people()}),
        bodies=[_body_line(rules, found, body) for body in found.bodies],
    )


def _body_line(rules: Rules, found: Competence, body: str) -> CompetentBody:
    row = rules.body(body)
    return CompetentBody(
        body=body,
        says=Said(zh=rules.titled(body, "zh"), en=rules.titled(body, "en")),
        must=any(hit.outcome.body == body for hit in found.binding),
        decides=row.decides if row is not None else True,
        clauses=[cite.clause for cite in found.resting(body).citations],
    )


@router.get("/{matter_id}", summary="One matter 事项详情")
async def get_matter(matter_id: UUID, desk: DeskDep) -> MatterView:
    seen = await desk.seen(MATTER, matter_id)
    desk.etag(seen.version)
    matter = seen.state
    if matter.facts is None:
        raise not_found("matter")
    await looked_at(desk, await desk.rules(pack=seen.pack, to_read=True), matter)
    return MatterView(
        id=matter_id,
        version=seen.version,
        facts=matter.facts,
        opened_by=matter.opened_by or "",
        evidence=list(matter.evidence),
        excuses=list(matter.excuses),
        claims=list(matter.claims),
        chosen=matter.chosen,
        readers=sorted(matter.readers),
    )


@router.get("", summary="Matters, latest last 事项列表")
async def list_matters(
    desk: DeskDep,
    paging: PagingDep,
    title: Annotated[str | None, Query(max_length=200)] = None,
    kind: Code | None = None,
    unit: Key | None = None,
    opened_from: Moment | None = None,
    opened_to: Moment | None = None,
) -> Page[MatterLine]:
    """``title`` finds a part of it; ``unit`` is the lead unit. What is not for the caller's eyes is left out."""
    query = select(MATTERS)
    hidden = await kept_from(desk)
    if hidden:
        query = query.where(MATTERS.c.matter_id.not_in(hidden))
    if title:
        query = query.where(MATTERS.c.title.contains(title, autoescape=True))
    for column, wanted in ((MATTERS.c.kind, kind), (MATTERS.c.lead_unit, unit)):
        if wanted is not None:
            query = query.where(column == wanted)
    if opened_from is not None:
        query = query.where(MATTERS.c.opened_at >= opened_from)
    if opened_to is not None:
        query = query.where(MATTERS.c.opened_at <= opened_to)
    async with desk.query() as connection:
        return await paging.page(connection, query, [MATTERS.c.opened_at, MATTERS.c.matter_id], _line)


def _line(row: Mapping[str, Any]) -> MatterLine:
    return MatterLine(
        id=row["matter_id"],
        title=row["title"],
        kind=row["kind"],
        lead_unit=row["lead_unit"],
        opened_by=row["opened_by"],
        opened_at=row["opened_at"],
    )
