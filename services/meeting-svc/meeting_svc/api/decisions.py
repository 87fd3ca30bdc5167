"""What sittings decided, as a list and as a file."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import Select, select

from chancery.calendar import local_day
from chancery.events.parts import Code, Dissent, Key
from chancery.office import xlsx
from chancery.office.table import Table
from chancery.refusal import Reason, Refused
from chancery.web import Day, DeskDep, Page, PagingDep
from chancery.web.files import attachment, file_of
from meeting_svc.decision_sheet import COLUMNS, values_of
from meeting_svc.projections.tables import DECISIONS
from meeting_svc.sitting.outcomes import Outcome

router = APIRouter(prefix="/v1", tags=["decisions 议定事项"])
MOST: Final = 20_000


class DecisionLine(BaseModel):
    """What a sitting made of one item, as its minutes stand now; ``body`` is None for what was recorded long ago."""

    sitting_id: UUID
    no: int
    body: str | None
    decided_on: date | None
    matter_id: UUID
    title: str
    outcome: str
    text: str
    lead: str | None
    cooperating: list[str]
    due_on: date | None
    referred_to: str | None
    dissent: list[Dissent]


def sought(
    body: Code | None = None,
    outcome: Outcome | None = None,
    lead: Annotated[Key | None, Query(description="牵头单位 the lead unit")] = None,
    decided_from: Day | None = None,
    decided_to: Day | None = None,
) -> Select[Any]:
    """The decisions that are looked for."""
    query = select(DECISIONS)
    for column, one in ((DECISIONS.c.body, body), (DECISIONS.c.outcome, outcome), (DECISIONS.c.lead, lead)):
        if one is not None:
            query = query.where(column == one)
    if decided_from is not None:
        query = query.where(DECISIONS.c.decided_on >= decided_from)
    if decided_to is not None:
        query = query.where(DECISIONS.c.decided_on <= decided_to)
    return query


SoughtDep = Annotated[Select[Any], Depends(sought)]


@router.get("/decisions", operation_id="list_decisions", summary="What was decided 议定事项台账")
async def list_decisions(desk: DeskDep, paging: PagingDep, query: SoughtDep) -> Page[DecisionLine]:
    order = [DECISIONS.c.recorded_at, DECISIONS.c.sitting_id, DECISIONS.c.no]
    async with desk.query() as connection:
        return await paging.page(connection, query, order, _line)


def _line(row: Mapping[str, Any]) -> DecisionLine:
    return DecisionLine.model_validate({name: row[name] for name in DecisionLine.model_fields})


@router.get(
    "/decisions.xlsx",
    operation_id="export_decisions",
    summary="What was decided, as XLSX 导出议定事项",
    response_class=Response,
    responses=file_of(xlsx.MEDIA_TYPE),
)
async def export_decisions(desk: DeskDep, query: SoughtDep) -> Response:
    """All that was looked for; nothing is left out silently."""
    order = (DECISIONS.c.decided_on, DECISIONS.c.sitting_id, DECISIONS.c.no)
    async with desk.query() as connection:
        rows = (await connection.execute(query.order_by(*order).limit(MOST + 1))).mappings().all()
    if len(rows) > MOST:
        raise Refused(Reason("too_many_for_one_file", params={"most": MOST}))
    rules = await desk.rules()
    table = Table("议定事项", COLUMNS, [values_of(rules, dict(row)) for row in rows])
    content = await asyncio.to_thread(xlsx.write, table, made_at=desk.now())
    return attachment(content, xlsx.MEDIA_TYPE, f"议定事项-{local_day(desk.now()):%Y%m%d}.xlsx")
