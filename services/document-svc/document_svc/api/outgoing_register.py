"""The register of what goes out as people filter and print it; where a document is, and whose move it is."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel

from chancery.calendar import local_day
from chancery.office import csv, xlsx
from chancery.office.table import Table
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.wording import Said
from chancery.web import REFUSED, DeskDep, Page, PagingDep, WebDesk
from chancery.web.files import attachment, file_of
from document_svc.api.heard import heard_of
from document_svc.document.hands import office
from document_svc.document.state import DOCUMENT, Stage
from document_svc.document.way import walk_of
from document_svc.projections.tables import DOCUMENTS
from document_svc.views.outgoing import MOST, Asked, Chosen, asked_of, columns_of, table_of, values_of

router = APIRouter(prefix="/v1", tags=["outgoing 发文"])
AskedDep = Annotated[Asked, Depends(asked_of)]


class OutgoingColumn(BaseModel):
    key: str
    says: Said


class OutgoingPage(Page[dict[str, Any]]):
    """Some of the register, with the columns that were chosen, in their order."""

    columns: list[OutgoingColumn]


class Move(BaseModel):
    """Something to be done now: what, and by whom; ``unit`` where anybody of it may do it."""

    do: str
    people: list[str]
    names: list[str]
    unit: str | None = None
    waits_for: str | None = None


class Whereabouts(BaseModel):
    """Where a document is, and whose move it is (到了哪里、该谁办)."""

    document_id: UUID
    stage: str
    number: str | None
    due_on: date | None
    moves: list[Move]


@router.get("/outgoing", operation_id="list_outgoing", summary="发文登记簿 The register", responses=REFUSED)
async def list_outgoing(desk: DeskDep, paging: PagingDep, asked: AskedDep, column: Chosen = []) -> OutgoingPage:  # noqa: B006
    """Newest first: where each is and whose move it is. The export has the same columns."""
    columns = columns_of(column)
    async with desk.query() as connection:
        order = [DOCUMENTS.c.drafted_at, DOCUMENTS.c.document_id]
        found = await paging.page(connection, asked.query(), order, _as_it_is, descending=True)
    rows = [await in_words(desk, row) for row in found.items]
    said = [OutgoingColumn(key=one.key, says=Said(zh=one.zh, en=one.en)) for one in columns]
    chosen = [{one.key: row[one.key] for one in columns} for row in rows]
    return OutgoingPage(items=chosen, next=found.next, columns=said)


@router.get(
    "/outgoing.{sheet}",
    operation_id="export_outgoing",
    summary="导出发文登记簿 Export the register",
    response_class=Response,
    responses=file_of(xlsx.MEDIA_TYPE, csv.MEDIA_TYPE),
)
async def export_outgoing(
    desk: DeskDep,
    sheet: Literal["xlsx", "csv"],
    asked: AskedDep,
    column: Chosen = [],  # noqa: B006
) -> Response:
    """As XLSX or CSV: all that was looked for, in exactly the columns chosen; nothing is left out silently."""
    return await the_outgoing_sheet(desk, sheet, asked, column)


async def the_outgoing_sheet(desk: WebDesk, sheet: Literal["xlsx", "csv"], asked: Asked, column: list[str]) -> Response:
    columns, now = columns_of(column), desk.now()
    query = asked.query().order_by(DOCUMENTS.c.drafted_at.desc(), DOCUMENTS.c.document_id.desc()).limit(MOST + 1)
    async with desk.query() as connection:
        rows = [dict(row) for row in (await connection.execute(query)).mappings().all()]
    if len(rows) > MOST:
        raise Refused(Reason("too_much_for_one_file", params={"most": MOST}))
    table = table_of(columns, [await in_words(desk, row) for row in rows])
    content = await asyncio.to_thread(_sheet, sheet, table, now)
    kind = xlsx.MEDIA_TYPE if sheet == "xlsx" else csv.MEDIA_TYPE
    return attachment(content, kind, f"发文登记簿-{local_day(now):%Y%m%d}.{sheet}")


@router.get("/documents/{document_id}/whereabouts", summary="Where it is and whose move it is 办理进度")
async def get_document_whereabouts(document_id: UUID, desk: DeskDep) -> Whereabouts:
    """The steps of the signing line that are open now, and who may take them; after it, what the office does next."""
    seen = await desk.seen(DOCUMENT, document_id)
    document = seen.state
    if document.draft is None:
        raise not_found("document")
    return Whereabouts(
        document_id=document_id,
        stage=document.stage,
        number=document.number.number if document.number else None,
        due_on=document.due.due_on if document.due else None,
        moves=await _moves(desk, document_id),
    )


def _sheet(sheet: str, table: Table, now: datetime) -> bytes:
    return xlsx.write(table, made_at=now) if sheet == "xlsx" else csv.write(table)


def _as_it_is(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row)


async def in_words(desk: WebDesk, row: Mapping[str, Any]) -> dict[str, Any]:
    """Only what is under way is looked at for whose move it is."""
    under_way = row["stage"] in (Stage.DRAFTED, Stage.SIGNED)
    moves = await _moves(desk, row["document_id"]) if under_way else []
    rules = await desk.rules(to_read=True)
    said = "；".join(
        f"{'、'.join(move.names) or rules.titled(move.unit) or '—'}（{ACTS.get(move.do, move.do)}）" for move in moves
    )
    return values_of(rules, row, said)


ACTS = {
    "review": "审核", "recheck": "复核", "consult": "征求意见", "consent": "同意", "countersign": "会签",
    "approve": "审批", "sign_off": "审签", "sign": "签发", "report": "报告", "file": "备案", "notify": "告知",
    "request": "报请", "register": "登记", "handle": "办理", "propose": "拟办", "number": "编号",
    "issue": "印发", "draft": "拟稿", "receipt": "签收",
}  # fmt: skip


async def _moves(desk: WebDesk, document_id: UUID) -> list[Move]:
    seen = await desk.seen(DOCUMENT, document_id)
    document, draft = seen.state, seen.state.draft
    if draft is None:
        return []
    rules = await desk.rules(pack=seen.pack, to_read=True)
    units = [one.name for one in office(rules) if one.how == "unit" and one.name]
    if document.stage is Stage.SIGNED:
        do = "number" if document.number is None else "issue"
        return [Move(do=do, people=[], names=[], unit=unit) for unit in units] or [Move(do=do, people=[], names=[])]
    if document.stage is Stage.ISSUED and document.printing is not None:
        signed = {one.name for one in document.received}
        left = [one for one in document.printing.entries if one.name not in signed]
        return [Move(do="receipt", people=[], names=[one.name], unit=one.unit) for one in left]
    if document.stage is not Stage.DRAFTED:
        return []
    if document.text is None:
        return [Move(do="draft", people=[], names=[], unit=draft.lead_unit)]
    heard = await heard_of(desk, draft.matter_id)
    try:
        _, walk = walk_of(rules, document, draft, heard.facts, heard.claims)
    except Refused:
        return []
    return [
        Move(
            do=one.step.do,
            people=[str(left.person) for left in one.left],
            names=[rules.roster.name(str(left.person)) for left in one.left],
            waits_for=one.waits_for_nobody,
        )
        for one in walk.state.open
    ]
