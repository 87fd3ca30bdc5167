"""The public site beside documents: drafts open for comment, decisions and results, the year's decisions, files."""

import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl
from uuid import UUID, uuid5

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.names import TenantId
from chancery.order import HOUSE, Order
from chancery.refusal import not_found
from chancery.rules.governments import Government
from chancery.web.files import said_as
from chancery.web.running import Running, running_of
from disclosure_svc.draft.comments import ReceiveComment, receive_comment
from disclosure_svc.draft.state import COMMENT
from disclosure_svc.projections.tables import CASES, CATALOGUE, COMMENTS, DRAFTS, DUTIES, ITEMS, RELEASES, YEARS
from disclosure_svc.public.entries import Named, named, store_of
from disclosure_svc.public.limits import Limit
from disclosure_svc.public.looks import SAFE, page
from disclosure_svc.public.pages import SITE, government_of

router = APIRouter(prefix=SITE, include_in_schema=False)
Year = Annotated[int, Path(ge=1900, le=2199)]
Hash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
MOST_SHOWN: Final = 100
LONGEST: Final = 2_000
MOST_BYTES: Final = 24_000
"""Of what a form sends: a comment of the greatest length, with its name, each sign nine bytes as forms write it."""
BY_PLACE = Limit(5, timedelta(minutes=10))
BY_DRAFT = Limit(300, timedelta(hours=1))
BECAME: Final = {
    "adopted": ("采纳", "adopted"),
    "adopted_in_part": ("部分采纳", "adopted in part"),
    "not_adopted": ("未采纳", "not adopted"),
    "no_proposal": ("非修改意见", "no proposal"),
}


def _names(tenant: str, government: Government) -> dict[str, Any]:
    home = f"{SITE}/{tenant}"
    return {"zh": government.zh, "en": government.en, "home": home, "feeds": home}


def _missing(tenant: str | None = None, government: Government | None = None) -> HTMLResponse:
    if tenant is None or government is None:
        return page("missing.html", status=404, zh="", en="", home=SITE)
    return page("missing.html", status=404, zh=government.zh, en=government.en, home=f"{SITE}/{tenant}")


async def _rows(running: Running, tenant: str, query: Any) -> list[dict[str, Any]]:
    async with running.kernel.query(TenantId(tenant)) as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


# -- drafts --------------------------------------------------------------------------------------


@router.get("/{tenant}/drafts", response_class=HTMLResponse)
async def public_drafts(tenant: str, request: Request) -> HTMLResponse:
    running = running_of(request)
    government = government_of(running, tenant)
    if government is None:
        return _missing()
    order = (DRAFTS.c.stage != "open", DRAFTS.c.opened_on.desc(), DRAFTS.c.window_id)
    drafts = await _rows(running, tenant, select(DRAFTS).order_by(*order).limit(MOST_SHOWN))
    return page("drafts.html", drafts=_with_units(running, tenant, drafts, "opened_on"), **_names(tenant, government))


@router.get("/{tenant}/drafts/{window}", response_class=HTMLResponse)
async def public_draft(tenant: str, window: str, request: Request) -> HTMLResponse:
    return await _draft(tenant, window, request)


