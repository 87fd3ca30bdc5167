"""The notice by which a document is sent back (退文通知): all that is wrong with it, each with its clauses. Pure."""

from collections.abc import Sequence
from datetime import date

from chancery.calendar import local_day
from chancery.events.incoming import IncomingReturned
from chancery.office.paper import Block, Cell, Gap, Grid, Line, Mark, Paper, Title
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from document_svc.incoming.state import Incoming


def said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def notice(one: Incoming, issuer: str, rules: Rules) -> Paper:
    """The notice, once it was sent back.

    Raises:
        Refused: (missing) it was not.
    """
    entry, returned = one.received, one.returned
    if entry is None or returned is None:
        raise Refused(Reason("no_such_letter"), kind="missing")
    day = local_day(returned.returned_at)
    number = f"（{entry.number}）" if entry.number else ""
    opens = (
        f"你单位{said(local_day(entry.received_at))}报送的《{entry.title}》{number}收悉（收文登记号："
        f"{one.entry or '待编'}）。经审核，有下列不符合规定之处，现予退回："
    )
    blocks: list[Block] = [
        Mark(issuer, down=12),
        Title(("退文通知",)),
        Gap(),
        Line.of(f"{entry.sender}：", indent=False),
        Line.of(opens),
        Gap(0.5),
        _items(returned, rules),
        Gap(0.5),
        *([Line.of(returned.note)] if returned.note else []),
        Line.of(_again(returned)),
        Gap(2),
        Line.of(issuer, align="right"),
        Line.of(said(day), align="right"),
    ]
    return Paper(title=f"退文通知 {one.entry or ''}".strip(), made_on=day, blocks=blocks)


def _again(returned: IncomingReturned) -> str:
    due = returned.again_due
    if due is None:
        return "请补正后重新报送，重新报送时注明原收文登记号。"
    return f"请于{said(due.due_on)}前补正并重新报送，重新报送时注明原收文登记号。"


def _items(returned: IncomingReturned, rules: Rules) -> Grid:
    head = (
        Cell("序号", label=True, align="centre"),
        Cell("不符合之处", label=True, align="centre"),
        Cell("依据", label=True, align="centre"),
    )
    rows = [
        (
            Cell(str(number), align="centre"),
            Cell(f"{one.says_zh}\n{one.says_en}" if one.says_en != one.says_zh else one.says_zh),
            Cell(_grounds(one.clauses, rules)),
        )
        for number, one in enumerate(returned.lacking, 1)
    ]
    return Grid(widths=(14, 70, 72), rows=(head, *rows), top_rows=1)


def _grounds(clauses: Sequence[str], rules: Rules) -> str:
    """Each clause by its article and what it says, in our own words."""
    lines: list[str] = []
    for id_ in clauses:
        found = next((pack.clauses[id_] for pack in (rules.pack, *rules.beside) if id_ in pack.clauses), None)
        lines.append(f"第{found.article}条：{found.zh}" if found is not None else id_)
    return "\n".join(lines) or "审核意见"
