"""The public site: server-rendered pages, Chinese first with English, and data beside them. No token, no script."""

import base64
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from chancery.refusal import Refused, not_found
from chancery.rules.governments import Government
from chancery.web import REFUSED, Page, PagingDep
from chancery.web.running import Running, running_of
from disclosure_svc.public import feeds
from disclosure_svc.public.entries import (
    PublicEntry,
    Sought,
    Tombstone,
    Validity,
    addresses,
    choices,
    found,
    latest,
    one,
    words_of,
)
from disclosure_svc.public.looks import SAFE, page
from disclosure_svc.settings import SiteSettings

router = APIRouter(prefix="/public", tags=["public 公开"])
root = APIRouter(include_in_schema=False)
SITE = "/public"
TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
NO_NUL = "^[^\\x00]*$"
Words = Annotated[str, Query(max_length=200, pattern=NO_NUL, description="标题、正文、关键词 title, text, key words")]
Number = Annotated[str, Query(max_length=100, pattern=NO_NUL, description="文号或索引号 document or index number")]
Word = Annotated[str, Query(max_length=200, pattern=NO_NUL)]
Year = Annotated[int | None, Query(ge=1900, le=2199, description="公开年份 year of publication")]
XML = "application/xml"
WORDS = (
    ("q", 200),
    ("number", 100),
    ("kind", 64),
    ("issuer", 64),
    ("theme", 200),
)


@lru_cache(1)
def _settings() -> SiteSettings:
    return SiteSettings()


def _site(request: Request) -> str:
    return _settings().public_site or str(request.base_url).rstrip("/")


def government_of(running: Running, tenant: str) -> Government | None:
    return running.room.shelf.government(tenant) if TENANT.fullmatch(tenant) else None


def _known(request: Request, tenant: str) -> tuple[Running, Government]:
    running = running_of(request)
    government = government_of(running, tenant)
    if government is None:
        raise not_found("government")
    return running, government


# -- data --------------------------------------------------------------------------------------


@router.get(
    "/{tenant}/entries",
    operation_id="list_public_entries",
    summary="公开目录（数据） The public catalogue as data",
    responses=REFUSED,
)
async def list_public_entries(
    tenant: str,
    request: Request,
    paging: PagingDep,
    q: Words = "",
    number: Number = "",
    kind: Word = "",
    issuer: Word = "",
    theme: Word = "",
    validity: Validity | None = None,
    year: Year = None,
) -> Page[PublicEntry]:
    """Published entries, the latest first; no token is needed."""
    running, _ = _known(request, tenant)
    return await found(running, tenant, Sought(q, number, kind, issuer, theme, validity or "", year), paging)


@router.get(
    "/{tenant}/entries/{entry_id}",
    operation_id="get_public_entry",
    summary="公开条目（数据） One published entry as data",
    responses={**REFUSED, 410: {"model": Tombstone, "description": "Withdrawn 已撤回"}},
)
async def get_public_entry(
    tenant: str, entry_id: UUID, request: Request, response: Response
) -> PublicEntry | Tombstone:
    """No token is needed; what is not published is not there, what was withdrawn says why (410)."""
    running, _ = _known(request, tenant)
    entry = await one(running, tenant, entry_id)
    if entry is None:
        raise not_found("catalogue_entry")
    if isinstance(entry, Tombstone):
        response.status_code = 410
    return entry


@router.get("/{tenant}/atom.xml", include_in_schema=False)
async def public_atom(tenant: str, request: Request) -> Response:
    running, government = _known(request, tenant)
    entries, gone = await latest(running, tenant, feeds.MOST_IN_FEED)
    return _kept(feeds.atom(_site(request), government, tenant, entries, gone), "application/atom+xml")


@router.get("/{tenant}/sitemap.xml", include_in_schema=False)
async def public_site_map(tenant: str, request: Request) -> Response:
    running, _ = _known(request, tenant)
    pages = await addresses(running, tenant, feeds.MOST_IN_MAP)
    return _kept(feeds.site_map(_site(request), tenant, pages), XML)


@router.get("/{tenant}/catalogue.json", include_in_schema=False)
async def public_dcat(tenant: str, request: Request, paging: PagingDep) -> Response:
    """DCAT as JSON-LD, page by page."""
    running, government = _known(request, tenant)
    entries = await found(running, tenant, Sought(), paging)
    site = _site(request)
    after = f"{site}{SITE}/{tenant}/catalogue.json?{urlencode({'cursor': entries.next})}" if entries.next else None
    told = feeds.dcat(site, government, tenant, entries.items, after)
    return JSONResponse(told, media_type="application/ld+json", headers=_caching())


