"""What has to be public beside documents, and how far is it? (公开事项台账)"""

from collections.abc import Sequence

from chancery.calendar import local_day
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.openness import (
    DutyCovered,
    DutyOpened,
    DutyOverdue,
    DutyPublished,
    DutyReviewed,
    DutyWithheld,
)
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case DutyOpened() as event:
            row = {
                "duty_id": event.duty_id,
                "version": version,
                "matter_id": event.matter_id,
                "what": event.what,
                "title": event.title,
                "unit": event.unit,
                "kind": event.kind,
                "decided_by": event.decided_by,
                "minutes_id": event.source.minutes_id,
                "task_id": event.source.task_id,
                "reference": event.source.reference,
                "text": event.text,
                "elements": dict(event.elements),
                "lacking": list(event.lacking),
                "stage": "open",
                "opened_on": local_day(event.opened_at),
                "due_on": event.due and event.due.due_on,
                "overdue": False,
                "channels": list(event.channels),
            }
            return [Upsert("publication_duty", ("duty_id",), row)]
        case DutyReviewed() as event:
            told = {"version": version, "reviewed": event.passed}
            return [Patch("publication_duty", {"duty_id": event.duty_id}, told)]
        case DutyPublished() as event:
            public = {
                "version": version,
                "stage": "published",
                "text": event.text,
                "channels": list(event.channels),
                "published_on": event.published_on,
                "published_at": event.published_at,
            }
            return [Patch("publication_duty", {"duty_id": event.duty_id}, public)]
        case DutyWithheld() as event:
            closed = {"version": version, "stage": "withheld", "ground": event.ground, "reason": event.reason}
            return [Patch("publication_duty", {"duty_id": event.duty_id}, closed)]
        case DutyCovered() as event:
            covered = {"version": version, "stage": "covered", "entry_id": event.entry_id, "number": event.number}
            return [Patch("publication_duty", {"duty_id": event.duty_id}, covered)]
        case DutyOverdue() as event:
            return [Patch("publication_duty", {"duty_id": event.duty_id}, {"version": version, "overdue": True})]
        case _:
            return []


HEARS = (DutyOpened, DutyReviewed, DutyPublished, DutyWithheld, DutyCovered, DutyOverdue)
DUTIES = Projection("publication_duty", 1, ("publication_duty",), frozenset(k.event_name for k in HEARS), project)
