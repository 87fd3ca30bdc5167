"""Who asked for what, how far is it, and what was answered? (依申请公开台账)"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chancery.calendar import local_day
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.disclosure import (
    AnswerClockResumed,
    AnswerClockSuspended,
    AnswerDaySet,
    AnswerExtended,
    AnswerOverdue,
    CorrectionAsked,
    OpinionAsked,
    OpinionHeard,
    OpinionSilent,
    RequestAnswered,
    RequestCorrected,
    RequestLapsed,
    RequestNumbered,
    RequestReceived,
)
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    def patch(request_id: UUID, **row: Any) -> list[Write]:
        return [Patch("request", {"request_id": request_id}, {"version": recorded.version, **row})]

    match recorded.event:
        case RequestReceived() as event:
            row = event.model_dump(include={"request_id", "matter_id", "applicant", "applicant_kind", "channel"})
            row |= {
                "version": recorded.version,
                "number": None,
                "received_on": local_day(event.starts_at),
                "stage": "in_hand",
                "due_on": event.answer_due and event.answer_due.due_on,
                "overdue": False,
                "corrected": False,
                "extended": False,
                "consulted": False,
                "answer": None,
                "ground": None,
                "closed_on": None,
                "late": False,
            }
            return [Upsert("request", ("request_id",), row)]
        case RequestNumbered() as event:
            return patch(event.request_id, number=event.number)
        case AnswerDaySet() as event:
            return patch(event.request_id, due_on=event.due.due_on, overdue=False)
        case CorrectionAsked() as event:
            return patch(event.request_id, stage="correcting", corrected=True)
        case RequestCorrected() as event:
            return patch(event.request_id, stage="in_hand", due_on=event.answer_due and event.answer_due.due_on)
        case RequestLapsed() as event:
            return patch(event.request_id, stage="lapsed", closed_on=local_day(recorded.business_at))
        case OpinionAsked() as event:
            return patch(event.request_id, consulted=True)
        case OpinionHeard() | OpinionSilent() as event:
            return patch(event.request_id)
        case AnswerClockSuspended() as event:
            return patch(event.request_id, due_on=None)
        case AnswerClockResumed() as event:
            return patch(event.request_id, due_on=event.now.due_on)
        case AnswerExtended() as event:
            return patch(event.request_id, due_on=event.now.due_on, extended=True)
        case AnswerOverdue() as event:
            return patch(event.request_id, overdue=True)
        case RequestAnswered() as event:
            told = {"answer": event.kind, "ground": event.ground, "late": event.late}
            return patch(event.request_id, stage="answered", closed_on=local_day(event.answered_at), **told)
        case _:
            return []


HEARS = (
    RequestReceived,
    RequestNumbered,
    AnswerDaySet,
    CorrectionAsked,
    RequestCorrected,
    RequestLapsed,
    OpinionAsked,
    OpinionHeard,
    OpinionSilent,
    AnswerClockSuspended,
    AnswerClockResumed,
    AnswerExtended,
    AnswerOverdue,
    RequestAnswered,
)
REQUESTS = Projection("request", 1, ("request",), frozenset(kind.event_name for kind in HEARS), project)
