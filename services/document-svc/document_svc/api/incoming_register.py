"""The register of what came in as people filter and print it; and the four boxes of each person."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, func, or_, select

from chancery.calendar import local_day
from chancery.events.parts import Key
from chancery.office import csv, xlsx
from chancery.office.table import Table
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.rules.wording import Said
from chancery.web import REFUSED, DeskDep, Page, PagingDep, WebDesk
from chancery.web.files import attachment, file_of
from document_svc.document.hands import registrar
from document_svc.projections.incoming_tables import INCOMING, TODOS
from document_svc.views.incoming import MOST, Asked, Chosen, asked_of, columns_of, table_of, values_of

router = APIRouter(prefix="/v1", tags=["incoming 收文"])
AskedDep = Annotated[Asked, Depends(asked_of)]
Box = Literal["to_do", "done", "to_read", "read"]
BOXES: tuple[Box, ...] = ("to_do", "done", "to_read", "read")


class RegisterColumn(BaseModel):
    key: str
    says: Said


class RegisterPage(Page[dict[str, Any]]):
    """Some of the register, with the columns that were chosen, in their order."""

    columns: list[RegisterColumn]


@router.get("/incoming", operation_id="list_incoming", summary="收文登记簿 The register", responses=REFUSED)
async def list_incoming(desk: DeskDep, paging: PagingDep, asked: AskedDep, column: Chosen = []) -> RegisterPage:  # noqa: B006
    """Newest first, as people read it: where each is, whose move it is, by when. The export has the same columns."""
    columns = columns_of(column)
    rules, now = await desk.rules(), desk.now()

    def chosen(row: Mapping[str, Any]) -> dict[str, Any]:
        values = values_of(rules, row, now)
        return {one.key: values[one.key] for one in columns}

    async with desk.query() as connection:
        order = [INCOMING.c.received_at, INCOMING.c.incoming_id]
        found = await paging.page(connection, asked.query(), order, chosen, descending=True)
    said = [RegisterColumn(key=one.key, says=Said(zh=one.zh, en=one.en)) for one in columns]
    return RegisterPage(items=found.items, next=found.next, columns=said)


@router.get(
    "/incoming.{sheet}",
    operation_id="export_incoming",
    summary="导出收文登记簿 Export the register",
    response_class=Response,
    responses=file_of(xlsx.MEDIA_TYPE, csv.MEDIA_TYPE),
)
async def export_incoming(
    desk: DeskDep,
    sheet: Literal["xlsx", "csv"],
    asked: AskedDep,
    column: Chosen = [],  # noqa: B006
) -> Response:
    """As XLSX or CSV: all that was looked for, in exactly the columns chosen; nothing is left out silently."""
    return await the_sheet(desk, sheet, asked, column)


async def the_sheet(desk: WebDesk, sheet: Literal["xlsx", "csv"], asked: Asked, column: list[str]) -> Response:
    columns = columns_of(column)
    rules, now = await desk.rules(), desk.now()
    query = asked.query().order_by(INCOMING.c.received_at.desc(), INCOMING.c.incoming_id.desc()).limit(MOST + 1)
    async with desk.query() as connection:
        rows = (await connection.execute(query)).mappings().all()
    if len(rows) > MOST:
        raise Refused(Reason("too_much_for_one_file", params={"most": MOST}))
    table = table_of(rules, columns, [dict(row) for row in rows], now)
    content = await asyncio.to_thread(_sheet, sheet, table, now)
    kind = xlsx.MEDIA_TYPE if sheet == "xlsx" else csv.MEDIA_TYPE
    return attachment(content, kind, f"收文登记簿-{local_day(now):%Y%m%d}.{sheet}")


def _sheet(sheet: str, table: Table, now: datetime) -> bytes:
    return xlsx.write(table, made_at=now) if sheet == "xlsx" else csv.write(table)


class TodoLine(BaseModel):
    """An entry of one of the four boxes (待办、已办、待阅、已阅). ``unit``: anybody of it may take it up."""

    id: UUID
    incoming_id: UUID
    title: str
    what: str
    box: Box
    person: str | None
    unit: str | None
    entered_at: datetime
    due_at: datetime | None
    overdue: bool
    ended_at: datetime | None


class BoxCounts(BaseModel):
    """How many lie in each box of one person."""

    to_do: int
    done: int
    to_read: int
    read: int


def in_box(box: Box, person: str, rules: Rules) -> ColumnElement[bool]:
    """Whose an entry is: his own, that of a unit he works in, or what he did or read."""
    of = TODOS.c
    if box in ("done", "read"):
        return and_(of.ended_by == person, of.how == box)
    units = [unit for unit in rules.roster.units if rules.works_in(person, unit)]
    return and_(of.ended_at.is_(None), of.box == box, or_(of.person == person, of.unit.in_(units)))


@router.get("/todos", operation_id="list_todos", summary="待办已办待阅已阅 The four boxes", responses=REFUSED)
async def list_todos(desk: DeskDep, paging: PagingDep, box: Box = "to_do", person: Key | None = None) -> Page[TodoLine]:
    """One's own, or, for the office, somebody else's; in order of entry."""
    rules, now = await desk.rules(), desk.now()
    whose = await _whose(desk, person, rules)
    query = select(TODOS).where(in_box(box, whose, rules))

    def line(row: Mapping[str, Any]) -> TodoLine:
        return todo_line(row, box, now)

    async with desk.query() as connection:
        return await paging.page(connection, query, [TODOS.c.entered_at, TODOS.c.todo_id], line)


def todo_line(row: Mapping[str, Any], box: Box, now: datetime) -> TodoLine:
    due = row["due_at"]
    return TodoLine(
        id=row["todo_id"],
        incoming_id=row["incoming_id"],
        title=row["title"],
        what=row["what"],
        box=box,
        person=row["person"],
        unit=row["unit"],
        entered_at=row["entered_at"],
        due_at=due,
        overdue=due is not None and row["ended_at"] is None and due <= now,
        ended_at=row["ended_at"],
    )


@router.get("/todos/counts", operation_id="count_todos", summary="四类事项数 How many in each box", responses=REFUSED)
async def count_todos(desk: DeskDep, person: Key | None = None) -> BoxCounts:
    rules = await desk.rules()
    whose = await _whose(desk, person, rules)
    return await counts_of(desk, whose, rules)


async def counts_of(desk: WebDesk, person: str, rules: Rules) -> BoxCounts:
    counts = select(*(func.count().filter(in_box(box, person, rules)).label(box) for box in BOXES)).select_from(TODOS)
    async with desk.query() as connection:
        row = (await connection.execute(counts)).mappings().one()
    return BoxCounts.model_validate(dict(row))


async def _whose(desk: WebDesk, person: str | None, rules: Rules) -> str:
    """Whose boxes: one's own; those of others only the office looks into.

    Raises:
        Refused: (forbidden) another's, and not the office asks.
    """
    if person is None or person == desk.person:
        return desk.person
    registrar(rules, desk.person)
    return person
