"""The ledger of absences (请销假台账): what is asked of it, its columns, and its rows as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final

from fastapi import Query
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from attendance_svc.absence.state import Stage
from attendance_svc.projections.tables import ABSENCES
from attendance_svc.views.week import midnight
from attendance_svc.views.words import LEAVING, MODES, STAGES, Words
from chancery.events.parts import Code, Key
from chancery.office.table import Column, Table, Value
from chancery.refusal import Reason, Refused
from chancery.roster import Appointment
from chancery.rules.rulebook import Rules
from chancery.web import Day

COLUMNS: Final = (
    Column("name", "姓名", "Name", width=12),
    Column("post", "职务", "Post", width=20),
    Column("unit", "单位", "Unit", width=20),
    Column("cause", "事由类别", "Cause", width=12),
    Column("leaving", "离开范围", "Leaving", width=12),
    Column("destination", "去向", "Destination", width=18),
    Column("reason", "事由", "Reason", width=36),
    Column("starts_at", "起", "From", "moment"),
    Column("ends_at", "止", "Until", "moment"),
    Column("days", "天数", "Days", "number"),
    Column("mode", "办理方式", "Mode", width=16),
    Column("clauses", "依据条款", "Clauses", width=24),
    Column("stage", "状态", "State", width=10),
    Column("urgent", "紧急", "Urgent", "yes_no"),
    Column("return_due_on", "应销假日", "Return due", "day"),
    Column("returned_at", "销假时间", "Returned", "moment"),
    Column("overdue", "逾期", "Overdue", "yes_no"),
    Column("id", "编号", "Id", width=38),
)
USUAL: Final = (
    "name",
    "post",
    "cause",
    "leaving",
    "destination",
    "starts_at",
    "ends_at",
    "days",
    "mode",
    "clauses",
    "stage",
    "return_due_on",
    "returned_at",
    "overdue",
)
"""The columns shown where none are chosen."""
MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. ``first_on`` to ``last_on`` are days that the absence touches."""

    person: str | None = None
    unit: str | None = None
    cause: str | None = None
    stage: Stage | None = None
    first_on: date | None = None
    last_on: date | None = None

    def query(self, rules: Rules) -> Select[Any]:
        query = select(ABSENCES)
        if self.person is not None:
            query = query.where(ABSENCES.c.person_id == self.person)
        if self.unit is not None:
            query = query.where(or_(false(), *(_while(one) for one in rules.roster.ever_in(self.unit))))
        if self.cause is not None:
            query = query.where(ABSENCES.c.cause == self.cause)
        if self.stage is not None:
            query = query.where(ABSENCES.c.stage == self.stage.value)
        if self.first_on is not None:
            query = query.where(func.coalesce(ABSENCES.c.returned_at, ABSENCES.c.ends_at) > midnight(self.first_on))
        if self.last_on is not None:
            query = query.where(ABSENCES.c.starts_at < midnight(self.last_on + timedelta(days=1)))
        return query


def _while(held: Appointment) -> ColumnElement[bool]:
    """Absences of the holder that began while he held the post."""
    begun = [ABSENCES.c.person_id == held.person, ABSENCES.c.starts_at >= midnight(held.starts_on)]
    if held.until is not None:
        begun.append(ABSENCES.c.starts_at < midnight(held.until + timedelta(days=1)))
    return and_(*begun)


def asked_of(
    person: Key | None = None,
    unit: Annotated[
        Key | None, Query(description="people who held a post of it when they left 外出时在该单位任职的人")
    ] = None,
    cause: Code | None = None,
    stage: Stage | None = None,
    first_on: Annotated[Day | None, Query(alias="from", description="away on this day or later 该日及以后")] = None,
    last_on: Annotated[Day | None, Query(alias="to", description="away on this day or before 该日及以前")] = None,
) -> Asked:
    return Asked(person, unit, cause, stage, first_on, last_on)


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


def values_of(words: Words, row: Mapping[str, Any]) -> dict[str, Value]:
    """A row of the ledger, every column filled."""
    person = row["person_id"]
    return {
        "name": words.name(person),
        "post": words.post(row["post"]).zh,
        "unit": "、".join(words.unit(unit).zh for unit in words.units_of(person, row["starts_at"])),
        "cause": words.cause(row["cause"]).zh,
        "leaving": (LEAVING.get(row["leaving"]) or words.cause(row["leaving"])).zh,
        "destination": row["destination"],
        "reason": row["reason"],
        "starts_at": row["starts_at"],
        "ends_at": row["ends_at"],
        "days": row["half_days"] / 2,
        "mode": MODES[row["mode"]].zh,
        "clauses": "、".join(row["clauses"]),
        "stage": STAGES[row["stage"]].zh,
        "urgent": row["urgent"],
        "return_due_on": row["return_due_on"],
        "returned_at": row["returned_at"],
        "overdue": row["overdue"],
        "id": str(row["absence_id"]),
    }


def table_of(words: Words, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table("请销假台账", columns, [values_of(words, row) for row in rows])
