"""Server-rendered pages of the public catalogue, Chinese first with English, and JSON beside them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape
from pydantic import BaseModel
from sqlalchemy import or_, select

from chancery.names import TenantId
from chancery.refusal import not_found
from chancery.web.running import Running, running_of
from disclosure_svc.projections.tables import CATALOGUE

router = APIRouter(prefix="/public", tags=["public 公开"])
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(default=True, default_for_string=True),
    trim_blocks=True,
    lstrip_blocks=True,
)
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "Cache-Control": "public, max-age=60",
}
MOST = 100


class PublicEntry(BaseModel):
    """One published entry."""

    id: UUID
    index_number: str
    title: str
    number: str
    kind: str
    issuer: str
    issued_on: str
    published_on: str
    interpretation: str | None


async def _found(running: Running, tenant: str, words: str) -> Sequence[Mapping[str, Any]]:
    query = select(CATALOGUE).where(CATALOGUE.c.stage == "published")
    for word in words.split()[:8]:
        query = query.where(
            or_(
                CATALOGUE.c.title.contains(word, autoescape=True),
                CATALOGUE.c.number.contains(word, autoescape=True),
                CATALOGUE.c.index_number.contains(word, autoescape=True),
            )
        )
    order = (CATALOGUE.c.published_at.desc(), CATALOGUE.c.entry_id)
    async with running.kernel.query(TenantId(tenant)) as connection:
        return (await connection.execute(query.order_by(*order).limit(MOST))).mappings().all()  # pyright: ignore[reportReturnType]


def _view(running: Running, tenant: str, row: Mapping[str, Any]) -> PublicEntry:
    packs = running.room.shelf
    pack = packs.in_force(tenant, row["issued_on"])
    return PublicEntry(
        id=row["entry_id"],
        index_number=row["index_number"] or "",
        title=row["title"],
        number=row["number"],
        kind=pack.titled(row["kind"], "zh"),
        issuer=pack.titled(row["issuer"], "zh"),
        issued_on=row["issued_on"].isoformat(),
        published_on=row["published_on"].isoformat(),
        interpretation=row["interpretation"],
    )


def _name(running: Running, tenant: str) -> tuple[str, str]:
    government = running.room.shelf.government(tenant)
    if government is None:
        raise not_found("government")
    return government.zh, government.en


Words = Annotated[
    str, Query(max_length=200, pattern="^[^\\x00]*$", description="标题、文号、索引号 title, number, index")
]


@router.get(
    "/{tenant}/entries", operation_id="list_public_entries", summary="公开目录（数据） The public catalogue as data"
)
async def list_public_entries(tenant: str, request: Request, q: Words = "") -> list[PublicEntry]:
    running = running_of(request)
    _name(running, tenant)
    return [_view(running, tenant, row) for row in await _found(running, tenant, q)]


@router.get("/{tenant}", response_class=HTMLResponse, include_in_schema=False)
async def public_catalogue(tenant: str, request: Request, q: Words = "") -> HTMLResponse:
    running = running_of(request)
    zh, en = _name(running, tenant)
    entries = [_view(running, tenant, row) for row in await _found(running, tenant, q)]
    page = PAGES.get_template("catalogue.html").render(tenant=tenant, zh=zh, en=en, entries=entries, q=q)
    return HTMLResponse(page, headers=SAFE)


@router.get("/{tenant}/{entry_id}", response_class=HTMLResponse, include_in_schema=False)
async def public_entry(tenant: str, entry_id: UUID, request: Request) -> HTMLResponse:
    running = running_of(request)
    zh, en = _name(running, tenant)
    query = select(CATALOGUE).where(CATALOGUE.c.entry_id == entry_id, CATALOGUE.c.stage == "published")
    async with running.kernel.query(TenantId(tenant)) as connection:
        row = (await connection.execute(query)).mappings().first()
    if row is None:
        raise not_found("catalogue_entry")
    entry = _view(running, tenant, dict(row))
    page = PAGES.get_template("entry.html").render(tenant=tenant, zh=zh, en=en, entry=entry)
    return HTMLResponse(page, headers=SAFE)
