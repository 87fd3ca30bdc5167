"""Which documents are in hand, and which went out under what number? (拟稿与发文登记)"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chancery.calendar import NEVER, local_day
from chancery.envelope import Recorded
from chancery.events.base import Event
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
from chancery.events.operations import DeadlineMoved
from chancery.events.outgoing import (
    AnnexAttached,
    AnnexRemoved,
    CopiesReceived,
    DocumentArchived,
    DocumentMeasured,
    DocumentNumberGivenUp,
    PrintingListSet,
)
from chancery.thing import Patch, Projection, Upsert, Write
from document_svc.document.state import Stage


def moved(document_id: UUID, version: int, **columns: Any) -> list[Write]:
    return [Patch("documents", {"document_id": document_id}, {"version": version, **columns})]


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    version = recorded.version
    match recorded.event:
        case DocumentDrafted() as event:
            due = event.issue_due
            row = {
                "document_id": event.document_id,
                "version": version,
                "matter_id": event.matter_id,
                "title": event.title,
                "kind": event.kind,
                "in_name_of": event.in_name_of,
                "lead_unit": event.lead_unit,
                "stage": Stage.DRAFTED.value,
                "attribute": None,
                "number": None,
                "drafted_at": event.drafted_at,
                "due_on": due.due_on if due else None,
                "overdue": False,
                "issued_on": None,
                "direction": event.direction,
                "nature": event.nature,
                "signed_on": None,
                "signed_by": None,
                "pages": None,
                "characters": None,
                "copies": None,
                "archived_on": None,
            }
            return [Upsert("documents", ("document_id",), row)]
        case TextAttached(document_id=document_id) | DocumentStepTaken(document_id=document_id):
            return moved(document_id, version)
        case EvidenceHeard(document_id=document_id) | DocumentStepCalledFor(document_id=document_id):
            return moved(document_id, version)
        case DocumentRequirementExcused(document_id=document_id) | DocumentExceptionClaimed(document_id=document_id):
            return moved(document_id, version)
        case QuestionAnswered(document_id=document_id):
            return moved(document_id, version)
        case IssueClockSuspended() | IssueClockResumed() | IssueClockExtended() as event:
            due_on = None if event.now.due_on == NEVER else event.now.due_on
            return moved(event.document_id, version, due_on=due_on)
        case AttributeProposed() as event:
            return moved(event.document_id, version, attribute=event.attribute)
        case DeadlineMoved() as event:
            due_on = None if event.now.due_on == NEVER else event.now.due_on
            return [Patch("documents", {"document_id": event.thing}, {"due_on": due_on})]
        case DocumentSigned() as event:
            signed = {"signed_on": event.signed_on, "signed_by": event.taken.person}
            return moved(event.document_id, version, stage=Stage.SIGNED.value, **signed)
        case DocumentWithdrawn() as event:
            return moved(event.document_id, version, stage=Stage.WITHDRAWN.value)
        case DocumentNumbered() as event:
            return moved(event.document_id, version, number=event.number)
        case DocumentIssued() as event:
            return moved(event.document_id, version, stage=Stage.ISSUED.value, issued_on=event.issued_on)
        case IssueOverdue() as event:
            return moved(event.document_id, version, overdue=True)
        case (
            ConsultationSent()
            | ConsultationReplied()
            | ConsultationExtensionAsked()
            | ConsultationExtended()
            | ConsultationExtensionDeclined()
            | ConsentDeemed()
            | ConsultationOverdue()
            | DisagreementOpened()
            | DisagreementPartFilled()
            | DisagreementStepTaken()
            | DisagreementSettled()
            | AnnexAttached()
            | AnnexRemoved()
        ) as event:
            return moved(event.document_id, version)
        case DocumentNumberGivenUp() as event:
            return moved(event.document_id, version, number=None)
        case DocumentMeasured() as event:
            return moved(event.document_id, version, pages=event.pages, characters=event.characters)
        case PrintingListSet() as event:
            return moved(event.document_id, version, copies=event.total)
        case CopiesReceived() as event:
            return moved(event.document_id, version)
        case DocumentArchived() as event:
            return moved(event.document_id, version, archived_on=local_day(recorded.business_at))
        case _:
            return []


DOCUMENTS = Projection(
    "documents",
    2,
    ("documents",),
    frozenset(
        kind.event_name
        for kind in (
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
            DeadlineMoved,
            DocumentNumberGivenUp,
            AnnexAttached,
            AnnexRemoved,
            DocumentMeasured,
            PrintingListSet,
            CopiesReceived,
            DocumentArchived,
        )
    ),
    project,
)
