"""The leave form of one absence as it is printed and filed: what was asked, every step, the clauses, the return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from attendance_svc.absence.state import Absence
from attendance_svc.absence.way import half_days
from attendance_svc.views.words import CAPACITY, LEAVING, MODES, STAGES, Words, moment
from chancery.calendar import local_day
from chancery.events.attendance import AbsenceAnnounced
from chancery.events.parts import StepDone
from chancery.office.paper import Cell, Grid, Line, Paper, Run, Title
from chancery.refusal import Citation

WIDTHS = (30.0, 48.0, 30.0, 48.0)
HEADINGS = {"approve": "外出请假审批单", "report": "外出报告单", "file": "外出报备单", "not_regulated": "外出登记单"}


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form is filled with: ``cites`` of the row by which it went, ``acted`` the rows of who acted."""

    id: UUID
    version: int
    absence: Absence
    announced: AbsenceAnnounced
    cites: Sequence[Citation]
    acted: Sequence[Mapping[str, Any]]
    issuer: str


def leave_form(filled: Filled, words: Words) -> Paper:
    """On one page where opinions are short; nothing in it is left to be filled in by hand but a signature."""
    announced = filled.announced
    title = HEADINGS.get(announced.mode, "外出登记单")
    grid = Grid(WIDTHS, (*_asked(filled, words), *_steps(filled, words), *_afterwards(filled, words)), inset=2.8)
    foot = f"编号 {filled.id}　第 {filled.version} 版　打印 {moment(words.rules.at)}（北京时间）"
    return Paper(
        title,
        local_day(words.rules.at),
        (
            Line((Run(filled.issuer, "hei"),), align="centre", indent=False),
            Title((title,)),
            grid,
            *_law(filled.cites),
            Line.of(foot, indent=False, size=9, close=True, align="left"),
        ),
        numbered=False,
    )


def _asked(filled: Filled, words: Words) -> list[tuple[Cell, ...]]:
    announced, ends_at = filled.announced, filled.absence.ends_at or filled.announced.ends_at
    units = "、".join(words.unit(unit).zh for unit in words.units_of(announced.person_id, announced.starts_at))
    days = half_days(announced.starts_at, ends_at) / 2
    leaving = LEAVING.get(announced.leaving) or words.cause(announced.leaving)
    flags = [says for holds, says in ((announced.urgent, "紧急"), (announced.organised_by_unit, "单位组织")) if holds]
    span = f"{moment(announced.starts_at)} 至 {moment(ends_at)}（{days:g}天）"
    if ends_at != announced.ends_at:
        span += f"\n原定至 {moment(announced.ends_at)}"
    return [
        _pair("姓名", words.name(announced.person_id), "职务", words.post(announced.post).zh),
        _pair("单位", units or "—", "事由类别", "、".join((words.cause(announced.cause).zh, *flags))),
        _pair("离开范围", leaving.zh, "去向", announced.destination),
        _whole("起止时间", span),
        _whole("事由", announced.reason),
        _pair("办理方式", MODES[announced.mode].zh, "当前状态", STAGES[filled.absence.stage.value].zh),
    ]


def _steps(filled: Filled, words: Words) -> list[tuple[Cell, ...]]:
    steps = filled.absence.steps
    if not steps:
        return []
    return [(Cell("办理经过", label=True, across=4, align="centre"),)] + [
        _whole(words.act(step.do).zh, _step(step, words)) for step in steps
    ]


def _step(step: StepDone, words: Words) -> str:
    post = words.post(step.post).zh if step.post else ""
    right = CAPACITY.get(step.capacity.value)
    acts = f"（{right.zh}{words.name(step.acts_for) if step.acts_for else ''}）" if right else ""
    opinion = f"{step.opinion}\n" if step.opinion else ""
    proof = f"\n凭据：{step.proof.reference}" if step.proof else ""
    return f"{opinion}{post} {words.name(step.person)}{acts}　{moment(step.at)}{proof}".strip()


def _afterwards(filled: Filled, words: Words) -> list[tuple[Cell, ...]]:
    found: list[tuple[Cell, ...]] = []
    for acting in filled.acted:
        ended = f" 至 {moment(acting['ended_at'])}" if acting["ended_at"] else " 起"
        law = f"（依据 {'、'.join(acting['clauses'])}）" if acting["clauses"] else ""
        found.append(_whole("代行", f"{words.name(acting['actor_id'])}　{moment(acting['started_at'])}{ended}{law}"))
    due, back = filled.absence.return_due, filled.absence.returned_at
    if due is not None or back is not None:
        late = "（逾期）" if filled.absence.overdue else ""
        found.append(
            _pair(
                "应销假",
                due.due_on.isoformat() if due else "—",
                "销假",
                f"{moment(back)}{late}" if back else "未销假" + late,
            )
        )
    return found


def _law(cites: Sequence[Citation]) -> list[Line]:
    if not cites:
        return [Line.of("依据：本机关规则未作规定。", indent=False, size=10.5, close=True, align="left")]
    return [
        Line(
            (Run("依据 ", "hei"), Run(f"第{cite.article}条（{cite.clause}）　{cite.says_zh}")),
            indent=False,
            size=10.5,
            close=True,
            align="left",
        )
        for cite in cites
    ]


def _pair(one: str, says: str, other: str, says_too: str) -> tuple[Cell, ...]:
    return (
        Cell(one, label=True, align="centre"),
        Cell(says),
        Cell(other, label=True, align="centre"),
        Cell(says_too),
    )


def _whole(label: str, says: str) -> tuple[Cell, ...]:
    return (Cell(label, label=True, align="centre"), Cell(says, across=3))
