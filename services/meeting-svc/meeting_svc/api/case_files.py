"""The case file of a sitting as one ZIP."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from chancery.office import bundle
from chancery.office.fonts import folders_of
from chancery.web import DeskDep, WebDesk
from chancery.web.files import file_of, said_as
from chancery.web.running import running_of
from meeting_svc.case_file import CaseFile
from meeting_svc.case_record import record_of
from meeting_svc.clerks import clerk
from meeting_svc.looking import Looked, issued_on, look, minutes_of, papers_of, sheet_of

router = APIRouter(prefix="/v1/sittings", tags=["case files 会议案卷"])
KEEPERS = frozenset({"auditor", "audit"})
"""Roles that look at everything and do nothing."""


@router.get(
    "/{sitting_id}/case-file.zip",
    operation_id="get_case_file",
    summary="The case file, as ZIP 会议案卷",
    response_class=StreamingResponse,
    responses=file_of(bundle.MEDIA_TYPE),
)
async def get_case_file(sitting_id: UUID, desk: DeskDep, request: Request) -> Response:
    """Notice, agenda, papers, attendance, decisions, minutes and the record of events with their clauses.

    A manifest gives each file's SHA-256. For the body's office, whoever presided, and auditors. It is made while it is
    sent: where a paper is not what it was, it breaks off.
    """
    looked = await look(desk, request, sitting_id)
    await _allowed(desk, looked)
    case = CaseFile(
        tenant=desk.tenant,
        looked=looked,
        sheet=await sheet_of(desk, looked),
        papers=await papers_of(desk, looked.sitting),
        record=await record_of(desk, looked.sitting),
        minutes=await minutes_of(desk, sitting_id),
        issued_on=await issued_on(desk, sitting_id),
        files=desk.files,
        fonts=folders_of(running_of(request).settings.fonts),
        made_at=desk.now(),
        made_by=desk.caller.actor,
    )
    content = bundle.stream(case.parts(), await case.head(), case.made_at)
    return StreamingResponse(content, media_type=bundle.MEDIA_TYPE, headers=said_as(f"{case.name}.zip"))


async def _allowed(desk: WebDesk, looked: Looked) -> None:
    """Whoever keeps the body's papers now, presided then, or audits."""
    opened = looked.sitting.opened
    if desk.caller.roles & KEEPERS or (opened is not None and opened.chair.person == desk.caller.person):
        return
    clerk(await desk.rules(pack=looked.pack, to_read=True), looked.convened.body, desk.person)
