"""The ledger of tasks (督办台账): what is asked of it, its columns, its rows as people read them, and its counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from sqlalchemy import Select, String, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from chancery.calendar import local_moment
from chancery.events.parts import Code, Key
from chancery.office.table import Column, Table, Value
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.web import Day
from supervision_svc.projections.tables import LEDGER
from supervision_svc.views.lights import LIGHTS, SAYS, Light, light_of, lit

COLUMNS: Final = (
    Column("title", "事项", "Task", width=30),
    Column("text", "内容", "What", width=40),
    Column("source", "来源", "Source"),
    Column("reference", "来源编号", "Reference"),
    Column("channel", "渠道", "Channel"),
    Column("supervisor", "督办单位", "Supervisor"),
    Column("lead", "牵头单位", "Lead"),
    Column("cooperating", "协办单位", "Co-operating"),
    Column("responsible", "责任人", "Responsible"),
    Column("clauses", "依据条款", "Clauses"),
    Column("opened_at", "立项时间", "Opened", "moment"),
    Column("signed_at", "签收时间", "Signed for", "moment"),
    Column("due_on", "到期日", "Due", "day"),
    Column("light", "亮灯", "Light"),
    Column("stage", "状态", "State"),
    Column("reached", "已过环节", "Stage passed"),
    Column("last_report", "最近反馈", "Last report", width=40),
    Column("reported_at", "反馈时间", "Reported", "moment"),
    Column("report_due_on", "应反馈日", "Report due", "day"),
    Column("silent", "未按期反馈", "Silent", "yes_no"),
    Column("urged_at", "催办时间", "Urged", "moment"),
    Column("overdue", "曾逾期", "Was overdue", "yes_no"),
    Column("late", "逾期销号", "Closed late", "yes_no"),
    Column("closed_at", "销号时间", "Closed", "moment"),
    Column("also_lead", "共同牵头", "Also leads"),
    Column("supporting", "配合人员", "Supporting"),
    Column("outside_id", "外部编号", "Outside id"),
    Column("given_by", "交办领导", "Given by"),
    Column("first_due_on", "原到期日", "First due", "day"),
    Column("extension_asked", "延期待批", "Extension asked", "yes_no"),
    Column("disputed", "分歧待决", "Disputed", "yes_no"),
    Column("notice", "提示", "Notice"),
    Column("corrected", "更正或撤销", "Corrected", width=30),
    Column("ended", "办结方式", "Ended by"),
    Column("id", "编号", "Id", width=38),
)
USUAL: Final = (
    "title",
    "source",
    "supervisor",
    "lead",
    "cooperating",
    "clauses",
    "opened_at",
    "signed_at",
    "due_on",
    "light",
    "last_report",
    "closed_at",
)
"""The columns shown where none are chosen."""
MOST: Final = 20_000
ENDED: Final = {
    "person": "核实销号",
    "document_issued": "印发文件",
    "published": "已公开",
    "withdrawn": "撤销",
}
STATES: Final = {"open": "在办", "closed": "已销号"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. ``unit`` leads or helps; ``first_on`` to ``last_on`` are the days on which it was opened."""

    unit: str | None = None
    lead: str | None = None
    supervisor: str | None = None
    source: str | None = None
    channel: str | None = None
    stage: Literal["open", "closed"] | None = None
    light: Light | None = None
    silent: bool | None = None
    unsigned: bool | None = None
    first_on: date | None = None
    last_on: date | None = None

    def query(self, now: datetime, rules: Rules) -> Select[Any]:
        query = select(LEDGER)
        for column, wanted in (
            (LEDGER.c.lead, self.lead),
            (LEDGER.c.supervisor, self.supervisor),
            (LEDGER.c.source, self.source),
            (LEDGER.c.channel, self.channel),
            (LEDGER.c.stage, self.stage),
            (LEDGER.c.silent, self.silent),
        ):
            if wanted is not None:
                query = query.where(column == wanted)
        if self.unit is not None:
            query = query.where(or_(LEDGER.c.lead == self.unit, helps(self.unit)))
        if self.light is not None:
            query = query.where(lit(now, rules) == self.light)
        if self.unsigned is not None:
            waits = and_(LEDGER.c.stage == "open", LEDGER.c.signed_at.is_(None))
            query = query.where(waits if self.unsigned else ~waits)
        if self.first_on is not None:
            query = query.where(LEDGER.c.opened_at >= local_moment(self.first_on, time()))
        if self.last_on is not None:
            query = query.where(LEDGER.c.opened_at < local_moment(self.last_on + timedelta(days=1), time()))
        return query


