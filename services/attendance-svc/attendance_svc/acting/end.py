"""Stop acting: the holder is back, or the mandate is over (代行结束)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.acting.state import Acting, ActingEvent
from chancery.events.attendance import ActingEnded, ActingStarted
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class EndActing:
    """``entrustment_id``: only an acting that rests on it ends; None: any."""

    ended_at: datetime
    entrustment_id: str | None = None


def end(command: EndActing, acting: Acting, rules: Rules) -> Sequence[Told[ActingEvent]]:
    """Where nobody acts there is nothing to end."""
    del rules
    started = acting.started
    if started is None or acting.over:
        return []
    if command.entrustment_id is not None and started.entrustment_id != command.entrustment_id:
        return []
    return [Told(ended(started, command.ended_at))]


def ended(started: ActingStarted, at: datetime) -> ActingEnded:
    """The acting as it ended."""
    return ActingEnded(
        acting_id=started.acting_id,
        principal_id=started.principal_id,
        post=started.post,
        actor_id=started.actor_id,
        ended_at=at,
    )
