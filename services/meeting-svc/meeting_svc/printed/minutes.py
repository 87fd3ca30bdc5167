"""The minutes of a sitting in the layout of 纪要: red mark, number and rule; decisions; who was there; the imprint."""

from collections.abc import Iterable
from datetime import date

from chancery.calendar import local_day
from chancery.events.meeting import MinutesCorrected, MinutesDrafted
from chancery.events.parts import Decision
from chancery.office.paper import Block, Gap, Imprint, Line, Mark, Paper, Run, numeral
from meeting_svc.minutes.state import Minutes, Stage
from meeting_svc.printed.words import OUTCOMES, RIGHTS, SEATS, WHY_MISSING, Words, on_paper
from meeting_svc.sitting.state import Sitting

STANDING = {Stage.DRAFTED: "草稿　未签发", Stage.SIGNED: "已签发　未印发"}


def minutes_paper(
    minutes: Minutes, draft: MinutesDrafted, sitting: Sitting, words: Words, issued_on: date | None
) -> Paper:
    """From what was recorded and nothing else; what is not issued says so at its head."""
    body = words.body(sitting.bodies) or words.titled(draft.body)
    mark = f"{words.issuer}{body}纪要"
    blocks: list[Block] = [
        Mark(mark, words.number(draft.series, draft.number), corner=STANDING.get(minutes.stage, "")),
        Line.of(_opening(draft, sitting, body, words)),
    ]
    for number, decision in enumerate(minutes.decisions, 1):
        blocks += _decision(number, decision, words)
    blocks += _put_off(sitting, words)
    blocks += [Gap(), *_people(sitting, words), *_signed(minutes, words), *_corrected(minutes)]
    units = [unit for one in minutes.decisions for unit in (one.lead, *one.cooperating) if unit is not None]
    copies = f"抄送：{words.units(units)}。" if units else ""
    day = f"{on_paper(issued_on)}印发" if issued_on is not None else ""
    blocks.append(Imprint(copies, words.organiser(draft.body), day))
    return Paper(mark, issued_on or local_day(words.rules.at), blocks)


def _opening(draft: MinutesDrafted, sitting: Sitting, body: str, words: Words) -> str:
    place = f"在{sitting.convened.place}" if sitting.convened is not None else ""
    return (
        f"{on_paper(draft.sitting_on)}，{words.chair(draft.chair)}{place}主持召开第{draft.number}次{body}。纪要如下："
    )


def _decision(number: int, decision: Decision, words: Words) -> Iterable[Block]:
    yield Line.of(f"{numeral(number)}、{decision.title}", "hei")
    for part in decision.text.split("\n"):
        if part.strip():
            yield Line.of(part.strip())
    duty = [f"结果：{OUTCOMES.get(decision.outcome, decision.outcome)}"]
    if decision.lead is not None:
        duty.append(f"责任单位：{words.unit(decision.lead)}")
    if decision.cooperating:
        duty.append(f"配合单位：{words.units(decision.cooperating)}")
    if decision.due_on is not None:
        duty.append(f"办理时限：{on_paper(decision.due_on)}")
    yield Line.of(f"（{'；'.join(duty)}）", "kai")


def _put_off(sitting: Sitting, words: Words) -> list[Block]:
    titles = {item.item_id: item.facts.title for item in sitting.items}
    lines = [
        f"{titles.get(one.item_id, '')}（{'、'.join(words.name(person) for person in one.absent)}未到会）"
        for one in sitting.put_off
    ]
    return [Line((Run("缓议：", "hei"), Run("；".join(lines))))] if lines else []


def _people(sitting: Sitting, words: Words) -> list[Block]:
    """Who was there in which quality, and which members were not (出席、列席、请假)."""
    found: list[Block] = []
    for kind, label in SEATS.items():
        people = "、".join(words.seated(seat) for seat in sitting.seats.values() if seat.seat == kind)
        if people:
            found.append(Line((Run(f"{label}：", "hei"), Run(people))))
    missing = sitting.opened.missing if sitting.opened is not None else ()
    for why, label in WHY_MISSING.items():
        gone = [one for one in missing if one.why == why and one.person not in sitting.seats]
        people = "、".join(
            words.name(one.person) + (f"（{words.name(one.substitute)}代）" if one.substitute else "") for one in gone
        )
        if people:
            found.append(Line((Run(f"{label}：", "hei"), Run(people))))
    return found


def _signed(minutes: Minutes, words: Words) -> list[Block]:
    if minutes.stage is Stage.DRAFTED or not minutes.steps:
        return []
    step = minutes.steps[-1]
    right = RIGHTS.get(step.capacity.value)
    acts = f"（{right}{words.name(step.acts_for) if step.acts_for else ''}）" if right else ""
    post = words.post(step.person, step.post, own=not right)
    says = f"{post}{words.name(step.person)}{acts}　{on_paper(local_day(step.at))}"
    return [Line((Run("签发：", "hei"), Run(says)))]


def _corrected(minutes: Minutes) -> list[Block]:
    return [
        Line(
            (
                Run("更正：", "hei"),
                Run(f"{_what_of(one)}于{on_paper(local_day(one.taken.at))}，事由：{one.reason}"),
            )
        )
        for one in minutes.corrections
    ]


def _what_of(one: MinutesCorrected) -> str:
    """更正, 补记 or 撤销, and which decision."""
    if one.was is not None and one.now is not None:
        return f"更正第{one.now.no}项"
    return f"补记第{one.now.no}项" if one.now is not None else f"撤销第{one.was.no if one.was else ''}项"
