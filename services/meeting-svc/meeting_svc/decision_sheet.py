"""Decisions as people read them: the same columns on the page, in the XLSX and in a case file (议定事项)."""

from collections.abc import Mapping
from typing import Any, Final

from chancery.office.table import Column
from chancery.rules.rulebook import Rules
from meeting_svc.printed.words import OUTCOMES

COLUMNS: Final = (
    Column("decided_on", "日期", "day", "day"),
    Column("body", "会议", "body"),
    Column("no", "序号", "no.", "whole"),
    Column("title", "议题", "item", width=36),
    Column("outcome", "结果", "outcome"),
    Column("text", "议定内容", "decision", width=60),
    Column("lead", "牵头单位", "lead unit"),
    Column("cooperating", "配合单位", "co-operating units"),
    Column("due_on", "完成时限", "due", "day"),
    Column("referred_to", "提请", "referred to"),
    Column("dissent", "保留意见", "dissent"),
)


def values_of(rules: Rules, row: Mapping[str, Any]) -> dict[str, Any]:
    """A decision as people read it."""
    dissent = (f"{rules.titled(one['person'])}：{one['opinion']}" for one in row["dissent"])
    return {
        "decided_on": row["decided_on"],
        "body": rules.titled(row["body"]) if row["body"] else "",
        "no": row["no"],
        "title": row["title"],
        "outcome": OUTCOMES.get(row["outcome"], row["outcome"]),
        "text": row["text"],
        "lead": rules.titled(row["lead"]) if row["lead"] else "",
        "cooperating": "、".join(rules.titled(unit) for unit in row["cooperating"]),
        "due_on": row["due_on"],
        "referred_to": row["referred_to"] or "",
        "dissent": "；".join(dissent),
    }
