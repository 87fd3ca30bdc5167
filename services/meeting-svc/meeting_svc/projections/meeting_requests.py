"""Which meetings were asked for, and how many of a unit count towards its year? (开会申请)"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import (
    MeetingApproved,
    MeetingCancelled,
    MeetingNotApproved,
    MeetingRequested,
    RequestStepTaken,
)
from chancery.thing import Patch, Projection, Upsert, Write
from meeting_svc.request.state import Stage

TABLE = "meeting_requests"


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case MeetingRequested() as event:
            asked = event.asked
            row = {
                "request_id": event.request_id,
                "version": version,
                "title": asked.title,
                "unit": asked.unit,
                "scope": asked.scope,
                "meets_on": asked.meets_on,
                "people": asked.people,
                "stage": Stage.ASKED.value,
                "requested_by": event.requested_by,
                "requested_at": recorded.business_at,
            }
            return [Upsert(TABLE, ("request_id",), row)]
        case RequestStepTaken(request_id=request_id):
            return [Patch(TABLE, {"request_id": request_id}, {"version": version})]
        case MeetingApproved(request_id=request_id):
            return [Patch(TABLE, {"request_id": request_id}, {"version": version, "stage": Stage.APPROVED.value})]
        case MeetingNotApproved(request_id=request_id):
            return [Patch(TABLE, {"request_id": request_id}, {"version": version, "stage": Stage.NOT_APPROVED.value})]
        case MeetingCancelled(request_id=request_id):
            return [Patch(TABLE, {"request_id": request_id}, {"version": version, "stage": Stage.CANCELLED.value})]
        case _:
            return []


MEETING_REQUESTS = Projection(
    TABLE,
    1,
    (TABLE,),
    frozenset(
        kind.event_name
        for kind in (MeetingRequested, RequestStepTaken, MeetingApproved, MeetingNotApproved, MeetingCancelled)
    ),
    project,
)
