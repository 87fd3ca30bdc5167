"""Minutes were issued: what the rules want public of their decisions is a duty from now on."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import MinutesCorrected, MinutesIssued
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, derived
from disclosure_svc.duty.open import OpenOnDecision, open_on_decision
from disclosure_svc.duty.state import DUTY


def react(recorded: Recorded[MinutesIssued], rules: Rules) -> Sequence[Order]:
    """One duty for each decision; the same minutes heard again open nothing twice."""
    issued = recorded.event
    reference = f"{rules.titled(issued.body)}（{issued.sitting_on.isoformat()}，第{issued.number}次）"
    return [
        Order(
            DUTY,
            open_on_decision,
            OpenOnDecision(issued.minutes_id, issued.body, reference, decision, issued.issued_at),
            stream=derived(issued.minutes_id, "duty", decision.no),
            key=str(decision.no),
            matter=decision.matter_id,
        )
        for decision in issued.decisions
    ]


def corrected(recorded: Recorded[MinutesCorrected], rules: Rules) -> Sequence[Order]:
    """A decision that a correction added is open from then on; before the minutes go out there is nothing to do."""
    told = recorded.event
    if not told.issued or told.now is None or told.body is None or told.sitting_on is None:
        return []
    reference = f"{rules.titled(told.body)}（{told.sitting_on.isoformat()}，第{told.number}次）"
    command = OpenOnDecision(told.minutes_id, told.body, reference, told.now, recorded.business_at)
    stream = derived(told.minutes_id, "duty", told.now.no)
    return [Order(DUTY, open_on_decision, command, stream=stream, matter=told.now.matter_id)]


ON_MINUTES_ISSUED = Reaction("open_duties", "meeting", MinutesIssued, react)
ON_MINUTES_CORRECTED = Reaction("open_duty_added", "meeting", MinutesCorrected, corrected)
