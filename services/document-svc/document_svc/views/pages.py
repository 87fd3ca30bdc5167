"""The pages of documents that come in: the four boxes of whoever is signed in, and the register with its exports."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import TypeAdapter
from sqlalchemy import select

from chancery.calendar import LOCAL
from chancery.office.table import Column, Value
from chancery.pages import PAPER
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from chancery.web import Day, PagingDep, WebDesk
from chancery.web.entering import Entrance
from chancery.web.running import running_of
from document_svc.api.incoming import the_notice
from document_svc.api.incoming_register import BOXES, Box, counts_of, in_box, the_sheet
from document_svc.incoming.state import SAYS, Stage
from document_svc.projections.incoming_tables import INCOMING, TODOS
from document_svc.views.incoming import COLUMNS, Asked, Chosen, StageWord, asked_of, columns_of, values_of

HOME: Final = "/desk"
ENTRANCE: Final = Entrance("chancery_document")
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
STATIC: Final = {"paper.css": PAPER, "desk.css": HERE / "templates" / "desk.css"}
DAY: Final = TypeAdapter[date](Day)
BOX_SAYS: Final[Mapping[Box, tuple[str, str]]] = {
    "to_do": ("待办", "to do"),
    "done": ("已办", "done"),
    "to_read": ("待阅", "to read"),
    "read": ("已阅", "read"),
}
WHAT: Final[Mapping[str, tuple[str, str]]] = {
    "check": ("审核", "check"),
    "complete": ("补正", "complete"),
    "resubmit": ("重报", "send again"),
    "propose": ("拟办", "propose"),
    "read": ("阅", "read"),
    "hand_over": ("交办", "hand over"),
    "handle": ("办理", "deal with"),
    "help": ("协办", "help"),
    "bring_together": ("协助协调", "bring together"),
    "close": ("归档", "put away"),
    "review": ("审核", "review"),
    "approve": ("阅批", "approve"),
    "consent": ("同意", "consent"),
    "notify": ("转告", "notify"),
}
"""What is to be done, in words; a step of a row that is not here is said by its own word."""


def home_of(request: Request) -> str:
    """Where these pages begin, as the browser sees it."""
    return str(request.scope.get("root_path", "")).rstrip("/") + HOME


def page(request: Request, template: str, status: int = 200, **parts: Any) -> HTMLResponse:
    rendered = PAGES.get_template(template).render(home=home_of(request), **parts)
    return HTMLResponse(rendered, status, headers=HEADERS)


def signed_in(request: Request, desk: WebDesk) -> dict[str, Any]:
    government = running_of(request).room.shelf.government(desk.tenant)
    return {"zh": government.zh if government else desk.tenant, "inside": True}


def outside(request: Request, problem: str = "", status: int | None = None) -> HTMLResponse:
    known = status or (401 if request.cookies.get(ENTRANCE.cookie) else 200)
    return page(request, "sign_in.html", known, problem=problem, zh="", inside=False)


def nothing(request: Request, desk: WebDesk, says: str) -> HTMLResponse:
    return page(request, "missing.html", 404, says=says, **signed_in(request, desk))


@router.get("/static/{name}")
async def static(name: str) -> Response:
    if name not in STATIC:
        return Response(status_code=404)
    kind = "text/css; charset=utf-8"
    return Response(STATIC[name].read_bytes(), media_type=kind, headers={"Cache-Control": "max-age=300"})


@router.post("/sign-in")
async def sign_in(request: Request, token: Annotated[str, Form(max_length=8000)]) -> Response:
    desk = await ENTRANCE.desk_of_token(running_of(request), token.strip())
    if desk is None:
        return outside(
            request, "令牌无效、已过期，或未载明所属政府。The token is not valid, or names no government.", 401
        )
    answer = RedirectResponse(home_of(request), 303, headers=HEADERS)
    ENTRANCE.let_in(answer, request, token.strip())
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    answer = RedirectResponse(home_of(request), 303)
    ENTRANCE.let_out(answer)
    return answer


@router.get("")
async def boxes(request: Request, paging: PagingDep, box: str = "to_do") -> Response:
    """The four boxes of whoever is signed in."""
    desk = await ENTRANCE.desk_at(request)
    if desk is None:
        return outside(request)
    if box not in BOXES:
        return nothing(request, desk, "没有这一类事项。There is no such box.")
    rules, now = await desk.rules(), desk.now()
    try:
        person = desk.person
        counts = (await counts_of(desk, person, rules)).model_dump()
        query = select(TODOS).where(in_box(box, person, rules))
        async with desk.query() as connection:
            order = [TODOS.c.entered_at, TODOS.c.todo_id]
            found = await paging.page(connection, query, order, lambda row: _turn(row, rules, now))
    except Refused:
        return nothing(request, desk, "没有这样的查询。There is nothing to be asked like this.")
    return page(
        request,
        "boxes.html",
        whose=rules.roster.name(person),
        box=box,
        boxes=[{"key": key, "zh": zh, "en": en, "count": counts[key]} for key, (zh, en) in BOX_SAYS.items()],
        ended=box in ("done", "read"),
        lines=found.items,
        next=f"{home_of(request)}?{urlencode({'box': box, 'cursor': found.next})}" if found.next else None,
        **signed_in(request, desk),
    )


def _turn(row: Mapping[str, Any], rules: Rules, now: datetime) -> dict[str, Any]:
    zh, en = WHAT.get(row["what"], (row["what"], ""))
    due = row["due_at"]
    return {
        "title": row["title"],
        "zh": zh,
        "en": en,
        "whose": rules.titled(row["person"] or row["unit"]),
        "entered_at": shown(row["entered_at"]),
        "due": shown(due),
        "ended_at": shown(row["ended_at"]),
        "late": due is not None and row["ended_at"] is None and due <= now,
    }


@router.get("/register")
async def register(
    request: Request,
    paging: PagingDep,
    *,
    words: Annotated[str, Query(max_length=200)] = "",
    stage: str = "",
    kind: str = "",
    sender_unit: str = "",
    holder: str = "",
    overdue: str = "",
    first_on: Annotated[str, Query(alias="from")] = "",
    last_on: Annotated[str, Query(alias="to")] = "",
    column: Chosen = [],  # noqa: B006  a list of a query
) -> Response:
    """A form sends what was left empty as empty words; these count as not asked."""
    desk = await ENTRANCE.desk_at(request)
    if desk is None:
        return outside(request)
    rules, now = await desk.rules(), desk.now()
    given = {
        "words": words,
        "stage": stage,
        "kind": kind,
        "sender_unit": sender_unit,
        "holder": holder,
        "overdue": overdue,
        "from": first_on,
        "to": last_on,
    }
    filled = {key: value for key, value in given.items() if value}
    try:
        asked = _asked(filled)
        columns = columns_of(column)
        async with desk.query() as connection:
            order = [INCOMING.c.received_at, INCOMING.c.incoming_id]
            found = await paging.page(
                connection, asked.query(), order, lambda row: _line(rules, columns, row, now), descending=True
            )
    except (Refused, ValueError):
        return nothing(request, desk, "没有这样的查询。There is nothing to be asked like this.")
    sent = [*filled.items(), *(("column", one.key) for one in columns)] if column else list(filled.items())
    export = urlencode(sent)
    units = sorted((unit, rules.titled(unit)) for unit in rules.roster.units)
    people = sorted(rules.roster.persons.items(), key=lambda one: one[1])
    return page(
        request,
        "register.html",
        columns=columns,
        every=COLUMNS,
        chosen=[one.key for one in columns],
        lines=found.items,
        given=given,
        stages=[(one.value, *said) for one, said in SAYS.items() if one is not Stage.NOT_SEEN],
        kinds=[(word, rules.titled(word)) for word in rules.pack.words.get("kinds", {})],
        units=units,
        holders=[*units, *people],
        export=f"?{export}" if export else "",
        next=f"{home_of(request)}/register?{urlencode([*sent, ('cursor', found.next)])}" if found.next else None,
        first=f"{home_of(request)}/register?{export}" if paging.cursor else None,
        **signed_in(request, desk),
    )


def _asked(filled: Mapping[str, str]) -> Asked:
    """What the form asked.

    Raises:
        ValueError: a word or a day that is none.
    """
    truth = {"true": True, "false": False}
    if filled.get("overdue", "true") not in truth:
        raise ValueError(filled)
    return Asked(
        words=filled.get("words"),
        stage=cast("StageWord", Stage(filled["stage"]).value) if "stage" in filled else None,
        kind=filled.get("kind"),
        sender_unit=filled.get("sender_unit"),
        holder=filled.get("holder"),
        overdue=truth[filled["overdue"]] if "overdue" in filled else None,
        first_on=DAY.validate_python(filled["from"]) if "from" in filled else None,
        last_on=DAY.validate_python(filled["to"]) if "to" in filled else None,
    )


def _line(rules: Rules, columns: tuple[Column, ...], row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    values = values_of(rules, row, now)
    cells = [{"column": column, "says": shown(values[column.key])} for column in columns]
    returned = row["returned_at"] is not None
    return {"cells": cells, "id": row["incoming_id"], "late": bool(values["overdue"]), "returned": returned}


def shown(value: Value) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    return str(value)


@router.get("/register.{sheet}")
async def export(
    sheet: Literal["xlsx", "csv"],
    request: Request,
    asked: Annotated[Asked, Depends(asked_of)],
    column: Chosen = [],  # noqa: B006  a list of a query
) -> Response:
    desk = await ENTRANCE.desk_at(request)
    return await the_sheet(desk, sheet, asked, column) if desk else outside(request, status=401)


@router.get("/{incoming_id}/return-notice.{form}")
async def return_notice(incoming_id: UUID, form: Literal["docx", "pdf"], request: Request) -> Response:
    desk = await ENTRANCE.desk_at(request)
    if desk is None:
        return outside(request, status=401)
    try:
        return await the_notice(desk, incoming_id, form, request)
    except Refused:
        return nothing(request, desk, "没有这份通知。There is no such notice.")
