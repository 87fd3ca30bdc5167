"""Official documents on their way: what document-svc tells."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Part
from chancery.events.parts import Code, Counted, Evidence, Key, Name, PaperRef, StepDone


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
    ``direction`` upward, downward or level. ``founding`` is None for a document no meeting decided.
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
    | DocumentSigned
    | DocumentWithdrawn
    | DocumentNumbered
    | DocumentIssued
    | IssueOverdue
)
