"""What people look at and print, as data and files: the week, the ledger, calendars, the leave form."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import select

from attendance_svc.absence.state import ABSENCE
from attendance_svc.absence.way import row_of
from attendance_svc.acting.state import ACTING
from attendance_svc.api.forms import CalendarLinkForm
from attendance_svc.calendar_link.give import GiveLink, WithdrawLink, give, withdraw
from attendance_svc.calendar_link.state import CALENDAR_LINK
from attendance_svc.projections.tables import ABSENCES, ACTINGS, CALENDAR_LINKS
from attendance_svc.views import feed
from attendance_svc.views.entering import HOME
from attendance_svc.views.form import Filled, leave_form
from attendance_svc.views.ledger import MOST, Asked, Chosen, asked_of, columns_of, table_of, values_of
from attendance_svc.views.week import Week, moment_of, monday, rows_of_week, week_of
from attendance_svc.views.words import Words
from chancery.calendar import local_day
from chancery.desk import Caller, seen_from, uuid7
from chancery.events.parts import Code, Key, utc
from chancery.names import PersonId, TenantId
from chancery.office import calendar, csv, docx, pdf, xlsx
from chancery.office.fonts import folders_of
from chancery.office.paper import Paper
from chancery.office.table import Table
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.wording import Said
from chancery.web import REFUSED, Day, DeskDep, Page, PagingDep, Receipt, WebDesk
from chancery.web.files import attachment, file_of
from chancery.web.links import drawn_key, fits
from chancery.web.running import Running, running_of

router = APIRouter(prefix="/v1", tags=["views 查看与打印"])
Sheet = Literal["xlsx", "csv"]
FEED: Final = f"{HOME}/calendars/feed.ics"
"""Where an address with a key is read. The key is in the query, which no log of ours holds."""
LEADERS: Final = "leaders"
AskedDep = Annotated[Asked, Depends(asked_of)]
OnDay = Annotated[Day | None, Query(description="any day of the week 该周任一日")]


@router.get("/itinerary", operation_id="get_itinerary", summary="一周领导外出与代行 Leaders' week", responses=REFUSED)
async def get_itinerary(desk: DeskDep, on: OnDay = None, group: Code | None = None) -> Week:
    """Who is away, who acts, from when to when; of the leaders, or of a group or post of the rules."""
    return await the_week(desk, on, group)


async def the_week(desk: WebDesk, on: date | None, group: str | None) -> Week:
    words = Words(await desk.rules())
    first_on = monday(on or local_day(desk.now()))
    people = words.people(known_group(words, group), moment_of(first_on, desk.now()))
    async with desk.query() as connection:
        rows = await rows_of_week(connection, first_on, people)
    for row in (row for row in rows.actings if row["ended_at"] is None):
        started = (await desk.seen(ACTING, row["acting_id"])).state.started
        row["until"] = utc(started.ends_at) if started is not None and started.ends_at is not None else None
    return week_of(words, first_on, people, rows)


def known_group(words: Words, group: str | None) -> str | None:
    """A group or post of these rules.

    Raises:
        Refused: (missing) they have none of that name.
    """
    if group is not None and all(group != word for word, _ in words.groups()):
        raise not_found("group")
    return group


class LedgerColumn(BaseModel):
    key: str
    says: Said


class LedgerPage(Page[dict[str, Any]]):
    """Some of the ledger, with the columns that were chosen, in their order."""

    columns: list[LedgerColumn]


@router.get("/ledger", operation_id="get_ledger", summary="请销假台账 The ledger", responses=REFUSED)
async def get_ledger(desk: DeskDep, paging: PagingDep, asked: AskedDep, column: Chosen = []) -> LedgerPage:  # noqa: B006
    """Every absence that was looked for, as people read it. The export gives exactly these columns."""
    columns = columns_of(column)
    words = Words(await desk.rules())

    def chosen(row: Mapping[str, Any]) -> dict[str, Any]:
        values = values_of(words, row)
        return {one.key: values[one.key] for one in columns}

    async with desk.query() as connection:
        order = [ABSENCES.c.starts_at, ABSENCES.c.absence_id]
        found = await paging.page(connection, asked.query(words.rules), order, chosen, descending=True)
    said = [LedgerColumn(key=one.key, says=Said(zh=one.zh, en=one.en)) for one in columns]
    return LedgerPage(items=found.items, next=found.next, columns=said)


@router.get(
    "/ledger.{sheet}",
    operation_id="export_ledger",
    summary="导出台账 Export the ledger",
    response_class=Response,
    responses=file_of(xlsx.MEDIA_TYPE, csv.MEDIA_TYPE),
)
async def export_ledger(desk: DeskDep, sheet: Sheet, asked: AskedDep, column: Chosen = []) -> Response:  # noqa: B006
    """The ledger as XLSX or CSV: all that was looked for, in exactly the columns chosen."""
    return await the_sheet(desk, sheet, asked, column)


async def the_sheet(desk: WebDesk, sheet: Sheet, asked: Asked, chosen: Sequence[str]) -> Response:
    """The export.

    Raises:
        Refused: there is more than one file holds; nothing is left out silently.
    """
    columns = columns_of(chosen)
    words = Words(await desk.rules())
    query = asked.query(words.rules).order_by(ABSENCES.c.starts_at.desc(), ABSENCES.c.absence_id.desc())
    async with desk.query() as connection:
        rows = (await connection.execute(query.limit(MOST + 1))).mappings().all()
    if len(rows) > MOST:
        raise Refused(Reason("too_much_for_one_file", params={"most": MOST}))
    table = table_of(words, columns, [dict(row) for row in rows])
    content = await asyncio.to_thread(_sheet, sheet, table, desk)
    kind = xlsx.MEDIA_TYPE if sheet == "xlsx" else csv.MEDIA_TYPE
    return attachment(content, kind, f"请销假台账-{local_day(desk.now()):%Y%m%d}.{sheet}")


def _sheet(sheet: Sheet, table: Table, desk: WebDesk) -> bytes:
    return xlsx.write(table, made_at=desk.now()) if sheet == "xlsx" else csv.write(table)


@router.get(
    "/calendars/persons/{person_id}.ics",
    operation_id="get_person_calendar",
    summary="个人外出日历 A person's absences as a calendar",
    response_class=Response,
    responses=file_of(calendar.MEDIA_TYPE),
)
async def get_person_calendar(person_id: Key, desk: DeskDep) -> Response:
    """iCalendar, with its time zone; every absence keeps its id, and what was withdrawn is cancelled."""
    return await the_calendar(desk, person=person_id)


@router.get(
    "/calendars/groups/{group}.ics",
    operation_id="get_group_calendar",
    summary="群体外出日历 A group's absences as a calendar",
    response_class=Response,
    responses=file_of(calendar.MEDIA_TYPE),
)
async def get_group_calendar(group: Code, desk: DeskDep) -> Response:
    """Of a group or post of the rules; ``leaders`` are those of the week."""
    return await the_calendar(desk, group=group)


class LinkView(BaseModel):
    """An address that was taken; its key is not kept, so it is not shown again."""

    id: UUID
    holder: str
    person: str | None
    group: str | None
    given_at: datetime
    withdrawn: bool


class NewLink(LinkView):
    """``path`` is the whole address below the service, key included. It is shown this once."""

    path: str


@router.post(
    "/calendars/links",
    status_code=201,
    operation_id="take_calendar_link",
    summary="取得日历订阅地址 Take an address for a calendar program",
    responses=REFUSED,
)
async def take_calendar_link(form: CalendarLinkForm, desk: DeskDep) -> NewLink:
    """For programs that can send no token. Whoever has the address can read; it answers while its holder has a post."""
    words = Words(await desk.rules())
    if form.group is not None and form.group != LEADERS:
        known_group(words, form.group)
    key, kept = drawn_key()
    link = uuid7()
    command = GiveLink(desk.person, desk.now(), kept, form.person, form.group)
    await desk.handle(CALENDAR_LINK, give, command, stream=link)
    where = urlencode({"of": desk.tenant, "link": str(link), "key": key})
    return NewLink(
        id=link,
        holder=desk.person,
        person=form.person,
        group=form.group,
        given_at=desk.now(),
        withdrawn=False,
        path=f"{FEED}?{where}",
    )


@router.post(
    "/calendars/links/{link_id}:withdraw",
    operation_id="withdraw_calendar_link",
    summary="撤销日历订阅地址 Withdraw an address",
    responses=REFUSED,
)
async def withdraw_calendar_link(link_id: UUID, desk: DeskDep) -> Receipt:
    """From then on it answers no more."""
    return await desk.tell(CALENDAR_LINK, withdraw, WithdrawLink(desk.person), stream=link_id, existing=True)


@router.get("/calendars/links", operation_id="list_calendar_links", summary="我的日历订阅 My addresses")
async def list_calendar_links(desk: DeskDep, paging: PagingDep) -> Page[LinkView]:
    """Those that the caller took; none of them with its key."""
    query = select(CALENDAR_LINKS).where(CALENDAR_LINKS.c.holder_id == desk.person)
    async with desk.query() as connection:
        order = [CALENDAR_LINKS.c.given_at, CALENDAR_LINKS.c.link_id]
        return await paging.page(connection, query, order, _link)


def _link(row: Mapping[str, Any]) -> LinkView:
    return LinkView(
        id=row["link_id"],
        holder=row["holder_id"],
        person=row["person_id"],
        group=row["group_word"],
        given_at=row["given_at"],
        withdrawn=row["withdrawn"],
    )


async def the_calendar_behind(running: Running, tenant: str, link: UUID, key: str) -> Response | None:
    """The calendar at an address that answers without a token; None where it does not answer.

    Wrong key, withdrawn, of another government, or held by somebody who holds no post any more: it is all the same.
    """
    loaded = await running.store.load(TenantId(tenant), link)
    try:
        seen = seen_from(CALENDAR_LINK, link, loaded.events)
    except Refused:
        return None
    given = seen.state.given
    if given is None or seen.state.withdrawn or not fits(key, given.key_sha256):
        return None
    caller = Caller(TenantId(tenant), PersonId(given.holder_id), None, frozenset(), f"link.{link}")
    desk = WebDesk(kernel=running.kernel, caller=caller, command_id=uuid7(), status=200, language="zh")
    try:
        rules = await desk.rules()
        if not rules.roster.held_by(given.holder_id, desk.now()):
            return None
        return await the_calendar(desk, person=given.person_id, group=given.group)
    except Refused:
        return None


async def the_calendar(desk: WebDesk, *, person: str | None = None, group: str | None = None) -> Response:
    words = Words(await desk.rules())
    if person is not None:
        if person not in words.rules.roster.persons:
            raise not_found("person")
        people, name = (person,), f"{words.name(person)} 外出"
    else:
        of_group = known_group(words, None if group == LEADERS else group)
        people = words.people(of_group, desk.now())
        name = f"{words.group(of_group).zh if of_group else '领导'} 外出"
    async with desk.query() as connection:
        rows = (await connection.execute(feed.query(people))).mappings().all()
    content = feed.calendar_of(name, desk.tenant, words, [dict(row) for row in rows])
    headers = {"Cache-Control": "private, max-age=300"}
    return Response(content, media_type=calendar.MEDIA_TYPE, headers=headers)


@router.get(
    "/absences/{absence_id}/form.pdf",
    operation_id="print_leave_form",
    summary="请假单 PDF The leave form as PDF",
    response_class=Response,
    responses=file_of(pdf.MEDIA_TYPE),
)
async def print_leave_form(absence_id: UUID, desk: DeskDep, request: Request) -> Response:
    """With the steps taken, the clauses, who acted and the return. A character no font has is refused by name."""
    return await the_pdf(desk, running_of(request), absence_id)


@router.get(
    "/absences/{absence_id}/form.docx",
    operation_id="write_leave_form",
    summary="请假单 DOCX The leave form as DOCX",
    response_class=Response,
    responses=file_of(docx.MEDIA_TYPE),
)
async def write_leave_form(absence_id: UUID, desk: DeskDep, request: Request) -> Response:
    """The same form for Word or WPS."""
    return await the_docx(desk, running_of(request), absence_id)


async def the_pdf(desk: WebDesk, running: Running, absence_id: UUID) -> Response:
    paper = await the_form(desk, running, absence_id)
    content = await asyncio.to_thread(pdf.write, paper, folders_of(running.settings.fonts))
    return attachment(content, pdf.MEDIA_TYPE, f"{paper.title}.pdf")


async def the_docx(desk: WebDesk, running: Running, absence_id: UUID) -> Response:
    paper = await the_form(desk, running, absence_id)
    return attachment(await asyncio.to_thread(docx.write, paper), docx.MEDIA_TYPE, f"{paper.title}.docx")


async def the_form(desk: WebDesk, running: Running, absence_id: UUID) -> Paper:
    seen = await desk.seen(ABSENCE, absence_id)
    if seen.state.announced is None:
        raise not_found("absence")
    rules = await desk.rules(pack=seen.pack, to_read=True)
    words = Words(rules)
    acted = select(ACTINGS).where(ACTINGS.c.absence_id == str(absence_id)).order_by(ACTINGS.c.started_at)
    async with desk.query() as connection:
        rows = (await connection.execute(acted)).mappings().all()
    government = running.room.shelf.government(desk.tenant)
    filled = Filled(
        id=absence_id,
        version=seen.version,
        absence=seen.state,
        announced=seen.state.announced,
        cites=row_of(rules, seen.state.announced).citations,
        acted=[dict(row) for row in rows],
        issuer=government.zh if government else desk.tenant,
    )
    return leave_form(filled, words)
