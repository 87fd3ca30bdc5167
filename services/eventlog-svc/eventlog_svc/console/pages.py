"""Overview, the log, and one matter end to end; entered with a token that stays in a session cookie."""

from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Header, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, select_autoescape

from chancery.calendar import LOCAL
from chancery.desk import uuid7
from chancery.pages import PAPER, TEMPLATES, with_words
from chancery.refusal import Refused
from chancery.texts.telling import telling_of
from chancery.web import WebDesk
from chancery.web.running import Running, running_of
from eventlog_svc.api.log import OPERATORS, chain_of, cursor_of, place_of, rules_of, tail
from eventlog_svc.projections.log import SOURCES
from eventlog_svc.reading import Filter, counts, matters, newest
from eventlog_svc.showing import SERVICES, shown

router = APIRouter(include_in_schema=False)
HERE = Path(__file__).parent
PAGES = with_words(
    Environment(
        loader=ChoiceLoader([FileSystemLoader(HERE / "templates"), TEMPLATES]),
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
)
COOKIE: Final = "chancery_console"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
STATIC: Final = {
    "paper.css": (PAPER, "text/css; charset=utf-8"),
    "console.css": (HERE / "static" / "console.css", "text/css; charset=utf-8"),
    "live.js": (HERE / "static" / "live.js", "text/javascript; charset=utf-8"),
}


def page(name: str, status: int = 200, **parts: Any) -> HTMLResponse:
    return HTMLResponse(PAGES.get_template(name).render(**parts), status, headers=HEADERS)


async def desk_at(request: Request) -> WebDesk | None:
    """The desk of whoever holds the cookie; None where there is no valid one, or its holder is no operator."""
    running = running_of(request)
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    try:
        caller = await running.doorkeeper.caller(token)
    except Refused:
        return None
    if not caller.tenant or caller.roles.isdisjoint(OPERATORS):
        return None
    return WebDesk(kernel=running.kernel, caller=caller, command_id=uuid7(), status=200, language="zh")


def frame(running: Running, desk: WebDesk) -> dict[str, Any]:
    government = running.room.shelf.government(desk.tenant)
    return {"tenant_name": government.zh if government else desk.tenant, "signed_in": True}


@router.get("/")
async def root() -> RedirectResponse:
    return RedirectResponse("/console", 303)


@router.get("/console/static/{name}")
async def static(name: str) -> Response:
    if name not in STATIC:
        return Response(status_code=404)
    path, kind = STATIC[name]
    return Response(path.read_bytes(), media_type=kind, headers={"Cache-Control": "max-age=300"})


@router.post("/console/sign-in")
async def sign_in(request: Request, token: Annotated[str, Form(max_length=8000)]) -> Response:
    running = running_of(request)
    try:
        caller = await running.doorkeeper.caller(token.strip())
    except Refused:
        return page("sign_in.html", 401, problem="令牌无效或已过期。The token is not valid, or has expired.")
    if not caller.tenant or caller.roles.isdisjoint(OPERATORS):
        return page(
            "sign_in.html", 403, problem="该令牌没有运维或审计角色。The token has no operator's or auditor's role."
        )
    answer = RedirectResponse("/console", 303, headers=HEADERS)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token.strip(), httponly=True, samesite="strict", secure=secure, path="/console")
    return answer


@router.post("/console/sign-out")
async def sign_out() -> Response:
    answer = RedirectResponse("/console", 303)
    answer.delete_cookie(COOKIE, path="/console")
    return answer


@router.get("/console")
async def overview(request: Request) -> Response:
    desk, running = await desk_at(request), running_of(request)
    if desk is None:
        return page("sign_in.html", 401 if request.cookies.get(COOKIE) else 200)
    rules = await rules_of(desk)
    async with desk.query() as connection:
        told = await counts(connection)
        found = await matters(connection)
        latest = await newest(connection, Filter(), None, 30)
    sources = [
        {
            "name": name,
            "title_zh": SERVICES[name],
            "events": told.get(name, (0, 0))[0],
            "position": told.get(name, (0, 0))[1],
        }
        for name in SOURCES
    ]
    lines = [
        {
            "matter": line.matter,
            "title": line.title,
            "events": line.events,
            "last_zh": telling_of(line.last_type).zh,
            "last_en": telling_of(line.last_type).en,
            "when": line.last_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M"),
        }
        for line in found
    ]
    entries = shown(latest, running.room.shelf, rules)
    return page("overview.html", sources=sources, matters=lines, latest=entries, **frame(running, desk))


@router.get("/console/live")
async def console_live(request: Request, last_event_id: Annotated[str, Header()] = "") -> Response:
    desk = await desk_at(request)
    if desk is None:
        return Response(status_code=401)
    lines = tail(request, desk, running_of(request), last_event_id)
    return StreamingResponse(lines, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


@router.get("/console/matters/{matter_id}")
async def matter(matter_id: UUID, request: Request) -> Response:
    desk, running = await desk_at(request), running_of(request)
    if desk is None:
        return RedirectResponse("/console", 303)
    chain = await chain_of(desk, running, matter_id)
    titles = {entry.event_id: entry.title_zh for entry in chain.entries}
    entries = [
        {**_parts(entry), "cause_title": titles.get(entry.cause) if entry.cause else None} for entry in chain.entries
    ]
    days = [(day, list(group)) for day, group in groupby(entries, key=lambda entry: entry["day"])]
    return page(
        "matter.html",
        title=chain.title,
        entries=entries,
        days=days,
        services=[SERVICES.get(name, name) for name in chain.services],
        clauses=len(chain.clauses),
        first_day=chain.entries[0].day,
        last_day=chain.entries[-1].day,
        **frame(running, desk),
    )


def _parts(entry: Any) -> dict[str, Any]:
    return {**entry.model_dump(), "time": entry.time, "day": entry.day}


@router.get("/console/log")
async def log_page(
    request: Request,
    q: Annotated[str, Query(max_length=200, pattern="^[^\\x00]*$")] = "",
    service: Annotated[str, Query(pattern="^[a-z]{0,40}$")] = "",
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    desk, running = await desk_at(request), running_of(request)
    if desk is None:
        return RedirectResponse("/console", 303)
    wanted = Filter(source=service or None, words=tuple(q.split()[:8]))
    async with desk.query() as connection:
        lines = await newest(connection, wanted, place_of(cursor), 51)
    entries = [_parts(entry) for entry in shown(lines[:50], running.room.shelf, await rules_of(desk))]
    older = None
    if len(lines) > 50:
        older = "/console/log?" + urlencode({"q": q, "service": service, "cursor": cursor_of(lines[49])})
    sources = [{"name": name, "title_zh": SERVICES[name]} for name in SOURCES]
    parts = {"q": q, "service": service, "sources": sources, "older": older}
    return page("log.html", entries=entries, **parts, **frame(running, desk))
