"""One unit's tasks on paper, as it is handed to whoever leads the unit (单位督办单)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from chancery.calendar import LOCAL, local_day
from chancery.office.paper import Cell, Grid, Line, Paper, Run, Title
from chancery.rules.rulebook import Rules
from supervision_svc.views.ledger import values_of

WIDTHS: Final = (52.0, 22.0, 24.0, 22.0, 36.0)
HEADINGS: Final = ("事项", "来源", "到期日", "亮灯", "最近反馈")


def sheet_of(
    unit: str,
    counts: Mapping[str, int],
    leads: Sequence[Mapping[str, Any]],
    helps: Sequence[Mapping[str, Any]],
    rules: Rules,
    now: datetime,
    issuer: str,
) -> Paper:
    """Open tasks that the unit leads, then those with which it helps, soonest due first; and how many there are."""
    title = f"{rules.titled(unit)}督办事项"
    on = now.astimezone(LOCAL)
    said = (
        f"截至{on:%Y年}{on.month}月{on.day}日{on:%H:%M}，牵头事项共{counts['all']}件：在办"
        f"{counts['all'] - counts['done']}件，其中逾期{counts['red']}件、临期{counts['yellow']}件、"
        f"未签收{counts['unsigned']}件、未按期反馈{counts['silent']}件；已销号{counts['done']}件，"
        f"其中逾期销号{counts['closed_late']}件。"
    )
    blocks: list[Any] = [
        Line((Run(issuer, "hei"),), align="centre", indent=False),
        Title((title,)),
        Line.of(said),
        *_part("一、牵头办理", leads, rules, now),
        *_part("二、协助办理", helps, rules, now),
    ]
    return Paper(title, local_day(now), tuple(blocks))


SECTIONS: Final = (("answers", "一、负责事项"), ("given", "二、交办事项"), ("portfolio", "三、分管单位牵头事项"))


def leader_sheet(
    name: str,
    parts: Mapping[str, tuple[Mapping[str, int], Sequence[Mapping[str, Any]]]],
    rules: Rules,
    now: datetime,
    issuer: str,
) -> Paper:
    """What one leader watches over: for what he answers, what he gave, what his units lead (领导督办单)."""
    title = f"{name}督办事项"
    on = now.astimezone(LOCAL)
    blocks: list[Any] = [
        Line((Run(issuer, "hei"),), align="centre", indent=False),
        Title((title,)),
        Line.of(f"截至{on:%Y年}{on.month}月{on.day}日{on:%H:%M}。各数由办理记录即时计算，不作排名。"),
    ]
    for part, heading in SECTIONS:
        counts, rows = parts[part]
        said = (
            f"共{counts['all']}件：办结{counts['done']}件，逾期{counts['red']}件，临期{counts['yellow']}件，"
            f"未签收{counts['unsigned']}件，未按期反馈{counts['silent']}件。"
        )
        first, *rest = _part(heading, rows, rules, now)
        blocks += [first, Line.of(said), *rest] if counts["all"] else [first]
    return Paper(title, local_day(now), tuple(blocks))


def _part(heading: str, rows: Sequence[Mapping[str, Any]], rules: Rules, now: datetime) -> list[Any]:
    if not rows:
        return [Line.of(f"{heading}：无。", "hei")]
    head = tuple(Cell(says, label=True, align="centre") for says in HEADINGS)
    lines = [head]
    for row in rows:
        values = values_of(rules, row, now)
        light = str(values["light"]).partition("（")[0]
        due = row["due_on"].isoformat() if row["due_on"] else "—"
        cells = (values["title"], values["source"], due, light, values["last_report"] or "—")
        lines.append(tuple(Cell(str(cell)) for cell in cells))
    return [Line.of(heading, "hei"), Grid(WIDTHS, tuple(lines), top_rows=1, size=10.5)]
