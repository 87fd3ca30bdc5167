"""Which minutes are under way, and which are wanted by when? (纪要台账)

A row begins when the sitting closes, so minutes nobody drafted are seen too; ``due_on`` is None where the
rules set no day.
"""

from collections.abc import Sequence
from uuid import UUID

from chancery.calendar import NEVER
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import (
    MinutesClockExtended,
    MinutesClockResumed,
    MinutesClockSuspended,
    MinutesDrafted,
    MinutesIssued,
    MinutesOverdue,
    MinutesSigned,
    MinutesStepCalledFor,
    MinutesStepTaken,
    SittingClosed,
)
from chancery.thing import Patch, Projection, Upsert, Write
from meeting_svc.minutes.state import Stage


def of_sitting(sitting_id: UUID, **columns: object) -> list[Write]:
    return [Patch("minutes", {"sitting_id": sitting_id}, columns)]


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case SittingClosed() as event:
            due = event.minutes_due
            row = {
                "sitting_id": event.sitting_id,
                "minutes_id": None,
                "version": 0,
                "body": event.body,
                "stage": Stage.NOT_SEEN.value,
                "closed_at": event.closed_at,
                "due_on": due.due_on if due else None,
                "overdue": False,
            }
            return [Upsert("minutes", ("sitting_id",), row)]
        case MinutesDrafted() as event:
            row = {
                "sitting_id": event.sitting_id,
                "minutes_id": event.minutes_id,
                "version": version,
                "body": event.body,
                "series": event.series,
                "number": event.number,
                "held_on": event.sitting_on,
                "stage": Stage.DRAFTED.value,
                "closed_at": event.closed_at,
            }
            return [Upsert("minutes", ("sitting_id",), row)]
        case MinutesStepTaken() | MinutesStepCalledFor() as event:
            return [Patch("minutes", {"minutes_id": event.minutes_id}, {"version": version})]
        case MinutesSigned() as event:
            return of_sitting(event.sitting_id, version=version, stage=Stage.SIGNED.value)
        case MinutesIssued() as event:
            done = {"stage": Stage.ISSUED.value, "issued_on": event.issued_on}
            return of_sitting(event.sitting_id, version=version, **done)
        case MinutesOverdue() as event:
            return of_sitting(event.sitting_id, overdue=True)
        case MinutesClockSuspended() | MinutesClockResumed() | MinutesClockExtended() as event:
            stands = event.now.due_on == NEVER
            return of_sitting(event.sitting_id, due_on=None if stands else event.now.due_on)
        case _:
            return []


MINUTES_DUE = Projection(
    "minutes_due",
    1,
    ("minutes",),
    frozenset(
        kind.event_name
        for kind in (
            SittingClosed,
            MinutesDrafted,
            MinutesStepTaken,
            MinutesStepCalledFor,
            MinutesSigned,
            MinutesIssued,
            MinutesOverdue,
            MinutesClockSuspended,
            MinutesClockResumed,
            MinutesClockExtended,
        )
    ),
    project,
)
