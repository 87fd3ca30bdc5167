"""The register of documents that came in (收文登记簿): what is asked of it, its columns, its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from sqlalchemy import Select, func, or_, select

from chancery.calendar import LOCAL, local_moment
from chancery.events.parts import Code, Key
from chancery.office.table import Column, Table, Value
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.web import Day
from document_svc.incoming.state import SAYS, Stage
from document_svc.projections.incoming_tables import INCOMING, TODOS

StageWord = Literal[
    "received", "held", "returned", "accepted", "circulating", "circulated", "handed_over", "finished", "passed_on",
    "closed",
]  # fmt: skip
COLUMNS: Final = (
    Column("entry", "收文号", "Entry"),
    Column("register_of", "登记簿", "Register"),
    Column("received_at", "收到时间", "Received", "moment"),
    Column("sender", "来文单位", "Sender", width=24),
    Column("number", "来文字号", "Number", width=20),
    Column("dated", "成文日期", "Dated", "day"),
    Column("kind", "文种", "Kind"),
    Column("title", "标题", "Title", width=44),
    Column("origin", "来源", "Origin"),
    Column("urgency", "紧急程度", "Urgency"),
    Column("copies", "份数", "Copies", "whole"),
    Column("stage", "办理状态", "State"),
    Column("holders", "在谁处", "With", width=24),
    Column("proposal", "拟办意见", "Proposal", width=36),
    Column("lead_unit", "承办单位", "Lead"),
    Column("units_involved", "协办单位", "Helping", width=20),
    Column("wanted_by", "来文要求时限", "Wanted by", "moment"),
    Column("handed_at", "交办时间", "Handed over", "moment"),
    Column("due_on", "办理期限", "Due", "day"),
    Column("due_at", "期限时刻", "Due at", "moment"),
    Column("overdue", "逾期", "Overdue", "yes_no"),
    Column("finished_at", "办结时间", "Finished", "moment"),
    Column("late", "逾期办结", "Finished late", "yes_no"),
    Column("returned_at", "退文时间", "Sent back", "moment"),
    Column("lacking", "退文理由", "What is wrong", width=44),
    Column("clauses", "依据条款", "Clauses", width=20),
    Column("like", "疑似重复", "Alike", "whole"),
    Column("received_by", "登记人", "Entered by"),
    Column("id", "编号", "Id", width=38),
)
USUAL: Final = (
    "entry",
    "received_at",
    "sender",
    "number",
    "title",
    "urgency",
    "copies",
    "stage",
    "holders",
    "lead_unit",
    "due_on",
    "due_at",
    "overdue",
)
"""The columns shown where none are chosen."""
MOST: Final = 20_000
URGENCIES: Final = {"none": "", "urgent": "急", "specially_urgent": "特急"}
_HOLDERS: Final = (
    select(func.array_agg(func.coalesce(TODOS.c.person, TODOS.c.unit)))
    .where(TODOS.c.incoming_id == INCOMING.c.incoming_id, TODOS.c.ended_at.is_(None))
    .scalar_subquery()
    .label("holders")
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. ``words`` are part of title, number or sender; ``holder`` whose move it is."""

    words: str | None = None
    register_of: str | None = None
    year: int | None = None
    stage: StageWord | None = None
    kind: str | None = None
    origin: str | None = None
    urgency: str | None = None
    sender_unit: str | None = None
    unit: str | None = None
    holder: str | None = None
    overdue: bool | None = None
    alike: bool | None = None
    first_on: date | None = None
    last_on: date | None = None
    due_to: date | None = None

    def query(self) -> Select[Any]:
        of = INCOMING.c
        query = select(INCOMING, _HOLDERS)
        for column, wanted in (
            (of.register_of, self.register_of),
            (of.year, self.year),
            (of.stage, self.stage),
            (of.kind, self.kind),
            (of.origin, self.origin),
            (of.urgency, self.urgency),
            (of.sender_unit, self.sender_unit),
            (of.lead_unit, self.unit),
            (of.overdue, self.overdue),
        ):
            if wanted is not None:
                query = query.where(column == wanted)
        if self.words:
            parts = (of.title, of.number, of.sender)
            query = query.where(or_(*(column.contains(self.words, autoescape=True) for column in parts)))
        if self.holder is not None:
            mine = select(TODOS.c.incoming_id).where(
                TODOS.c.ended_at.is_(None), or_(TODOS.c.person == self.holder, TODOS.c.unit == self.holder)
            )
            query = query.where(of.incoming_id.in_(mine))
        if self.alike is not None:
            many = func.jsonb_array_length(of.resembles) > 0
            query = query.where(many if self.alike else ~many)
        if self.first_on is not None:
            query = query.where(of.received_at >= local_moment(self.first_on, time()))
        if self.last_on is not None:
            query = query.where(of.received_at < local_moment(self.last_on + timedelta(days=1), time()))
        if self.due_to is not None:
            query = query.where(of.due_on <= self.due_to)
        return query


