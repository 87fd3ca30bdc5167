"""What was a leader asked for, and what became of it (活动台账)? On which days was he in the field (调研台账)?"""

from collections.abc import Sequence

from attendance_svc.engagement.state import Stage
from chancery.envelope import Recorded
from chancery.events.attendance import (
    EngagementAgreed,
    EngagementAsked,
    EngagementDeclined,
    EngagementStepTaken,
    EngagementWithdrawn,
    ResearchDayRecorded,
    ResearchDayStruck,
)
from chancery.events.base import Event
from chancery.thing import Erase, Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = {"version": recorded.version}
    match recorded.event:
        case EngagementAsked() as event:
            row = {
                "engagement_id": event.engagement_id,
                "version": recorded.version,
                "person_id": event.person_id,
                "act": event.act,
                "title": event.title,
                "place": event.place,
                "organiser": event.organiser,
                "on_day": event.on,
                "asked_by": event.asked_by,
                "substitute_for": event.substitute_for,
                "answer": event.answer,
                "clauses": list(recorded.meta.clauses),
                "stage": Stage.ASKED.value,
            }
            return [Upsert("engagements", ("engagement_id",), row)]
        case EngagementStepTaken() as event:
            return [Patch("engagements", {"engagement_id": event.engagement_id}, version)]
        case EngagementAgreed() as event:
            stage = {"stage": Stage.AGREED.value}
            return [Patch("engagements", {"engagement_id": event.engagement_id}, version | stage)]
        case EngagementDeclined() as event:
            stage = {"stage": Stage.DECLINED.value}
            return [Patch("engagements", {"engagement_id": event.engagement_id}, version | stage)]
        case EngagementWithdrawn() as event:
            stage = {"stage": Stage.WITHDRAWN.value}
            return [Patch("engagements", {"engagement_id": event.engagement_id}, version | stage)]
        case ResearchDayRecorded() as event:
            row = {
                "person_id": event.person_id,
                "day": event.day,
                "version": recorded.version,
                "place": event.place,
                "subject": event.subject,
            }
            return [Upsert("research_days", ("person_id", "day", "version"), row)]
        case ResearchDayStruck() as event:
            return [Erase("research_days", {"person_id": event.person_id, "day": event.day})]
        case _:
            return []


HEARS = (
    EngagementAsked,
    EngagementStepTaken,
    EngagementAgreed,
    EngagementDeclined,
    EngagementWithdrawn,
    ResearchDayRecorded,
    ResearchDayStruck,
)
ENGAGEMENTS = Projection(
    "engagements", 1, ("engagements", "research_days"), frozenset(kind.event_name for kind in HEARS), project
)
