"""Take an entrustment back (委托结束)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.entrustment.state import Entrustment, EntrustmentEvent
from attendance_svc.keepers import keeps
from chancery.events.attendance import EntrustmentEnded
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class EndEntrustment:
    by: PersonId
    at: datetime


def end(command: EndEntrustment, entrustment: Entrustment, rules: Rules) -> Sequence[Told[EntrustmentEvent]]:
    """Only the giver, or who keeps the roster, takes it back; twice is once."""
    given = entrustment.given
    if given is None:
        raise not_found("entrustment")
    if command.by != given.giver_id and not keeps(rules, command.by):
        raise Refused(Reason("not_yours_to_entrust"), kind="forbidden")
    if entrustment.over:
        return []
    return [Told(EntrustmentEnded(entrustment_id=given.entrustment_id, ended_at=command.at))]
