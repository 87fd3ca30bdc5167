"""What callers see of a thing: its state as folded now, and the version they may name in ``If-Match``."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from chancery.events.document import (
    ConsultationReplied,
    ConsultationSent,
    DisagreementOpened,
    DisagreementPartFilled,
    DisagreementSettled,
    DocumentDrafted,
)
from chancery.events.outgoing import CopiesReceived, DocumentArchived, DocumentNumberGivenUp, PrintingListSet
from chancery.events.parts import Answer, CalledFor, Claim, Counted, Evidence, Excuse, PaperRef, StepDone


class CheckLine(BaseModel):
    """One check of a document (审核事项). ``stands``: holds, fails, open (not yet, or unanswered), unknown, excused."""

    check: str
    says: str
    row: str
    force: str
    on_fail: str
    stands: str
    clauses: list[str]


class UnitAsked(BaseModel):
    """A unit asked about the draft (征求意见). ``due`` is how its clock was counted last.

    ``ran_out`` is deemed where its silence counted as consent, overdue where it stands for nothing.
    """

    sent: ConsultationSent
    due: Counted | None
    reply: ConsultationReplied | None
    ran_out: str | None
    more_time_asked: bool


class Sheet(BaseModel):
    """What units cannot agree on, each side in its own words (分歧意见表). ``up_to`` once it has gone up."""

    opened: DisagreementOpened
    parts: list[DisagreementPartFilled]
    steps: list[StepDone]
    up_to: list[str]
    settled: DisagreementSettled | None


class DocumentView(BaseModel):
    """A document and how far it is (公文). ``edition`` counts the versions of its text, 0 where there is none.

    ``due`` is how the clock until its issue was counted last; None where none runs.
    """

    id: UUID
    version: int
    stage: str
    draft: DocumentDrafted
    edition: int
    text: PaperRef | None
    attribute: str | None
    ground: str | None
    evidence: list[Evidence]
    steps: list[StepDone]
    signed_on: date | None
    number: str | None
    overdue: bool
    due: Counted | None
    called: list[CalledFor]
    excuses: list[Excuse]
    annexes: list[PaperRef]
    given_up: list[DocumentNumberGivenUp]
    printing: PrintingListSet | None
    received: list[CopiesReceived]
    archived: DocumentArchived | None
    claims: list[Claim]
    answers: list[Answer]
    checks: list[CheckLine]
    consultations: list[UnitAsked]
    disagreement: Sheet | None


class DocumentLine(BaseModel):
    id: UUID
    matter_id: UUID
    title: str
    kind: str
    in_name_of: str
    lead_unit: str
    stage: str
    attribute: str | None
    number: str | None
    drafted_at: datetime
    due_on: date | None
    overdue: bool
    issued_on: date | None


class GivenNumber(BaseModel):
    """One number of a register. ``stands``: given, reserved (set aside), void; with its reason."""

    seq: int
    number: str
    stands: str
    reason: str | None
    document_id: UUID | None
    given_at: datetime


class RegisterView(BaseModel):
    """A year's register of one issuer: what the next document gets, and which numbers were given (文号簿)."""

    id: UUID
    version: int
    series: str
    code: str
    year: int
    next_seq: int
    given: list[GivenNumber]


class RegisterLine(BaseModel):
    id: UUID
    series: str
    code: str
    year: int
    next_seq: int


class FileKept(BaseModel):
    """A file that is kept. ``new`` is false where the same bytes were there already."""

    sha256: str
    size: int
    new: bool
