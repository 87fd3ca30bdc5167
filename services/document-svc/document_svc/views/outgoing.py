"""The register of what goes out as people look at it: which columns, which rows, in words (发文登记簿)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Query
from sqlalchemy import Select, or_, select

from chancery.calendar import local_day
from chancery.events.parts import Code, Key
from chancery.office.table import Column, Table, Value
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.web import Day
from document_svc.document.state import Stage
from document_svc.projections.tables import DOCUMENTS

MOST: Final = 20_000
COLUMNS: Final = (
    Column("number", "发文字号", "number", width=22),
    Column("title", "标题", "title", width=44),
    Column("kind", "文种", "kind"),
    Column("in_name_of", "发文名义", "in the name of", width=18),
    Column("lead_unit", "主办单位", "lead unit", width=18),
    Column("where", "当前环节", "where it is", width=16),
    Column("move", "待谁办理", "whose move", width=24),
    Column("drafted_on", "拟稿日期", "drafted on", "day"),
    Column("due_on", "印发期限", "due on", "day"),
    Column("overdue", "逾期", "overdue", "yes_no"),
    Column("signed_on", "签发日期", "signed on", "day"),
    Column("signed_by", "签发人", "signed by"),
    Column("issued_on", "印发日期", "issued on", "day"),
    Column("attribute", "公开属性", "disclosure", width=12),
    Column("pages", "页数", "pages", "whole"),
    Column("copies", "印数", "copies", "whole"),
    Column("archived_on", "归档日期", "archived on", "day"),
)
KEYS: Final = tuple(column.key for column in COLUMNS)
ATTRIBUTES: Final = {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}
Chosen = Annotated[list[str], Query(description="Which columns, in this order; all where none is named 选列")]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for."""

    text: str | None
    stage: Stage | None
    kind: str | None
    in_name_of: str | None
    unit: str | None
    attribute: str | None
    overdue: bool | None
    issued_from: Any
    issued_to: Any

    def query(self) -> Select[Any]:
        d = DOCUMENTS.c
        query = select(DOCUMENTS)
        if self.text:
            has = (d.title.contains(self.text, autoescape=True), d.number.contains(self.text, autoescape=True))
            query = query.where(or_(*has))
        for column, wanted in (
            (d.stage, self.stage),
            (d.kind, self.kind),
            (d.in_name_of, self.in_name_of),
            (d.lead_unit, self.unit),
            (d.attribute, self.attribute),
            (d.overdue, self.overdue),
        ):
            if wanted is not None:
                query = query.where(column == wanted)
        if self.issued_from is not None:
            query = query.where(d.issued_on >= self.issued_from)
        if self.issued_to is not None:
            query = query.where(d.issued_on <= self.issued_to)
        return query


def asked_of(
    text: Annotated[str | None, Query(max_length=200, description="Part of title or number 标题或字号")] = None,
    stage: Stage | None = None,
    kind: Code | None = None,
    in_name_of: Code | None = None,
    unit: Key | None = None,
    attribute: Annotated[str | None, Query(pattern="^(proactive|on_request|withheld)$")] = None,
    overdue: bool | None = None,
    issued_from: Day | None = None,
    issued_to: Day | None = None,
) -> Asked:
    return Asked(text, stage, kind, in_name_of, unit, attribute, overdue, issued_from, issued_to)


def columns_of(chosen: Sequence[str]) -> list[Column]:
    """The columns asked for, in their order; all where none is named.

    Raises:
        Refused: (malformed) there is no such column.
    """
    known = {column.key: column for column in COLUMNS}
    wrong = [key for key in chosen if key not in known]
    if wrong:
        raise Refused(
            *(Reason("no_such_column", params={"column": key}, subject="column") for key in wrong), kind="malformed"
        )
    return [known[key] for key in dict.fromkeys(chosen or KEYS)]


def where_of(row: Mapping[str, Any]) -> str:
    """Where a document is, in the office's words."""
    match row["stage"]:
        case Stage.DRAFTED:
            return "审签中"
        case Stage.SIGNED:
            return "待编号" if row["number"] is None else "待印发"
        case Stage.WITHDRAWN:
            return "已停办"
        case _:
            return "已归档" if row["archived_on"] is not None else "已印发"


def values_of(rules: Rules, row: Mapping[str, Any], move: str) -> dict[str, Value]:
    """A row in words; ``move`` says whose turn it is."""
    return {
        "number": row["number"],
        "title": row["title"],
        "kind": rules.titled(row["kind"]),
        "in_name_of": rules.titled(row["in_name_of"]),
        "lead_unit": rules.titled(row["lead_unit"]),
        "where": where_of(row),
        "move": move,
        "drafted_on": local_day(row["drafted_at"]),
        "due_on": row["due_on"],
        "overdue": row["overdue"],
        "signed_on": row["signed_on"],
        "signed_by": rules.roster.name(row["signed_by"]) if row["signed_by"] else None,
        "issued_on": row["issued_on"],
        "attribute": ATTRIBUTES.get(row["attribute"] or "", row["attribute"]),
        "pages": row["pages"],
        "copies": row["copies"],
        "archived_on": row["archived_on"],
    }


def table_of(columns: Sequence[Column], rows: Sequence[Mapping[str, Value]]) -> Table:
    return Table("发文登记簿", tuple(columns), tuple(rows))
