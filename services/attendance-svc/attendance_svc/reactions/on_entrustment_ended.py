"""A mandate to act ended while somebody acts on it. One that begins is left to its deadline: that knows the moment."""

from collections.abc import Sequence

from attendance_svc.acting import mandates
from chancery.envelope import Recorded
from chancery.events.attendance import EntrustmentEnded
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction


def react(recorded: Recorded[EntrustmentEnded], rules: Rules) -> Sequence[Order]:
    """Whoever acts on it stops; somebody else who holds a mandate by now takes over."""
    return mandates.ends(recorded.event.entrustment_id, recorded.event.ended_at, rules)


ON_ENTRUSTMENT_ENDED = Reaction("end_acting_with_mandate", "attendance", EntrustmentEnded, react)
