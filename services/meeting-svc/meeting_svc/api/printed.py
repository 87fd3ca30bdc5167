"""The agenda, the attendance sheet and the minutes as PDF and DOCX."""

import asyncio
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select

from chancery.envelope import PackRef
from chancery.events.meeting import SittingConvened
from chancery.office import docx, pdf
from chancery.office.fonts import folders_of
from chancery.office.paper import Paper
from chancery.refusal import not_found
from chancery.web import DeskDep, WebDesk
from chancery.web.files import attachment, file_of
from chancery.web.running import running_of
from meeting_svc.minutes.state import MINUTES
from meeting_svc.printed.agenda import agenda, attendance_sheet
from meeting_svc.printed.minutes import minutes_paper
from meeting_svc.printed.words import Words
from meeting_svc.projections.tables import MINUTES as MINUTES_TABLE
from meeting_svc.sitting.state import SITTING, Sitting

router = APIRouter(prefix="/v1", tags=["papers 会议文书"])
Kind = Literal["pdf", "docx"]
FILE = file_of(pdf.MEDIA_TYPE, docx.MEDIA_TYPE)


@router.get(
    "/sittings/{sitting_id}/agenda.{kind}",
    summary="The agenda on paper 会议议程",
    response_class=Response,
    responses=FILE,
)
async def print_agenda(sitting_id: UUID, kind: Kind, desk: DeskDep, request: Request) -> Response:
    """The order of business as it stands now."""
    sitting, convened, words = await _sitting(desk, request, sitting_id)
    return await _file(request, kind, agenda(sitting, convened, words))


@router.get(
    "/sittings/{sitting_id}/attendance.{kind}",
    summary="The attendance sheet on paper 签到表",
    response_class=Response,
    responses=FILE,
)
async def print_attendance_sheet(sitting_id: UUID, kind: Kind, desk: DeskDep, request: Request) -> Response:
    """Whoever is expected or came; with room to sign until the sitting is closed."""
    sitting, convened, words = await _sitting(desk, request, sitting_id)
    return await _file(request, kind, attendance_sheet(sitting, convened, words))


@router.get(
    "/minutes/{minutes_id}/paper.{kind}",
    summary="The minutes on paper 会议纪要",
    response_class=Response,
    responses=FILE,
)
async def print_minutes(minutes_id: UUID, kind: Kind, desk: DeskDep, request: Request) -> Response:
    """In the layout of 纪要, from what was recorded; a draft says that it is one."""
    seen = await desk.seen(MINUTES, minutes_id)
    draft = seen.state.draft
    if draft is None:
        raise not_found("minutes")
    sitting = await desk.state(SITTING, draft.sitting_id)
    words = await _words(desk, request, seen.pack)
    day = select(MINUTES_TABLE.c.issued_on).where(MINUTES_TABLE.c.sitting_id == draft.sitting_id)
    async with desk.query() as connection:
        issued_on = (await connection.execute(day)).scalar_one_or_none()
    return await _file(request, kind, minutes_paper(seen.state, draft, sitting, words, issued_on))


async def _sitting(desk: WebDesk, request: Request, sitting_id: UUID) -> tuple[Sitting, SittingConvened, Words]:
    seen = await desk.seen(SITTING, sitting_id)
    if seen.state.convened is None:
        raise not_found("sitting")
    return seen.state, seen.state.convened, await _words(desk, request, seen.pack)


async def _words(desk: WebDesk, request: Request, pack: PackRef | None) -> Words:
    government = running_of(request).room.shelf.government(desk.tenant)
    return Words(await desk.rules(pack=pack, to_read=True), government.zh if government else desk.tenant)


async def _file(request: Request, kind: Kind, paper: Paper) -> Response:
    if kind == "docx":
        return attachment(await asyncio.to_thread(docx.write, paper), docx.MEDIA_TYPE, f"{paper.title}.docx")
    folders = folders_of(running_of(request).settings.fonts)
    return attachment(await asyncio.to_thread(pdf.write, paper, folders), pdf.MEDIA_TYPE, f"{paper.title}.pdf")
