"""A body decided in favour: its decision lies on the matter's file, where gates of other bodies look for it.

At once, as the sitting decides; where the rules say that a meeting is nothing to rest on before its minutes are issued,
once they are.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from chancery.calendar import local_day
from chancery.envelope import Recorded
from chancery.events.meeting import DecisionRecorded, MinutesIssued
from chancery.events.parts import Decision
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import BASIS, Basis
from chancery.service import Order, Reaction
from meeting_svc.matter.note_decision import NoteDecision, note_decision
from meeting_svc.matter.state import MATTER
from meeting_svc.sitting.outcomes import ADOPTED

A_MEETING: Final = "meeting"
"""The word under which the table of bases speaks of a sitting."""


def as_decided(recorded: Recorded[DecisionRecorded], rules: Rules) -> Sequence[Order]:
    told = recorded.event
    unissued = _basis(rules, issued=False).first
    if told.body is None or (unissued is not None and not unissued.outcome.valid):
        return []
    on = told.decided_on or local_day(recorded.business_at)
    return _orders(told.sitting_id, told.body, on, [told.decision])


def as_issued(recorded: Recorded[MinutesIssued], rules: Rules) -> Sequence[Order]:
    """What the sitting's own decision has put on file already is not put there twice."""
    told = recorded.event
    return _orders(told.sitting_id, told.body, told.sitting_on, told.decisions, _basis(rules, issued=True))


def _basis(rules: Rules, *, issued: bool) -> Ruling[Basis]:
    return rules.ask(BASIS, basis=A_MEETING, issued=issued)


def _orders(
    sitting_id: UUID, body: str, on: date, decisions: Sequence[Decision], under: Ruling[Basis] | None = None
) -> Sequence[Order]:
    return [
        Order(
            MATTER,
            note_decision,
            NoteDecision(sitting_id, body, on, decision.outcome, under),
            stream=decision.matter_id,
            matter=decision.matter_id,
        )
        for decision in decisions
        if decision.outcome in ADOPTED
    ]


ON_DECISION_FILED = Reaction("file_decision", "meeting", DecisionRecorded, as_decided)
ON_ISSUED_DECISION_FILED = Reaction("file_issued_decision", "meeting", MinutesIssued, as_issued)
