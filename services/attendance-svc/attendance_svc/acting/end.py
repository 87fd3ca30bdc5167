"""Stop acting: the holder is back, or the mandate is over (代行结束)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.acting.state import Acting, ActingEvent
from chancery.events.attendance import ActingEnded, ActingGapEnded, ActingNotNamed, ActingStarted
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class EndActing:
    """``entrustment_id``: only an acting that rests on it ends; None: any."""

    ended_at: datetime
    entrustment_id: str | None = None


def end(command: EndActing, acting: Acting, rules: Rules) -> Sequence[Told[ActingEvent]]:
    """Where nobody acts there is nothing to end; where nobody was named, nobody has to be named any more."""
    del rules
    started = acting.running
    if started is None:
        return [] if acting.gap is None or command.entrustment_id is not None else [Told(_closed(acting.gap, command))]
    if command.entrustment_id is not None and started.entrustment_id != command.entrustment_id:
        return []
    return [Told(ended(started, command.ended_at))]


def _closed(gap: ActingNotNamed, command: EndActing) -> ActingGapEnded:
    return ActingGapEnded(
        acting_id=gap.acting_id,
        principal_id=gap.principal_id,
        absence_id=gap.absence_id,
        ended_at=command.ended_at,
    )


def ended(started: ActingStarted, at: datetime) -> ActingEnded:
    """The acting as it ended."""
    return ActingEnded(
        acting_id=started.acting_id,
        principal_id=started.principal_id,
        post=started.post,
        actor_id=started.actor_id,
        ended_at=at,
    )
