"""Who acts or acted for whom (代行), and who was entrusted with what (委托登记)?

One absence may see several people act in turn: a row each, under the version at which it began.
"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.attendance import ActingEnded, ActingStarted, EntrustmentEnded, EntrustmentGiven
from chancery.events.base import Event
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case ActingStarted() as event:
            acts = {
                "acting_id": event.acting_id,
                "version": recorded.version,
                "principal_id": event.principal_id,
                "post": event.post,
                "actor_id": event.actor_id,
                "absence_id": event.absence_id,
                "scope": list(event.scope),
                "clauses": list(recorded.meta.clauses),
                "started_at": event.started_at,
                "ended_at": None,
            }
            return [Upsert("actings", ("acting_id", "version"), acts)]
        case ActingEnded() as event:
            begun = {"acting_id": event.acting_id, "version": recorded.version - 1}
            return [Patch("actings", begun, {"ended_at": event.ended_at})]
        case EntrustmentGiven() as event:
            given = {
                "entrustment_id": event.entrustment_id,
                "version": recorded.version,
                "giver_id": event.giver_id,
                "receiver_id": event.receiver_id,
                "kind": event.object.kind,
                "post": event.object.post,
                "reference": event.object.reference,
                "starts_at": event.starts_at,
                "ends_at": event.ends_at,
                "over": False,
            }
            return [Upsert("entrustments", ("entrustment_id",), given)]
        case EntrustmentEnded() as event:
            over = {"version": recorded.version, "ends_at": event.ended_at, "over": True}
            return [Patch("entrustments", {"entrustment_id": event.entrustment_id}, over)]
        case _:
            return []


HEARS = (ActingStarted, ActingEnded, EntrustmentGiven, EntrustmentEnded)
MANDATES = Projection("mandates", 1, ("actings", "entrustments"), frozenset(kind.event_name for kind in HEARS), project)
