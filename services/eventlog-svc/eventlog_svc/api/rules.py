"""The rule packs as data: each clause by clause, how far it is proved, two side by side, and a case explained."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel

from chancery.calendar import local_day
from chancery.rules.against import Finding
from chancery.rules.coverage import Coverage, Numbers, PackCovered
from chancery.rules.diff import PackDiff, diff
from chancery.rules.explain import Account, explain
from chancery.rules.pack import Pack, table_named
from chancery.rules.show import PackPage
from chancery.rules.stated import facts_of
from chancery.rules.what_if import WhatIf, what_if
from chancery.rules.wording import Said
from chancery.web import REFUSED, DeskDep
from chancery.web.running import running_of
from eventlog_svc.api.log import OPERATORS
from eventlog_svc.library import Library, library_of

router = APIRouter(prefix="/v1/rules", tags=["rule packs 规则包"])
PACK = r"^[a-z][a-z0-9]*(-[a-z0-9]+)+(@[A-Za-z0-9._-]{1,40})?$"
PackId = Annotated[str, Path(pattern=PACK, max_length=120, description="规则包 id, or id@version")]
Other = Annotated[str, Query(pattern=PACK, max_length=120, description="另一规则包 the other pack")]
TableName = Annotated[str, Query(pattern="^[a-z_]{1,40}$", description="表 the table asked")]
Fact = Annotated[str, Query(max_length=400, pattern="^[^\\x00]*$")]
Facts = Annotated[list[Fact], Query(default_factory=list, max_length=40, description="事实 name=value; sets as a,b")]
NOT_THERE: dict[int | str, dict[str, Any]] = {404: REFUSED[404]}


class PackLine(BaseModel):
    """A pack that this house has loaded, and how far it is proved."""

    id: str
    version: str
    title: Said
    tier: str
    number: str | None
    effective: date
    numbers: Numbers


def _line(pack: Pack, covered: PackCovered) -> PackLine:
    return PackLine(
        id=pack.head.id,
        version=pack.head.version,
        title=covered.title,
        tier=pack.head.tier,
        number=pack.head.number,
        effective=pack.head.dates.effective,
        numbers=covered.numbers,
    )


async def lines(library: Library) -> list[tuple[PackLine, PackCovered]]:
    """Every pack with its coverage, for the list."""
    covered = [(pack, await library.covered(pack)) for pack in library.packs]
    return [(_line(pack, found), found) for pack, found in covered]


@router.get("/packs", operation_id="list_packs", summary="规则包 Rule packs")
async def list_packs(request: Request, desk: DeskDep) -> list[PackLine]:
    """Every pack this house has loaded, by name and version."""
    desk.requires(*OPERATORS)
    return [line for line, _ in await lines(library_of(running_of(request)))]


@router.get("/packs/{pack}", operation_id="show_pack", summary="逐条阅读 A pack, clause by clause", responses=NOT_THERE)
async def show_pack(request: Request, desk: DeskDep, pack: PackId) -> PackPage:
    """What each clause says in our own words, the rows that keep it in words, what proves it, and what is given up."""
    desk.requires(*OPERATORS)
    library = library_of(running_of(request))
    return await library.page(library.pack(pack))


@router.get(
    "/packs/{pack}/findings", operation_id="lint_pack", summary="核对 Against the higher law", responses=NOT_THERE
)
async def lint_pack(request: Request, desk: DeskDep, pack: PackId, on: date | None = None) -> list[Finding]:
    """What a lawyer should look at, against the higher law of a day (absent: today) and the sample roster.

    A pack that is loaded has no errors: with one the service would not have started, or kept the rules it had.
    """
    desk.requires(*OPERATORS)
    running = running_of(request)
    library = library_of(running)
    return await library.findings(library.pack(pack), on or local_day(running.clock.now()))


@router.get("/coverage", operation_id="get_coverage", summary="条款覆盖 Coverage of all packs")
async def get_coverage(request: Request, desk: DeskDep) -> Coverage:
    """Duty, rows, scenarios, last result. Scenarios are asked of the engine; those through services are named."""
    desk.requires(*OPERATORS)
    return await library_of(running_of(request)).coverage()


@router.get("/diff", operation_id="diff_packs", summary="比较 Two packs side by side", responses=NOT_THERE)
async def diff_packs(request: Request, desk: DeskDep, one: Other, other: Other) -> PackDiff:
    """Heads, settings, and every table row by row; two versions of one pack, or two governments."""
    desk.requires(*OPERATORS)
    library = library_of(running_of(request))
    return await asyncio.to_thread(diff, library.pack(one), library.pack(other))


@router.get(
    "/packs/{pack}/case", operation_id="explain_case", summary="解释一个情形 A case explained", responses=NOT_THERE
)
async def explain_case(request: Request, desk: DeskDep, pack: PackId, table: TableName, fact: Facts) -> Account:
    """Rows that answer, rows that do not and by what, and the smallest change of facts that would turn each."""
    desk.requires(*OPERATORS)
    return account(library_of(running_of(request)), pack, table, fact)


@router.get(
    "/packs/{pack}/what-if", operation_id="what_if", summary="换一套规则 The same case elsewhere", responses=NOT_THERE
)
async def what_if_under(
    request: Request, desk: DeskDep, pack: PackId, other: Other, table: TableName, fact: Facts
) -> WhatIf:
    """The case under both packs. What the other does not know is left out of the question, and that is said."""
    desk.requires(*OPERATORS)
    running = running_of(request)
    return under_both(library_of(running), (pack, other), table, fact, local_day(running.clock.now()))


def account(library: Library, pack: str, table: str, facts: Sequence[str]) -> Account:
    """A case explained.

    Raises:
        Refused: no such pack (``missing``).
        BadFacts: there is no such table, or it cannot be asked with these facts; a malformed request at the edge.
    """
    asked = table_named(table)
    return explain(library.pack(pack), asked, facts_of(asked, facts))


def under_both(library: Library, packs: tuple[str, str], table: str, facts: Sequence[str], on: date) -> WhatIf:
    """A case under two packs.

    Raises:
        Refused: no such pack (``missing``).
        BadFacts: there is no such table, or the first pack cannot be asked with these facts.
    """
    asked = table_named(table)
    one, other = packs
    return what_if(library.pack(one), library.pack(other), asked, facts_of(asked, facts), on)