@router.get("/{tenant}/{entry_id}/text", include_in_schema=False)
async def public_text(tenant: str, entry_id: UUID, request: Request) -> Response:
    """The text as a file, with its hash; the same bytes as are shown on the page."""
    running, _ = _known(request, tenant)
    text = await words_of(running, tenant, entry_id)
    entry = await one(running, tenant, entry_id)
    if text is None or not isinstance(entry, PublicEntry) or entry.text is None:
        raise not_found("text")
    digest = base64.b64encode(bytes.fromhex(entry.text.sha256)).decode()
    headers = {**_caching(), "Repr-Digest": f"sha-256=:{digest}:"}
    return PlainTextResponse(text, headers=headers)


@root.get("/robots.txt")
async def robots(request: Request) -> Response:
    return PlainTextResponse(feeds.robots(_site(request)), headers=_caching())


@root.get("/sitemap.xml")
async def map_of_maps(request: Request) -> Response:
    return _kept(feeds.map_of_maps(_site(request), [one.id for one in _governments(request)]), XML)


def _governments(request: Request) -> list[Government]:
    """Governments by name; a pattern of rehearsals is none."""
    return [one for one in running_of(request).room.shelf.governments if "*" not in one.id]


def _caching() -> Mapping[str, str]:
    return {"Cache-Control": "public, max-age=60", "X-Content-Type-Options": SAFE["X-Content-Type-Options"]}


def _kept(content: bytes, kind: str) -> Response:
    return Response(content, media_type=kind, headers=dict(_caching()))


# -- pages -------------------------------------------------------------------------------------


@router.get("", response_class=HTMLResponse, include_in_schema=False)
async def public_governments(request: Request) -> HTMLResponse:
    return page("governments.html", governments=_governments(request), home=SITE, zh="", en="")


@router.get("/{tenant}", response_class=HTMLResponse, include_in_schema=False)
async def public_catalogue(tenant: str, request: Request, paging: PagingDep) -> HTMLResponse:
    """The list and its search. Whatever a reader types is looked for, cut to a sensible length."""
    running = running_of(request)
    government = government_of(running, tenant)
    if government is None:
        return _missing(SITE)
    home, sought = f"{SITE}/{tenant}", _sought(request)
    asked = sought.asked()
    first = f"{home}?{urlencode(asked)}" if asked else home
    try:
        entries = await found(running, tenant, sought, paging)
    except Refused:
        return _missing(home, government)
    return page(
        "catalogue.html",
        zh=government.zh,
        en=government.en,
        home=home,
        feeds=home,
        sought=sought,
        asked=bool(asked),
        filtered=bool({"kind", "issuer", "theme", "validity", "year"} & set(asked)),
        choices=await choices(running, tenant),
        entries=entries.items,
        first=first if paging.cursor else None,
        next=f"{home}?{urlencode({**asked, 'cursor': entries.next})}" if entries.next else None,
    )


def _sought(request: Request) -> Sought:
    given: dict[str, Any] = {
        name: request.query_params.get(name, "").replace("\x00", "").strip()[:most] for name, most in WORDS
    }
    validity, year = request.query_params.get("validity", ""), request.query_params.get("year", "")
    words = given.pop("q")
    return Sought(
        words=words,
        validity=validity if validity in ("in_force", "superseded", "repealed") else "",
        year=int(year) if re.fullmatch("[0-9]{4}", year, re.ASCII) else None,
        **given,
    )


@router.get("/{tenant}/{entry}", response_class=HTMLResponse, include_in_schema=False)
async def public_entry(tenant: str, entry: str, request: Request) -> HTMLResponse:
    running = running_of(request)
    government = government_of(running, tenant)
    if government is None:
        return _missing(SITE)
    home = f"{SITE}/{tenant}"
    names: dict[str, Any] = {"zh": government.zh, "en": government.en, "home": home, "feeds": home}
    try:
        known = await one(running, tenant, UUID(entry))
    except ValueError:
        known = None
    if known is None:
        return _missing(home, government)
    if isinstance(known, Tombstone):
        return page("withdrawn.html", status=410, stone=known, **names)
    text = await words_of(running, tenant, known.id)
    lines = [line.strip() for line in text.splitlines() if line.strip()] if text else []
    return page("entry.html", entry=known, lines=lines, **names)


def _missing(home: str, government: Government | None = None) -> HTMLResponse:
    zh, en = (government.zh, government.en) if government else ("", "")
    return page("missing.html", status=404, zh=zh, en=en, home=home)
