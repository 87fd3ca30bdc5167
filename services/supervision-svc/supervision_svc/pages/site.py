"""The pages of supervision: signed in once, they show what the API gives, and count nothing by themselves."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import TypeAdapter

from chancery.calendar import LOCAL
from chancery.events.parts import Key
from chancery.office.table import Column, Value
from chancery.pages import PAPER
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from chancery.web import Day, PagingDep, WebDesk
from chancery.web.entering import Entrance
from chancery.web.running import running_of
from supervision_svc.api.leaders import (
    get_leader_tasks,
    issuer_of,
    print_leader_tasks,
    print_supervision_report,
)
from supervision_svc.api.ledger import (
    Counts,
    count_tasks,
    export_task_ledger,
    get_unit_tasks,
    print_unit_tasks,
)
from supervision_svc.projections.tables import LEDGER
from supervision_svc.views.ledger import COLUMNS, STATES, Asked, Chosen, asked_of, columns_of, values_of
from supervision_svc.views.lights import LIGHTS, SAYS, Light, light_of

HOME: Final = "/supervision"
ENTRANCE: Final = Entrance("chancery_supervision")
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
STATIC: Final = {"paper.css": PAPER, "supervision.css": HERE / "templates" / "supervision.css"}
DAY: Final = TypeAdapter[date](Day)
IN_A_LIST: Final = ("title", "lead", "due_on", "light", "last_report")
"""The columns of the short lists of a unit and a leader."""
PARTS: Final = (
    ("answers", "负责与配合", "answers for or supports"),
    ("given", "交办", "gave to others"),
    ("portfolio", "分管单位牵头", "led by units of the portfolio"),
)
Sheet = Literal["xlsx", "csv"]
Paper = Literal["pdf", "docx"]


def page(name: str, status: int = 200, **parts: Any) -> HTMLResponse:
    return HTMLResponse(PAGES.get_template(name).render(home=HOME, **parts), status, headers=HEADERS)


def signed_in(request: Request, desk: WebDesk) -> dict[str, Any]:
    return {"zh": issuer_of(desk, request), "inside": True}


def outside(request: Request, problem: str = "", status: int | None = None) -> HTMLResponse:
    known = status or (401 if request.cookies.get(ENTRANCE.cookie) else 200)
    return page("sign_in.html", known, problem=problem, zh="", inside=False)


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
    desk = await ENTRANCE.desk_of_token(running_of(request), token.strip())
    if desk is None:
        return outside(
            request, "令牌无效、已过期，或未载明所属政府。The token is not valid, or names no government.", 401
        )
    answer = RedirectResponse(HOME, 303, headers=HEADERS)
    ENTRANCE.let_in(answer, request, token.strip())
    return answer


@router.post("/sign-out")
async def sign_out() -> Response:
    answer = RedirectResponse(HOME, 303)
    ENTRANCE.let_out(answer)
    return answer


@router.get("")
async def overview(request: Request) -> Response:
    """All units at a glance, in the order of their ids; leaders by what they are in charge of. Nobody is ranked."""
    desk = await ENTRANCE.desk_at(request)
    if desk is None:
        return outside(request)
    rules = await desk.rules()
    counted = await count_tasks(desk, Asked())
    return page(
        "overview.html",
        together=_together([one.counts for one in counted]),
        lights=_lights(),
        units=[
            {"id": one.unit, "says": one.says or {"zh": "无牵头单位", "en": "nobody leads"}, "counts": one.counts}
            for one in counted
        ],
        leaders=_leaders(rules),
        **signed_in(request, desk),
    )


def _together(counts: Sequence[Counts]) -> Mapping[str, int]:
    return {name: sum(getattr(one, name) for one in counts) for name in Counts.model_fields}


def _lights() -> list[tuple[Light, str, str]]:
    return [(light, *SAYS[light]) for light in LIGHTS]


def _leaders(rules: Rules) -> list[dict[str, str]]:
    """Whoever has a unit in his charge, with his posts, in the order of names."""
    roster = rules.roster
    led = {person for unit in roster.units for person in roster.in_charge_of(rules.at, frozenset({unit}))}
    named = [(roster.name(person), person) for person in led]
    return [{"id": person, "name": name, "posts": "、".join(_posts(rules, person))} for name, person in sorted(named)]


def _posts(rules: Rules, person: str) -> list[str]:
    return list(dict.fromkeys(rules.titled(seat.post) for seat in rules.roster.held_by(person, rules.at)))


@router.get("/ledger")
async def ledger(
    request: Request,
    paging: PagingDep,
    *,
    unit: str = "",
    source: str = "",
    stage: str = "",
    light: str = "",
    silent: str = "",
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
        "unit": unit,
        "source": source,
        "stage": stage,
        "light": light,
        "silent": silent,
        "from": first_on,
        "to": last_on,
    }
    filled = {key: value for key, value in given.items() if value}
    try:
        asked, columns = _asked(filled), columns_of(column)
        async with desk.query() as connection:
            order = [LEDGER.c.opened_at, LEDGER.c.task_id]
            found = await paging.page(
                connection,
                asked.query(now, rules),
                order,
                lambda row: _line(rules, columns, row, now),
                descending=True,
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
        units=sorted((one, rules.titled(one)) for one in rules.roster.units),
        sources=[(word, rules.titled(word)) for word in rules.pack.words.get("sources", {})],
        stages=list(STATES.items()),
        lights=_lights(),
        export=f"?{export}" if export else "",
        next=f"{HOME}/ledger?{urlencode([*sent, ('cursor', found.next)])}" if found.next else None,
        first=f"{HOME}/ledger?{export}" if paging.cursor else None,
        **signed_in(request, desk),
    )


def _asked(filled: Mapping[str, str]) -> Asked:
    """What the form asked.

    Raises:
        ValueError: a word or a day that is none.
    """
    if filled.get("light", LIGHTS[0]) not in LIGHTS or filled.get("stage", "open") not in STATES:
        raise ValueError(filled)
    if filled.get("silent", "true") != "true":
        raise ValueError(filled)
    return Asked(
        unit=filled.get("unit"),
        source=filled.get("source"),
        stage=cast("Literal['open', 'closed'] | None", filled.get("stage")),
        light=cast("Light | None", filled.get("light")),
        silent=True if "silent" in filled else None,
        first_on=DAY.validate_python(filled["from"]) if "from" in filled else None,
        last_on=DAY.validate_python(filled["to"]) if "to" in filled else None,
    )


def _line(rules: Rules, columns: Sequence[Column], row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    values = values_of(rules, row, now)
    light = light_of(row["stage"], row["due_on"], row["due_at"], now, rules)
    return {"cells": [{"column": one, "says": shown(values[one.key])} for one in columns], "light": light}


def shown(value: Value) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    return str(value)


@router.get("/ledger.{sheet}")
async def export(
    sheet: Sheet,
    request: Request,
    asked: Annotated[Asked, Depends(asked_of)],
    column: Chosen = [],  # noqa: B006  a list of a query
) -> Response:
    desk = await ENTRANCE.desk_at(request)
    return await export_task_ledger(desk, sheet, asked, column) if desk else outside(request, status=401)


@router.get("/report.{form}")
async def report(form: Paper, request: Request) -> Response:
    """The report of the last thirty days, in one step."""
    desk = await ENTRANCE.desk_at(request)
    return await print_supervision_report(form, desk, request) if desk else outside(request, status=401)


@router.get("/units/{unit}")
async def of_unit(unit: Key, request: Request) -> Response:
    desk = await ENTRANCE.desk_at(request)
    if desk is None:
        return outside(request)
    try:
        found = await get_unit_tasks(unit, desk)
    except Refused:
        return nothing(request, desk, "没有这个单位。There is no such unit.")
    parts = [
        {"zh": "牵头", "en": "leads", "lines": _short(found.leads)},
        {"zh": "协办", "en": "helps", "lines": _short(found.helps)},
    ]
    return page(
        "one.html",
        title=found.says.zh,
        also=found.says.en,
        says="",
        counts=found.counts.model_dump(),
        lights=_lights(),
        columns=_list_columns(),
        parts=parts,
        left_off=found.left_off,
        papers=f"{HOME}/units/{unit}/tasks",
        **signed_in(request, desk),
    )


@router.get("/leaders/{person}")
async def of_leader(person: Key, request: Request) -> Response:
    desk = await ENTRANCE.desk_at(request)
    if desk is None:
        return outside(request)
    try:
        found = await get_leader_tasks(person, desk)
    except Refused:
        return nothing(request, desk, "名册中没有这个人。Nobody of this id is in the roster.")
    parts = [(zh, en, getattr(found, name)) for name, zh, en in PARTS]
    return page(
        "one.html",
        title=found.name,
        also="、".join(post.zh for post in found.posts),
        says="、".join(unit.zh for unit in found.units),
        counts=_together([part.counts for _, _, part in parts[:1]]),
        lights=_lights(),
        columns=_list_columns(),
        parts=[{"zh": zh, "en": en, "lines": _short(part.tasks)} for zh, en, part in parts],
        left_off=sum(part.left_off for _, _, part in parts),
        papers=f"{HOME}/leaders/{person}/tasks",
        **signed_in(request, desk),
    )


def _list_columns() -> tuple[Column, ...]:
    return columns_of(IN_A_LIST)


def _short(tasks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    lights = {zh: light for light, (zh, _) in SAYS.items()}
    columns = _list_columns()
    return [
        {"cells": [{"column": one, "says": shown(task[one.key])} for one in columns], "light": lights[task["light"]]}
        for task in tasks
    ]


@router.get("/units/{unit}/tasks.{form}")
async def unit_paper(unit: Key, form: Paper, request: Request) -> Response:
    desk = await ENTRANCE.desk_at(request)
    if desk is None:
        return outside(request, status=401)
    try:
        return await print_unit_tasks(unit, form, desk, request)
    except Refused:
        return nothing(request, desk, "没有这份督办单。There is no such paper.")


@router.get("/leaders/{person}/tasks.{form}")
async def leader_paper(person: Key, form: Paper, request: Request) -> Response:
    desk = await ENTRANCE.desk_at(request)
    if desk is None:
        return outside(request, status=401)
    try:
        return await print_leader_tasks(person, form, desk, request)
    except Refused:
        return nothing(request, desk, "没有这份督办单。There is no such paper.")
