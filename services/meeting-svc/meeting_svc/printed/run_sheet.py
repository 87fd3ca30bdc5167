"""The run sheet of a sitting on paper (会议进程单): one line an item, and the room below."""

from datetime import datetime

from chancery.calendar import LOCAL, local_day
from chancery.events.meeting import SittingConvened
from chancery.office.paper import Cell, Gap, Grid, Line, Paper, Run, Title
from meeting_svc.printed.words import OUTCOMES, SEATS_EXPECTED, STATES, WHY_MISSING, Words, at_time
from meeting_svc.run_sheet import Coming, ItemLine, RunSheet
from meeting_svc.sitting.state import Sitting


def run_sheet_paper(sheet: RunSheet, sitting: Sitting, convened: SittingConvened, words: Words) -> Paper:
    """As the sitting stands at ``words.as_of``."""
    body = words.body(sitting.bodies)
    opened = f"　开始 {clock(sheet.opened_at)}" if sheet.opened_at else ""
    closed = f"　结束 {clock(sheet.closed_at)}" if sheet.closed_at else ""
    heads = ("序号", "议题", "汇报", "候会与进场", "材料", "进程")
    rows = [tuple(Cell(label, label=True, align="centre") for label in heads)]
    rows += [_item(line, words) for line in sheet.items]
    people = [tuple(Cell(label, label=True, align="centre") for label in ("姓名", "职务", "身份", "议题", "到会"))]
    people += [_person(one, words) for one in ordered(sheet, words)]
    chair = sitting.opened.chair if sitting.opened else None
    return Paper(
        f"{body}进程单",
        local_day(words.rules.at),
        (
            Title((words.issuer, f"{body}进程单")),
            Line.of(words.number(convened.series, convened.number), align="centre", indent=False),
            _about("时间：", f"{at_time(convened.starts_at)}{opened}{closed}"),
            _about("地点：", convened.place),
            _about("主持：", words.chair(chair) if chair else ""),
            Grid((12, 50, 28, 28, 16, 22), tuple(rows), top_rows=1, size=10.5, inset=1.6),
            Gap(0.5),
            Grid((28, 48, 22, 28, 30), tuple(people), top_rows=1, size=10.5, inset=1.6),
        ),
    )


def ordered(sheet: RunSheet, words: Words) -> list[Coming]:
    """Members first, then the others, each by their posts."""
    place = {person: number for number, person in enumerate(words.in_order(one.person for one in sheet.people))}
    seats = list(SEATS_EXPECTED)
    return sorted(sheet.people, key=lambda one: (bool(one.items), seats.index(one.seat), place[one.person]))


def _about(label: str, says: str) -> Line:
    return Line((Run(label, "hei"), Run(says)), indent=False, align="left")


def _item(line: ItemLine, words: Words) -> tuple[Cell, ...]:
    facts = line.item.facts
    presenters = "、".join(words.name(person) for person in line.presenters)
    room = [f"候会：{'、'.join(map(words.name, line.waits))}"] if line.waits else []
    room += [f"已进场：{'、'.join(map(words.name, line.called_in))}"] if line.called_in else []
    room += [f"未到：{'、'.join(map(words.name, line.absent))}"] if line.absent else []
    return (
        Cell(str(line.item.no), align="centre"),
        Cell(facts.title + ("（临时增加）" if line.added else "")),
        Cell("\n".join(one for one in (words.unit(facts.lead_unit), presenters) if one)),
        Cell("\n".join(room) or "—"),
        Cell(papers_of(line), align="centre"),
        Cell(progress_of(line), align="centre"),
    )


def papers_of(line: ItemLine) -> str:
    """How many papers there are, in which form."""
    said = [f"{len(line.papers)}件"] if line.papers else []
    said += [f"纸质{len(line.on_paper)}件"] if line.on_paper else []
    return "\n".join(said) or "—"


def progress_of(line: ItemLine) -> str:
    """Where an item is, with its times and what came of it."""
    said = [STATES[line.state]]
    if line.decision is not None:
        said = [OUTCOMES.get(line.decision.outcome, line.decision.outcome)]
    return "\n".join(one for one in (*said, span_of(line)) if one)


def span_of(line: ItemLine) -> str:
    """From when to when an item was dealt with, as far as it was recorded."""
    begins = clock(line.begins_at) if line.begins_at else ""
    ends = clock(line.ends_at) if line.ends_at else ""
    return f"{begins}—{ends}" if begins and ends else f"{begins}起" if begins else ends


def _person(one: Coming, words: Words) -> tuple[Cell, ...]:
    return (
        Cell(words.name(one.person)),
        Cell(words.posts_of(one.person)),
        Cell(SEATS_EXPECTED[one.seat] + (f"（{words.name(one.beside)}）" if one.beside else "")),
        Cell("、".join(map(str, one.items)) if one.items else "全程", align="centre"),
        Cell(arrival_of(one), align="centre"),
    )


def arrival_of(one: Coming) -> str:
    """Whether somebody is there: since when, until when, or why not."""
    if one.came_at is None:
        return WHY_MISSING.get(one.excused or "", "")
    said = clock(one.came_at) + ("（候会）" if one.waits else "")
    return f"{said}—{clock(one.went_at)}离会" if one.went_at is not None else said


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%H:%M}"
