"""Issued minutes were corrected: what orders a document now gets its draft, and a draft nothing orders is given up.

A draft that was signed stays: what becomes of it is people's to say.
"""

from collections.abc import Sequence
from typing import Final

from chancery.envelope import Recorded
from chancery.events.document import Founding
from chancery.events.meeting import MinutesCorrected
from chancery.events.parts import Decision
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, derived
from document_svc.document.draft import DraftOrdered, draft_ordered
from document_svc.document.state import DOCUMENT
from document_svc.document.withdraw import GiveUp, give_up

ORDERING: Final = frozenset({"adopted", "adopted_in_principle", "adopted_amended"})
"""Outcomes by which a document may be ordered."""


def react(recorded: Recorded[MinutesCorrected], rules: Rules) -> Sequence[Order]:
    """The same decision is the same draft, as where minutes are issued."""
    del rules
    told = recorded.event
    was, now = told.was, told.now
    if not told.issued:
        return []
    if now is not None and _orders(now) and not _orders(was):
        founding = _founding(told, now)
        if founding is None:
            return []
        return [
            Order(
                DOCUMENT,
                draft_ordered,
                DraftOrdered(told.taken.at, now, founding),
                stream=derived(told.minutes_id, "document", now.no),
                key="draft",
                matter=now.matter_id,
            )
        ]
    if was is not None and _orders(was) and not _orders(now):
        stream = derived(told.minutes_id, "document", was.no)
        command = GiveUp(f"纪要更正：{told.reason}")
        return [Order(DOCUMENT, give_up, command, stream=stream, key="give_up", matter=was.matter_id)]
    return []


def _orders(decision: Decision | None) -> bool:
    return decision is not None and decision.orders_document is not None and decision.outcome in ORDERING


def _founding(told: MinutesCorrected, now: Decision) -> Founding | None:
    """What the draft rests on; corrections of old do not say it."""
    if (
        told.body is None
        or told.series is None
        or told.number is None
        or told.sitting_on is None
        or told.closed_at is None
    ):
        return None
    return Founding(
        body=told.body,
        sitting_id=told.sitting_id,
        minutes_id=told.minutes_id,
        sitting_on=told.sitting_on,
        series=told.series,
        number=told.number,
        decision_no=now.no,
        meeting_ended_at=told.closed_at,
    )


ON_MINUTES_CORRECTED = Reaction("follow_corrected_minutes", "meeting", MinutesCorrected, react)
