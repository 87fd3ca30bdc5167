"""The ledger as people read, filter, count and print it; and one page for each unit."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.events.parts import Key
from chancery.office import csv, docx, pdf, xlsx
from chancery.office.fonts import folders_of
from chancery.office.paper import Paper
from chancery.office.table import Table
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.rules.wording import Said
from chancery.web import REFUSED, DeskDep, Page, PagingDep, WebDesk
from chancery.web.files import attachment, file_of
from chancery.web.running import running_of
from supervision_svc.projections.tables import LEDGER
from supervision_svc.views.ledger import (
    MOST,
    Asked,
    Chosen,
    asked_of,
    columns_of,
    counts_query,
    helps,
    table_of,
    values_of,
)
from supervision_svc.views.sheet import sheet_of

router = APIRouter(prefix="/v1", tags=["ledger 督办台账"])
AskedDep = Annotated[Asked, Depends(asked_of)]
MOST_ON_A_PAGE = 500


class LedgerColumn(BaseModel):
    key: str
    says: Said


class LedgerPage(Page[dict[str, Any]]):
    """Some of the ledger, with the columns that were chosen, in their order."""

    columns: list[LedgerColumn]


class Counts(BaseModel):
    """How many: by light, and of the open ones those that are silent or not signed for."""

    all: int
    red: int
    yellow: int
    green: int
    none: int
    done: int
    closed_late: int
    silent: int
    unsigned: int


NOTHING = Counts(all=0, red=0, yellow=0, green=0, none=0, done=0, closed_late=0, silent=0, unsigned=0)


class UnitCounts(BaseModel):
    """Of one lead unit; ``unit`` None are the tasks that nobody leads."""

    unit: str | None
    says: Said | None
    counts: Counts


@router.get("/ledger", operation_id="get_task_ledger", summary="督办台账 The ledger", responses=REFUSED)
async def get_task_ledger(desk: DeskDep, paging: PagingDep, asked: AskedDep, column: Chosen = []) -> LedgerPage:  # noqa: B006
    """Every task that was looked for, as people read it. The export gives exactly these columns and rows."""
    columns = columns_of(column)
    rules, now = await desk.rules(), desk.now()

    def chosen(row: Mapping[str, Any]) -> dict[str, Any]:
        values = values_of(rules, row, now)
        return {one.key: values[one.key] for one in columns}

    async with desk.query() as connection:
        order = [LEDGER.c.opened_at, LEDGER.c.task_id]
        found = await paging.page(connection, asked.query(now, rules), order, chosen)
    said = [LedgerColumn(key=one.key, says=Said(zh=one.zh, en=one.en)) for one in columns]
    return LedgerPage(items=found.items, next=found.next, columns=said)


@router.get(
    "/ledger.{sheet}",
    operation_id="export_task_ledger",
    summary="导出台账 Export the ledger",
    response_class=Response,
    responses=file_of(xlsx.MEDIA_TYPE, csv.MEDIA_TYPE),
)
async def export_task_ledger(
    desk: DeskDep,
    sheet: Literal["xlsx", "csv"],
    asked: AskedDep,
    column: Chosen = [],  # noqa: B006
) -> Response:
    """As XLSX or CSV: all that was looked for, in exactly the columns chosen; nothing is left out silently."""
    columns = columns_of(column)
    rules, now = await desk.rules(), desk.now()
    query = asked.query(now, rules).order_by(LEDGER.c.opened_at, LEDGER.c.task_id).limit(MOST + 1)
    async with desk.query() as connection:
        rows = (await connection.execute(query)).mappings().all()
    if len(rows) > MOST:
        raise Refused(Reason("too_much_for_one_file", params={"most": MOST}))
    table = table_of(rules, columns, [dict(row) for row in rows], now)
    content = await asyncio.to_thread(_sheet, sheet, table, desk)
    kind = xlsx.MEDIA_TYPE if sheet == "xlsx" else csv.MEDIA_TYPE
    return attachment(content, kind, f"督办台账-{local_day(now):%Y%m%d}.{sheet}")


def _sheet(sheet: str, table: Table, desk: WebDesk) -> bytes:
    return xlsx.write(table, made_at=desk.now()) if sheet == "xlsx" else csv.write(table)


@router.get("/ledger/counts", operation_id="count_tasks", summary="督办统计 Counts by unit", responses=REFUSED)
async def count_tasks(desk: DeskDep, asked: AskedDep) -> list[UnitCounts]:
    """Counted from what happened, at the moment of asking, for each lead unit in the order of ids; nobody is ranked."""
    rules = await desk.rules()
    async with desk.query() as connection:
        rows = (await connection.execute(counts_query(asked, desk.now(), rules))).mappings().all()
    return [
        UnitCounts(
            unit=row["unit"] or None,
            says=_said(rules, row["unit"]) if row["unit"] else None,
            counts=Counts.model_validate(dict(row)),
        )
        for row in rows
    ]


class UnitPage(BaseModel):
    """What one unit has to do. ``left_off`` says how many open tasks beyond those shown there are."""

    unit: str
    says: Said
    counts: Counts
    leads: list[dict[str, Any]]
    helps: list[dict[str, Any]]
    left_off: int


@router.get("/units/{unit}/tasks", operation_id="get_unit_tasks", summary="单位督办页 A unit's page", responses=REFUSED)
async def get_unit_tasks(unit: Key, desk: DeskDep) -> UnitPage:
    """Open tasks that it leads, and those with which it helps, soonest due first; counts are of those it leads."""
    rules, now = await desk.rules(), desk.now()
    counts, leads, helping, left_off = await _of_unit(desk, unit, rules)
    return UnitPage(
        unit=unit,
        says=_said(rules, unit),
        counts=counts,
        leads=[values_of(rules, row, now) for row in leads],
        helps=[values_of(rules, row, now) for row in helping],
        left_off=left_off,
    )


@router.get(
    "/units/{unit}/tasks.{form}",
    operation_id="print_unit_tasks",
    summary="打印单位督办单 Print a unit's page",
    response_class=Response,
    responses=file_of(pdf.MEDIA_TYPE, docx.MEDIA_TYPE),
)
async def print_unit_tasks(unit: Key, form: Literal["pdf", "docx"], desk: DeskDep, request: Request) -> Response:
    """The same as PDF or DOCX. A character no font has is refused by name."""
    rules, now = await desk.rules(), desk.now()
    counts, leads, helping, left_off = await _of_unit(desk, unit, rules)
    if left_off:
        raise Refused(Reason("too_much_for_one_file", params={"most": MOST_ON_A_PAGE}))
    running = running_of(request)
    government = running.room.shelf.government(desk.tenant)
    issuer = government.zh if government else desk.tenant
    paper = sheet_of(unit, counts.model_dump(), leads, helping, rules, now, issuer)
    if form == "pdf":
        content = await asyncio.to_thread(pdf.write, paper, folders_of(running.settings.fonts))
        return attachment(content, pdf.MEDIA_TYPE, f"{paper.title}.pdf")
    return attachment(await asyncio.to_thread(_docx, paper), docx.MEDIA_TYPE, f"{paper.title}.docx")


def _docx(paper: Paper) -> bytes:
    return docx.write(paper)


async def _of_unit(
    desk: WebDesk, unit: str, rules: Rules
) -> tuple[Counts, list[dict[str, Any]], list[dict[str, Any]], int]:
    if unit not in rules.roster.units:
        raise not_found("unit")
    open_ = select(LEDGER).where(LEDGER.c.stage == "open")
    order = (LEDGER.c.due_at.asc().nulls_last(), LEDGER.c.opened_at, LEDGER.c.task_id)
    found: list[list[dict[str, Any]]] = []
    async with desk.query() as connection:
        counted = (await connection.execute(counts_query(Asked(lead=unit), desk.now(), rules))).mappings().first()
        for whose in (LEDGER.c.lead == unit, helps(unit)):
            rows = await connection.execute(open_.where(whose).order_by(*order))
            found.append([dict(row) for row in rows.mappings().all()])
    counts = Counts.model_validate(dict(counted)) if counted else NOTHING
    left_off = sum(max(0, len(rows) - MOST_ON_A_PAGE) for rows in found)
    return counts, found[0][:MOST_ON_A_PAGE], found[1][:MOST_ON_A_PAGE], left_off


def _said(rules: Rules, unit: str) -> Said:
    return Said(zh=rules.titled(unit), en=rules.titled(unit, "en"))
