"""An official document (公文) on its way from draft to issue."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.document import (
    AttributeProposed,
    DocumentDrafted,
    DocumentEvent,
    DocumentIssued,
    DocumentNumbered,
    DocumentSigned,
    DocumentStepTaken,
    DocumentWithdrawn,
    EvidenceHeard,
    IssueOverdue,
    TextAttached,
)
from chancery.events.parts import Evidence, PaperRef, StepDone
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    DRAFTED = "drafted"
    SIGNED = "signed"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Document:
    """``draft`` is what was drafted, None before; ``evidence`` what reached it from the matter's file.

    ``steps`` include the signature. ``overdue`` says that its clock ran out before it was issued.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    draft: DocumentDrafted | None = None
    edition: int = 0
    text: PaperRef | None = None
    attribute: str | None = None
    ground: str | None = None
    evidence: tuple[Evidence, ...] = ()
    steps: tuple[StepDone, ...] = ()
    signed_on: date | None = None
    number: DocumentNumbered | None = None
    overdue: bool = False


def evolve(document: Document, event: DocumentEvent) -> Document:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case DocumentDrafted():
            return replace(document, stage=Stage.DRAFTED, draft=event)
        case TextAttached():
            return replace(document, edition=event.edition, text=event.paper)
        case AttributeProposed():
            return replace(document, attribute=event.attribute, ground=event.ground)
        case EvidenceHeard():
            return replace(document, evidence=(*document.evidence, event.evidence))
        case DocumentStepTaken():
            return replace(document, steps=(*document.steps, event.taken))
        case DocumentSigned():
            return replace(
                document, stage=Stage.SIGNED, steps=(*document.steps, event.taken), signed_on=event.signed_on
            )
        case DocumentWithdrawn():
            return replace(document, stage=Stage.WITHDRAWN)
        case DocumentNumbered():
            return replace(document, number=event)
        case DocumentIssued():
            return replace(document, stage=Stage.ISSUED)
        case IssueOverdue():
            return replace(document, overdue=True)
        case _:
            assert_never(event)


DOCUMENT: Thing[Document, DocumentEvent] = Thing(
    "document",
    Document,
    evolve,
    (
        DocumentDrafted,
        TextAttached,
        AttributeProposed,
        EvidenceHeard,
        DocumentStepTaken,
        DocumentSigned,
        DocumentWithdrawn,
        DocumentNumbered,
        DocumentIssued,
        IssueOverdue,
    ),
)
