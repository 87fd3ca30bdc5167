"""Who is or was away, and how far is it? (请销假台账) Who acts for whom? (代行)"""

from collections.abc import Sequence

from attendance_svc.absence.state import Stage
from chancery.envelope import Recorded
from chancery.events.attendance import (
    AbsenceAnnounced,
    AbsenceStepTaken,
    ActingEnded,
    ActingStarted,
    LeaveApproved,
    LeaveRefused,
    ReturnReported,
)
from chancery.events.base import Event
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case AbsenceAnnounced() as event:
            row = {
                "absence_id": event.absence_id,
                "version": recorded.version,
                "person_id": event.person_id,
                "post": event.post,
                "leaving": event.leaving,
                "cause": event.cause,
                "destination": event.destination,
                "starts_at": event.starts_at,
                "ends_at": event.ends_at,
                "mode": event.mode,
                "stage": Stage.ANNOUNCED.value,
                "returned_at": None,
            }
            return [Upsert("absences", ("absence_id",), row)]
        case AbsenceStepTaken() as event:
            return [Patch("absences", {"absence_id": event.absence_id}, {"version": recorded.version})]
        case LeaveApproved() as event:
            stands = {"version": recorded.version, "stage": Stage.STANDS.value}
            return [Patch("absences", {"absence_id": event.absence_id}, stands)]
        case LeaveRefused() as event:
            refused = {"version": recorded.version, "stage": Stage.REFUSED.value}
            return [Patch("absences", {"absence_id": event.absence_id}, refused)]
        case ReturnReported() as event:
            back = {
                "version": recorded.version,
                "stage": Stage.RETURNED.value,
                "returned_at": event.returned_at,
            }
            return [Patch("absences", {"absence_id": event.absence_id}, back)]
        case ActingStarted() as event:
            acts = {
                "acting_id": event.acting_id,
                "principal_id": event.principal_id,
                "post": event.post,
                "actor_id": event.actor_id,
                "started_at": event.started_at,
                "ended_at": None,
            }
            return [Upsert("actings", ("acting_id",), acts)]
        case ActingEnded() as event:
            return [Patch("actings", {"acting_id": event.acting_id}, {"ended_at": event.ended_at})]
        case _:
            return []


LEDGER = Projection(
    "absences",
    1,
    ("absences", "actings"),
    frozenset(
        kind.event_name
        for kind in (
            AbsenceAnnounced,
            AbsenceStepTaken,
            LeaveApproved,
            LeaveRefused,
            ReturnReported,
            ActingStarted,
            ActingEnded,
        )
    ),
    project,
)
