"""Sittings as calendars to subscribe to."""

from fastapi import APIRouter
from fastapi.responses import Response

from chancery.events.parts import Code, Key
from chancery.office import calendar
from chancery.web import DeskDep
from chancery.web.files import file_of
from meeting_svc.calendars import of_body, of_person

router = APIRouter(prefix="/v1/calendars", tags=["calendars 会议日历"])
FILE = file_of(calendar.MEDIA_TYPE)


@router.get(
    "/bodies/{body}.ics",
    operation_id="get_body_calendar",
    summary="A body's sittings as a calendar 会议日历",
    response_class=Response,
    responses=FILE,
)
async def get_body_calendar(body: Code, desk: DeskDep) -> Response:
    """iCalendar, with its time zone; a sitting keeps its id, and one that was called off is cancelled."""
    return as_calendar(await of_body(desk, body))


@router.get(
    "/persons/{person}.ics",
    operation_id="get_person_calendar",
    summary="The sittings a person comes to, as a calendar 个人会议日历",
    response_class=Response,
    responses=FILE,
)
async def get_person_calendar(person: Key, desk: DeskDep) -> Response:
    """In which quality and for which items he comes, as the rules say; where he is on leave his time is free."""
    return as_calendar(await of_person(desk, person))


def as_calendar(content: bytes) -> Response:
    headers = {"Cache-Control": "private, max-age=300"}
    return Response(content, media_type=calendar.MEDIA_TYPE, headers=headers)
