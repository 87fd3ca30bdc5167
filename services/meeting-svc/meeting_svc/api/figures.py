"""How a year's meetings stand beside the year before."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select

from chancery.calendar import local_day
from chancery.rules.wording import Said
from chancery.web import DeskDep, WebDesk
from meeting_svc.figures import Held, Stands, figures, held_of
from meeting_svc.projections.tables import MEETING_REQUESTS, SITTINGS
from meeting_svc.request.state import Stage as RequestStage
from meeting_svc.sitting.state import SITTING
from meeting_svc.sitting.state import Stage as SittingStage

router = APIRouter(prefix="/v1", tags=["meeting figures 会议统计"])
HELD: Final = (SittingStage.OPEN.value, SittingStage.CLOSED.value)


class MeetingFigure(BaseModel):
    """What one row wants watched. ``now`` is the year up to today, ``so_far_last_year`` the year before up to that day.

    ``relative`` compares the two; otherwise ``least`` and ``most`` are the numbers wanted.
    """

    counts: str
    says: Said
    now: float
    last_year: float
    so_far_last_year: float
    least: float | None
    most: float | None
    relative: bool
    stands: Stands
    clauses: list[str]


class MeetingFigures(BaseModel):
    year: int
    until: date
    lines: list[MeetingFigure]


@router.get("/meeting-figures", operation_id="get_meeting_figures", summary="A year's meetings 会议统计")
async def get_meeting_figures(
    desk: DeskDep, year: Annotated[int | None, Query(ge=2000, le=2999)] = None
) -> MeetingFigures:
    """What the rules want watched of a year's meetings: number, people, hours. It shows and refuses nothing.

    Counted are sittings that were opened and meetings of units that were approved and whose day has come.
    """
    rules = await desk.rules()
    today = local_day(rules.at)
    wanted = year or today.year
    meetings = await _held(desk, date(wanted - 1, 1, 1), min(today, date(wanted, 12, 31)))
    lines = [
        MeetingFigure(
            counts=one.counts,
            says=Said(zh=rules.titled(one.counts, "zh"), en=rules.titled(one.counts, "en")),
            now=one.now,
            last_year=one.last_year,
            so_far_last_year=one.so_far_last_year,
            least=one.least,
            most=one.most,
            relative=one.relative,
            stands=one.stands,
            clauses=list(one.clauses),
        )
        for one in figures(rules, meetings, wanted)
    ]
    return MeetingFigures(year=wanted, until=min(today, date(wanted, 12, 31)), lines=lines)


async def _held(desk: WebDesk, first: date, last: date) -> list[Held]:
    sat = select(SITTINGS.c.sitting_id).where(SITTINGS.c.held_on.between(first, last), SITTINGS.c.stage.in_(HELD))
    table = MEETING_REQUESTS
    asked = select(table.c.meets_on, table.c.scope, table.c.people).where(
        table.c.meets_on.between(first, last), table.c.stage == RequestStage.APPROVED.value
    )
    async with desk.query() as connection:
        sittings = (await connection.execute(sat.order_by(SITTINGS.c.held_on))).scalars().all()
        others = (await connection.execute(asked)).all()
    found = [Held(on, scope, people or 0) for on, scope, people in others]
    rules = await desk.rules()
    for sitting_id in sittings:
        held = held_of(rules, await desk.state(SITTING, sitting_id))
        found += [held] if held is not None else []
    return found
