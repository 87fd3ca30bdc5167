"""What is in the catalogue, and how far is it? (公开目录)"""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.disclosure import (
    EntryNumbered,
    EntryPrepared,
    InterpretationAttached,
    NeedMet,
    PublicationOverdue,
    Published,
    SecrecyReviewed,
)
from chancery.thing import Patch, Projection, Upsert, Write


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case EntryPrepared() as event:
            row = {
                "entry_id": event.entry_id,
                "version": version,
                "matter_id": event.matter_id,
                "document_id": event.document_id,
                "index_number": None,
                "title": event.title,
                "number": event.number,
                "kind": event.kind,
                "issuer": event.issuer,
                "lead_unit": event.lead_unit,
                "issued_on": event.issued_on,
                "attribute": event.attribute,
                "ground": event.ground,
                "channels": list(event.channels),
                "text_name": event.text.name if event.text else None,
                "text_size": event.text.size if event.text else None,
                "text_sha256": event.text.sha256 if event.text else None,
                "reviewed": None,
                "interpretation": None,
                "interpretation_name": None,
                "interpretation_sha256": None,
                "stage": "prepared",
                "published_on": None,
                "published_at": None,
                "due_on": event.due.due_on if event.due else None,
                "overdue": False,
            }
            return [Upsert("catalogue", ("entry_id",), row)]
        case EntryNumbered() as event:
            numbered = {"version": version, "index_number": event.index_number}
            return [Patch("catalogue", {"entry_id": event.entry_id}, numbered)]
        case SecrecyReviewed() as event:
            return [Patch("catalogue", {"entry_id": event.entry_id}, {"version": version, "reviewed": event.passed})]
        case InterpretationAttached() as event:
            told = {
                "version": version,
                "interpretation": event.title,
                "interpretation_name": event.paper.name,
                "interpretation_sha256": event.paper.sha256,
            }
            return [Patch("catalogue", {"entry_id": event.entry_id}, told)]
        case NeedMet() as event:
            return [Patch("catalogue", {"entry_id": event.entry_id}, {"version": version})]
        case PublicationOverdue() as event:
            return [Patch("catalogue", {"entry_id": event.entry_id}, {"version": version, "overdue": True})]
        case Published() as event:
            public = {
                "version": version,
                "stage": "published",
                "published_on": event.published_on,
                "published_at": event.published_at,
            }
            return [Patch("catalogue", {"entry_id": event.entry_id}, public)]
        case _:
            return []


HEARS = (
    EntryPrepared,
    EntryNumbered,
    SecrecyReviewed,
    InterpretationAttached,
    NeedMet,
    PublicationOverdue,
    Published,
)
CATALOGUE = Projection("catalogue", 1, ("catalogue",), frozenset(kind.event_name for kind in HEARS), project)
