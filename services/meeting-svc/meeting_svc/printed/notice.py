"""The notice of a sitting (会议通知): when, where, who comes, for which items, and what they bring."""

from collections.abc import Iterable, Sequence

from chancery.calendar import local_day
from chancery.events.meeting import SittingConvened
from chancery.office.paper import Block, Cell, Gap, Grid, Line, Mark, Paper, Run
from chancery.rules.wording import Wording
from meeting_svc.clerks import body_of
from meeting_svc.printed.words import WEEKDAYS, Words, at_time
from meeting_svc.sitting.expected import Expected, expected, unnamed
from meeting_svc.sitting.state import Sitting

COMPANIONS = {
    "refused": "不得携带随行人员。",
    "with_permission": "携带随行人员须经会议主持人同意。",
    "free": "",
}
LABELS = {"member": "出席", "attendee": "列席", "invited": "邀请"}


def notice(sitting: Sitting, convened: SittingConvened, words: Words) -> Paper:
    """By the rules as of the sitting; who is not known by name stands with his post or unit."""
    body = words.body(sitting.bodies)
    title = f"{words.issuer}{body}通知"
    day = local_day(convened.starts_at)
    when = f"{at_time(convened.starts_at)}（{WEEKDAYS[day.weekday()]}{'，非工作日' if convened.day_off else ''}）"
    come = expected(words.rules, sitting)
    blocks: list[Block] = [
        Mark(title, words.number(convened.series, convened.number)),
        *(_about(label, says) for label, says in (("时间", when), ("地点", convened.place))),
        *_people(come, sitting, words),
        Gap(0.4),
        _items(sitting, come, words),
        Gap(0.4),
        *_asks(sitting, words),
        Gap(),
        Line.of(words.organiser(convened.body), align="right", indent=False),
    ]
    return Paper(title, local_day(words.rules.at), blocks)


def _about(label: str, says: str) -> Line:
    return Line((Run(f"{label}：", "hei"), Run(says)))


def _people(come: Sequence[Expected], sitting: Sitting, words: Words) -> Iterable[Line]:
    """Who comes to all of it, by quality; then whoever has no name here."""
    wording = Wording(words.rules.pack, "zh")
    others = unnamed(words.rules, sitting)
    for seat, label in LABELS.items():
        people = {one.person for one in come if one.seat == seat and not one.items}
        said = [words.with_post(person) for person in words.in_order(people)]
        said += [wording.who(one.who) for one in others if one.seat == seat and not one.own_item]
        if said:
            yield _about(label, "、".join(dict.fromkeys(said)))
    watching = [wording.who(one.who) for one in others if one.seat == "observer"]
    if watching:
        yield _about("旁听", "、".join(dict.fromkeys(watching)))


def _items(sitting: Sitting, come: Sequence[Expected], words: Words) -> Grid:
    rows = [tuple(Cell(label, label=True, align="centre") for label in ("序号", "议题", "汇报单位", "参加该议题"))]
    for item in sitting.items:
        people = words.in_order(one.person for one in come if item.no in one.items)
        others = words.units(unit for unit in item.facts.units_involved if unit != item.facts.lead_unit)
        rows.append(
            (
                Cell(str(item.no), align="centre"),
                Cell(item.facts.title),
                Cell(words.unit(item.facts.lead_unit)),
                Cell("、".join(words.with_post(person) for person in people) or others or "—"),
            )
        )
    return Grid((14, 66, 33, 43), tuple(rows), top_rows=1)


def _asks(sitting: Sitting, words: Words) -> Iterable[Line]:
    """What follows from the rules for those who come: papers, waiting, companions, leave."""
    rows = [body_of(words.rules, body) for body in sitting.bodies]
    if any(row.waiting for row in rows):
        yield Line.of("仅参加个别议题的人员请提前候会，按通知进场，议毕离场。")
    strictest = next((way for way in COMPANIONS if any(row.companions == way for row in rows)), "free")
    if COMPANIONS[strictest]:
        yield Line.of(COMPANIONS[strictest])
    yield Line.of("不能参加的，请按规定办理会议请假手续。")
