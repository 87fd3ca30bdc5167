"""A mandate to act was given while its giver is away already, or ended while somebody acts on it."""

from collections.abc import Sequence

from attendance_svc.acting import mandates
from chancery.envelope import Recorded
from chancery.events.attendance import EntrustmentEnded, EntrustmentGiven
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction


def given(recorded: Recorded[EntrustmentGiven], rules: Rules) -> Sequence[Order]:
    """One that begins later is left to its deadline."""
    return mandates.begins(recorded.event.entrustment_id, rules)


def ended(recorded: Recorded[EntrustmentEnded], rules: Rules) -> Sequence[Order]:
    return mandates.ends(recorded.event.entrustment_id, recorded.event.ended_at, rules)


ON_ENTRUSTMENT_GIVEN = Reaction("start_acting_on_mandate", "attendance", EntrustmentGiven, given)
ON_ENTRUSTMENT_ENDED = Reaction("end_acting_with_mandate", "attendance", EntrustmentEnded, ended)
