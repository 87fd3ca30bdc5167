"""What the rules say of the fourteen, as a page: ``docs/real-meetings.md``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.real_meetings.entering import BODIES, Entered

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "real-meetings.md"
STAGES: Final = {
    "closed": "已闭会 closed",
    "open": "未闭会 still open",
    "convened": "已召集 called",
    "series": "序列 series only",
}
OUTCOMES: Final = {"adopted": "通过", "adopted_in_principle": "原则通过", "heard": "听取"}
HEAD: Final = """# 十四次真实会议 Fourteen real meetings

各级地方政府公开发布的十四次会议（2017—2025年），按记录经接口逐一录入，只适用国家规定底线包（`national-baseline`）；以下是系统的答复。
事实取自公开的纪要、报道、通知和台账（2026年11月22日采集），用自己的话从简表述，不录人名；此类行政性文件不受著作权保护（著作权法第五条）。
数据在 `tests/real_meetings/meetings.yaml`；本页由 `tests/journeys/test_real_meetings.py` 录入后写成，并据以核对。

Fourteen meetings that local governments published (2017–2025), entered as recorded through the API under the
national baseline alone, and what the system answered. Facts from public minutes, news, notices and ledgers, collected
on 2026-11-22, in our own words, without names; such texts are outside copyright (PRC Copyright Law, art. 5). This page
is written by the test that enters them, and is held against it.

"""


def page(entered: Sequence[Entered]) -> str:
    """The whole page."""
    rows = [
        "| 政府 government | 会议 sitting | 日期 day | 议题 items | 录入结果 entered |",
        "|---|---|---|---|---|",
        *(_row(one) for one in entered),
    ]
    parts = [_part(one) for one in entered]
    counts: dict[str, int] = {}
    for one in entered:
        for code in one.codes:
            counts[code] = counts.get(code, 0) + 1
    told = "、".join(
        f"`{code}` {number}" for code, number in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    return (
        HEAD + "\n".join(rows) + f"\n\n各类发现见于几次会议 findings, and in how many: {told}.\n\n" + "\n".join(parts)
    )


def _name(one: Entered) -> str:
    body = BODIES[one.record.get("body", "executive")][0]
    said = str(one.record.get("series", ""))
    series = f"{said}年" if said.isdecimal() else said
    return f"{series}第{one.number}次{body}" if one.record.get("number") or "ledger" in one.record else body


def _row(one: Entered) -> str:
    record = one.record
    day = (
        str(record["day"]) + ("（非工作日 day off）" if one.day_off else "")
        if "day" in record
        else f"{record['ledger']['year']}"
    )
    outcomes = "、".join(OUTCOMES[outcome] for outcome in one.outcomes) or "—"
    minutes = f"；纪要 minutes {one.minutes.split()[-1]}" if one.minutes else ""
    items = f"{one.items}（{outcomes}）" if one.items else "—"
    return f"| {record['government']['zh']} | {_name(one)} | {day} | {items} | {STAGES[one.stage]}{minutes} |"


def _part(one: Entered) -> str:
    record = one.record
    lines = [
        f"## {record['government']['zh']} · {_name(one)}",
        "",
        f"{record['government']['en']}. Record: {record['source']}.",
        "",
    ]
    for found in one.findings:
        clauses = f" `{'` `'.join(found.clauses)}`" if found.clauses else ""
        lines += [f"- {found.zh}{clauses}  ", f"  {found.en}"]
    return "\n".join([*lines, ""])
