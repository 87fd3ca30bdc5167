"""What did sittings decide, on what, and who carries it out by when? (议定事项台账)

What minutes say after a correction is what stands here.
"""

from collections.abc import Sequence
from typing import Any

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import DecisionRecorded, DecisionReleased, MinutesCorrected
from chancery.events.parts import Decision
from chancery.thing import Erase, Patch, Projection, Upsert, Write

TABLE = "decisions"


def columns_of(decision: Decision) -> dict[str, Any]:
    return {
        "matter_id": decision.matter_id,
        "title": decision.title,
        "outcome": decision.outcome,
        "text": decision.text,
        "lead": decision.lead,
        "cooperating": list(decision.cooperating),
        "due_on": decision.due_on,
        "referred_to": decision.referred_to,
        "dissent": [one.model_dump(mode="json") for one in decision.dissent],
    }


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case DecisionRecorded() as event:
            row = {
                "sitting_id": event.sitting_id,
                "no": event.decision.no,
                "body": event.body,
                "decided_on": event.decided_on,
                "recorded_at": recorded.business_at,
                **columns_of(event.decision),
            }
            return [Upsert(TABLE, ("sitting_id", "no"), row)]
        case DecisionReleased() as event:
            of_it = {"sitting_id": event.sitting_id, "no": event.decision.no}
            return [Patch(TABLE, of_it, columns_of(event.decision))]
        case MinutesCorrected() as event:
            return _corrected(event, recorded)
        case _:
            return []


def _corrected(event: MinutesCorrected, recorded: Recorded[Event]) -> Sequence[Write]:
    was, now = event.was, event.now
    if now is None:
        return [] if was is None else [Erase(TABLE, {"sitting_id": event.sitting_id, "no": was.no})]
    if was is not None:
        return [Patch(TABLE, {"sitting_id": event.sitting_id, "no": now.no}, columns_of(now))]
    row = {
        "sitting_id": event.sitting_id,
        "no": now.no,
        "body": event.body,
        "decided_on": event.sitting_on,
        "recorded_at": recorded.business_at,
        **columns_of(now),
    }
    return [Upsert(TABLE, ("sitting_id", "no"), row)]


DECISIONS = Projection(
    TABLE,
    1,
    (TABLE,),
    frozenset({DecisionRecorded.event_name, DecisionReleased.event_name, MinutesCorrected.event_name}),
    project,
)
