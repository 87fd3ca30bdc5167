"""Official documents on their way: what document-svc tells."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Part
from chancery.events.parts import (
    Answer,
    CalledFor,
    Claim,
    Code,
    Counted,
    Evidence,
    Excuse,
    Key,
    Name,
    PaperRef,
    StepDone,
)


class Founding(Part):
    """The decision a document rests on: of which body, at which sitting, under which item."""

    body: Code
    sitting_id: UUID
    minutes_id: UUID
    sitting_on: date
    series: Name
    number: int
    decision_no: int
    meeting_ended_at: AwareDatetime


class DocumentDrafted(Event, name="document.drafted", version=1):
    """A draft was opened (拟稿), by hand or because minutes ordered the document.

    ``in_name_of`` is the pack's word for the name it goes out under, ``to`` for the addressees' classes,
    ``direction`` upward, downward or level; ``to_persons`` leaders to whom it is addressed by name. ``founding`` is
    None for a document no meeting decided.
    ``issue_due`` is the clock that runs until it is issued, None where the rules are silent.
    """

    document_id: UUID
    matter_id: UUID
    kind: Code
    title: Name
    in_name_of: Code
    direction: Code
    to: tuple[Code, ...] = ()
    features: tuple[Code, ...] = ()
    lead_unit: Key
    units_involved: tuple[Key, ...] = ()
    subjects: tuple[Code, ...] = ()
    founding: Founding | None = None
    drafted_by: Key
    drafted_at: AwareDatetime
    issue_due: Counted | None = None
    to_persons: tuple[Key, ...] = ()


class TextAttached(Event, name="document.text_attached", version=1):
    """A version of the text, by its hash; ``edition`` counts from 1."""

    document_id: UUID
    edition: Annotated[int, Field(ge=1)]
    paper: PaperRef
    attached_by: Key


class AttributeProposed(Event, name="document.attribute_proposed", version=1):
    """How the document is to be disclosed, with the reason where it is not to be published.

    ``attribute`` is proactive, on_request or withheld.
    """

    document_id: UUID
    attribute: Annotated[str, Field(pattern="^(proactive|on_request|withheld)$")]
    ground: str | None = None
    proposed_by: Key


class EvidenceHeard(Event, name="document.evidence_heard", version=1):
    """Evidence on the matter's file reached the document; it counts at the document's own gates."""

    document_id: UUID
    evidence: Evidence


class DocumentStepTaken(Event, name="document.step_taken", version=1):
    """A review, consultation, countersignature or sign-off on the way to the signature."""

    document_id: UUID
    taken: StepDone


class DocumentStepCalledFor(Event, name="document.step_called_for", version=1):
    """A step of the way to the signature that exists only where it is wanted was called for."""

    document_id: UUID
    called: CalledFor


class DocumentRequirementExcused(Event, name="document.requirement_excused", version=1):
    """Whoever may excused one thing that the rules ask of this document in principle; the clause is set aside."""

    document_id: UUID
    excuse: Excuse


class DocumentExceptionClaimed(Event, name="document.exception_claimed", version=1):
    """An exception that the rules allow is claimed for this document, with its reason."""

    document_id: UUID
    claim: Claim


class QuestionAnswered(Event, name="document.question_answered", version=1):
    """A check of this document that needs a person's judgement was answered (审核意见); a later answer replaces it."""

    document_id: UUID
    answer: Answer


class DocumentSigned(Event, name="document.signed", version=1):
    """The signer signed (签发)."""

    document_id: UUID
    taken: StepDone
    signed_on: date


class RegisterOpened(Event, name="document.register_opened", version=1):
    """A year of a number register begins at ``next_seq``, since earlier numbers were used before the system came.

    A register nobody opened begins at 1. ``in_name_of`` is the pack's word for the issuer's name.
    """

    series: Name
    code: Name
    year: int
    in_name_of: Code
    next_seq: Annotated[int, Field(ge=1)]
    opened_by: Key


class NumberAssigned(Event, name="document.number_assigned", version=1):
    """The register gave the next number of its series to a document (编号): no gap, no reuse."""

    series: Name
    code: Name
    year: int
    seq: Annotated[int, Field(ge=1)]
    number: Name
    document_id: UUID


class DocumentWithdrawn(Event, name="document.withdrawn", version=1):
    """The draft is given up before its signature (停办); its clock stops."""

    document_id: UUID
    matter_id: UUID
    reason: str


class DocumentNumbered(Event, name="document.numbered", version=1):
    """The document carries its number."""

    document_id: UUID
    number: Name
    code: Name
    year: int
    seq: int


class DocumentIssued(Event, name="document.issued", version=1):
    """The document went out (印发). ``working_day`` says which working day of its clock it was, if one ran."""

    document_id: UUID
    matter_id: UUID
    kind: Code
    title: Name
    number: Name
    in_name_of: Code
    features: tuple[Code, ...] = ()
    lead_unit: Key
    units_involved: tuple[Key, ...] = ()
    founding: Founding | None = None
    attribute: str
    ground: str | None = None
    text: PaperRef | None = None
    signed_on: date
    issued_on: date
    issued_at: AwareDatetime
    issue_due: Counted | None = None
    working_day: int | None = None


class IssueClockSuspended(Event, name="document.clock_suspended", version=1):
    """The clock until the document's issue stands still from a day on (中止), for a cause; both counts are kept."""

    document_id: UUID
    matter_id: UUID
    cause: str
    suspended_by: Key
    was: Counted
    now: Counted


class IssueClockResumed(Event, name="document.clock_resumed", version=1):
    """The clock until the document's issue goes on (恢复); the days it stood still are in the count."""

    document_id: UUID
    matter_id: UUID
    resumed_by: Key
    was: Counted
    now: Counted


class IssueClockExtended(Event, name="document.clock_extended", version=1):
    """The clock until the document's issue was extended in time and with approval (延期); the old day is kept."""

    document_id: UUID
    matter_id: UUID
    reason: str
    approved_by: Key
    was: Counted
    now: Counted


class IssueOverdue(Event, name="document.issue_overdue", version=1):
    """The document was not issued by the moment its clock set."""

    document_id: UUID
    matter_id: UUID
    due: Counted


RegisterEvent = RegisterOpened | NumberAssigned
DocumentEvent = (
    DocumentDrafted
    | TextAttached
    | AttributeProposed
    | EvidenceHeard
    | DocumentStepTaken
    | DocumentStepCalledFor
    | DocumentRequirementExcused
    | DocumentExceptionClaimed
    | QuestionAnswered
    | DocumentSigned
    | DocumentWithdrawn
    | DocumentNumbered
    | DocumentIssued
    | IssueClockSuspended
    | IssueClockResumed
    | IssueClockExtended
    | IssueOverdue
)
