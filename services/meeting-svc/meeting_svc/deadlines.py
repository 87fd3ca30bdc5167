"""The clock that runs until the minutes of a sitting are issued, and what is done when it runs out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chancery.deadlines import Clocked, RunningDeadline, deadline_projection
from chancery.envelope import Recorded
from chancery.events.meeting import (
    MinutesClockExtended,
    MinutesClockResumed,
    MinutesClockSuspended,
    MinutesIssued,
    MinutesOverdue,
    SittingClosed,
)
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order
from meeting_svc.sitting.close import MINUTES_CLOCK
from meeting_svc.sitting.run_out import RunOut, run_out
from meeting_svc.sitting.state import SITTING


def _sitting(recorded: Recorded[Any]) -> UUID:
    return recorded.event.sitting_id


MINUTES_ISSUE = Clocked(
    name=MINUTES_CLOCK,
    starts={SittingClosed: lambda event: event.minutes_due},
    ends={MinutesIssued: "met", MinutesOverdue: "fired"},
    moves=dict.fromkeys((MinutesClockSuspended, MinutesClockResumed, MinutesClockExtended), lambda event: event.now),
    thing=_sitting,
)
DEADLINES = deadline_projection(MINUTES_ISSUE)


def _fire(deadline: RunningDeadline, rules: Rules) -> Sequence[Order]:
    del rules
    return [Order(SITTING, run_out, RunOut(deadline.counted), stream=deadline.thing)]


MINUTES_RUN_OUT = DueAction(MINUTES_CLOCK, _fire)
