"""A task's due moment and that of its next report, and what is done when they pass."""

from collections.abc import Sequence

from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.events.supervision import (
    NoticeGiven,
    ReportMissed,
    RhythmSet,
    TaskClosed,
    TaskCorrected,
    TaskExtended,
    TaskOpened,
    TaskOverdue,
    TaskReported,
    TaskResumed,
    TaskSourceJoined,
    TaskSuspended,
    TaskWithdrawn,
)
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order
from supervision_svc.task.miss_report import MissReport, miss_report
from supervision_svc.task.notices import NOTICE_DUE, GiveNotice, give_notice
from supervision_svc.task.opening import DUE
from supervision_svc.task.rhythm import REPORT_DUE
from supervision_svc.task.run_out import RunOut, run_out
from supervision_svc.task.state import TASK

DEADLINES = deadline_projection(
    Clocked(
        name=DUE,
        starts={
            TaskOpened: lambda event: event.due,
            TaskSourceJoined: lambda event: event.due,
            TaskCorrected: lambda event: event.due,
        },
        ends={TaskClosed: "met", TaskOverdue: "fired", TaskWithdrawn: "cancelled"},
        moves=dict.fromkeys((TaskSuspended, TaskResumed, TaskExtended), lambda event: event.now),
    ),
    Clocked(
        name=REPORT_DUE,
        starts={
            TaskOpened: lambda event: event.report_due,
            TaskReported: lambda event: event.report_due,
            TaskResumed: lambda event: event.report_due,
            RhythmSet: lambda event: event.report_due,
            ReportMissed: lambda event: event.following,
        },
        ends={TaskClosed: "met", TaskSuspended: "cancelled", TaskWithdrawn: "cancelled"},
    ),
    Clocked(
        name=NOTICE_DUE,
        starts={
            TaskOverdue: lambda event: event.notice_due,
            NoticeGiven: lambda event: event.following,
        },
        ends={TaskClosed: "met", TaskExtended: "cancelled", TaskSuspended: "cancelled", TaskWithdrawn: "cancelled"},
    ),
)


def _fire(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(TASK, run_out, RunOut(deadline.counted), stream=deadline.thing)]


def _silent(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(TASK, miss_report, MissReport(deadline.counted), stream=deadline.thing)]


def _tell(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    command = GiveNotice(deadline.counted, deadline.counted.due_at)
    return [Order(TASK, give_notice, command, stream=deadline.thing)]


TASK_DUE = DueAction(DUE, _fire)
TASK_REPORT_DUE = DueAction(REPORT_DUE, _silent)
TASK_NOTICE_DUE = DueAction(NOTICE_DUE, _tell)
