"""Which unit was asked about which draft, by when is its answer wanted, and what did it say? (征求意见登记)"""

from collections.abc import Sequence
from typing import Any

from chancery.calendar import NEVER
from chancery.deadlines import deadline_id
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.document import (
    ConsentDeemed,
    ConsultationExtended,
    ConsultationExtensionAsked,
    ConsultationExtensionDeclined,
    ConsultationOverdue,
    ConsultationReplied,
    ConsultationSent,
)
from chancery.events.operations import DeadlineMoved
from chancery.events.parts import Counted
from chancery.thing import Patch, Projection, Upsert, Write
from document_svc.consultation.asking import REPLY_CLOCK
from document_svc.consultation.run_out import reply_key
from document_svc.consultation.state import OfOne

KEY = ("document_id", "unit", "asks")


def _patch(event: OfOne, **columns: Any) -> list[Write]:
    asked = {"document_id": event.document_id, "unit": event.unit, "asks": event.asks}
    return [Patch("consultations", asked, columns)]


def _due_on(due: Counted | None) -> Any:
    return None if due is None or due.due_on == NEVER else due.due_on


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case ConsultationSent() as event:
            row = {
                "document_id": event.document_id,
                "unit": event.unit,
                "asks": event.asks,
                "deadline_id": deadline_id(recorded.stream, REPLY_CLOCK, reply_key(event.unit, event.asks)),
                "edition": event.edition,
                "silence": event.silence,
                "sent_at": event.sent_at,
                "due_on": _due_on(event.due),
                "stands": "asked",
                "answer": None,
                "answered_at": None,
                "late": False,
                "after_deemed": False,
                "more_time_asked": False,
            }
            return [Upsert("consultations", KEY, row)]
        case ConsultationReplied() as event:
            return _patch(
                event,
                stands="deemed" if event.after_deemed else "answered",
                answer=event.answer,
                answered_at=event.replied_at,
                late=event.late,
                after_deemed=event.after_deemed,
                more_time_asked=False,
            )
        case ConsultationExtensionAsked() as event:
            return _patch(event, more_time_asked=True)
        case ConsultationExtended() as event:
            return _patch(event, more_time_asked=False, due_on=_due_on(event.now))
        case ConsultationExtensionDeclined() as event:
            return _patch(event, more_time_asked=False)
        case ConsentDeemed() as event:
            return _patch(event, stands="deemed", more_time_asked=False)
        case ConsultationOverdue() as event:
            return _patch(event, stands="overdue", more_time_asked=False)
        case DeadlineMoved() as event:
            return [Patch("consultations", {"deadline_id": event.deadline_id}, {"due_on": _due_on(event.now)})]
        case _:
            return []


CONSULTATIONS = Projection(
    "consultations",
    1,
    ("consultations",),
    frozenset(
        kind.event_name
        for kind in (
            ConsultationSent,
            ConsultationReplied,
            ConsultationExtensionAsked,
            ConsultationExtended,
            ConsultationExtensionDeclined,
            ConsentDeemed,
            ConsultationOverdue,
            DeadlineMoved,
        )
    ),
    project,
)
