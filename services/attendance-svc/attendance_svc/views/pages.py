"""The pages: the week of the leaders and the ledger, and what is downloaded from them."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import TypeAdapter, ValidationError

from attendance_svc.absence.state import Stage
from attendance_svc.api.forms import CalendarLinkForm
from attendance_svc.api.views import (
    LEADERS,
    Sheet,
    take_calendar_link,
    the_calendar,
    the_calendar_behind,
    the_docx,
    the_pdf,
    the_sheet,
    the_week,
    withdraw_calendar_link,
)
from attendance_svc.projections.tables import ABSENCES
from attendance_svc.views.entering import COOKIE, HOME, desk_at, desk_by_password, desk_of_token
from attendance_svc.views.ledger import COLUMNS, Asked, Chosen, asked_of, columns_of, values_of
from attendance_svc.views.week import DAYS, AwaySpan, halves
from attendance_svc.views.words import STAGES, Words, moment
from chancery.calendar import LOCAL, local_day
from chancery.events.parts import Code, Key
from chancery.office.table import Column, Value
from chancery.pages import PAPER
from chancery.refusal import Refused
from chancery.web import Day, PagingDep, WebDesk
from chancery.web.running import running_of

router = APIRouter(prefix=HOME, include_in_schema=False)
HERE: Final = Path(__file__).parent
PAGES: Final = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STATIC: Final = {"paper.css": PAPER, "attendance.css": HERE / "templates" / "attendance.css"}
WEEKDAYS: Final = (
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
)
DAY: Final = TypeAdapter[date](Day)


def page(name: str, status: int = 200, **parts: Any) -> HTMLResponse:
    return HTMLResponse(PAGES.get_template(name).render(home=HOME, **parts), status, headers=HEADERS)


def signed_in(request: Request, desk: WebDesk) -> dict[str, Any]:
    government = running_of(request).room.shelf.government(desk.tenant)
    return {
        "zh": government.zh if government else desk.tenant,
        "en": government.en if government else "",
        "inside": True,
    }


def outside(request: Request, problem: str = "", status: int | None = None) -> HTMLResponse:
    known = status or (401 if request.cookies.get(COOKIE) else 200)
    return page("sign_in.html", known, problem=problem, zh="", en="", inside=False)


def nothing(request: Request, desk: WebDesk, says: str) -> HTMLResponse:
    return page("missing.html", 404, says=says, **signed_in(request, desk))


@router.get("/static/{name}")
async def static(name: str) -> Response:
    if name not in STATIC:
        return Response(status_code=404)
    kind = "text/css; charset=utf-8"
    return Response(STATIC[name].read_bytes(), media_type=kind, headers={"Cache-Control": "max-age=300"})


@router.post("/sign-in")
async def sign_in(request: Request, token: Annotated[str, Form(max_length=8000)]) -> Response:
    desk = await desk_of_token(running_of(request), token.strip())
    if desk is None:
        return outside(
            request, "令牌无效、已过期，或未载明所属政府。The token is not valid, or names no government.", 401
        )
    answer = RedirectResponse(HOME, 303, headers=HEADERS)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token.strip(), httponly=True, samesite="strict", secure=secure, path=HOME)
    return answer


@router.post("/sign-out")
async def sign_out() -> Response:
    answer = RedirectResponse(HOME, 303)
    answer.delete_cookie(COOKIE, path=HOME)
    return answer


@router.get("")
async def itinerary(request: Request, on: str = "", group: str = "") -> Response:
    desk = await desk_at(request)
    if desk is None:
        return outside(request)
    words = Words(await desk.rules())
    try:
        week = await the_week(desk, DAY.validate_python(on) if on else None, group or None)
    except (Refused, ValueError):
        return nothing(request, desk, "没有该日期或该群体。There is no such day, or no such group.")
    today = local_day(desk.now())
    days = [
        {
            "on": day.on,
            "weekday": WEEKDAYS[number],
            "works": day.works,
            "says": day.says,
            "today": day.on == today,
        }
        for number, day in enumerate(week.days)
    ]
    leaders = [
        {
            "person": one.person,
            "name": one.name,
            "post": one.post,
            "bars": [_bar(week.first_on, away, desk) for away in one.away],
            "away_now": any(away.decided and away.starts_at <= desk.now() < away.ends_at for away in one.away),
        }
        for one in week.leaders
    ]
    asked = {"group": group} if group else {}
    step = timedelta(days=DAYS)
    return page(
        "itinerary.html",
        week=week,
        days=days,
        leaders=leaders,
        group=group,
        groups=words.groups(),
        as_of=moment(week.as_of),
        before=f"{HOME}?{urlencode({**asked, 'on': (week.first_on - step).isoformat()})}",
        after=f"{HOME}?{urlencode({**asked, 'on': (week.first_on + step).isoformat()})}",
        this=f"{HOME}?{urlencode(asked)}" if asked else HOME,
        feed=f"{HOME}/calendars/groups/{group or 'leaders'}.ics",
        **signed_in(request, desk),
    )


def _bar(first_on: date, away: AwaySpan, desk: WebDesk) -> dict[str, Any]:
    begins, ends = halves(first_on, away.starts_at, away.ends_at)
    acting = [
        {"name": one.name, "planned": one.planned, "span": _span(one.starts_at, one.ends_at, desk)}
        for one in away.acting
    ]
    return {
        "away": away,
        "begins": begins,
        "ends": ends,
        "span": _span(away.starts_at, away.ends_at, desk),
        "acting": acting,
        "form": f"{HOME}/absences/{away.absence_id}/form.pdf",
    }


def _span(starts_at: datetime, ends_at: datetime | None, desk: WebDesk) -> str:
    """From when to when, with the year only where it is not this one, and the day once where it is one."""
    year = desk.now().astimezone(LOCAL).year

    def short(at: datetime) -> str:
        here = at.astimezone(LOCAL)
        said = f"{here.month}月{here.day}日 {here:%H:%M}"
        return said if here.year == year else f"{here.year}年{said}"

    if ends_at is None:
        return f"{short(starts_at)} 起 since"
    if local_day(starts_at) == local_day(ends_at):
        return f"{short(starts_at)}—{ends_at.astimezone(LOCAL):%H:%M}"
    return f"{short(starts_at)} — {short(ends_at)}"


@router.get("/ledger")
async def ledger(
    request: Request,
    paging: PagingDep,
    *,
    person: str = "",
    unit: str = "",
    cause: str = "",
    stage: str = "",
    first_on: Annotated[str, Query(alias="from")] = "",
    last_on: Annotated[str, Query(alias="to")] = "",
    column: Chosen = [],  # noqa: B006  a list of a query
) -> Response:
    """A form sends what was left empty as empty words; these count as not asked."""
    desk = await desk_at(request)
    if desk is None:
        return outside(request)
    words = Words(await desk.rules())
    given = {"person": person, "unit": unit, "cause": cause, "stage": stage, "from": first_on, "to": last_on}
    filled = {key: value for key, value in given.items() if value}
    try:
        asked = _asked(words, filled)
        columns = columns_of(column)
        async with desk.query() as connection:
            order = [ABSENCES.c.starts_at, ABSENCES.c.absence_id]
            found = await paging.page(
                connection, asked.query(words.rules), order, lambda row: _line(words, columns, row), descending=True
            )
    except (Refused, ValueError):
        return nothing(request, desk, "没有这样的查询。There is nothing to be asked like this.")
    sent = [*filled.items(), *(("column", one.key) for one in columns)] if column else list(filled.items())
    export = urlencode(sent)
    return page(
        "ledger.html",
        columns=columns,
        every=COLUMNS,
        chosen=[one.key for one in columns],
        lines=found.items,
        given=given,
        people=sorted(words.rules.roster.persons.items(), key=lambda one: one[1]),
        units=sorted((unit, words.unit(unit)) for unit in words.rules.roster.units),
        causes=[(word, words.cause(word)) for word in words.rules.pack.words.get("causes", {})],
        stages=[(key, says) for key, says in STAGES.items()],
        export=f"?{export}" if export else "",
        next=f"{HOME}/ledger?{urlencode([*sent, ('cursor', found.next)])}" if found.next else None,
        first=f"{HOME}/ledger?{export}" if paging.cursor else None,
        **signed_in(request, desk),
    )


def _asked(words: Words, filled: dict[str, str]) -> Asked:
    """What the form asked.

    Raises:
        ValueError: a word or a day that is none.
    """
    roster = words.rules.roster
    if filled.get("person", "") not in {"", *roster.persons} or filled.get("unit", "") not in {"", *roster.units}:
        raise ValueError(filled)
    return Asked(
        person=filled.get("person"),
        unit=filled.get("unit"),
        cause=filled.get("cause"),
        stage=Stage(filled["stage"]) if "stage" in filled else None,
        first_on=DAY.validate_python(filled["from"]) if "from" in filled else None,
        last_on=DAY.validate_python(filled["to"]) if "to" in filled else None,
    )


def _line(words: Words, columns: tuple[Column, ...], row: Any) -> dict[str, Any]:
    values = values_of(words, row)
    cells = [{"column": column, "says": _shown(values[column.key])} for column in columns]
    return {"cells": cells, "id": row["absence_id"], "late": bool(row["overdue"])}


def _shown(value: Value) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:g}"
    return moment(value) if isinstance(value, datetime) else str(value)


@router.get("/ledger.{sheet}")
async def export(
    sheet: Sheet,
    request: Request,
    asked: Annotated[Asked, Depends(asked_of)],
    column: Chosen = [],  # noqa: B006  a list of a query
) -> Response:
    desk = await desk_at(request)
    return await the_sheet(desk, sheet, asked, column) if desk else outside(request, status=401)


@router.get("/absences/{absence_id}/form.{kind}")
async def form(absence_id: UUID, kind: str, request: Request) -> Response:
    desk = await desk_at(request)
    if desk is None:
        return outside(request, status=401)
    if kind not in ("pdf", "docx"):
        return nothing(request, desk, "没有这种格式。There is no such format.")
    make = the_pdf if kind == "pdf" else the_docx
    return await make(desk, running_of(request), absence_id)


@router.post("/links")
async def take_link(request: Request, group: Annotated[str, Form(max_length=64)]) -> Response:
    """The address of a group's calendar, on a page of its own; the browser keeps no copy."""
    desk = await desk_at(request)
    if desk is None:
        return outside(request, status=401)
    try:
        found = await take_calendar_link(CalendarLinkForm(group=group), desk)
    except (Refused, ValidationError):
        return nothing(request, desk, "没有该群体，或您没有任职。There is no such group, or you hold no post.")
    words = Words(await desk.rules())
    says = "领导" if group == LEADERS else words.group(group).zh
    address = f"{str(request.base_url).rstrip('/')}{found.path}"
    return page("link.html", says=says, address=address, link=found.id, **signed_in(request, desk))


