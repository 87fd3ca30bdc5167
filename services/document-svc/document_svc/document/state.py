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
    DocumentExceptionClaimed,
    DocumentIssued,
    DocumentNumbered,
    DocumentRequirementExcused,
    DocumentSigned,
    DocumentStepCalledFor,
    DocumentStepTaken,
    DocumentWithdrawn,
    EvidenceHeard,
    IssueClockExtended,
    IssueClockResumed,
    IssueClockSuspended,
    IssueOverdue,
    QuestionAnswered,
    TextAttached,
)
from chancery.events.parts import Answer, CalledFor, Claim, Counted, Evidence, Excuse, PaperRef, StepDone
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

    ``steps`` include the signature. ``overdue`` says that its clock ran out before it was issued, ``due`` how that
    clock was counted last, with ``extensions`` granted before; None where none runs.
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
    called: tuple[CalledFor, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    claims: tuple[Claim, ...] = ()
    answers: tuple[Answer, ...] = ()
    due: Counted | None = None
    extensions: int = 0

    @property
    def answered(self) -> dict[str, bool]:
        """The last answer to each question of judgement."""
        return {answer.question: answer.yes for answer in self.answers}


def evolve(document: Document, event: DocumentEvent) -> Document:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case DocumentDrafted():
            return replace(document, stage=Stage.DRAFTED, draft=event, due=event.issue_due)
        case TextAttached():
            return replace(document, edition=event.edition, text=event.paper)
        case AttributeProposed():
            return replace(document, attribute=event.attribute, ground=event.ground)
        case EvidenceHeard():
            return replace(document, evidence=(*document.evidence, event.evidence))
        case DocumentStepTaken():
            return replace(document, steps=(*document.steps, event.taken))
        case DocumentStepCalledFor():
            return replace(document, called=(*document.called, event.called))
        case DocumentRequirementExcused():
            return replace(document, excuses=(*document.excuses, event.excuse))
        case DocumentExceptionClaimed():
            return replace(document, claims=(*document.claims, event.claim))
        case QuestionAnswered():
            return replace(document, answers=(*document.answers, event.answer))
        case IssueClockSuspended() | IssueClockResumed():
            return replace(document, due=event.now)
        case IssueClockExtended():
            return replace(document, due=event.now, extensions=document.extensions + 1)
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
        DocumentStepCalledFor,
        DocumentRequirementExcused,
        DocumentExceptionClaimed,
        QuestionAnswered,
        DocumentSigned,
        DocumentWithdrawn,
        DocumentNumbered,
        DocumentIssued,
        IssueClockSuspended,
        IssueClockResumed,
        IssueClockExtended,
        IssueOverdue,
    ),
)
