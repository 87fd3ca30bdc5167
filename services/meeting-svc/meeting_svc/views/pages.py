"""The pages of meetings: sittings, the agenda board, the run sheet, the decisions, and what is printed from them."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import TypeAdapter
from sqlalchemy import select

from chancery.calendar import LOCAL
from chancery.events.parts import Code, Key
from chancery.pages import PAPER
from chancery.refusal import Refused
from chancery.rules.wording import Wording
from chancery.web import Day, WebDesk
from chancery.web.entering import Entrance, who_are_you
from chancery.web.running import running_of
from meeting_svc.api.board import COLUMNS, Card, get_agenda_board
from meeting_svc.api.calendars import as_calendar
from meeting_svc.api.case_files import get_case_file
from meeting_svc.api.decisions import export_decisions, sought
from meeting_svc.api.printed import Kind, print_agenda, print_attendance_sheet, print_minutes
from meeting_svc.api.run_sheets import print_notice, print_run_sheet
from meeting_svc.calendars import of_body, of_person
from meeting_svc.decision_sheet import COLUMNS as DECISION_COLUMNS
from meeting_svc.decision_sheet import values_of
from meeting_svc.looking import look, minutes_of, sheet_of, words_of
from meeting_svc.printed.run_sheet import arrival_of, clock, ordered, span_of
from meeting_svc.printed.words import OUTCOMES, SEATS_EXPECTED, STATES, WEEKDAYS, Words, at_time
from meeting_svc.projections.tables import DECISIONS, SITTINGS
from meeting_svc.run_sheet import Coming, ItemLine, RunSheet
from meeting_svc.sitting.outcomes import Outcome

HOME: Final = "/meeting"
router = APIRouter(prefix=HOME, include_in_schema=False)
DOOR: Final = Entrance("chancery_meeting")
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
STATIC: Final = {"paper.css": PAPER, "meeting.css": HERE / "templates" / "meeting.css"}
TITLES: Final = {
    "pool": ("议题库", "Pool"),
    "in_review": ("审核中", "In review"),
    "gate_missing": ("要件未齐", "Something is missing"),
    "next_session": ("待上会", "Next session"),
    "deferred": ("缓议、顺延", "Deferred"),
}
SITTING_STAGES: Final = {"convened": "已召集", "open": "会议中", "closed": "已闭会", "called_off": "已取消"}
PAPERS: Final = {
    "notice": ("会议通知", print_notice),
    "agenda": ("会议议程", print_agenda),
    "attendance": ("签到表", print_attendance_sheet),
    "run-sheet": ("进程单", print_run_sheet),
}
RECENT: Final = timedelta(days=92)
MOST: Final = 200
DAY: Final = TypeAdapter[Any](Day | None)
KINDS: Final = ("pdf", "docx")


def page(request: Request, name: str, status: int = 200, **parts: Any) -> HTMLResponse:
    """A page whose links are relative, so that it works under any prefix of a gateway."""
    deep = request.url.path.rstrip("/").removeprefix(HOME).count("/")
    root = "meeting/" if deep == 0 else "../" * (deep - 1)
    return HTMLResponse(PAGES.get_template(name).render(root=root, **parts), status, headers=HEADERS)


def signed_in(request: Request, desk: WebDesk) -> dict[str, Any]:
    government = running_of(request).room.shelf.government(desk.tenant)
    zh, en = (government.zh, government.en) if government else (desk.tenant, "")
    return {"zh": zh, "en": en, "inside": True, "as_of": at_time(desk.now())}


def outside(request: Request, problem: str = "", status: int | None = None) -> HTMLResponse:
    known = status or (401 if request.cookies.get(DOOR.cookie) else 200)
    return page(request, "sign_in.html", known, problem=problem, zh="", en="", inside=False)


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
    desk = await DOOR.desk_of_token(running_of(request), token.strip())
    if desk is None:
        says = "令牌无效、已过期，或未载明所属政府。The token is not valid, or names no government."
        return outside(request, says, 401)
    answer = RedirectResponse("../meeting", 303, headers=HEADERS)
    DOOR.let_in(answer, request, token.strip())
    return answer


@router.post("/sign-out")
async def sign_out() -> Response:
    answer = RedirectResponse("../meeting", 303)
    DOOR.let_out(answer)
    return answer


@router.get("")
async def sittings(request: Request) -> Response:
    """Sittings to come, and those of the last three months."""
    desk = await DOOR.desk_at(request)
    if desk is None:
        return outside(request)
    words = await words_of(desk, request, None)
    query = select(SITTINGS).where(SITTINGS.c.starts_at >= desk.now() - RECENT).order_by(SITTINGS.c.starts_at.desc())
    async with desk.query() as connection:
        rows = [dict(row) for row in (await connection.execute(query.limit(MOST))).mappings().all()]
    lines = [_sitting(words, row) for row in rows]
    bodies = [(body, words.titled(body)) for body in sorted(words.rules.pack.vocabulary("bodies"))]
    return page(
        request,
        "sittings.html",
        coming=[one for one in reversed(lines) if one["stage"] in ("convened", "open")],
        past=[one for one in lines if one["stage"] not in ("convened", "open")],
        bodies=bodies,
        person=desk.caller.person,
        **signed_in(request, desk),
    )


def _sitting(words: Words, row: dict[str, Any]) -> dict[str, Any]:
    starts: datetime = row["starts_at"].astimezone(LOCAL)
    return {
        "id": row["sitting_id"],
        "body": words.titled(row["body"]),
        "number": words.number(row["series"], row["number"]),
        "on": f"{starts:%Y-%m-%d}",
        "weekday": WEEKDAYS[starts.weekday()],
        "off": not words.rules.calendar.works(starts.date()),
        "at": f"{starts:%H:%M}",
        "place": row["place"],
        "items": row["items"],
        "stage": row["stage"],
        "says": SITTING_STAGES[row["stage"]],
        "chair": words.name(row["chair"]) if row["chair"] else "",
    }


@router.get("/board")
async def board(request: Request, body: str = "") -> Response:
    desk = await DOOR.desk_at(request)
    if desk is None:
        return outside(request)
    words = await words_of(desk, request, None)
    bodies = [(word, words.titled(word)) for word in sorted(words.rules.pack.vocabulary("bodies"))]
    if body and body not in dict(bodies):
        return nothing(request, desk, "没有该会议。There is no such body.")
    found = await get_agenda_board(desk, request, body or None)
    columns = [
        {
            "key": key,
            "zh": TITLES[key][0],
            "en": TITLES[key][1],
            "cards": [_card(words, one) for one in getattr(found, key)],
        }
        for key in COLUMNS
    ]
    return page(
        request, "board.html", columns=columns, more=found.more, body=body, bodies=bodies, **signed_in(request, desk)
    )


def _card(words: Words, card: Card) -> dict[str, Any]:
    return {
        "title": card.title,
        "body": words.titled(card.body),
        "unit": words.unit(card.for_unit),
        "on": card.sitting_on,
        "sitting_id": card.sitting_id,
        "waits_for": "、".join(words.name(person) for person in card.waits_for),
        "missing": card.missing,
        "shown": card.shown,
    }


@router.get("/sittings/{sitting_id}")
async def run_sheet(sitting_id: UUID, request: Request) -> Response:
    desk = await DOOR.desk_at(request)
    if desk is None:
        return outside(request)
    try:
        looked = await look(desk, request, sitting_id)
    except Refused:
        return nothing(request, desk, "没有这次会议。There is no such sitting.")
    sheet, words = await sheet_of(desk, looked), looked.words
    opened = looked.sitting.opened
    minutes = await minutes_of(desk, sitting_id)
    starts = looked.convened.starts_at.astimezone(LOCAL)
    return page(
        request,
        "run_sheet.html",
        sitting_id=sitting_id,
        body=words.body(looked.sitting.bodies),
        number=words.number(looked.convened.series, looked.convened.number),
        when=at_time(looked.convened.starts_at),
        weekday=WEEKDAYS[starts.weekday()],
        off=looked.convened.day_off,
        place=looked.convened.place,
        stage=SITTING_STAGES.get(looked.sitting.stage, ""),
        chair=words.chair(opened.chair) if opened else "",
        count=f"{opened.members_present}/{opened.members}" if opened else "",
        quorum=opened.quorum if opened else None,
        opened_at=clock(sheet.opened_at) if sheet.opened_at else "",
        closed_at=clock(sheet.closed_at) if sheet.closed_at else "",
        items=[_item(words, line) for line in sheet.items],
        people=_people(words, sheet),
        others=_others(words, sheet),
        papers=[(name, says) for name, (says, _) in PAPERS.items()],
        minutes=minutes is not None,
        **signed_in(request, desk),
    )


def _item(words: Words, line: ItemLine) -> dict[str, Any]:
    facts, decision = line.item.facts, line.decision
    others = [unit for unit in facts.units_involved if unit != facts.lead_unit]
    return {
        "no": line.item.no,
        "title": facts.title,
        "added": line.added,
        "state": line.state.value,
        "says": STATES[line.state],
        "unit": words.unit(facts.lead_unit),
        "others": words.units(others),
        "presenters": "、".join(words.name(person) for person in line.presenters),
        "waits": "、".join(words.name(person) for person in line.waits),
        "called_in": "、".join(words.name(person) for person in line.called_in),
        "absent": "、".join(words.name(person) for person in line.absent),
        "papers": [(paper.name, f"{max(paper.size // 1024, 1)} KB") for paper in line.papers],
        "on_paper": "、".join(words.titled(kind) for kind in line.on_paper),
        "span": span_of(line),
        "outcome": OUTCOMES.get(decision.outcome, decision.outcome) if decision else "",
        "text": decision.text if decision else "",
        "lead": words.unit(decision.lead) if decision and decision.lead else "",
        "due": decision.due_on if decision else None,
    }


def _people(words: Words, sheet: RunSheet) -> list[dict[str, Any]]:
    def line(one: Coming) -> dict[str, Any]:
        return {
            "name": words.name(one.person),
            "post": words.posts_of(one.person),
            "seat": SEATS_EXPECTED[one.seat] + (f"（{words.name(one.beside)}）" if one.beside else ""),
            "items": "、".join(map(str, one.items)) if one.items else "全程",
            "there": one.came_at is not None and one.went_at is None,
            "says": arrival_of(one),
        }

    return [line(one) for one in ordered(sheet, words)]


def _others(words: Words, sheet: RunSheet) -> list[tuple[str, str]]:
    wording = Wording(words.rules.pack, "zh")
    return [(SEATS_EXPECTED[one.seat], wording.who(one.who)) for one in sheet.others]


@router.get("/sittings/{sitting_id}/case-file.zip")
async def case_file(sitting_id: UUID, request: Request) -> Response:
    desk = await DOOR.desk_at(request)
    return await get_case_file(sitting_id, desk, request) if desk else outside(request, status=401)


@router.get("/sittings/{sitting_id}/minutes.{kind}")
async def minutes_paper(sitting_id: UUID, kind: str, request: Request) -> Response:
    desk = await DOOR.desk_at(request)
    if desk is None:
        return outside(request, status=401)
    minutes = await minutes_of(desk, sitting_id)
    if minutes is None or kind not in KINDS:
        return nothing(request, desk, "还没有纪要。There are no minutes yet.")
    return await print_minutes(minutes.id, _kind(kind), desk, request)


@router.get("/sittings/{sitting_id}/{paper}.{kind}")
async def printed(sitting_id: UUID, paper: str, kind: str, request: Request) -> Response:
    desk = await DOOR.desk_at(request)
    if desk is None:
        return outside(request, status=401)
    if paper not in PAPERS or kind not in KINDS:
        return nothing(request, desk, "没有这种文书。There is no such paper.")
    return await PAPERS[paper][1](sitting_id, _kind(kind), desk, request)


def _kind(word: str) -> Kind:
    return "pdf" if word == "pdf" else "docx"


Asked = Annotated[str, Query(max_length=64)]


@router.get("/decisions")
async def decisions(
    request: Request,
    *,
    body: Asked = "",
    outcome: Asked = "",
    lead: Asked = "",
    first_on: Annotated[str, Query(alias="decided_from", max_length=10)] = "",
    last_on: Annotated[str, Query(alias="decided_to", max_length=10)] = "",
) -> Response:
    """A form sends what was left empty as empty words; these count as not asked."""
    desk = await DOOR.desk_at(request)
    if desk is None:
        return outside(request)
    words = await words_of(desk, request, None)
    given = {"body": body, "outcome": outcome, "lead": lead, "decided_from": first_on, "decided_to": last_on}
    filled = {name: value for name, value in given.items() if value}
    try:
        query = sought(
            body or None,
            Outcome(outcome) if outcome else None,
            lead or None,
            DAY.validate_python(first_on or None),
            DAY.validate_python(last_on or None),
        )
    except ValueError:
        return nothing(request, desk, "没有这样的查询。There is nothing to be asked like this.")
    order = (DECISIONS.c.decided_on.desc(), DECISIONS.c.sitting_id, DECISIONS.c.no)
    async with desk.query() as connection:
        rows = (await connection.execute(query.order_by(*order).limit(MOST + 1))).mappings().all()
    lines = [_decision(words, dict(row)) for row in rows[:MOST]]
    return page(
        request,
        "decisions.html",
        columns=DECISION_COLUMNS,
        lines=lines,
        more=len(rows) > MOST,
        given=given,
        bodies=[(word, words.titled(word)) for word in sorted(words.rules.pack.vocabulary("bodies"))],
        outcomes=list(OUTCOMES.items()),
        units=sorted((unit, words.unit(unit)) for unit in words.rules.roster.units),
        export=f"?{urlencode(filled)}" if filled else "",
        **signed_in(request, desk),
    )


def _decision(words: Words, row: dict[str, Any]) -> list[tuple[Any, str]]:
    values = values_of(words.rules, row)
    return [(column, "" if values[column.key] is None else str(values[column.key])) for column in DECISION_COLUMNS]


@router.get("/decisions.xlsx")
async def decisions_sheet(
    request: Request,
    body: Code | None = None,
    outcome: Outcome | None = None,
    lead: Key | None = None,
    decided_from: Day | None = None,
    decided_to: Day | None = None,
) -> Response:
    """The same columns and the same decisions as the page shows, all of them."""
    desk = await DOOR.desk_at(request)
    if desk is None:
        return outside(request, status=401)
    return await export_decisions(desk, sought(body, outcome, lead, decided_from, decided_to))


@router.get("/calendars/bodies/{body}.ics")
async def body_calendar(body: Code, request: Request) -> Response:
    desk = await DOOR.desk_by_password(request)
    return as_calendar(await of_body(desk, body)) if desk else who_are_you()


@router.get("/calendars/persons/{person}.ics")
async def person_calendar(person: Key, request: Request) -> Response:
    desk = await DOOR.desk_by_password(request)
    return as_calendar(await of_person(desk, person)) if desk else who_are_you()
