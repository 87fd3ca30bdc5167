"""Series of sittings: the registers that number them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from chancery.events.parts import Code
from chancery.service import stream_of
from chancery.web import REFUSED, DeskDep, Receipt, WebDesk
from meeting_svc.api.forms import SeriesForm
from meeting_svc.api.views import SeriesView
from meeting_svc.series.open_series import OpenSeries, open_series
from meeting_svc.series.state import SERIES

router = APIRouter(prefix="/v1/sitting-series", tags=["sittings 会议"])


def series_id(desk: WebDesk, body: str, series: str) -> UUID:
    return stream_of(desk.tenant, "sitting_series", f"{body}/{series}")


@router.post("", status_code=201, summary="Begin a series at a later number 启用会议序列", responses=REFUSED)
async def open_sitting_series(form: SeriesForm, desk: DeskDep) -> Receipt:
    """For a body that held sittings before the system came; a series nobody opened begins at 1."""
    command = OpenSeries(by=desk.person, body=form.body, series=form.series, next_number=form.next_number)
    return await desk.tell(SERIES, open_series, command, stream=series_id(desk, form.body, form.series))


@router.get("/{body}/{series}", summary="One series and the numbers it gave 会议序列")
async def get_sitting_series(
    body: Code, series: Annotated[str, Path(min_length=1, max_length=200)], desk: DeskDep
) -> SeriesView:
    stream = series_id(desk, body, series)
    seen = await desk.seen(SERIES, stream)
    desk.etag(seen.version)
    given = {str(sitting): number for sitting, number in seen.state.given.items()}
    return SeriesView(id=stream, version=seen.version, next_number=seen.state.next_number, given=given)
