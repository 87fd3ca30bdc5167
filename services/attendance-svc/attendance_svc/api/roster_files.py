"""A whole roster as a file: XLSX or CSV, in and out."""

import asyncio
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from attendance_svc.api.roster import keep_roster, keeping, problems_of
from attendance_svc.keepers import keeps
from attendance_svc.roster_file.columns import COLUMNS
from attendance_svc.roster_file.read import taken
from attendance_svc.roster_file.write import written
from chancery.office import csv, xlsx
from chancery.refusal import Reason, Refused
from chancery.texts.saying import Sayings
from chancery.web import REFUSED, DeskDep

router = APIRouter(prefix="/v1/roster", tags=["roster 人员名册"])
BYTES: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
FILES: Final[dict[str, Any]] = {xlsx.MEDIA_TYPE: BYTES, "text/csv": BYTES}


class ProblemView(BaseModel):
    """One thing wrong with the file: the cell as a spreadsheet names it, and what to do, in both languages."""

    cell: str
    code: str
    zh: str
    en: str


class ImportReport(BaseModel):
    """What a file came to. ``told`` counts the commands that told something new; a dry run tells nothing."""

    persons: int
    units: int
    appointments: int
    told: int
    dry_run: bool
    problems: list[ProblemView]


@router.post(
    ":import",
    operation_id="import_roster",
    summary="导入名册文件 Import a roster's file",
    responses=REFUSED,
    openapi_extra={"requestBody": {"required": True, "content": FILES}},
)
async def import_roster(request: Request, desk: DeskDep) -> ImportReport:
    """An XLSX or a CSV with the columns of the export. With ``dry_run`` everything wrong with it is listed; without, a
    file with problems is refused whole. What is known already is not told again.
    """
    by = keeping(desk)
    rules = await desk.rules()
    if by is not None and not keeps(rules, by):
        raise Refused(Reason("not_a_keeper_of_the_roster"), kind="forbidden")
    content = await request.body()
    reader = xlsx.read if content.startswith(b"PK") else csv.read
    found = taken(await asyncio.to_thread(reader, content, COLUMNS), rules)
    problems = [*found.problems, *(found.placed(one) for one in problems_of(found.form, rules))]
    if problems and not desk.dry_run:
        raise Refused(*problems)
    told = 0 if desk.dry_run else await keep_roster(found.form, desk, by)
    sayings: Sayings = request.app.state.problems.sayings
    return ImportReport(
        persons=len(found.form.persons),
        units=len(found.form.units),
        appointments=len(found.form.appointments),
        told=told,
        dry_run=desk.dry_run,
        problems=[_said(one, sayings) for one in problems],
    )


def _said(reason: Reason, sayings: Sayings) -> ProblemView:
    zh, en = sayings.say(reason, "zh"), sayings.say(reason, "en")
    return ProblemView(cell=reason.subject or "", code=reason.code, zh=zh, en=en)


@router.get(
    "/export",
    operation_id="export_roster",
    summary="导出名册 Export the roster",
    response_class=Response,
    responses={200: {"content": FILES}, **REFUSED},
)
async def export_roster(
    desk: DeskDep,
    as_of: Annotated[
        AwareDatetime | None, Query(description="RFC 3339; now where none is named 时刻，默认现在")
    ] = None,
    kind: Annotated[Literal["xlsx", "csv"], Query(description="文件格式 the file's format")] = "xlsx",
) -> Response:
    """The roster as of a moment, in the columns that ``import_roster`` reads."""
    moment = as_of or desk.now()
    table = written((await desk.rules()).roster, moment, "人员名册")
    if kind == "csv":
        content, media = await asyncio.to_thread(csv.write, table), csv.MEDIA_TYPE
    else:
        content, media = await asyncio.to_thread(lambda: xlsx.write(table, made_at=moment)), xlsx.MEDIA_TYPE
    said = f"attachment; filename*=UTF-8''{quote('人员名册')}.{kind}"
    return Response(content, media_type=media, headers={"Content-Disposition": said, "Cache-Control": "no-store"})
