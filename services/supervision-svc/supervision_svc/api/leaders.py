"""One page for each leader, and the report to leaders in one step."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import String, and_, cast, false, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from chancery.calendar import local_day
from chancery.events.parts import Key
from chancery.office import docx, pdf
from chancery.office.fonts import folders_of
from chancery.office.paper import Paper
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.rules.wording import Said
from chancery.web import REFUSED, Day, DeskDep, WebDesk
from chancery.web.files import attachment, file_of
from chancery.web.running import running_of
from supervision_svc.api.ledger import MOST_ON_A_PAGE, Counts
from supervision_svc.projections.tables import LEDGER
from supervision_svc.views.ledger import MOST, Asked, counts_query, values_of
from supervision_svc.views.lights import LIGHTS, lit
from supervision_svc.views.report import report_of
from supervision_svc.views.sheet import leader_sheet

router = APIRouter(prefix="/v1", tags=["ledger 督办台账"])
PARTS = ("answers", "given", "portfolio")
"""For what somebody answers or which he supports; what he gave; what units of his portfolio lead."""


class LeaderPart(BaseModel):
    """``tasks`` are the open ones, soonest due first; ``left_off`` how many more there are."""

    counts: Counts
    tasks: list[dict[str, Any]]
    left_off: int


class LeaderPage(BaseModel):
    """What one leader watches over. Counted from what happened, at the moment of asking; nobody is ranked."""

    person: str
    name: str
    posts: list[Said]
    units: list[Said]
    answers: LeaderPart
    given: LeaderPart
    portfolio: LeaderPart


@router.get("/leaders/{person}/tasks", operation_id="get_leader_tasks", summary="领导督办页", responses=REFUSED)
async def get_leader_tasks(person: Key, desk: DeskDep) -> LeaderPage:
    """For what he answers, what he gave to others, and what the units of his portfolio lead."""
    rules, now = await desk.rules(), desk.now()
    units, parts = await _of_leader(desk, person, rules)
    posts = list(dict.fromkeys(seat.post for seat in rules.roster.held_by(person, now)))

    def part(name: str) -> LeaderPart:
        counts, rows = parts[name]
        shown = [values_of(rules, row, now) for row in rows[:MOST_ON_A_PAGE]]
        return LeaderPart(counts=counts, tasks=shown, left_off=max(0, len(rows) - MOST_ON_A_PAGE))

    return LeaderPage(
        person=person,
        name=rules.roster.name(person),
        posts=[_said(rules, post) for post in posts],
        units=[_said(rules, unit) for unit in units],
        answers=part("answers"),
        given=part("given"),
        portfolio=part("portfolio"),
    )


@router.get(
    "/leaders/{person}/tasks.{form}",
    operation_id="print_leader_tasks",
    summary="打印领导督办单",
    response_class=Response,
    responses=file_of(pdf.MEDIA_TYPE, docx.MEDIA_TYPE),
)
async def print_leader_tasks(person: Key, form: Literal["pdf", "docx"], desk: DeskDep, request: Request) -> Response:
    """The same as PDF or DOCX."""
    rules, now = await desk.rules(), desk.now()
    _, parts = await _of_leader(desk, person, rules)
    if any(len(rows) > MOST_ON_A_PAGE for _, rows in parts.values()):
        raise Refused(Reason("too_much_for_one_file", params={"most": MOST_ON_A_PAGE}))
    said = {name: (counts.model_dump(), rows) for name, (counts, rows) in parts.items()}
    paper = leader_sheet(rules.roster.name(person), said, rules, now, issuer_of(desk, request))
    return await written(paper, form, f"{paper.title}.{form}", request)


@router.get(
    "/reports/supervision.{form}",
    operation_id="print_supervision_report",
    summary="督查专报 Report to leaders",
    response_class=Response,
    responses=file_of(pdf.MEDIA_TYPE, docx.MEDIA_TYPE),
)
async def print_supervision_report(
    form: Literal["pdf", "docx"],
    desk: DeskDep,
    request: Request,
    first_on: Day | None = None,
    last_on: Day | None = None,
) -> Response:
    """The report of a time (the last thirty days, where none is named): counts by unit; what is late or silent."""
    rules, now = await desk.rules(), desk.now()
    last = last_on or local_day(now)
    first = first_on or last - timedelta(days=30)
    asked = Asked(first_on=first, last_on=last)
    within = asked.query(now, rules)
    is_open = LEDGER.c.stage == "open"
    parts = (
        ("逾期事项", and_(is_open, lit(now, rules) == "red")),
        ("未按期反馈事项", and_(is_open, LEDGER.c.silent)),
        ("延期待批与分歧待决事项", and_(is_open, or_(LEDGER.c.extension_asked, LEDGER.c.disputed))),
        ("已延期事项", and_(LEDGER.c.first_due_on.is_not(None), LEDGER.c.due_on > LEDGER.c.first_due_on)),
        ("更正与撤销事项", LEDGER.c.corrected.is_not(None)),
    )
    order = (LEDGER.c.due_at.asc().nulls_last(), LEDGER.c.opened_at, LEDGER.c.task_id)
    found: list[tuple[str, Sequence[Mapping[str, Any]]]] = []
    async with desk.query() as connection:
        counts = (await connection.execute(counts_query(asked, now, rules))).mappings().all()
        for heading, which in parts:
            rows = (await connection.execute(within.where(which).order_by(*order).limit(MOST))).mappings().all()
            found.append((heading, [dict(row) for row in rows]))
    paper = report_of(issuer_of(desk, request), first, last, [dict(row) for row in counts], found, rules, now)
    return await written(paper, form, f"督查专报-{last:%Y%m%d}.{form}", request)


def issuer_of(desk: WebDesk, request: Request) -> str:
    government = running_of(request).room.shelf.government(desk.tenant)
    return government.zh if government else desk.tenant


async def written(paper: Paper, form: str, name: str, request: Request) -> Response:
    if form == "pdf":
        folders = folders_of(running_of(request).settings.fonts)
        return attachment(await asyncio.to_thread(pdf.write, paper, folders), pdf.MEDIA_TYPE, name)
    return attachment(await asyncio.to_thread(_docx, paper), docx.MEDIA_TYPE, name)


def _docx(paper: Paper) -> bytes:
    return docx.write(paper)


def _said(rules: Rules, word: str) -> Said:
    return Said(zh=rules.titled(word), en=rules.titled(word, "en"))


async def _of_leader(
    desk: WebDesk, person: str, rules: Rules
) -> tuple[list[str], dict[str, tuple[Counts, list[dict[str, Any]]]]]:
    if person not in rules.roster.persons:
        raise not_found("person")
    units = [unit for unit in rules.roster.units if person in rules.roster.in_charge_of(rules.at, frozenset({unit}))]
    him = cast([person], JSONB)
    whose = {
        "answers": or_(LEDGER.c.responsible.op("@>")(him), LEDGER.c.supporting.op("@>")(him)),
        "given": LEDGER.c.given_by == person,
        "portfolio": LEDGER.c.lead.in_(units) if units else false(),
    }
    order = (LEDGER.c.due_at.asc().nulls_last(), LEDGER.c.opened_at, LEDGER.c.task_id)
    found: dict[str, tuple[Counts, list[dict[str, Any]]]] = {}
    async with desk.query() as connection:
        for name in PARTS:
            light = lit(desk.now(), rules).label("light")
            mine = select(LEDGER, light).where(whose[name]).subquery()
            is_open = mine.c.stage == "open"
            lights = [func.count().filter(mine.c.light == cast(one, String)).label(one) for one in LIGHTS]
            counted = select(
                func.count().label("all"),
                *lights,
                func.count().filter(mine.c.late.is_(True)).label("closed_late"),
                func.count().filter(and_(is_open, mine.c.silent)).label("silent"),
                func.count().filter(and_(is_open, mine.c.signed_at.is_(None))).label("unsigned"),
            )
            counts = (await connection.execute(counted)).mappings().one()
            query = select(LEDGER).where(LEDGER.c.stage == "open", whose[name]).order_by(*order)
            rows = (await connection.execute(query.limit(MOST_ON_A_PAGE + 1))).mappings().all()
            found[name] = (Counts.model_validate(dict(counts)), [dict(row) for row in rows])
    return units, found
