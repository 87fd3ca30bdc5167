"""What is in the catalogue, and how far is it? (公开目录)"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.disclosure import (
    EntryDescribed,
    EntryLinked,
    EntryNumbered,
    EntryPrepared,
    EntryWithdrawn,
    InterpretationAttached,
    NeedMet,
    PublicationOverdue,
    Published,
    Reassessed,
    ReassessmentOverdue,
    ReassessmentSet,
    SecrecyReviewed,
    TextLaidOpen,
    ValidityDeclared,
)
from chancery.thing import Erase, Patch, Projection, Upsert, Write


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
                "validity": "in_force",
                "keywords": [],
                "look_overdue": False,
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
            return _later(recorded)


def _later(recorded: Recorded[Event]) -> Sequence[Write]:
    """What is said of an entry beside its way to the public."""

    def patch(entry_id: UUID, **row: Any) -> Patch:
        return Patch("catalogue", {"entry_id": entry_id}, {"version": recorded.version, **row})

    match recorded.event:
        case EntryDescribed() as event:
            told = event.model_dump(include={"summary", "theme", "audience", "effective_on"})
            return [patch(event.entry_id, **told, keywords=list(event.keywords))]
        case TextLaidOpen() as event:
            laid = {"text": event.text, "laid_sha256": event.sha256, "laid_size": event.size, "exact": event.exact}
            return [patch(event.entry_id, **laid)]
        case ValidityDeclared() as event:
            known = {
                "validity": event.validity,
                "validity_from": event.from_on,
                "validity_reason": event.reason,
                "validity_by": event.by_entry,
            }
            return [patch(event.entry_id, **known)]
        case EntryLinked() as event:
            key = {"entry_id": event.entry_id, "other": event.other}
            if event.relation == "none":
                return [patch(event.entry_id), Erase("entry_link", key)]
            linked = {**key, "relation": event.relation}
            return [patch(event.entry_id), Upsert("entry_link", ("entry_id", "other"), linked)]
        case EntryWithdrawn() as event:
            gone = {"stage": "withdrawn", "withdrawn_on": event.withdrawn_on, "withdrawn_because": event.reason}
            return [patch(event.entry_id, **gone, text=None)]
        case ReassessmentSet() as event:
            return [patch(event.entry_id, look_again_on=event.due.due_on, look_overdue=False)]
        case ReassessmentOverdue() as event:
            return [patch(event.entry_id, look_overdue=True)]
        case Reassessed() as event:
            again = {"look_again_on": event.next_due and event.next_due.due_on, "look_overdue": False}
            if not event.opened:
                return [patch(event.entry_id, **again, ground=event.ground)]
            now = {
                "attribute": "proactive",
                "ground": None,
                "channels": list(event.channels),
                "due_on": event.due and event.due.due_on,
                "overdue": False,
                "reviewed": None,
            }
            return [patch(event.entry_id, **again, **now)]
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
    EntryDescribed,
    TextLaidOpen,
    ValidityDeclared,
    EntryLinked,
    EntryWithdrawn,
    ReassessmentSet,
    Reassessed,
    ReassessmentOverdue,
)
CATALOGUE = Projection(
    "catalogue", 2, ("catalogue", "entry_link"), frozenset(kind.event_name for kind in HEARS), project
)
