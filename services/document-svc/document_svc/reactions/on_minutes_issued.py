"""Minutes were issued: each document that a decision orders gets its draft, with the decision it rests on."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.document import Founding
from chancery.events.meeting import MinutesIssued
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, derived
from document_svc.document.draft import DraftOrdered, draft_ordered
from document_svc.document.state import DOCUMENT


def react(recorded: Recorded[MinutesIssued], rules: Rules) -> Sequence[Order]:
    """Same minutes, same document ids: a redelivered message drafts nothing twice."""
    del rules
    minutes = recorded.event
    orders: list[Order] = []
    for decision in minutes.decisions:
        if decision.orders_document is None:
            continue
        founding = Founding(
            body=minutes.body,
            sitting_id=minutes.sitting_id,
            minutes_id=minutes.minutes_id,
            sitting_on=minutes.sitting_on,
            series=minutes.series,
            number=minutes.number,
            decision_no=decision.no,
            meeting_ended_at=minutes.closed_at,
        )
        orders.append(
            Order(
                DOCUMENT,
                draft_ordered,
                DraftOrdered(minutes.issued_at, decision, founding),
                stream=derived(minutes.minutes_id, "document", decision.no),
                key=str(decision.no),
                matter=decision.matter_id,
            )
        )
    return orders


ON_MINUTES_ISSUED = Reaction("draft_ordered_documents", "meeting", MinutesIssued, react)
