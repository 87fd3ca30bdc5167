"""The agenda, the attendance sheet and the minutes as PDF and DOCX."""

import asyncio
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chancery.office import docx, pdf
from chancery.office.fonts import folders_of
from chancery.office.paper import Paper
from chancery.refusal import not_found
from chancery.web import DeskDep
from chancery.web.files import attachment, file_of
from chancery.web.running import running_of
from meeting_svc.looking import issued_on, look, words_of
from meeting_svc.minutes.state import MINUTES
from meeting_svc.printed.agenda import agenda, attendance_sheet
from meeting_svc.printed.minutes import minutes_paper
from meeting_svc.sitting.state import SITTING

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
    looked = await look(desk, request, sitting_id)
    return await paper_file(request, kind, agenda(looked.sitting, looked.convened, looked.words))


@router.get(
    "/sittings/{sitting_id}/attendance.{kind}",
    summary="The attendance sheet on paper 签到表",
    response_class=Response,
    responses=FILE,
)
async def print_attendance_sheet(sitting_id: UUID, kind: Kind, desk: DeskDep, request: Request) -> Response:
    """Whoever is expected or came; with room to sign until the sitting is closed."""
    looked = await look(desk, request, sitting_id)
    return await paper_file(request, kind, attendance_sheet(looked.sitting, looked.convened, looked.words))


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
    words = await words_of(desk, request, seen.pack, as_of=draft.closed_at)
    on = await issued_on(desk, draft.sitting_id)
    return await paper_file(request, kind, minutes_paper(seen.state, draft, sitting, words, on))


async def paper_file(request: Request, kind: Kind, paper: Paper) -> Response:
    """A paper as the file that was asked for."""
    if kind == "docx":
        return attachment(await asyncio.to_thread(docx.write, paper), docx.MEDIA_TYPE, f"{paper.title}.docx")
    folders = folders_of(running_of(request).settings.fonts)
    return attachment(await asyncio.to_thread(pdf.write, paper, folders), pdf.MEDIA_TYPE, f"{paper.title}.pdf")
