"""What recurring work is on record, and what was told to the government (计划、政务信息)."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.planning import InformationAnswered, InformationSubmitted, InformationUsed, PlanFiled
from chancery.thing import Patch, Projection, Upsert, Write


def project_plan(recorded: Recorded[Event]) -> Sequence[Write]:
    event = recorded.event
    if not isinstance(event, PlanFiled):
        return []
    row = {
        "plan_id": event.plan_id,
        "artefact": event.artefact,
        "period": event.period,
        "holder": event.holder,
        "entries": [entry.model_dump(mode="json") for entry in event.entries],
        "draft": event.draft,
        "edition": event.edition,
        "filed_by": event.filed_by,
        "filed_at": event.filed_at,
    }
    return [Upsert("plan", ("plan_id",), row)]


def project_information(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case InformationSubmitted() as event:
            row = {
                "information_id": event.information_id,
                "unit": event.unit,
                "kind": event.kind,
                "title": event.title,
                "text": event.text,
                "submitted_at": event.submitted_at,
                "used": None,
                "answer": None,
            }
            return [Upsert("information", ("information_id",), row)]
        case InformationUsed() as event:
            return [Patch("information", {"information_id": event.information_id}, {"used": event.where})]
        case InformationAnswered() as event:
            return [Patch("information", {"information_id": event.information_id}, {"answer": event.text})]
        case _:
            return []


PLANS = Projection("plan", 1, ("plan",), frozenset((PlanFiled.event_name,)), project_plan)
INFORMATION = Projection(
    "information",
    1,
    ("information",),
    frozenset(kind.event_name for kind in (InformationSubmitted, InformationUsed, InformationAnswered)),
    project_information,
)
