"""The page of the outgoing register: filters, chosen columns, whose move each document is, and the same as a sheet."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from chancery.refusal import Refused
from chancery.web import PagingDep
from document_svc.api.outgoing_register import in_words, the_outgoing_sheet
from document_svc.document.state import Stage
from document_svc.projections.tables import DOCUMENTS
from document_svc.views.outgoing import ATTRIBUTES, COLUMNS, Asked, Chosen, asked_of, columns_of
from document_svc.views.pages import DAY, ENTRANCE, HOME, home_of, nothing, outside, page, shown, signed_in

router = APIRouter(prefix=HOME, include_in_schema=False)
STAGES = {
    Stage.DRAFTED: ("审签中", "under way"),
    Stage.SIGNED: ("已签发", "signed"),
    Stage.ISSUED: ("已印发", "issued"),
    Stage.WITHDRAWN: ("已停办", "given up"),
}


@router.get("/outgoing")
async def outgoing(
    request: Request,
    paging: PagingDep,
    *,
    text: Annotated[str, Query(max_length=200)] = "",
    stage: str = "",
    kind: str = "",
    in_name_of: str = "",
    unit: str = "",
    attribute: str = "",
    overdue: str = "",
    issued_from: str = "",
    issued_to: str = "",
    column: Chosen = [],  # noqa: B006  a list of a query
) -> Response:
    """A form sends what was left empty as empty words; these count as not asked."""
    desk = await ENTRANCE.desk_at(request)
    if desk is None:
        return outside(request)
    given = {
        "text": text,
        "stage": stage,
        "kind": kind,
        "in_name_of": in_name_of,
        "unit": unit,
        "attribute": attribute,
        "overdue": overdue,
        "issued_from": issued_from,
        "issued_to": issued_to,
    }
    filled = {key: value for key, value in given.items() if value}
    try:
        asked, columns = _asked(filled), columns_of(column)
        order = [DOCUMENTS.c.drafted_at, DOCUMENTS.c.document_id]
        async with desk.query() as connection:
            found = await paging.page(connection, asked.query(), order, _as_it_is, descending=True)
    except (Refused, ValueError):
        return nothing(request, desk, "没有这样的查询。There is nothing to be asked like this.")
    rows = [(row, await in_words(desk, row)) for row in found.items]
    rules = await desk.rules()
    sent = [*filled.items(), *(("column", one.key) for one in columns)] if column else list(filled.items())
    export = urlencode(sent)
    return page(
        request,
        "outgoing.html",
        columns=columns,
        every=COLUMNS,
        chosen=[one.key for one in columns],
        lines=[
            {"cells": [{"column": one, "says": shown(words[one.key])} for one in columns], "late": row["overdue"]}
            for row, words in rows
        ],
        given=given,
        stages=[(one.value, *said) for one, said in STAGES.items()],
        kinds=[(word, rules.titled(word)) for word in rules.pack.words.get("kinds", {})],
        names=[(word, rules.titled(word)) for word in rules.pack.words.get("issuers", {})],
        units=sorted((one, rules.titled(one)) for one in rules.roster.units),
        attributes=list(ATTRIBUTES.items()),
        export=f"?{export}" if export else "",
        next=f"{home_of(request)}/outgoing?{urlencode([*sent, ('cursor', found.next)])}" if found.next else None,
        first=f"{home_of(request)}/outgoing?{export}" if paging.cursor else None,
        **signed_in(request, desk),
    )


@router.get("/outgoing.{sheet}")
async def export(
    sheet: Literal["xlsx", "csv"],
    request: Request,
    asked: Annotated[Asked, Depends(asked_of)],
    column: Chosen = [],  # noqa: B006  a list of a query
) -> Response:
    desk = await ENTRANCE.desk_at(request)
    return await the_outgoing_sheet(desk, sheet, asked, column) if desk else outside(request, status=401)


def _as_it_is(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row)


def _asked(filled: Mapping[str, str]) -> Asked:
    """What the form asked.

    Raises:
        ValueError: a word or a day that is none.
    """
    truth = {"true": True, "false": False}
    if filled.get("overdue", "true") not in truth or filled.get("attribute", "withheld") not in ATTRIBUTES:
        raise ValueError(filled)
    return Asked(
        text=filled.get("text"),
        stage=Stage(filled["stage"]) if "stage" in filled else None,
        kind=filled.get("kind"),
        in_name_of=filled.get("in_name_of"),
        unit=filled.get("unit"),
        attribute=filled.get("attribute"),
        overdue=truth[filled["overdue"]] if "overdue" in filled else None,
        issued_from=DAY.validate_python(filled["issued_from"]) if "issued_from" in filled else None,
        issued_to=DAY.validate_python(filled["issued_to"]) if "issued_to" in filled else None,
    )
