"""Which inspections are there, of whom, and how far are they? (督查台账)"""

from collections.abc import Sequence
from typing import Any

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.inspection import (
    InspectionAcknowledged,
    InspectionCancelled,
    InspectionConcluded,
    InspectionPlanned,
    InspectionReviewAsked,
    InspectionReviewed,
)
from chancery.thing import Patch, Projection, Upsert, Write

HEARS = (
    InspectionPlanned,
    InspectionCancelled,
    InspectionConcluded,
    InspectionAcknowledged,
    InspectionReviewAsked,
    InspectionReviewed,
)


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case InspectionPlanned() as event:
            row = {
                "inspection_id": event.inspection_id,
                "unit": event.unit,
                "subject": event.subject,
                "form": event.form,
                "inspector": event.inspector,
                "partners": list(event.partners),
                "first_on": event.first_on,
                "last_on": event.last_on,
                "plan": event.plan,
                "flagged": list(event.flagged),
                "clauses": list(recorded.meta.clauses),
                "stage": "planned",
                "conclusion": None,
                "reply": None,
                "review_due_on": None,
                "told_at": event.planned_at,
            }
            return [Upsert("inspection", ("inspection_id",), row)]
        case InspectionCancelled() as event:
            return _now(event, {"stage": "cancelled", "conclusion": event.reason})
        case InspectionConcluded() as event:
            until = event.review_due.due_on if event.review_due is not None else None
            return _now(event, {"stage": "concluded", "conclusion": event.conclusion, "review_due_on": until})
        case InspectionAcknowledged() as event:
            return _now(event, {"stage": "acknowledged", "reply": event.reply})
        case InspectionReviewAsked() as event:
            until = event.due.due_on if event.due is not None else None
            return _now(event, {"stage": "review_asked", "review_due_on": until})
        case InspectionReviewed() as event:
            return _now(event, {"stage": "reviewed", "conclusion": event.decision})
        case _:
            return []


def _now(event: Any, row: dict[str, Any]) -> Sequence[Write]:
    return [Patch("inspection", {"inspection_id": event.inspection_id}, row)]


INSPECTIONS = Projection("inspection", 1, ("inspection",), frozenset(kind.event_name for kind in HEARS), project)
