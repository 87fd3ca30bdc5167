"""How much goes out: by unit, against last year, and against the rule before the act (发文数量与篇幅)."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Integer, and_, case, cast, func, select

from chancery.calendar import local_day
from chancery.events.document import DocumentDrafted
from chancery.events.parts import Key
from chancery.refusal import Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.web import DeskDep, WebDesk
from document_svc.api.files import FilesDep
from document_svc.document.state import DOCUMENT, Document
from document_svc.document.volume import Compared, Measure, Tally, compared, governments_name, measured
from document_svc.files import FileStore
from document_svc.intake.readers import read
from document_svc.projections.tables import BULLETIN_ISSUES, DOCUMENTS

router = APIRouter(prefix="/v1", tags=["volume 发文控制"])
Year = Annotated[int, Query(ge=1949, le=2999)]


class VolumeRow(BaseModel):
    """One rule on volume: what it counts, with and without this document, last year, and whether it is exceeded."""

    row: str
    counts: str
    per: str
    period: str
    relative_to: str
    most: float | None
    now: float
    with_this: float
    last_year: float
    over: bool
    on_exceed: str
    clauses: list[str]


class DocumentVolume(BaseModel):
    """What issuing this document would make of the figures (印发前提示). ``pages`` None: its text is not readable."""

    document_id: UUID
    pages: int | None
    characters: int | None
    rules: list[VolumeRow]


class UnitVolume(BaseModel):
    """A unit's year beside the year before it, to the same day (同期): documents, pages, bulletins."""

    unit: str
    title: str
    documents: int
    documents_last_year: int
    in_own_name: int
    in_own_name_last_year: int
    pages: int
    pages_last_year: int
    bulletins: int
    bulletins_last_year: int


class VolumeView(BaseModel):
    """A year's volume by unit, compared with the same days of the year before."""

    year: int
    until: date
    units: list[UnitVolume]


@router.get("/documents/{document_id}/volume", summary="What issuing it makes of the figures 印发前的数量篇幅提示")
async def get_document_volume(document_id: UUID, desk: DeskDep, files: FilesDep) -> DocumentVolume:
    """Before the act: this year's figures with this document, last year's, and each row that speaks of it."""
    seen = await desk.seen(DOCUMENT, document_id)
    draft = seen.state.draft
    if draft is None:
        raise not_found("document")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    measure = await measure_of(desk, files, seen.state)
    found = await volume_of(desk, rules, draft, measure)
    return DocumentVolume(
        document_id=document_id,
        pages=measure.pages,
        characters=measure.characters,
        rules=[_row(one) for one in found],
    )


@router.get("/document-volume", summary="A year's documents, pages and bulletins by unit 发文数量统计")
async def get_volume(desk: DeskDep, year: Year, unit: Key | None = None) -> VolumeView:
    """To today, or the whole year where it is over; the year before to the same day. No ranking: by the unit's id."""
    rules = await desk.rules(to_read=True)
    until = min(local_day(desk.now()), date(year, 12, 31))
    this = await _tallies(desk, rules, date(year, 1, 1), until, unit)
    before = await _tallies(desk, rules, date(year - 1, 1, 1), _a_year_before(until), unit)
    return VolumeView(
        year=year,
        until=until,
        units=[
            _unit(one, rules.titled(one, desk.language), this.get(one, Tally()), before.get(one, Tally()))
            for one in sorted({*this, *before})
        ],
    )


async def measure_of(desk: WebDesk, files: FileStore, document: Document) -> Measure:
    """How long its text is."""
    if document.text is None:
        return Measure()
    content = await asyncio.to_thread(files.read, desk.tenant, document.text.sha256)

    def of_the_bytes() -> Measure:
        try:
            sheet = read(content or b"")
        except Refused:
            return Measure()
        return measured(sheet.text, sheet.pages)

    return await asyncio.to_thread(of_the_bytes)


async def volume_of(desk: WebDesk, rules: Rules, draft: DocumentDrafted, measure: Measure) -> list[Compared]:
    """The rows on volume held against this year's and last year's figures."""
    today = local_day(desk.now())
    begin = date(today.year, 1, 1)
    last = (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    now = await _both(desk, rules, draft, begin, today)
    return compared(rules, draft, measure, now, await _both(desk, rules, draft, *last))


async def _both(desk: WebDesk, rules: Rules, draft: DocumentDrafted, since: date, until: date) -> dict[str, Tally]:
    by_unit = await _tallies(desk, rules, since, until, None, draft.nature)
    every = Tally(
        *(
            sum(getattr(one, name) for one in by_unit.values())
            for name in ("documents", "in_own_name", "pages", "measured", "bulletins", "of_nature")
        )
    )
    return {"unit": by_unit.get(draft.lead_unit, Tally()), "government": every}


async def _tallies(
    desk: WebDesk, rules: Rules, since: date, until: date, unit: str | None, nature: str | None = None
) -> dict[str, Tally]:
    d, b = DOCUMENTS.c, BULLETIN_ISSUES.c
    own = governments_name(rules)
    documents = (
        select(
            d.lead_unit.label("unit"),
            func.count().label("documents"),
            func.sum(case((d.in_name_of == (own or ""), 1), else_=0)).label("in_name"),
            func.sum(func.coalesce(d.pages, 0)).label("pages"),
            func.sum(case((d.pages.is_not(None), 1), else_=0)).label("measured"),
            func.sum(case((and_(d.nature.is_not(None), d.nature == (nature or "")), 1), else_=0)).label("of_nature"),
        )
        .where(d.issued_on.between(since, until))
        .group_by(d.lead_unit)
    )
    bulletins = (
        select(b.unit.label("unit"), cast(func.count(), Integer).label("bulletins"))
        .where(b.sent_on.between(since, until))
        .group_by(b.unit)
    )
    if unit is not None:
        documents, bulletins = documents.where(d.lead_unit == unit), bulletins.where(b.unit == unit)
    async with desk.query() as connection:
        issued: list[Mapping[str, Any]] = [dict(row) for row in (await connection.execute(documents)).mappings()]
        sent = {row["unit"]: row["bulletins"] for row in (await connection.execute(bulletins)).mappings()}
    found = {
        row["unit"]: Tally(
            row["documents"],
            row["in_name"],
            row["pages"],
            row["measured"],
            sent.pop(row["unit"], 0),
            row["of_nature"],
        )
        for row in issued
    }
    return found | {one: Tally(bulletins=count) for one, count in sent.items()}


def _a_year_before(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def _unit(unit: str, title: str, this: Tally, before: Tally) -> UnitVolume:
    return UnitVolume(
        unit=unit,
        title=title,
        documents=this.documents,
        documents_last_year=before.documents,
        in_own_name=this.in_own_name,
        in_own_name_last_year=before.in_own_name,
        pages=this.pages,
        pages_last_year=before.pages,
        bulletins=this.bulletins,
        bulletins_last_year=before.bulletins,
    )


def _row(one: Compared) -> VolumeRow:
    cap = one.hit.outcome
    return VolumeRow(
        row=one.hit.row,
        counts=one.counts,
        per=cap.per,
        period=cap.period,
        relative_to=cap.relative_to,
        most=cap.max,
        now=one.now,
        with_this=one.with_this,
        last_year=one.last_year,
        over=one.over,
        on_exceed=cap.on_exceed,
        clauses=[cite.clause for cite in one.hit.cites],
    )
