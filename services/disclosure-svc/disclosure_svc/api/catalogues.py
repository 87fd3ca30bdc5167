"""The year's major decisions, and what each unit publishes of its own accord (年度决策目录、部门公开目录)."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from sqlalchemy import select

from chancery.events.openness import CatalogueLine
from chancery.events.parts import Code, Counted, Key, Name
from chancery.order import stream_of
from chancery.web import REFUSED, Day, DeskDep, Form, Opinion, Page, PagingDep, Receipt
from disclosure_svc.decision_year.state import YEAR
from disclosure_svc.decision_year.verbs import (
    AdoptCatalogue,
    ListDecision,
    PublishCatalogue,
    SetCatalogueDay,
    StrikeDecision,
    adopt_catalogue,
    list_decision,
    publish_catalogue,
    set_catalogue_day,
    strike_decision,
)
from disclosure_svc.projections.tables import OUTSIDE, UNIT_CATALOGUES
from disclosure_svc.unit_catalogue.state import UNIT_CATALOGUE
from disclosure_svc.unit_catalogue.verbs import IssueUnitCatalogue, issue_unit_catalogue

years = APIRouter(prefix="/v1/decision-catalogues", tags=["decision catalogues 年度决策目录"])
units = APIRouter(prefix="/v1/unit-catalogues", tags=["unit catalogues 部门公开目录"])
YearPath = Annotated[int, Path(ge=1900, le=2199)]
UnitPath = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9_.-]*$")]


class ItemForm(Form):
    """``item`` is None for a new one; ``reason`` once the catalogue is adopted."""

    title: Name
    unit: Key
    planned: Name | None = None
    item: UUID | None = None
    reason: Opinion | None = None


class StrikeForm(Form):
    item: UUID
    reason: Opinion


class DayForm(Form):
    due_on: Day


class AdoptForm(Form):
    """``reference`` is the decision the catalogue rests on, ``matter`` that of the decision, if there is one."""

    reference: Name
    matter: UUID | None = None


@years.post("/{year}:list", operation_id="list_major_decision", summary="列入目录 Put a matter in", responses=REFUSED)
async def put_in(year: YearPath, form: ItemForm, desk: DeskDep) -> Receipt:
    command = ListDecision(
        desk.person, year, form.item or desk.new_id(), form.title, form.unit, form.planned, form.reason
    )
    return await desk.tell(YEAR, list_decision, command, stream=_year(desk, year), matter=_year(desk, year))


@years.post(
    "/{year}:strike", operation_id="strike_major_decision", summary="移出目录 Take a matter out", responses=REFUSED
)
async def take_out(year: YearPath, form: StrikeForm, desk: DeskDep) -> Receipt:
    command = StrikeDecision(desk.person, year, form.item, form.reason)
    return await desk.tell(YEAR, strike_decision, command, stream=_year(desk, year), existing=True)


@years.post(
    "/{year}:set-day", operation_id="set_decision_catalogue_day", summary="定公布日期 Set the day", responses=REFUSED
)
async def set_day(year: YearPath, form: DayForm, desk: DeskDep) -> Receipt:
    """By when it has to be public: the rules want it yearly and name no day."""
    command = SetCatalogueDay(desk.person, year, form.due_on)
    return await desk.tell(YEAR, set_catalogue_day, command, stream=_year(desk, year), matter=_year(desk, year))


@years.post("/{year}:adopt", operation_id="adopt_decision_catalogue", summary="审定目录 Adopt", responses=REFUSED)
async def adopt(year: YearPath, form: AdoptForm, desk: DeskDep) -> Receipt:
    command = AdoptCatalogue(desk.person, year, form.matter or _year(desk, year), form.reference)
    return await desk.tell(YEAR, adopt_catalogue, command, stream=_year(desk, year), existing=True)


@years.post("/{year}:publish", operation_id="publish_decision_catalogue", summary="公布目录 Publish", responses=REFUSED)
async def publish(year: YearPath, desk: DeskDep) -> Receipt:
    command = PublishCatalogue(desk.person, year, desk.now())
    return await desk.tell(YEAR, publish_catalogue, command, stream=_year(desk, year), existing=True)


def _year(desk: DeskDep, year: int) -> UUID:
    return stream_of(desk.tenant, "decision_year", str(year))


class ItemView(BaseModel):
    id: UUID
    title: str
    unit: str
    planned: str | None


class YearView(BaseModel):
    year: int
    version: int
    items: list[ItemView]
    adopted_on: date | None
    reference: str | None
    published: bool
    due: Counted | None
    overdue: bool


@years.get("/{year}", operation_id="get_decision_catalogue", summary="年度目录 One year", responses=REFUSED)
async def get_decision_catalogue(year: YearPath, desk: DeskDep) -> YearView:
    seen = await desk.seen(YEAR, _year(desk, year))
    desk.etag(seen.version)
    state = seen.state
    return YearView(
        year=year,
        version=seen.version,
        items=[
            ItemView(id=id_, title=one.title, unit=one.unit, planned=one.planned) for id_, one in state.items.items()
        ],
        adopted_on=state.adopted and state.adopted.adopted_on,
        reference=state.adopted and state.adopted.reference,
        published=state.published is not None,
        due=state.due,
        overdue=state.overdue,
    )


class LineForm(Form):
    kind: Code
    title: Name
    basis: Name | None = None


class UnitCatalogueForm(Form):
    """Whole, each time: what is left out is in the catalogue no more."""

    lines: Annotated[tuple[LineForm, ...], Field(min_length=1, max_length=500)]


@units.post(
    "/{unit}:issue", operation_id="issue_unit_catalogue", summary="更新目录 Issue the next edition", responses=REFUSED
)
async def issue(unit: UnitPath, form: UnitCatalogueForm, desk: DeskDep) -> Receipt:
    lines = tuple(CatalogueLine(kind=one.kind, title=one.title, basis=one.basis) for one in form.lines)
    command = IssueUnitCatalogue(desk.person, unit, lines)
    stream = stream_of(desk.tenant, "unit_catalogue", unit)
    return await desk.tell(UNIT_CATALOGUE, issue_unit_catalogue, command, stream=stream, matter=stream)


class EditionView(BaseModel):
    unit: str
    edition: int
    lines: list[CatalogueLine]
    issued_on: date


@units.get("/{unit}", operation_id="list_unit_catalogue", summary="目录各版 Editions of a unit's catalogue")
async def list_unit_catalogue(unit: UnitPath, desk: DeskDep, paging: PagingDep) -> Page[EditionView]:
    """The latest first; earlier editions stay readable."""
    query = select(UNIT_CATALOGUES).where(UNIT_CATALOGUES.c.unit == unit)

    def line(row: Mapping[str, Any]) -> EditionView:
        return EditionView.model_validate(dict(row))

    async with desk.query() as connection:
        return await paging.page(connection, query, [UNIT_CATALOGUES.c.edition], line, descending=True)


class GapView(BaseModel):
    """Something published of a kind that the unit's catalogue has no line for."""

    unit: str
    entry_id: UUID
    kind: str
    title: str
    edition: int
    told: list[str]


@units.get("", operation_id="list_catalogue_gaps", summary="目录缺项 What catalogues lack")
async def list_catalogue_gaps(desk: DeskDep, paging: PagingDep, unit: Key | None = None) -> Page[GapView]:
    query = select(OUTSIDE) if unit is None else select(OUTSIDE).where(OUTSIDE.c.unit == unit)

    def line(row: Mapping[str, Any]) -> GapView:
        return GapView.model_validate(dict(row))

    async with desk.query() as connection:
        return await paging.page(connection, query, [OUTSIDE.c.unit, OUTSIDE.c.entry_id], line)
