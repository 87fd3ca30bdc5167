"""Official documents on their way: what document-svc tells."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Json, Part, upcast
from chancery.events.outgoing import NumberCancelled, NumberReserved, OutgoingEvent
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


class DocumentDrafted(Event, name="document.drafted", version=2):
    """A draft was opened (拟稿), by hand or because minutes ordered the document.

    ``in_name_of`` is the pack's word for the name it goes out under, ``to`` for the addressees' classes,
    ``direction`` upward, downward or level; ``to_persons`` leaders to whom it is addressed by name. ``founding`` is
    None for a document no meeting decided.
    ``issue_due`` is the clock that runs until it is issued, None where the rules are silent. ``joint_with`` is the
    pack's word for whom it goes out together with (联合发文), ``nature`` for what it is besides its kind.
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
    joint_with: Code | None = None
    nature: Code | None = None
    urgency: Literal["none", "urgent", "specially_urgent"] = "none"


@upcast(DocumentDrafted, from_version=1)
def alone_and_not_urgent(old: Json) -> Json:
    """v1 knew no joint document and no urgency; none was drafted under it."""
    return old | {"joint_with": None, "nature": None, "urgency": "none"}


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


class NumberAssigned(Event, name="document.number_assigned", version=2):
    """The register gave a number of its series to a document (编号): no gap, no reuse.

    The next one, or, where ``reserved``, one that was set aside before.
    """

    series: Name
    code: Name
    year: int
    seq: Annotated[int, Field(ge=1)]
    number: Name
    document_id: UUID
    reserved: bool = False


@upcast(NumberAssigned, from_version=1)
def none_was_set_aside(old: Json) -> Json:
    """v1 knew no number set aside: each was the next."""
    return old | {"reserved": False}


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


class ConsultationSent(Event, name="document.consultation_sent", version=1):
    """A draft was sent to a unit for its word (征求意见、会签); each unit has a clock of its own.

    ``asks`` is the evidence that its answer makes, in the pack's word; ``edition`` of the text it was sent, ``row`` the
    pack's row on consultation, None where the rules have none. ``silence`` says what silence past the limit comes to:
    consent, or nothing. ``limit_set`` is true where the host set the limit; ``due`` is None where no clock runs.
    """

    document_id: UUID
    matter_id: UUID
    unit: Key
    asks: Code
    edition: Annotated[int, Field(ge=1)]
    row: str | None = None
    silence: Literal["consent", "nothing"]
    limit_set: bool = False
    due: Counted | None = None
    sent_by: Key
    sent_at: AwareDatetime


class ConsultationReplied(Event, name="document.consultation_replied", version=1):
    """A unit answered (反馈意见): no objection, an opinion to be weighed, or an objection with its grounds.

    ``late`` is true past its limit; ``after_deemed`` where its silence had counted as consent already: the answer is
    kept and changes nothing of that. ``evidence`` is what comes on file by it, None for an objection.
    """

    document_id: UUID
    matter_id: UUID
    unit: Key
    asks: Code
    answer: Literal["agrees", "opinion", "objection"]
    grounds: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None
    evidence: Evidence | None = None
    late: bool = False
    after_deemed: bool = False
    replied_by: Key
    replied_at: AwareDatetime


class ConsultationExtensionAsked(Event, name="document.consultation_extension_asked", version=1):
    """A unit asked, before its limit, for more time (申请延期): so many more of the clock's unit, or to a day."""

    document_id: UUID
    matter_id: UUID
    unit: Key
    asks: Code
    more: int | None = None
    to: date | None = None
    reason: str
    asked_by: Key


class ConsultationExtended(Event, name="document.consultation_extended", version=1):
    """The host agreed to a longer limit (同意延期); the day it was due before is kept."""

    document_id: UUID
    matter_id: UUID
    unit: Key
    asks: Code
    agreed_by: Key
    was: Counted
    now: Counted


class ConsultationExtensionDeclined(Event, name="document.consultation_extension_declined", version=1):
    """The host did not agree to a longer limit (不同意延期); the old one stands."""

    document_id: UUID
    matter_id: UUID
    unit: Key
    asks: Code
    reason: str
    declined_by: Key


class ConsentDeemed(Event, name="document.consent_deemed", version=1):
    """A unit was silent past its limit, which counts as no objection (视为无异议): told by the clock at that moment."""

    document_id: UUID
    matter_id: UUID
    unit: Key
    asks: Code
    due: Counted
    evidence: Evidence


class ConsultationOverdue(Event, name="document.consultation_overdue", version=1):
    """A unit was silent past its limit, and silence stands for nothing: its answer is still wanted (逾期未反馈)."""

    document_id: UUID
    matter_id: UUID
    unit: Key
    asks: Code
    due: Counted


class Objection(Part):
    """One side of a disagreement: a unit, and on what grounds it objects."""

    unit: Key
    asks: Code
    grounds: str


class DisagreementOpened(Event, name="document.disagreement_opened", version=1):
    """A sheet of what the units could not agree on was begun (分歧意见表), to go up by its route.

    ``requires`` are the parts that it must have before it goes up, in the pack's words; ``no`` counts a document's
    sheets from 1.
    """

    document_id: UUID
    matter_id: UUID
    no: Annotated[int, Field(ge=1)]
    objections: tuple[Objection, ...]
    requires: tuple[Code, ...] = ()
    opened_by: Key


class DisagreementPartFilled(Event, name="document.disagreement_part_filled", version=1):
    """A side filled in a part of the sheet; it comes on file as evidence in that side's name."""

    document_id: UUID
    matter_id: UUID
    no: int
    part: Code
    unit: Key
    text: Annotated[str, Field(min_length=1, max_length=2_000)]
    evidence: Evidence
    filled_by: Key


class DisagreementStepTaken(Event, name="document.disagreement_step_taken", version=1):
    """A step of the way by which the sheet goes up. With ``up_to`` it has gone up to these persons."""

    document_id: UUID
    matter_id: UUID
    no: int
    taken: StepDone
    up_to: tuple[Key, ...] = ()


class DisagreementSettled(Event, name="document.disagreement_settled", version=1):
    """Whoever the sheet went up to decided; the objections are settled by it."""

    document_id: UUID
    matter_id: UUID
    no: int
    decision: Annotated[str, Field(min_length=1, max_length=2_000)]
    settled_by: Key


ConsultationEvent = (
    ConsultationSent
    | ConsultationReplied
    | ConsultationExtensionAsked
    | ConsultationExtended
    | ConsultationExtensionDeclined
    | ConsentDeemed
    | ConsultationOverdue
    | DisagreementOpened
    | DisagreementPartFilled
    | DisagreementStepTaken
    | DisagreementSettled
)
RegisterEvent = RegisterOpened | NumberAssigned | NumberReserved | NumberCancelled
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
    | ConsultationEvent
    | OutgoingEvent
)
