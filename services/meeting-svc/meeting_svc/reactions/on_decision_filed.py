"""A sitting decided in favour: its decision lies on the matter's file, where gates of other bodies look for it."""

from collections.abc import Sequence

from chancery.calendar import local_day
from chancery.envelope import Recorded
from chancery.events.meeting import DecisionRecorded
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.matter.note_decision import NoteDecision, note_decision
from meeting_svc.matter.state import MATTER
from meeting_svc.sitting.outcomes import ADOPTED


def react(recorded: Recorded[DecisionRecorded], rules: Rules) -> Sequence[Order]:
    del rules
    told = recorded.event
    if told.body is None or told.decision.outcome not in ADOPTED:
        return []
    command = NoteDecision(
        sitting_id=told.sitting_id,
        body=told.body,
        on=told.decided_on or local_day(recorded.business_at),
        outcome=told.decision.outcome,
    )
    matter = told.decision.matter_id
    return [Order(MATTER, note_decision, command, stream=matter, matter=matter)]


ON_DECISION_FILED = Reaction("file_decision", "meeting", DecisionRecorded, react)
