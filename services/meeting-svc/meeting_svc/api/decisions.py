"""What sittings decided, as a list and as a file; and each body's sittings as a calendar."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import Select, select

from chancery.calendar import LOCAL, local_day
from chancery.events.parts import Code, Dissent, Key
from chancery.office import calendar, xlsx
from chancery.office.calendar import Entry
from chancery.office.table import Column, Table
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.web import Day, DeskDep, Page, PagingDep
from chancery.web.files import attachment, file_of
from meeting_svc.printed.words import OUTCOMES
from meeting_svc.projections.tables import DECISIONS, SITTINGS
from meeting_svc.sitting.outcomes import Outcome
from meeting_svc.sitting.state import Stage

router = APIRouter(prefix="/v1", tags=["decisions 议定事项"])
MOST: Final = 20_000
LASTS: Final = timedelta(hours=2)
"""How long a sitting stands in a calendar: nobody says beforehand when it ends."""
COLUMNS: Final = (
    Column("decided_on", "日期", "day", "day"),
    Column("body", "会议", "body"),
    Column("no", "序号", "no.", "whole"),
    Column("title", "议题", "item", width=36),
    Column("outcome", "结果", "outcome"),
    Column("text", "议定内容", "decision", width=60),
    Column("lead", "牵头单位", "lead unit"),
    Column("cooperating", "配合单位", "co-operating units"),
    Column("due_on", "完成时限", "due", "day"),
    Column("referred_to", "提请", "referred to"),
    Column("dissent", "保留意见", "dissent"),
)


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


def values_of(rules: Rules, row: Mapping[str, Any]) -> dict[str, Any]:
    """A decision as people read it."""
    dissent = (f"{rules.titled(one['person'])}：{one['opinion']}" for one in row["dissent"])
    return {
        "decided_on": row["decided_on"],
        "body": rules.titled(row["body"]) if row["body"] else "",
        "no": row["no"],
        "title": row["title"],
        "outcome": OUTCOMES.get(row["outcome"], row["outcome"]),
        "text": row["text"],
        "lead": rules.titled(row["lead"]) if row["lead"] else "",
        "cooperating": "、".join(rules.titled(unit) for unit in row["cooperating"]),
        "due_on": row["due_on"],
        "referred_to": row["referred_to"] or "",
        "dissent": "；".join(dissent),
    }


@router.get(
    "/calendars/bodies/{body}.ics",
    operation_id="get_body_calendar",
    summary="A body's sittings as a calendar 会议日历",
    response_class=Response,
    responses=file_of(calendar.MEDIA_TYPE),
)
async def get_body_calendar(body: Code, desk: DeskDep) -> Response:
    """iCalendar, with its time zone; a sitting keeps its id, and one that was called off is cancelled."""
    rules = await desk.rules()
    if rules.body(body) is None:
        raise not_found("body")
    query = select(SITTINGS).where(SITTINGS.c.body == body).order_by(SITTINGS.c.starts_at.desc()).limit(MOST)
    async with desk.query() as connection:
        rows = (await connection.execute(query)).mappings().all()
    title = rules.titled(body)
    content = calendar.write(title, [entry_of(title, desk.tenant, desk.now(), dict(row)) for row in rows])
    return Response(content, media_type=calendar.MEDIA_TYPE, headers={"Cache-Control": "private, max-age=300"})


def entry_of(title: str, tenant: str, now: datetime, row: Mapping[str, Any]) -> Entry:
    starts = row["starts_at"].astimezone(LOCAL)
    ends = row["closed_at"].astimezone(LOCAL) if row["closed_at"] is not None else starts + LASTS
    return Entry(
        uid=f"{row['sitting_id']}@{tenant}.sittings.chancery",
        title=f"{title} {row['series']}第{row['number']}次",
        starts=starts,
        ends=max(ends, starts),
        version=row["version"],
        stamped_at=now,
        place=row["place"],
        says=f"议题{row['items']}项",
        cancelled=row["stage"] == Stage.CALLED_OFF.value,
    )
