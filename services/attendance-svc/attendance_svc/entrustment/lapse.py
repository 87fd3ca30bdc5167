"""The time for which something was entrusted is over (委托到期)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.entrustment.state import Entrustment, EntrustmentEvent
from chancery.events.attendance import EntrustmentEnded
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Lapse:
    at: datetime


def lapse(command: Lapse, entrustment: Entrustment, rules: Rules) -> Sequence[Told[EntrustmentEvent]]:
    """Told once, at the moment that was set when it was given; one taken back earlier has ended already."""
    del rules
    if entrustment.given is None or entrustment.over:
        return []
    return [Told(EntrustmentEnded(entrustment_id=entrustment.given.entrustment_id, ended_at=command.at))]
