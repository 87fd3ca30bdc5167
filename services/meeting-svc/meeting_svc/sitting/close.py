"""Close a sitting; clocks that start at a meeting's end start here (会议结束)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.meeting import SittingClosed, SittingEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.clocks import running
from meeting_svc.sitting.state import Sitting, Stage

MINUTES_CLOCK = "minutes_issue"


@dataclass(frozen=True, slots=True)
class Close:
    by: PersonId
    at: datetime


def close(command: Close, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """Every item of the order of business needs its outcome first; all that lack one are named.

    Raises:
        Refused: the sitting is not open, an item is undecided, or not the office acts.
    """
    if sitting.convened is None or sitting.stage is not Stage.OPEN:
        raise Refused(Reason("not_open"))
    office = clerk(rules, sitting.convened.body, command.by)
    if sitting.undecided:
        raise Refused(*(Reason("item_undecided", params={"title": item.facts.title}) for item in sitting.undecided))
    ruling, count = rules.clock(MINUTES_CLOCK, command.at, body=sitting.convened.body)
    due = running(MINUTES_CLOCK, ruling, count)
    closed = SittingClosed(sitting_id=sitting.id, body=sitting.convened.body, closed_at=command.at, minutes_due=due)
    return [Told(closed, (office.ruling, ruling), office.standing)]