def helps(unit: str) -> Any:
    return LEDGER.c.cooperating.op("@>")(cast([unit], JSONB))


def asked_of(
    unit: Annotated[Key | None, Query(description="it leads or helps 牵头或协办")] = None,
    lead: Key | None = None,
    supervisor: Key | None = None,
    source: Code | None = None,
    channel: Code | None = None,
    stage: Literal["open", "closed"] | None = None,
    light: Light | None = None,
    silent: bool | None = None,
    unsigned: bool | None = None,
    first_on: Annotated[Day | None, Query(alias="from", description="opened on this day or later 该日及以后")] = None,
    last_on: Annotated[Day | None, Query(alias="to", description="opened on this day or before 该日及以前")] = None,
) -> Asked:
    return Asked(unit, lead, supervisor, source, channel, stage, light, silent, unsigned, first_on, last_on)


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
    """A row of the ledger, every column filled, in Chinese where it is words."""
    return {
        "title": row["title"],
        "text": row["text"],
        "source": rules.titled(row["source"]),
        "reference": row["reference"],
        "channel": rules.titled(row["channel"]) or None,
        "supervisor": rules.titled(row["supervisor"]) or None,
        "lead": rules.titled(row["lead"]) or None,
        "cooperating": "、".join(rules.titled(unit) for unit in row["cooperating"]) or None,
        "responsible": "、".join(rules.roster.name(person) for person in row["responsible"]) or None,
        "clauses": "、".join(row["clauses"]) or None,
        "opened_at": row["opened_at"],
        "signed_at": row["signed_at"],
        "due_on": row["due_on"],
        "light": SAYS[light_of(row["stage"], row["due_on"], row["due_at"], now, rules)][0],
        "stage": STATES[row["stage"]],
        "reached": rules.titled(row["reached"]) or None,
        "last_report": row["last_report"],
        "reported_at": row["reported_at"],
        "report_due_on": row["report_due_on"],
        "silent": row["silent"],
        "urged_at": row["urged_at"],
        "overdue": row["overdue"],
        "late": row["late"],
        "closed_at": row["closed_at"],
        "also_lead": "、".join(rules.titled(unit) for unit in row["also_lead"]) or None,
        "supporting": "、".join(rules.roster.name(person) for person in row["supporting"]) or None,
        "outside_id": row["outside_id"],
        "given_by": rules.roster.name(row["given_by"]) if row["given_by"] else None,
        "first_due_on": row["first_due_on"],
        "extension_asked": row["extension_asked"],
        "disputed": row["disputed"],
        "notice": rules.titled(row["notice"]) or None,
        "corrected": row["corrected"],
        "ended": ENDED.get(row["ended"] or ""),
        "id": str(row["task_id"]),
    }


def table_of(rules: Rules, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], now: datetime) -> Table:
    return Table("督办台账", columns, [values_of(rules, row, now) for row in rows])


def counts_query(asked: Asked, now: datetime, rules: Rules) -> Select[Any]:
    """How many tasks of each light every lead unit has, closed late, silent and not signed for."""
    found = asked.query(now, rules).add_columns(lit(now, rules).label("light")).subquery()
    lead = func.coalesce(found.c.lead, cast("", String)).label("unit")
    lights = [func.count().filter(found.c.light == light).label(light) for light in LIGHTS]
    is_open = found.c.stage == "open"
    return (
        select(
            lead,
            func.count().label("all"),
            *lights,
            func.count().filter(found.c.late.is_(True)).label("closed_late"),
            func.count().filter(and_(is_open, found.c.silent)).label("silent"),
            func.count().filter(and_(is_open, found.c.signed_at.is_(None))).label("unsigned"),
        )
        .group_by(lead)
        .order_by(lead)
    )
