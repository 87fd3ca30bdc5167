"""The public site: server-rendered pages, Chinese first with English, and JSON beside them. No token."""

import re
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from chancery.refusal import Refused, not_found
from chancery.rules.governments import Government
from chancery.web import REFUSED, Page, PagingDep
from chancery.web.running import Running, running_of
from disclosure_svc.public.entries import PublicEntry, found, one
from disclosure_svc.public.looks import page

router = APIRouter(prefix="/public", tags=["public 公开"])
SITE = "/public"
TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
Words = Annotated[
    str, Query(max_length=200, pattern="^[^\\x00]*$", description="标题、文号、索引号 title, number, index")
]


def _government(running: Running, tenant: str) -> Government | None:
    return running.room.shelf.government(tenant) if TENANT.fullmatch(tenant) else None


@router.get(
    "/{tenant}/entries",
    operation_id="list_public_entries",
    summary="公开目录（数据） The public catalogue as data",
    responses=REFUSED,
)
async def list_public_entries(tenant: str, request: Request, paging: PagingDep, q: Words = "") -> Page[PublicEntry]:
    """Published entries, the latest first; no token is needed."""
    running = running_of(request)
    if _government(running, tenant) is None:
        raise not_found("government")
    return await found(running, tenant, q, paging)


@router.get(
    "/{tenant}/entries/{entry_id}",
    operation_id="get_public_entry",
    summary="公开条目（数据） One published entry as data",
    responses=REFUSED,
)
async def get_public_entry(tenant: str, entry_id: UUID, request: Request) -> PublicEntry:
    """No token is needed; what is not published is not there."""
    running = running_of(request)
    entry = await one(running, tenant, entry_id) if _government(running, tenant) else None
    if entry is None:
        raise not_found("catalogue_entry")
    return entry


@router.get("", response_class=HTMLResponse, include_in_schema=False)
async def public_governments(request: Request) -> HTMLResponse:
    """Governments by name; a pattern of rehearsals is none."""
    governments = [one for one in running_of(request).room.shelf.governments if "*" not in one.id]
    return page("governments.html", governments=governments, home=SITE, zh="", en="")


@router.get("/{tenant}", response_class=HTMLResponse, include_in_schema=False)
async def public_catalogue(tenant: str, request: Request, paging: PagingDep, q: str = "") -> HTMLResponse:
    """The list and its search. Whatever a reader types is looked for, cut to a sensible length."""
    running = running_of(request)
    government = _government(running, tenant)
    if government is None:
        return _missing(SITE)
    home, words = f"{SITE}/{tenant}", q.replace("\x00", "").strip()[:200]
    asked = {"q": words} if words else {}
    first = f"{home}?{urlencode(asked)}" if asked else home
    try:
        entries = await found(running, tenant, words, paging)
    except Refused:
        return _missing(home, government)
    return page(
        "catalogue.html",
        zh=government.zh,
        en=government.en,
        home=home,
        q=words,
        entries=entries.items,
        first=first if paging.cursor else None,
        next=f"{home}?{urlencode({**asked, 'cursor': entries.next})}" if entries.next else None,
    )


@router.get("/{tenant}/{entry}", response_class=HTMLResponse, include_in_schema=False)
async def public_entry(tenant: str, entry: str, request: Request) -> HTMLResponse:
    running = running_of(request)
    government = _government(running, tenant)
    if government is None:
        return _missing(SITE)
    home = f"{SITE}/{tenant}"
    try:
        known = await one(running, tenant, UUID(entry))
    except ValueError:
        known = None
    if known is None:
        return _missing(home, government)
    return page("entry.html", zh=government.zh, en=government.en, home=home, entry=known)


def _missing(home: str, government: Government | None = None) -> HTMLResponse:
    zh, en = (government.zh, government.en) if government else ("", "")
    return page("missing.html", status=404, zh=zh, en=en, home=home)
