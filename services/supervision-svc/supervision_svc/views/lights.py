"""Green, yellow, red (亮灯): said of one task, and asked of all of them in the same way."""

from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, and_, case

from chancery.calendar import local_day
from chancery.rules.rulebook import Rules
from supervision_svc.projections.tables import LEDGER

Light = Literal["green", "yellow", "red", "done", "none"]
LIGHTS: Final[tuple[Light, ...]] = ("red", "yellow", "green", "none", "done")
SAYS: Final[dict[Light, tuple[str, str]]] = {
    "red": ("红灯（逾期）", "red: overdue"),
    "yellow": ("黄灯（临期）", "yellow: near due"),
    "green": ("绿灯（正常）", "green: in time"),
    "none": ("未定时限", "no due moment"),
    "done": ("已销号", "closed"),
}


def light_of(stage: str, due_on: date | None, due_at: datetime | None, now: datetime, rules: Rules) -> Light:
    """Red once the due moment passed, yellow within the pack's number of working days before it."""
    if stage == "closed":
        return "done"
    if due_on is None or due_at is None:
        return "none"
    if now >= due_at:
        return "red"
    return "yellow" if rules.calendar.working_days_between(local_day(now), due_on) <= _near(rules) else "green"


def lit(now: datetime, rules: Rules) -> ColumnElement[Any]:
    """The light of every row of the ledger at a moment, as ``light_of`` says it."""
    open_ = LEDGER.c.stage == "open"
    green_from = rules.calendar.nth_working_day(local_day(now), _near(rules) + 1)
    return case(
        (LEDGER.c.stage != "open", "done"),
        (and_(open_, LEDGER.c.due_at.is_(None)), "none"),
        (and_(open_, LEDGER.c.due_at <= now), "red"),
        (and_(open_, LEDGER.c.due_on < green_from), "yellow"),
        else_="green",
    )


def _near(rules: Rules) -> int:
    return int(dict[str, int](rules.setting("lights", {})).get("yellow_days", 3))
