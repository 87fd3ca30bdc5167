"""The rule packs as pages: the list, one clause by clause, coverage, two side by side, a case asked."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from chancery.calendar import local_day
from chancery.rules.diff import diff, name_of
from chancery.rules.grammar import Closed, Fact
from chancery.rules.pack import EXCEPTIONS, BadFacts, Pack
from chancery.rules.tables import TABLES, Table
from chancery.rules.wording import Said, both, fact_title, table_title
from chancery.web import WebDesk
from chancery.web.running import Running, running_of
from eventlog_svc.api.log import rules_of
from eventlog_svc.api.rules import account, lines, under_both
from eventlog_svc.console.pages import desk_at, frame, page
from eventlog_svc.library import Library, library_of

router = APIRouter(include_in_schema=False)
SIGN_IN: Final = "/console"
Named = Annotated[str, Query(max_length=120, pattern="^[a-z0-9@A-Z._-]*$")]
FIRST_TABLE: Final = "signing"


@router.get("/console/packs")
async def packs(request: Request) -> Response:
    desk, running = await desk_at(request), running_of(request)
    if desk is None:
        return RedirectResponse(SIGN_IN, 303)
    found = await lines(library_of(running))
    return page("packs.html", packs=found, **frame(running, desk))


@router.get("/console/packs/{named}")
async def one_pack(named: str, request: Request) -> Response:
    desk, running = await desk_at(request), running_of(request)
    if desk is None:
        return RedirectResponse(SIGN_IN, 303)
    library = library_of(running)
    pack = library.pack(named)
    shown = await library.page(pack)
    looked = await library.findings(pack, local_day(running.clock.now()))
    return page("pack.html", shown=shown, findings=looked, others=_names(library), **frame(running, desk))


@router.get("/console/coverage")
async def coverage(request: Request) -> Response:
    desk, running = await desk_at(request), running_of(request)
    if desk is None:
        return RedirectResponse(SIGN_IN, 303)
    found = await library_of(running).coverage()
    return page("coverage.html", found=found, **frame(running, desk))


@router.get("/console/diff")
async def two_packs(request: Request, one: Named = "", other: Named = "") -> Response:
    desk, running = await desk_at(request), running_of(request)
    if desk is None:
        return RedirectResponse(SIGN_IN, 303)
    library = library_of(running)
    names = _names(library)
    found = await asyncio.to_thread(diff, library.pack(one), library.pack(other)) if one and other else None
    parts = {
        "found": found,
        "names": names,
        "one": found.one if found else one,
        "other": found.other if found else other,
    }
    return page("diff.html", **parts, **frame(running, desk))


@router.get("/console/ask")
async def ask(
    request: Request,
    pack: Named = "",
    table: Named = "",
    other: Named = "",
    go: Annotated[str, Query(max_length=9)] = "",
) -> Response:
    """A case: first pack and table, then its facts. An answer has an address that can be passed on."""
    desk, running = await desk_at(request), running_of(request)
    if desk is None:
        return RedirectResponse(SIGN_IN, 303)
    library = library_of(running)
    chosen = library.pack(pack) if pack else await _own(running, desk)
    second = library.pack(other) if other else None
    asked = TABLES.get(table, TABLES[FIRST_TABLE])
    given = _given(request)
    parts: dict[str, Any] = {
        "names": _names(library),
        "tables": [(name, table_title(name)) for name in TABLES],
        "chosen": name_of(chosen),
        "title": Said(zh=chosen.head.title.zh, en=chosen.head.title.en),
        "table": asked.name,
        "other": name_of(second) if second else "",
        "inputs": _inputs(chosen, asked, given),
        "problem": None,
    }
    if go:
        facts = [f"{name}={value}" for name, value in given.items()]
        try:
            if second is not None:
                pair = (name_of(chosen), name_of(second))
                parts["both"] = under_both(library, pair, asked.name, facts, local_day(running.clock.now()))
                parts["other_title"] = second.head.title.zh
            else:
                parts["found"] = account(library, name_of(chosen), asked.name, facts)
        except BadFacts as error:
            parts["problem"] = str(error)
    return page("ask.html", 422 if parts["problem"] else 200, **parts, **frame(running, desk))


class Input(Closed):
    """One fact of a table as a field of the form. ``words`` empty: anything may be written."""

    name: str
    title: Said
    kind: str
    words: tuple[tuple[str, Said], ...]
    value: str


def _inputs(pack: Pack, table: Table[Any], given: Mapping[str, str]) -> list[Input]:
    """The facts of a table that rows of this pack look at, each with the words it may take here."""
    used = {cell.fact for row in pack.rows(table) for cell in row.when}
    excepted = any(row.unless for row in pack.rows(table))
    names = [name for name in table.facts if name in used or name in given]
    found = [_input(pack, table, name, table.facts[name], given) for name in names]
    return [*found, _input(pack, table, "exceptions", EXCEPTIONS, given)] if excepted else found


def _input(pack: Pack, table: Table[Any], name: str, fact: Fact, given: Mapping[str, str]) -> Input:
    zh, en = both(pack)
    words = list(pack.vocabulary(fact.words)) if fact.words is not None else []
    words = words or sorted(
        {word for row in pack.rows(table) for cell in row.when if cell.fact == name for word in cell.words}
    )
    if name == "exceptions":
        words = sorted({word for row in pack.rows(table) for one in row.unless for word in one.exception})
    told = tuple((word, Said(zh=zh.word(word, fact.words), en=en.word(word, fact.words))) for word in sorted(words))
    return Input(name=name, title=fact_title(name), kind=fact.kind, words=told, value=given.get(name, ""))


def _given(request: Request) -> dict[str, str]:
    """The facts of the form: fields named ``f.fact``, several values of one joined."""
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name.startswith("f.") and value.strip():
            found.setdefault(name.removeprefix("f."), []).append(value.strip())
    return {name: ",".join(values) for name, values in found.items()}


async def _own(running: Running, desk: WebDesk) -> Pack:
    """The rules of whoever asks; the first pack of the house where none is in force."""
    rules = await rules_of(desk)
    return rules.pack if rules else library_of(running).packs[0]


def _names(library: Library) -> list[tuple[str, Said]]:
    return [(name_of(pack), Said(zh=pack.head.title.zh, en=pack.head.title.en)) for pack in library.packs]
