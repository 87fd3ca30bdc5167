"""Who is or was away, and how far is it? (请销假台账)"""

from collections.abc import Sequence

from attendance_svc.absence.state import Stage
from attendance_svc.absence.way import half_days
from chancery.envelope import Recorded
from chancery.events.attendance import (
    AbsenceAnnounced,
    AbsenceExtended,
    AbsenceReplanned,
    AbsenceStepCalledFor,
    AbsenceStepTaken,
    AbsenceWithdrawn,
    ExtensionAsked,
    ExtensionRefused,
    LeaveApproved,
    LeaveRefused,
    ReturnOverdue,
    ReturnReported,
)
from chancery.events.base import Event
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = {"version": recorded.version}
    match recorded.event:
        case AbsenceAnnounced() | AbsenceReplanned() as event:
            row = {
                "absence_id": event.absence_id,
                "version": recorded.version,
                "person_id": event.person_id,
                "post": event.post,
                "leaving": event.leaving,
                "cause": event.cause,
                "destination": event.destination,
                "reason": event.reason,
                "urgent": event.urgent,
                "organised_by_unit": event.organised_by_unit,
                "starts_at": event.starts_at,
                "ends_at": event.ends_at,
                "half_days": half_days(event.starts_at, event.ends_at),
                "wants_until": None,
                "mode": event.mode,
                "clauses": list(recorded.meta.clauses),
                "stage": Stage.ANNOUNCED.value,
                "return_due_on": None,
                "overdue": False,
                "returned_at": None,
            }
            return [Upsert("absences", ("absence_id",), row)]
        case AbsenceStepTaken() | AbsenceStepCalledFor() as event:
            return [Patch("absences", {"absence_id": event.absence_id}, version)]
        case LeaveApproved() as event:
            due_on = event.return_due.due_on if event.return_due else None
            stands = {"stage": Stage.STANDS.value, "return_due_on": due_on}
            return [Patch("absences", {"absence_id": event.absence_id}, version | stands)]
        case ExtensionAsked() as event:
            return [Patch("absences", {"absence_id": event.absence_id}, version | {"wants_until": event.ends_at})]
        case ExtensionRefused() as event:
            return [Patch("absences", {"absence_id": event.absence_id}, version | {"wants_until": None})]
        case AbsenceExtended() as event:
            due_on = event.return_due.due_on if event.return_due else None
            longer = {"ends_at": event.ends_at, "return_due_on": due_on, "wants_until": None}
            return [Patch("absences", {"absence_id": event.absence_id}, version | longer)]
        case LeaveRefused() as event:
            return [Patch("absences", {"absence_id": event.absence_id}, version | {"stage": Stage.REFUSED.value})]
        case AbsenceWithdrawn() as event:
            return [Patch("absences", {"absence_id": event.absence_id}, version | {"stage": Stage.WITHDRAWN.value})]
        case ReturnOverdue() as event:
            return [Patch("absences", {"absence_id": event.absence_id}, version | {"overdue": True})]
        case ReturnReported() as event:
            back = {"stage": Stage.RETURNED.value, "returned_at": event.returned_at, "wants_until": None}
            return [Patch("absences", {"absence_id": event.absence_id}, version | back)]
        case _:
            return []


HEARS = (
    AbsenceAnnounced,
    AbsenceReplanned,
    AbsenceExtended,
    ExtensionAsked,
    ExtensionRefused,
    AbsenceStepCalledFor,
    AbsenceStepTaken,
    LeaveApproved,
    LeaveRefused,
    AbsenceWithdrawn,
    ReturnOverdue,
    ReturnReported,
)
ABSENCES = Projection("absences", 2, ("absences",), frozenset(kind.event_name for kind in HEARS), project)
