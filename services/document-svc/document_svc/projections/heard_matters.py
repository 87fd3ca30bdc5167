"""What do we know of a matter, and what evidence lies on its file? Heard from the meeting service."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import EvidenceFiled, MatterOpened
from chancery.thing import Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case MatterOpened() as event:
            row = {
                "matter_id": event.matter_id,
                "title": event.facts.title,
                "kind": event.facts.kind,
                "lead_unit": event.facts.lead_unit,
                "facts": event.facts.model_dump(mode="json"),
            }
            return [Upsert("heard_matters", ("matter_id",), row)]
        case EvidenceFiled() as event:
            row = {
                "matter_id": event.matter_id,
                "no": recorded.version,
                "whole": event.evidence.model_dump(mode="json"),
            }
            return [Upsert("heard_evidence", ("matter_id", "no"), row)]
        case _:
            return []


HEARD_MATTERS = Projection(
    "heard_matters",
    1,
    ("heard_matters", "heard_evidence"),
    frozenset({MatterOpened.event_name, EvidenceFiled.event_name}),
    project,
    source="heard",
)
