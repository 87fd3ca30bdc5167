"""Documents going out: numbers set aside or void, annexes, printing and receipts, seals, bulletins, the archive.

Told by document-svc, beside ``chancery.events.document``.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Part
from chancery.events.parts import Code, Key, Name, PaperRef, Proof, Sha256, StepDone

Said = Annotated[str, Field(min_length=1, max_length=2_000)]


# -- numbers ----------------------------------------------------------------


class NumberReserved(Event, name="document.number_reserved", version=1):
    """The next number of a register was set aside, with the reason (预留); a document may get it later."""

    series: Name
    code: Name
    year: int
    seq: Annotated[int, Field(ge=1)]
    number: Name
    reason: Said
    reserved_by: Key


class NumberCancelled(Event, name="document.number_cancelled", version=1):
    """A number is void, with the reason (作废): one set aside, or one whose document gave it up. Never given again."""

    series: Name
    code: Name
    year: int
    seq: Annotated[int, Field(ge=1)]
    number: Name
    document_id: UUID | None = None
    reason: Said
    cancelled_by: Key


class DocumentNumberGivenUp(Event, name="document.number_given_up", version=1):
    """A document that did not go out gives its number up, with the reason; it may be numbered anew.

    ``register_id`` is the register that gave it.
    """

    document_id: UUID
    register_id: UUID
    number: Name
    code: Name
    year: int
    seq: Annotated[int, Field(ge=1)]
    reason: Said
    given_up_by: Key


# -- annexes, printing, receipts, the archive ---------------------------------------------


class AnnexAttached(Event, name="document.annex_attached", version=1):
    """An annex was put to the draft, by its hash (附件); ``no`` counts from 1. The same ``no`` again replaces it."""

    document_id: UUID
    no: Annotated[int, Field(ge=1)]
    paper: PaperRef
    attached_by: Key


class AnnexRemoved(Event, name="document.annex_removed", version=1):
    """An annex was taken off the draft; those after it move up by one."""

    document_id: UUID
    no: Annotated[int, Field(ge=1)]
    removed_by: Key


class DocumentMeasured(Event, name="document.measured", version=1):
    """How much went out with an issued document (篇幅): pages of 22 lines of 28 characters, or those of its PDF.

    ``pages`` and ``characters`` are None where the text cannot be read as text.
    """

    document_id: UUID
    lead_unit: Key
    in_name_of: Code
    kind: Code
    issued_on: date
    pages: Annotated[int, Field(ge=0)] | None = None
    characters: Annotated[int, Field(ge=0)] | None = None
    annexes: Annotated[int, Field(ge=0)] = 0


class Addressee(Part):
    """Who gets copies of a printed document: in which part (main or copied), how many; a unit of the roster, if one."""

    name: Name
    unit: Key | None = None
    part: Literal["main", "copied"]
    copies: Annotated[int, Field(ge=1)]


class PrintingListSet(Event, name="document.printing_list_set", version=1):
    """Who gets how many copies of an issued document (印发份数与分送单); ``kept`` copies stay for the file.

    Set anew, the last one counts.
    """

    document_id: UUID
    entries: tuple[Addressee, ...]
    kept: Annotated[int, Field(ge=0)]
    total: Annotated[int, Field(ge=1)]
    set_by: Key


class CopiesReceived(Event, name="document.copies_received", version=1):
    """An addressee signed for its copies (签收). ``proof`` is there where it was somebody outside."""

    document_id: UUID
    name: Name
    unit: Key | None = None
    copies: Annotated[int, Field(ge=1)]
    received_at: AwareDatetime
    entered_by: Key
    proof: Proof | None = None


class DocumentArchived(Event, name="document.archived", version=1):
    """The package of an issued document, with its texts and the record of its handling, was put to the archive (归档).

    ``package`` is the ZIP, ``manifest_sha256`` the hash of the list within it.
    """

    document_id: UUID
    package: PaperRef
    manifest_sha256: Sha256
    files: Annotated[int, Field(ge=1)]
    archived_by: Key


# -- seals ------------------------------------------------------------------


class SealUseRequested(Event, name="document.seal_use_requested", version=1):
    """Somebody asks to have a paper sealed (用印申请).

    ``seal`` is the pack's word; ``on`` what it is put on; ``offsite`` outside of the keeper's place, ``place`` where.
    ``row`` is the pack's row, None where the rules have none; ``fields`` what that row wants in the register.
    """

    use_id: UUID
    seal: Code
    on: Code
    document_id: UUID | None = None
    title: Name
    copies: Annotated[int, Field(ge=1)]
    offsite: bool
    place: Name | None = None
    purpose: Said
    unit: Key
    row: str | None = None
    fields: tuple[Code, ...] = ()
    papers: tuple[PaperRef, ...] = ()
    requested_by: Key
    requested_at: AwareDatetime


class SealUseStepTaken(Event, name="document.seal_use_step_taken", version=1):
    """A step of the approval; ``way`` says whether of the use itself or of taking the seal out."""

    use_id: UUID
    way: Literal["use", "offsite"]
    taken: StepDone


class SealUseDeclined(Event, name="document.seal_use_declined", version=1):
    """One of those whose turn it was did not agree (不同意用印)."""

    use_id: UUID
    reason: Said
    declined_by: Key


class SealUsed(Event, name="document.seal_used", version=1):
    """The keeper put the seal on the paper (用印), so many copies, at a place."""

    use_id: UUID
    seal: Code
    copies: Annotated[int, Field(ge=1)]
    place: Name
    offsite: bool
    sealed_by: Key
    sealed_at: AwareDatetime


class SealUseArchived(Event, name="document.seal_use_archived", version=1):
    """What was sealed was filed to be looked up (用印归档): a paper for each thing that the row wants kept."""

    use_id: UUID
    papers: tuple[PaperRef, ...]
    archived_by: Key


# -- bulletins ---------------------------------------------------------------


class BulletinOpened(Event, name="document.bulletin_opened", version=1):
    """A unit has a bulletin (简报) sent up; ``permitted_by`` let it be one more than the rule, for a reason."""

    bulletin_id: UUID
    unit: Key
    title: Name
    opened_by: Key
    opened_on: date
    permitted_by: Key | None = None
    reason: Said | None = None


class BulletinIssueSent(Event, name="document.bulletin_issue_sent", version=1):
    """An issue of a bulletin went up (简报报送); ``no`` counts through a year."""

    bulletin_id: UUID
    unit: Key
    year: int
    no: Annotated[int, Field(ge=1)]
    number: Name
    paper: PaperRef
    pages: Annotated[int, Field(ge=0)] | None = None
    carries_request: bool = False
    sent_by: Key
    sent_on: date


class BulletinClosed(Event, name="document.bulletin_closed", version=1):
    """A unit's bulletin is no longer sent (停办简报); another may be opened in its place."""

    bulletin_id: UUID
    unit: Key
    reason: Said
    closed_by: Key
    closed_on: date


SealEvent = SealUseRequested | SealUseStepTaken | SealUseDeclined | SealUsed | SealUseArchived
BulletinEvent = BulletinOpened | BulletinIssueSent | BulletinClosed
OutgoingEvent = (
    DocumentNumberGivenUp
    | AnnexAttached
    | AnnexRemoved
    | DocumentMeasured
    | PrintingListSet
    | CopiesReceived
    | DocumentArchived
)