def asked_of(
    words: Annotated[str | None, Query(max_length=200, description="part of title, number or sender 关键词")] = None,
    register_of: Code | None = None,
    year: Annotated[int | None, Query(ge=1949, le=2999)] = None,
    stage: StageWord | None = None,
    kind: Code | None = None,
    origin: Code | None = None,
    urgency: Literal["none", "urgent", "specially_urgent"] | None = None,
    sender_unit: Key | None = None,
    unit: Annotated[Key | None, Query(description="lead unit 承办单位")] = None,
    holder: Annotated[Key | None, Query(description="a person or unit whose move it is 在谁处")] = None,
    overdue: bool | None = None,
    alike: Annotated[bool | None, Query(description="resembles an earlier entry 疑似重复")] = None,
    first_on: Annotated[Day | None, Query(alias="from", description="received on this day or later 该日及以后")] = None,
    last_on: Annotated[Day | None, Query(alias="to", description="received on this day or before 该日及以前")] = None,
    due_to: Annotated[Day | None, Query(description="due by this day 该日前到期")] = None,
) -> Asked:
    return Asked(
        words, register_of, year, stage, kind, origin, urgency, sender_unit, unit, holder, overdue, alike, first_on,
        last_on, due_to,
    )  # fmt: skip


Chosen = Annotated[
    list[str],
    Query(alias="column", max_length=40, description="columns to show, in order 显示的列及其顺序"),
]


def columns_of(chosen: Sequence[str]) -> tuple[Column, ...]:
    """The columns of these keys, in this order; the usual ones where none is chosen.

    Raises:
        Refused: there is no such column (``malformed``).
    """
    known = {column.key: column for column in COLUMNS}
    unknown = [key for key in chosen if key not in known]
    if unknown:
        raise Refused(*(Reason("no_such_column", params={"column": key}) for key in unknown), kind="malformed")
    return tuple(known[key] for key in dict.fromkeys(chosen or USUAL))


def values_of(rules: Rules, row: Mapping[str, Any], now: datetime) -> dict[str, Value]:
    """A row of the register, every column filled, in Chinese where it is words."""
    late = row["stage"] == "handed_over" and row["due_at"] is not None and row["due_at"] <= now
    return {
        "entry": row["entry"],
        "register_of": rules.titled(row["register_of"]),
        "received_at": row["received_at"],
        "sender": row["sender"],
        "number": row["number"],
        "dated": row["dated"],
        "kind": rules.titled(row["kind"]) or None,
        "title": row["title"],
        "origin": rules.titled(row["origin"]) or None,
        "urgency": URGENCIES[row["urgency"]] or None,
        "copies": row["copies"],
        "stage": SAYS[Stage(row["stage"])][0],
        "holders": "、".join(dict.fromkeys(rules.titled(one) for one in row["holders"] or ())) or None,
        "proposal": row["proposal"],
        "lead_unit": rules.titled(row["lead_unit"]) or None,
        "units_involved": "、".join(rules.titled(unit) for unit in row["units_involved"]) or None,
        "wanted_by": row["wanted_by"],
        "handed_at": row["handed_at"],
        "due_on": row["due_on"],
        "due_at": _with_hour(row["due_at"]),
        "overdue": row["overdue"] or late,
        "finished_at": row["finished_at"],
        "late": row["late"],
        "returned_at": row["returned_at"],
        "lacking": "；".join(one["says_zh"] for one in row["lacking"]) or None,
        "clauses": "、".join(dict.fromkeys(word for one in row["lacking"] for word in one["clauses"])) or None,
        "like": len(row["resembles"]),
        "received_by": rules.roster.name(row["received_by"]),
        "id": str(row["incoming_id"]),
    }


def _with_hour(due_at: datetime | None) -> datetime | None:
    """A moment by the clock; None where the whole day counts, which ends at midnight."""
    return None if due_at is None or due_at.astimezone(LOCAL).time() == time() else due_at


def table_of(rules: Rules, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], now: datetime) -> Table:
    return Table("收文登记簿", columns, [values_of(rules, row, now) for row in rows])
