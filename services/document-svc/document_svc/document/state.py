"""An official document (公文) on its way from draft to issue."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.document import (
    AttributeProposed,
    ConsentDeemed,
    ConsultationExtended,
    ConsultationExtensionAsked,
    ConsultationExtensionDeclined,
    ConsultationOverdue,
    ConsultationReplied,
    ConsultationSent,
    DisagreementOpened,
    DisagreementPartFilled,
    DisagreementSettled,
    DisagreementStepTaken,
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
from chancery.events.outgoing import (
    AnnexAttached,
    AnnexRemoved,
    CopiesReceived,
    DocumentArchived,
    DocumentMeasured,
    DocumentNumberGivenUp,
    OutgoingEvent,
    PrintingListSet,
)
from chancery.events.parts import Answer, CalledFor, Claim, Counted, Evidence, Excuse, PaperRef, StepDone
from chancery.thing import Thing
from document_svc.consultation.state import Asked, Consultation, Disagreement, OfASheet, OfOne, fold, fold_sheet


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
    clock was counted last, with ``extensions`` granted before; None where none runs. ``consultations`` are the units
    asked, ``disagreement`` the last sheet of what they could not agree on. ``printing`` is the list in force,
    ``given_up`` the numbers it had before.
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
    consultations: dict[Asked, Consultation] = field(default_factory=dict[Asked, Consultation])
    disagreement: Disagreement | None = None
    annexes: tuple[PaperRef, ...] = ()
    issued: DocumentIssued | None = None
    measured: DocumentMeasured | None = None
    given_up: tuple[DocumentNumberGivenUp, ...] = ()
    printing: PrintingListSet | None = None
    received: tuple[CopiesReceived, ...] = ()
    archived: DocumentArchived | None = None

    @property
    def disputed(self) -> bool:
        """Whether an objection of a unit asked stands."""
        return any(one.objection for one in self.consultations.values())

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
            return replace(document, stage=Stage.ISSUED, issued=event)
        case IssueOverdue():
            return replace(document, overdue=True)
        case (
            DocumentNumberGivenUp()
            | AnnexAttached()
            | AnnexRemoved()
            | DocumentMeasured()
            | PrintingListSet()
            | CopiesReceived()
            | DocumentArchived()
        ):
            return _gone_out(document, event)
        case (
            ConsultationSent()
            | ConsultationReplied()
            | ConsultationExtensionAsked()
            | ConsultationExtended()
            | ConsultationExtensionDeclined()
            | ConsentDeemed()
            | ConsultationOverdue()
        ):
            return _consulted(document, event)
        case DisagreementOpened() | DisagreementPartFilled() | DisagreementStepTaken() | DisagreementSettled():
            return _disagreed(document, event)
        case _:
            assert_never(event)


def _consulted(document: Document, event: OfOne) -> Document:
    asked = (event.unit, event.asks)
    known = document.consultations | {asked: fold(document.consultations.get(asked), event)}
    found = event.evidence if isinstance(event, (ConsultationReplied, ConsentDeemed)) else None
    return replace(document, consultations=known, evidence=(*document.evidence, *([found] if found else [])))


def _disagreed(document: Document, event: OfASheet) -> Document:
    sheet = fold_sheet(document.disagreement, event)
    if isinstance(event, DisagreementPartFilled):
        return replace(document, disagreement=sheet, evidence=(*document.evidence, event.evidence))
    if isinstance(event, DisagreementSettled):
        over = {(one.unit, one.asks) for one in sheet.opened.objections}
        known = {
            asked: replace(one, settled=True) if asked in over else one for asked, one in document.consultations.items()
        }
        return replace(document, disagreement=sheet, consultations=known)
    return replace(document, disagreement=sheet)


def _gone_out(document: Document, event: OutgoingEvent) -> Document:
    match event:
        case DocumentNumberGivenUp():
            return replace(document, number=None, given_up=(*document.given_up, event))
        case AnnexAttached():
            at = event.no - 1
            return replace(document, annexes=(*document.annexes[:at], event.paper, *document.annexes[at + 1 :]))
        case AnnexRemoved():
            at = event.no - 1
            return replace(document, annexes=(*document.annexes[:at], *document.annexes[at + 1 :]))
        case DocumentMeasured():
            return replace(document, measured=event)
        case PrintingListSet():
            return replace(document, printing=event)
        case CopiesReceived():
            return replace(document, received=(*document.received, event))
        case DocumentArchived():
            return replace(document, archived=event)
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
        ConsultationSent,
        ConsultationReplied,
        ConsultationExtensionAsked,
        ConsultationExtended,
        ConsultationExtensionDeclined,
        ConsentDeemed,
        ConsultationOverdue,
        DisagreementOpened,
        DisagreementPartFilled,
        DisagreementStepTaken,
        DisagreementSettled,
        DocumentNumberGivenUp,
        AnnexAttached,
        AnnexRemoved,
        DocumentMeasured,
        PrintingListSet,
        CopiesReceived,
        DocumentArchived,
    ),
)
