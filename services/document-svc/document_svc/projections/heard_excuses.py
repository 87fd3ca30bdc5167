"""What was excused for a matter, and which exceptions were claimed for it? Heard from the meeting service."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import ExceptionClaimed, RequirementExcused
from chancery.thing import Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case RequirementExcused() as event:
            said, whole = "excuse", event.excuse.model_dump(mode="json")
        case ExceptionClaimed() as event:
            said, whole = "claim", event.claim.model_dump(mode="json")
        case _:
            return []
    row = {"matter_id": event.matter_id, "no": recorded.version, "said": said, "whole": whole}
    return [Upsert("heard_excuses", ("matter_id", "no"), row)]


HEARD_EXCUSES = Projection(
    "heard_excuses",
    1,
    ("heard_excuses",),
    frozenset({RequirementExcused.event_name, ExceptionClaimed.event_name}),
    project,
    source="heard",
)
