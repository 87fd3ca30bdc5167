"""Which seals were asked for, approved, used and filed? (用印登记)"""

from collections.abc import Sequence
from typing import Any

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.outgoing import SealUseArchived, SealUsed, SealUseDeclined, SealUseRequested, SealUseStepTaken
from chancery.thing import Patch, Projection, Upsert, Write
from document_svc.seal.state import Stage


def _moved(recorded: Recorded[Event], use_id: Any, **columns: Any) -> list[Write]:
    return [Patch("seal_uses", {"use_id": use_id}, {"version": recorded.version, **columns})]


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case SealUseRequested() as event:
            row = {
                "use_id": event.use_id,
                "version": recorded.version,
                "seal": event.seal,
                "on": event.on,
                "document_id": event.document_id,
                "title": event.title,
                "unit": event.unit,
                "copies": event.copies,
                "offsite": event.offsite,
                "place": event.place,
                "stage": Stage.REQUESTED.value,
                "requested_by": event.requested_by,
                "requested_at": event.requested_at,
                "approved_by": None,
                "sealed_by": None,
                "sealed_at": None,
                "archived": False,
            }
            return [Upsert("seal_uses", ("use_id",), row)]
        case SealUseStepTaken() as event:
            return _moved(recorded, event.use_id, approved_by=event.taken.person)
        case SealUseDeclined() as event:
            return _moved(recorded, event.use_id, stage=Stage.DECLINED.value)
        case SealUsed() as event:
            used = {"sealed_by": event.sealed_by, "sealed_at": event.sealed_at, "place": event.place}
            return _moved(recorded, event.use_id, stage=Stage.USED.value, copies=event.copies, **used)
        case SealUseArchived() as event:
            return _moved(recorded, event.use_id, stage=Stage.ARCHIVED.value, archived=True)
        case _:
            return []


SEAL_USES = Projection(
    "seal_uses",
    1,
    ("seal_uses",),
    frozenset(
        kind.event_name for kind in (SealUseRequested, SealUseStepTaken, SealUseDeclined, SealUsed, SealUseArchived)
    ),
    project,
)