@router.post("/{tenant}/drafts/{window}", response_class=HTMLResponse)
async def send_comment(tenant: str, window: str, request: Request) -> HTMLResponse:
    """No account; so many in so many minutes. What is too long, empty or too late is said on the page."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return await _draft(tenant, window, request, wrong="too_long", status=413)
    try:
        given = dict(parse_qsl(body.decode(), max_num_fields=10))
    except (UnicodeDecodeError, ValueError):
        return await _draft(tenant, window, request, wrong="unreadable", status=400)
    text = given.get("text", "").replace("\x00", "").strip()
    name = given.get("name", "").replace("\x00", "").strip()[:200] or None
    contact = given.get("contact", "").replace("\x00", "").strip()[:200] or None
    if given.get("leave_empty"):
        return await _draft(tenant, window, request, wrong="unreadable", status=400)
    if not text or len(text) > LONGEST:
        return await _draft(tenant, window, request, wrong="empty" if not text else "too_long", status=422, text=text)
    running = running_of(request)
    row = await _window(running, tenant, window)
    if row is None or government_of(running, tenant) is None:
        return await _draft(tenant, window, request)
    now = running.kernel.room.now()
    place = request.client.host if request.client else "-"
    if not BY_PLACE.takes(f"{tenant} {place}", now) or not BY_DRAFT.takes(str(row["window_id"]), now):
        return await _draft(tenant, window, request, wrong="too_many", status=429, text=text)
    return await _take(running, tenant, row, (text, name, contact), now, request)


async def _take(
    running: Running,
    tenant: str,
    row: Mapping[str, Any],
    said: tuple[str, str | None, str | None],
    now: datetime,
    request: Request,
) -> HTMLResponse:
    """The same words of the same name for the same draft are one comment, however often they are sent."""
    text, name, contact = said
    # The driver gives identifiers of a kind of its own.
    window_id, matter_id = UUID(str(row["window_id"])), UUID(str(row["matter_id"]))
    comment_id = uuid5(HOUSE, f"{tenant}/comment/{window_id}/{name or ''}/{text}")
    command = ReceiveComment(
        by=None,
        at=now,
        window_id=window_id,
        matter_id=matter_id,
        unit=row["unit"],
        open=row["stage"] == "open" and local_day(now) <= row["due_on"],
        text=text,
        channel="site",
        name=name,
        contact=contact,
    )
    order = Order(COMMENT, receive_comment, command, stream=comment_id, matter=matter_id)
    handled = await running.house.carry_out(order, "public_comment", tenant=TenantId(tenant), cause=comment_id)
    if handled is None:
        return await _draft(tenant, str(window_id), request, wrong="closed", status=409, text=text)
    return await _draft(tenant, str(window_id), request, thanks=True)


async def _window(running: Running, tenant: str, window: str) -> dict[str, Any] | None:
    try:
        found = await _rows(running, tenant, select(DRAFTS).where(DRAFTS.c.window_id == UUID(window)))
    except ValueError:
        return None
    return found[0] if found else None


async def _draft(
    tenant: str,
    window: str,
    request: Request,
    *,
    wrong: str | None = None,
    thanks: bool = False,
    status: int = 200,
    text: str = "",
) -> HTMLResponse:
    """One draft, its form while it lies open, and what became of the comments once that was published: no names."""
    running = running_of(request)
    government = government_of(running, tenant)
    if government is None:
        return _missing()
    draft = await _window(running, tenant, window)
    if draft is None:
        return _missing(tenant, government)
    comments: list[dict[str, Any]] = []
    if draft["stage"] == "reported":
        mine = COMMENTS.c.window_id == draft["window_id"]
        query = select(COMMENTS.c.text, COMMENTS.c.became, COMMENTS.c.reason).where(mine)
        comments = await _rows(running, tenant, query.order_by(COMMENTS.c.received_at).limit(MOST_SHOWN))
    shown = _with_units(running, tenant, [draft], "opened_on")[0]
    return page(
        "draft.html",
        status=status,
        draft=shown,
        lines=_lines(draft["text"]),
        basis=_lines(draft["basis"] or ""),
        comments=comments,
        became=BECAME,
        wrong=wrong,
        thanks=thanks,
        text=text,
        longest=LONGEST,
        **_names(tenant, government),
    )


# -- decisions, results, answers -----------------------------------------------------------------


@router.get("/{tenant}/results", response_class=HTMLResponse)
async def public_results(tenant: str, request: Request) -> HTMLResponse:
    """What was decided and done, what was made known, and what the public was answered: the latest first."""
    running = running_of(request)
    government = government_of(running, tenant)
    if government is None:
        return _missing()
    duties = select(DUTIES).where(DUTIES.c.stage == "published").order_by(DUTIES.c.published_at.desc())
    news = select(RELEASES).where(RELEASES.c.stage == "released").order_by(RELEASES.c.released_at.desc())
    answered = CASES.c.public & CASES.c.answer.is_not(None)
    answers = select(CASES).where(answered).order_by(CASES.c.answered_at.desc())
    return page(
        "results.html",
        duties=_with_units(running, tenant, await _rows(running, tenant, duties.limit(MOST_SHOWN)), "published_on"),
        news=_with_units(running, tenant, await _rows(running, tenant, news.limit(MOST_SHOWN)), "released_at"),
        answers=_with_units(running, tenant, await _rows(running, tenant, answers.limit(MOST_SHOWN)), "answered_at"),
        **_names(tenant, government),
    )


@router.get("/{tenant}/decisions", response_class=HTMLResponse)
async def public_years(tenant: str, request: Request) -> HTMLResponse:
    """The catalogues of major decisions that are public, the latest year first."""
    running = running_of(request)
    government = government_of(running, tenant)
    if government is None:
        return _missing()
    query = select(YEARS).where(YEARS.c.published_on.is_not(None)).order_by(YEARS.c.year.desc())
    years = await _rows(running, tenant, query.limit(MOST_SHOWN))
    items: dict[int, list[dict[str, Any]]] = {}
    for year in years:
        query = select(ITEMS).where(ITEMS.c.year == year["year"]).order_by(ITEMS.c.listed_on, ITEMS.c.title)
        items[year["year"]] = _with_units(running, tenant, await _rows(running, tenant, query), "listed_on")
    return page("decisions.html", years=years, items=items, **_names(tenant, government))


# -- files ---------------------------------------------------------------------------------------


@router.get("/{tenant}/{entry_id}/files/{sha256}")
async def public_file(tenant: str, entry_id: UUID, sha256: Hash, request: Request) -> Response:
    """The issued file itself or its interpretation, from the one store of files, found by the hash that proves it."""
    running = running_of(request)
    if government_of(running, tenant) is None:
        raise not_found("government")
    here = (CATALOGUE.c.entry_id == entry_id) & (CATALOGUE.c.stage == "published")
    rows = await _rows(running, tenant, select(CATALOGUE).where(here))
    names = {row[f"{part}_sha256"]: row[f"{part}_name"] for row in rows for part in ("text", "interpretation")}
    size = await store_of(running).size(TenantId(tenant), sha256) if sha256 in names else None
    if size is None:
        raise not_found("file")
    digest = base64.b64encode(bytes.fromhex(sha256)).decode()
    headers = {
        **said_as(names[sha256]),
        "Content-Length": str(size),
        "Repr-Digest": f"sha-256=:{digest}:",
        "Cache-Control": "public, max-age=60",
        "X-Content-Type-Options": SAFE["X-Content-Type-Options"],
    }
    pieces: AsyncIterator[bytes] = store_of(running).read(TenantId(tenant), sha256)
    return StreamingResponse(pieces, media_type="application/octet-stream", headers=headers)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _with_units(running: Running, tenant: str, rows: Sequence[Mapping[str, Any]], when: str) -> list[dict[str, Any]]:
    """With the unit as people call it, by the rules of that day, and the text in lines."""
    shown: list[dict[str, Any]] = []
    for row in rows:
        day = row[when]
        on = local_day(day) if isinstance(day, datetime) else day
        word = row["unit"]
        unit = named(running, tenant, word, on) if word else Named(id="", zh="", en="")
        said = row.get("answer") or row.get("text") or ""
        shown.append({**row, "unit": unit, "on": on, "lines": _lines(said)})
    return shown
