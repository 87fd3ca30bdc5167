"""Note that the minutes of a sitting were not issued in time (纪要逾期)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import MinutesOverdue, SittingEvent
from chancery.events.parts import Counted
from chancery.rules.grounds import clock_of
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.sitting.state import Sitting


@dataclass(frozen=True, slots=True)
class RunOut:
    due: Counted


def run_out(command: RunOut, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """Once, however often the deadline is told."""
    if sitting.closed is None or sitting.minutes_late:
        return []
    overdue = MinutesOverdue(sitting_id=sitting.id, body=sitting.closed.body, due=command.due)
    return [Told(overdue, (clock_of(rules, command.due),))]
