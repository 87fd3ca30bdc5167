"""Moments of attendance: an absence begins, a return is to be reported, a mandate begins and runs out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from attendance_svc.absence.announce import RETURN_REPORT
from attendance_svc.absence.return_overdue import ReturnNotReported, return_not_reported
from attendance_svc.absence.state import ABSENCE
from attendance_svc.acting import mandates
from attendance_svc.acting.end import EndActing, end
from attendance_svc.acting.start import StartActing, start
from attendance_svc.acting.state import ACTING, acting_of
from attendance_svc.entrustment.lapse import Lapse, lapse
from attendance_svc.entrustment.state import ENTRUSTMENT
from chancery.calendar import local_day
from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.events.attendance import (
    AbsenceExtended,
    AbsenceReplanned,
    AbsenceWithdrawn,
    ActingEnded,
    ActingStarted,
    EntrustmentEnded,
    EntrustmentGiven,
    LeaveApproved,
    ReturnOverdue,
    ReturnReported,
)
from chancery.events.parts import Counted
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order

BEGINS: Final = "absence_begins"
MANDATE_BEGINS: Final = "mandate_begins"
MANDATE_ENDS: Final = "mandate_ends"
ACTING_ENDS: Final = "acting_ends"


def _set(name: str, moment: datetime | None, rule: str) -> Counted | None:
    """A moment that no rule counts: what was announced or given sets it."""
    if moment is None:
        return None
    return Counted(
        name=name,
        rule=rule,
        clauses=(),
        force="must",
        starts_at=moment,
        n=0,
        unit="hour",
        due_at=moment,
        due_on=local_day(moment),
        calendar_version="none",
    )


def _mandate_begins(event: EntrustmentGiven) -> Counted | None:
    return _set(MANDATE_BEGINS, event.starts_at if event.object.kind == "acting" else None, "entrustment")


DEADLINES = deadline_projection(
    Clocked(
        name=BEGINS,
        starts={LeaveApproved: lambda event: _set(BEGINS, event.starts_at, "announcement")},
        ends={ReturnReported: "met", AbsenceWithdrawn: "cancelled", AbsenceReplanned: "cancelled"},
    ),
    Clocked(
        name=RETURN_REPORT,
        starts={LeaveApproved: lambda event: event.return_due, AbsenceExtended: lambda event: event.return_due},
        ends={
            ReturnReported: "met",
            ReturnOverdue: "fired",
            AbsenceWithdrawn: "cancelled",
            AbsenceReplanned: "cancelled",
        },
    ),
    Clocked(name=MANDATE_BEGINS, starts={EntrustmentGiven: _mandate_begins}, ends={EntrustmentEnded: "met"}),
    Clocked(
        name=MANDATE_ENDS,
        starts={EntrustmentGiven: lambda event: _set(MANDATE_ENDS, event.ends_at, "entrustment")},
        ends={EntrustmentEnded: "met"},
    ),
    Clocked(
        name=ACTING_ENDS,
        starts={ActingStarted: lambda event: _set(ACTING_ENDS, event.ends_at, "acting")},
        ends={ActingEnded: "met"},
    ),
)


def _absence_begins(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(ACTING, start, StartActing(str(deadline.thing)), stream=acting_of(deadline.thing))]


def _return_not_reported(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(ABSENCE, return_not_reported, ReturnNotReported(deadline.counted), stream=deadline.thing)]


def _mandate_starts(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    return mandates.begins(str(deadline.thing), rules)


def _mandate_runs_out(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(ENTRUSTMENT, lapse, Lapse(deadline.counted.due_at), stream=deadline.thing)]


def _acting_ends(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(ACTING, end, EndActing(deadline.counted.due_at), stream=deadline.thing)]


DUE: Final = (
    DueAction(BEGINS, _absence_begins),
    DueAction(RETURN_REPORT, _return_not_reported),
    DueAction(MANDATE_BEGINS, _mandate_starts),
    DueAction(MANDATE_ENDS, _mandate_runs_out),
    DueAction(ACTING_ENDS, _acting_ends),
)
