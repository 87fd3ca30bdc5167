"""The agenda of a sitting (会议议程) and the sheet on which those who come are noted (签到表)."""

from chancery.calendar import local_day
from chancery.events.meeting import SittingConvened
from chancery.office.paper import Cell, Grid, Line, Paper, Run, Title
from meeting_svc.printed.words import SEATS, WHY_MISSING, Words, at_time
from meeting_svc.sitting.seating import all_members
from meeting_svc.sitting.state import Sitting, Stage

SPARE = 5
"""Empty lines at the end of a sheet, for those who come without having been expected."""


def agenda(sitting: Sitting, convened: SittingConvened, words: Words) -> Paper:
    """The order of business as it stands, what was added since the call and what was put off included."""
    put_off = {one.item_id for one in sitting.put_off}
    added = {one.item_id for one in sitting.added}
    rows = [_head("序号", "议题", "汇报单位", "列席单位")]
    for number, item in enumerate(sitting.items, 1):
        flags = [
            says for holds, says in ((item.item_id in added, "临时增加"), (item.item_id in put_off, "缓议")) if holds
        ]
        title = item.facts.title + (f"（{'、'.join(flags)}）" if flags else "")
        others = (unit for unit in item.facts.units_involved if unit != item.facts.lead_unit)
        rows.append(
            (
                Cell(str(number), align="centre"),
                Cell(title),
                Cell(words.unit(item.facts.lead_unit)),
                Cell(words.units(others) or "—"),
            )
        )
    return Paper(
        f"{words.body(sitting.bodies)}议程",
        local_day(words.rules.at),
        (
            *_about(sitting, convened, words, "议程"),
            Grid((14, 76, 33, 33), tuple(rows), top_rows=1),
        ),
    )


def attendance_sheet(sitting: Sitting, convened: SittingConvened, words: Words) -> Paper:
    """Whoever is expected or came, and how; before and while people come, with room to sign."""
    rows = [_head("序号", "姓名", "职务", "单位", "身份", "签到")]
    lines = [*_expected(sitting, words), *_others(sitting, words)]
    if sitting.stage in (Stage.CONVENED, Stage.OPEN):
        lines += [("", "", "", "", "")] * SPARE
    for number, line in enumerate(lines, 1):
        rows.append((Cell(str(number), align="centre"), *(Cell(text) for text in line)))
    there = [seat for seat in sitting.seats.values() if seat.seat == "member"]
    opened = sitting.opened
    says = f"应到成员{opened.members}人，实到{len(there)}人" if opened else ""
    if opened is not None and opened.quorum is not None:
        says += f"，法定人数{opened.quorum}人"
    return Paper(
        f"{words.body(sitting.bodies)}签到表",
        local_day(words.rules.at),
        (
            *_about(sitting, convened, words, "签到表"),
            Grid((14, 26, 42, 34, 16, 24), tuple(rows), top_rows=1),
            *([Line.of(f"{says}。", indent=False, size=12, close=True)] if says else []),
        ),
    )


def _about(sitting: Sitting, convened: SittingConvened, words: Words, what: str) -> tuple[Title | Line, ...]:
    chair = sitting.opened.chair if sitting.opened is not None else None
    lines = [
        ("时间：", at_time(convened.starts_at) + ("（非工作日）" if convened.day_off else "")),
        ("地点：", convened.place),
        ("主持：", words.chair(chair) if chair else ""),
    ]
    number = words.number(convened.series, convened.number)
    return (
        Title((words.issuer, f"{words.body(sitting.bodies)}{what}")),
        Line.of(number, align="centre", indent=False),
        *(Line((Run(label, "hei"), Run(says)), indent=False, align="left") for label, says in lines),
    )


def _expected(sitting: Sitting, words: Words) -> list[tuple[str, ...]]:
    """The members: those recorded once it has opened, those of the rules before."""
    opened = sitting.opened
    if opened is not None:
        seats = [seat for seat in sitting.seats.values() if seat.seat == "member"]
        known = [(seat.person, words.titled(seat.post), words.unit(seat.unit) if seat.unit else "") for seat in seats]
        why = {one.person: WHY_MISSING[one.why] for one in opened.missing if one.person not in sitting.seats}
        known += [(person, *_held(person, words)) for person in words.in_order(why)]
    else:
        known = [(person, *_held(person, words)) for person in words.in_order(all_members(words.rules, sitting))]
        why = {one.person: "请假" for one in sitting.leaves}
    signed = dict.fromkeys(sitting.seats, "已到")
    return [
        (words.name(person), post, unit, SEATS["member"], signed.get(person, why.get(person, "")))
        for person, post, unit in known
    ]


def _others(sitting: Sitting, words: Words) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for seat in sitting.seats.values():
        if seat.seat != "member":
            unit = words.unit(seat.unit) if seat.unit else ""
            with_whom = f"（{words.name(seat.beside)}）" if seat.beside else ""
            found.append((words.name(seat.person), words.titled(seat.post), unit, SEATS[seat.seat] + with_whom, "已到"))
    return found


def _held(person: str, words: Words) -> tuple[str, str]:
    held = words.rules.roster.held_by(person, words.rules.at)
    if not held:
        return "", ""
    return words.titled(held[0].post), words.unit(held[0].unit) if held[0].unit else ""


def _head(*labels: str) -> tuple[Cell, ...]:
    return tuple(Cell(label, label=True, align="centre") for label in labels)
