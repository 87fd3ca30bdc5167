"""The moment an absence begins, and the day by which its return is to be reported."""

from collections.abc import Sequence
from uuid import UUID

from attendance_svc.acting.start import StartActing, start
from attendance_svc.acting.state import ACTING, acting_of
from chancery.calendar import local_day
from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.events.attendance import LeaveApproved, ReturnReported
from chancery.events.parts import Counted
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order

BEGINS = "absence_begins"


def _begins(event: LeaveApproved) -> Counted:
    """No rule sets this moment: the announcement does."""
    return Counted(
        name=BEGINS,
        rule="announcement",
        clauses=(),
        force="must",
        starts_at=event.starts_at,
        n=0,
        unit="hour",
        due_at=event.starts_at,
        due_on=local_day(event.starts_at),
        calendar_version="none",
    )


DEADLINES = deadline_projection(Clocked(name=BEGINS, starts={LeaveApproved: _begins}, ends={ReturnReported: "met"}))


def _fire(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    absence = UUID(str(deadline.thing))
    return [Order(ACTING, start, StartActing(str(absence)), stream=acting_of(absence))]


ABSENCE_BEGINS = DueAction(BEGINS, _fire)
