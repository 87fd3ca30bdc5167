"""The annual report's table of requests (年度报告第三表), counted from what happened."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from chancery.office.table import Column, Table

APPLICANTS: Final = ("citizen", "company", "research_body", "social_organisation", "legal_service", "other")
COLUMNS: Final = (
    Column("no", "序号", "no.", width=12),
    Column("line", "项目", "line", width=44),
    Column("citizen", "自然人", "persons", "whole", width=10),
    Column("company", "商业企业", "companies", "whole", width=10),
    Column("research_body", "科研机构", "research bodies", "whole", width=10),
    Column("social_organisation", "社会公益组织", "charities", "whole", width=12),
    Column("legal_service", "法律服务机构", "legal services", "whole", width=12),
    Column("other", "其他", "others", "whole", width=10),
    Column("total", "总计", "total", "whole", width=10),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: how many of each class of applicants, and of all."""

    no: str
    zh: str
    en: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@cache
def _lines() -> Sequence[Mapping[str, Any]]:
    """The official table's lines: ``answers`` and ``grounds`` that each counts, or what else it does."""
    return json.loads(Path(__file__).with_name("annual_table.json").read_text("utf-8"))


def lines_of(rows: Iterable[Mapping[str, Any]], year: int) -> list[Line]:
    """``rows`` are requests with ``applicant_kind, received_on, closed_on, stage, answer, ground``.

    A ground that no line names is counted under the last line of its answer, so that the total is that of all ended.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    known = list(rows)
    parts = {
        "received": [row for row in known if first <= row["received_on"] <= last],
        "carried_over": [row for row in known if row["received_on"] < first and _open_at(row, first)],
        "ended": [row for row in known if row["closed_on"] is not None and first <= row["closed_on"] <= last],
        "open_at_end": [row for row in known if row["received_on"] <= last and _open_after(row, last)],
    }
    where = [(_line_of(row), row["applicant_kind"]) for row in parts["ended"]]
    found: list[Line] = []
    for said in _lines():
        if "of" in said:
            counts = Counter(str(row["applicant_kind"]) for row in parts[said["of"]])
        else:
            counts = Counter(str(kind) for no, kind in where if no == said["no"])
        found.append(Line(said["no"], said["zh"], said["en"], {kind: counts.get(kind, 0) for kind in APPLICANTS}))
    return found


def table_of(lines: Sequence[Line], year: int) -> Table:
    rows = [{"no": one.no, "line": f"{one.zh} {one.en}", **one.counts, "total": one.total} for one in lines]
    return Table(f"{year}年收到和处理政府信息公开申请情况", COLUMNS, rows)


def _line_of(row: Mapping[str, Any]) -> str:
    rest = ""
    for said in _lines():
        if said.get("rest"):
            rest = said["no"]
        if said.get("stage") is not None and said["stage"] == row["stage"]:
            return said["no"]
        if row["answer"] in said.get("answers", ()) and ("grounds" not in said or row["ground"] in said["grounds"]):
            return said["no"]
    return rest


def _open_at(row: Mapping[str, Any], first: date) -> bool:
    return row["closed_on"] is None or row["closed_on"] >= first


def _open_after(row: Mapping[str, Any], last: date) -> bool:
    return row["closed_on"] is None or row["closed_on"] > last
