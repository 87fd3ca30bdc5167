"""Which sittings were called, held and closed? (会议台账)"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.meeting import DecisionRecorded, SittingCalledOff, SittingClosed, SittingConvened, SittingOpened
from chancery.thing import Patch, Projection, Upsert, Write
from meeting_svc.sitting.state import Stage


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case SittingConvened() as event:
            row = {
                "sitting_id": event.sitting_id,
                "version": version,
                "body": event.body,
                "series": event.series,
                "number": event.number,
                "stage": Stage.CONVENED.value,
                "starts_at": event.starts_at,
                "held_on": event.sitting_on,
                "place": event.place,
                "items": len(event.items),
                "convened_by": event.convened_by.person,
                "chair": None,
                "closed_at": None,
            }
            return [Upsert("sittings", ("sitting_id",), row)]
        case SittingOpened() as event:
            row = {"version": version, "stage": Stage.OPEN.value, "chair": event.chair.person}
            return [Patch("sittings", {"sitting_id": event.sitting_id}, row)]
        case DecisionRecorded() as event:
            return [Patch("sittings", {"sitting_id": event.sitting_id}, {"version": version})]
        case SittingClosed() as event:
            row = {"version": version, "stage": Stage.CLOSED.value, "closed_at": event.closed_at}
            return [Patch("sittings", {"sitting_id": event.sitting_id}, row)]
        case SittingCalledOff() as event:
            row = {"version": version, "stage": Stage.CALLED_OFF.value}
            return [Patch("sittings", {"sitting_id": event.sitting_id}, row)]
        case _:
            return []


SITTINGS = Projection(
    "sittings",
    1,
    ("sittings",),
    frozenset(
        kind.event_name for kind in (SittingConvened, SittingOpened, DecisionRecorded, SittingClosed, SittingCalledOff)
    ),
    project,
)
