"""The record of a sitting on paper (过程记录): when what was done, by whom, on which clauses."""

from collections.abc import Sequence

from chancery.calendar import LOCAL, local_day
from chancery.events.meeting import SittingConvened
from chancery.office.paper import Cell, Grid, Line, Paper, Title
from meeting_svc.case_record import Line as Recorded
from meeting_svc.printed.words import Words
from meeting_svc.sitting.state import Sitting


def process_paper(record: Sequence[Recorded], sitting: Sitting, convened: SittingConvened, words: Words) -> Paper:
    """From the submission of its items to the correction of its minutes; clauses by their ids in the rule pack."""
    body = words.body(sitting.bodies)
    rows = [tuple(Cell(label, label=True, align="centre") for label in ("时间", "事项", "内容", "经办", "依据"))]
    rows += [_row(line) for line in record]
    pack = words.rules.pack.head
    return Paper(
        f"{body}过程记录",
        local_day(words.rules.at),
        (
            Title((words.issuer, f"{body}过程记录")),
            Line.of(words.number(convened.series, convened.number), align="centre", indent=False),
            Line.of(f"依据：{pack.title.zh}（{pack.id} {pack.version}）", indent=False, align="left", size=12),
            Grid((24, 26, 56, 26, 24), tuple(rows), top_rows=1, size=9, inset=1.4),
        ),
    )


def _row(line: Recorded) -> tuple[Cell, ...]:
    return (
        Cell(f"{line.at.astimezone(LOCAL):%Y-%m-%d\n%H:%M}", align="centre"),
        Cell(line.what),
        Cell(line.says),
        Cell(line.by),
        Cell("\n".join(line.clauses)),
    )
