"""What leaders read of the tasks of a time, on paper (督查专报): counted from what happened; nobody is ranked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from chancery.calendar import LOCAL, local_day
from chancery.office.paper import Cell, Grid, Line, Paper, Run, Title
from chancery.rules.rulebook import Rules
from supervision_svc.views.ledger import values_of

COUNTED: Final = ("all", "done", "red", "yellow", "silent", "unsigned", "closed_late")
HEADINGS: Final = ("牵头单位", "总数", "办结", "逾期", "临期", "未反馈", "未签收", "迟结")
WIDTHS: Final = (44.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0, 16.0)
LISTED: Final = ("事项", "牵头单位", "到期日", "责任人", "最近反馈")
LISTED_WIDE: Final = (48.0, 30.0, 22.0, 20.0, 36.0)
MOST: Final = 60
"""Tasks a part lists at most; how many more there are is said."""


def day_of(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def report_of(
    issuer: str,
    first_on: date,
    last_on: date,
    counts: Sequence[Mapping[str, Any]],
    parts: Sequence[tuple[str, Sequence[Mapping[str, Any]]]],
    rules: Rules,
    now: datetime,
) -> Paper:
    """Counts by lead unit in the order of the roster, then each part: what is late, silent, disputed, done."""
    title = "督查工作情况专报"
    total = {word: sum(int(row[word]) for row in counts) for word in COUNTED}
    at = now.astimezone(LOCAL)
    said = (
        f"{day_of(first_on)}至{day_of(last_on)}立项督办事项共{total['all']}件，截至{day_of(at.date())}"
        f"{at:%H:%M}已办结{total['done']}件，在办{total['all'] - total['done']}件，其中逾期{total['red']}件、"
        f"临期{total['yellow']}件、未按期反馈{total['silent']}件、未签收{total['unsigned']}件；"
        f"逾期后办结{total['closed_late']}件。各数均由办理记录即时计算，按单位名册顺序排列，不作排名。"
    )
    blocks: list[Any] = [
        Line((Run(issuer, "hei"),), align="centre", indent=False),
        Title((title,)),
        Line.of(said),
        Line.of("一、各单位情况", "hei"),
        _counts(counts, rules),
    ]
    numbers = "二三四五六七八"
    for number, (heading, rows) in zip(numbers, parts, strict=False):
        blocks += _part(f"{number}、{heading}", rows, rules, now)
    return Paper(title, local_day(now), tuple(blocks))


def _counts(counts: Sequence[Mapping[str, Any]], rules: Rules) -> Grid:
    order = {unit: place for place, unit in enumerate(rules.roster.units)}
    rows = sorted(counts, key=lambda row: order.get(row["unit"], len(order)))
    lines = [tuple(Cell(says, label=True, align="centre") for says in HEADINGS)]
    for row in rows:
        name = rules.titled(row["unit"]) if row["unit"] else "（未明确）"
        lines.append((Cell(name), *(Cell(str(row[word]), align="centre") for word in COUNTED)))
    return Grid(WIDTHS, tuple(lines), top_rows=1, size=10.5)


def _part(heading: str, rows: Sequence[Mapping[str, Any]], rules: Rules, now: datetime) -> list[Any]:
    if not rows:
        return [Line.of(f"{heading}：无。", "hei")]
    lines = [tuple(Cell(says, label=True, align="centre") for says in LISTED)]
    for row in rows[:MOST]:
        values = values_of(rules, row, now)
        due = row["due_on"].isoformat() if row["due_on"] else "—"
        said = (values["title"], values["lead"], due, values["responsible"], values["last_report"])
        lines.append(tuple(Cell(str(one or "—")) for one in said))
    found: list[Any] = [
        Line.of(f"{heading}（{len(rows)}件）", "hei"),
        Grid(LISTED_WIDE, tuple(lines), top_rows=1, size=10.5),
    ]
    if len(rows) > MOST:
        found.append(Line.of(f"另有{len(rows) - MOST}件，见台账。"))
    return found