@router.post("/links/{link_id}/withdraw")
async def withdraw_link(request: Request, link_id: UUID) -> Response:
    desk = await desk_at(request)
    if desk is None:
        return outside(request, status=401)
    try:
        await withdraw_calendar_link(link_id, desk)
    except Refused:
        return nothing(request, desk, "没有该地址，或不归您撤销。There is no such address, or it is not yours.")
    return RedirectResponse(HOME, 303, headers=HEADERS)


@router.get("/calendars/feed.ics")
async def feed_with_key(
    request: Request, of: Annotated[str, Query(max_length=100)], link: UUID, key: Annotated[str, Query(max_length=200)]
) -> Response:
    """For calendar programs that can send no token: the address itself is what lets them in."""
    found = await the_calendar_behind(running_of(request), of, link, key)
    return found or Response(status_code=404)


@router.get("/calendars/persons/{person_id}.ics")
async def person_calendar(person_id: Key, request: Request) -> Response:
    desk = await desk_by_password(request)
    return await the_calendar(desk, person=person_id) if desk else _who_are_you()


@router.get("/calendars/groups/{group}.ics")
async def group_calendar(group: Code, request: Request) -> Response:
    desk = await desk_by_password(request)
    return await the_calendar(desk, group=group) if desk else _who_are_you()


def _who_are_you() -> Response:
    return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="chancery", charset="UTF-8"'})
