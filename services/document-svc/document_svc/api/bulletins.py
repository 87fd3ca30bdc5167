"""Bulletins of units, and their issues (简报)."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select

from chancery.events.parts import Key, Name, PaperRef
from chancery.refusal import Refused
from chancery.web import REFUSED, DeskDep, Page, PagingDep, Receipt
from chancery.web.form import Form, Opinion, YesNo
from document_svc.api.files import FilesDep
from document_svc.api.forms import TextForm, WithdrawForm
from document_svc.bulletin.open_bulletin import CloseBulletin, OpenBulletin, close_bulletin
from document_svc.bulletin.open_bulletin import open_bulletin as begin
from document_svc.bulletin.send_issue import SendIssue, send_issue
from document_svc.bulletin.state import BULLETIN
from document_svc.document.volume import measured
from document_svc.intake.readers import read
from document_svc.projections.tables import BULLETINS

router = APIRouter(prefix="/v1/bulletins", tags=["bulletins 简报"])


class BulletinForm(Form):
    """A unit's bulletin (简报); ``reason`` where it is one more than the rule lets a unit have."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"unit": "justice_bureau", "title": "法治简报"}]})

    unit: Key
    title: Name
    reason: Opinion | None = None


class IssueForm(TextForm):
    """An issue; its bytes were put into the file store before. ``carries_request``: it asks for something."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "briefing",
                    "name": "法治简报第3期",
                    "sha256": "0" * 64,
                    "size": 2048,
                    "media_type": "text/plain",
                    "carries_request": False,
                }
            ]
        }
    )

    carries_request: YesNo = False

    def paper(self) -> PaperRef:
        return PaperRef.model_validate(self.model_dump(exclude={"carries_request"}))


class BulletinLine(BaseModel):
    id: UUID
    unit: str
    title: str
    opened_on: date
    closed_on: date | None
    permitted_by: str | None


@router.post("", status_code=201, summary="Open a bulletin 开办简报", responses=REFUSED)
async def open_bulletin(form: BulletinForm, desk: DeskDep) -> Receipt:
    """How many the unit has is told before: 409 names the rule, and who may permit one more."""
    count = (
        select(func.count())
        .select_from(BULLETINS)
        .where(BULLETINS.c.unit == form.unit, BULLETINS.c.closed_on.is_(None))
    )
    async with desk.query() as connection:
        alive = await connection.scalar(count) or 0
    command = OpenBulletin(desk.person, desk.now(), form.unit, form.title, int(alive), form.reason)
    return await desk.tell(BULLETIN, begin, command, stream=desk.new_id())


@router.post("/{bulletin_id}:send-issue", summary="Send an issue 报送一期", responses=REFUSED)
async def send_bulletin_issue(bulletin_id: UUID, form: IssueForm, desk: DeskDep, files: FilesDep) -> Receipt:
    """Numbered through the year. ``kind`` is the pack's word for such papers."""
    content = await asyncio.to_thread(files.read, desk.tenant, form.sha256)
    pages = await asyncio.to_thread(_pages, content or b"")
    rules = await desk.rules()
    command = SendIssue(
        by=desk.person,
        at=desk.now(),
        paper=form.paper(),
        kept=content is not None and len(content) == form.size,
        carries_request=form.carries_request,
        pages=pages,
        kind=rules.known("kinds", form.kind),
    )
    return await desk.tell(BULLETIN, send_issue, command, stream=bulletin_id, existing=True)


@router.post("/{bulletin_id}:close", summary="Close a bulletin 停办简报", responses=REFUSED)
async def close_bulletin_of_unit(bulletin_id: UUID, form: WithdrawForm, desk: DeskDep) -> Receipt:
    command = CloseBulletin(desk.person, desk.now(), form.reason)
    return await desk.tell(BULLETIN, close_bulletin, command, stream=bulletin_id, existing=True)


@router.get("", summary="Bulletins by unit 简报台账")
async def list_bulletins(
    desk: DeskDep,
    paging: PagingDep,
    unit: Key | None = None,
    alive: Annotated[bool | None, Query()] = None,
) -> Page[BulletinLine]:
    query = select(BULLETINS)
    if unit is not None:
        query = query.where(BULLETINS.c.unit == unit)
    if alive is not None:
        query = query.where(BULLETINS.c.closed_on.is_(None) if alive else BULLETINS.c.closed_on.is_not(None))
    async with desk.query() as connection:
        return await paging.page(connection, query, [BULLETINS.c.opened_on, BULLETINS.c.bulletin_id], _line)


def _pages(content: bytes) -> int | None:
    try:
        sheet = read(content)
    except Refused:
        return None
    return measured(sheet.text, sheet.pages).pages


def _line(row: Mapping[str, Any]) -> BulletinLine:
    return BulletinLine(
        id=row["bulletin_id"],
        unit=row["unit"],
        title=row["title"],
        opened_on=row["opened_on"],
        closed_on=row["closed_on"],
        permitted_by=row["permitted_by"],
    )
