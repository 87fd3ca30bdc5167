"""For whom is nobody named to act, since when, and who has to name somebody (无人代行)?

A row each time nobody was named, under the version at which it began; the next event of that acting closes it.
"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.attendance import AbsenceExtended, ActingGapEnded, ActingNotNamed, ActingStarted
from chancery.events.base import Event
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case ActingNotNamed() as event:
            gap = {
                "acting_id": event.acting_id,
                "version": recorded.version,
                "principal_id": event.principal_id,
                "post": event.post,
                "absence_id": event.absence_id,
                "to_name": list(event.to_name),
                "tell": list(event.tell),
                "clauses": list(recorded.meta.clauses),
                "since": event.since,
                "ends_at": event.ends_at,
                "closed_at": None,
            }
            return [Upsert("acting_gaps", ("acting_id", "version"), gap)]
        case ActingStarted() as event:
            begun = {"acting_id": event.acting_id, "version": recorded.version - 1}
            return [Patch("acting_gaps", begun, {"closed_at": event.started_at})]
        case ActingGapEnded() as event:
            begun = {"acting_id": event.acting_id, "version": recorded.version - 1}
            return [Patch("acting_gaps", begun, {"closed_at": event.ended_at})]
        case AbsenceExtended() as event:
            return [Patch("acting_gaps", {"absence_id": event.absence_id}, {"ends_at": event.ends_at})]
        case _:
            return []


HEARS = (ActingNotNamed, ActingStarted, ActingGapEnded, AbsenceExtended)
GAPS = Projection("acting_gaps", 1, ("acting_gaps",), frozenset(kind.event_name for kind in HEARS), project)
