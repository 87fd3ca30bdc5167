"""Documents that come in: registered, checked, sent back, circulated, handed over; and whose turn it is."""

from datetime import date
from typing import Annotated, Literal
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
    Sha256,
    StepDone,
)

Title = Annotated[str, Field(min_length=1, max_length=500)]
Written = Annotated[str, Field(min_length=1, max_length=2_000)]
Direction = Literal["upward", "downward", "level"]
Urgency = Literal["none", "urgent", "specially_urgent"]


class BasisNamed(Part):
    """What a document says it rests on: the pack's word, and the entry of the register where it is one of these."""

    basis: Code
    incoming_id: UUID | None = None


class IncomingReceived(Event, name="document.incoming_received", version=1):
    """A document came in (收文登记), as its reading or a person says; None is what it does not say.

    ``sender`` is the name as printed, ``sender_unit`` its id where it is one of ours. ``in_name_of`` is the pack's word
    for the name in which it goes, or is to go, out; ``direction`` as seen from its sender; ``to`` the classes of its
    addressees and ``addressees`` their names as printed; ``to_persons`` leaders to whom it is sent by name. ``fields``
    are the parts of the form that are there. ``submitted_as`` says in which way it was handed in where that matters.
    ``like`` are earlier entries of the same sender and number, or of the same content; ``resubmits`` the one that was
    sent back. ``register_of`` is the register it is entered in, ``received_at`` when it came.
    """

    incoming_id: UUID
    matter_id: UUID
    register_of: Code
    sender: Name
    sender_unit: Key | None = None
    origin: Code | None = None
    in_name_of: Code | None = None
    direction: Direction
    kind: Code | None = None
    number: Name | None = None
    title: Title
    to: tuple[Code, ...] = ()
    addressees: tuple[Name, ...] = ()
    to_persons: tuple[Key, ...] = ()
    features: tuple[Code, ...] = ()
    lead_unit: Key | None = None
    units_involved: tuple[Key, ...] = ()
    subjects: tuple[Code, ...] = ()
    major: bool | None = None
    disagreement: bool | None = None
    nature: Code | None = None
    source: Code | None = None
    submitted_as: Code | None = None
    urgency: Urgency = "none"
    channel: Code | None = None
    attribute: Literal["proactive", "on_request", "withheld"] | None = None
    ground: Written | None = None
    copies: Annotated[int, Field(ge=1)] = 1
    dated: date | None = None
    wanted_by: AwareDatetime | None = None
    fields: tuple[Code, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    bases: tuple[BasisNamed, ...] = ()
    papers: tuple[PaperRef, ...] = ()
    content: Sha256 | None = None
    like: tuple[UUID, ...] = ()
    resubmits: UUID | None = None
    received_by: Key
    received_at: AwareDatetime


class IncomingNumberAssigned(Event, name="document.incoming_number_assigned", version=1):
    """The year's register gave the next number of its own to a document that came in: no gap, no reuse.

    ``fingerprint`` is sender, number and content as one hash; ``same_as`` the entry that has it already.
    """

    register_of: Code
    year: int
    seq: Annotated[int, Field(ge=1)]
    number: Name
    incoming_id: UUID
    fingerprint: Sha256 | None = None
    same_as: UUID | None = None


class IncomingNumbered(Event, name="document.incoming_numbered", version=1):
    """The document that came in carries its number of the register."""

    incoming_id: UUID
    number: Name
    year: int
    seq: int
    same_as: UUID | None = None


class IncomingAnswered(Event, name="document.incoming_answered", version=1):
    """A check of a document that came in, which needs judgement, was answered (审核意见)."""

    incoming_id: UUID
    answer: Answer


class IncomingExcused(Event, name="document.incoming_excused", version=1):
    """Whoever may excused one thing that the rules ask of it in principle."""

    incoming_id: UUID
    excuse: Excuse


class IncomingExceptionClaimed(Event, name="document.incoming_exception_claimed", version=1):
    """An exception that the rules allow is claimed for it, with its reason."""

    incoming_id: UUID
    claim: Claim


class IncomingCompleted(Event, name="document.incoming_completed", version=1):
    """Something that was lacking came after it (补正): evidence, parts of the form, the attribute."""

    incoming_id: UUID
    evidence: tuple[Evidence, ...] = ()
    fields: tuple[Code, ...] = ()
    attribute: Literal["proactive", "on_request", "withheld"] | None = None
    ground: Written | None = None
    brought_by: Key


class Lacking(Part):
    """One thing wrong with a document, as the notice says it: the check or evidence, both sentences, the clauses."""

    code: Code
    what: str | None = None
    says_zh: Written
    says_en: Written
    clauses: tuple[str, ...] = ()


class IncomingHeld(Event, name="document.incoming_held", version=1):
    """It waits for what it lacks instead of being sent back (待补正)."""

    incoming_id: UUID
    lacking: tuple[Lacking, ...]
    held_by: Key


class IncomingReturned(Event, name="document.incoming_returned", version=1):
    """It was sent back with everything that is wrong with it, item by item (退文).

    ``again_due`` is the clock until it comes again, None where none runs.
    """

    incoming_id: UUID
    matter_id: UUID
    lacking: tuple[Lacking, ...]
    note: Written | None = None
    again_due: Counted | None = None
    returned_by: Key
    returned_at: AwareDatetime


class ResubmissionOverdue(Event, name="document.resubmission_overdue", version=1):
    """What was sent back did not come again by the moment its clock set."""

    incoming_id: UUID
    due: Counted


class IncomingResubmitted(Event, name="document.incoming_resubmitted", version=1):
    """What was sent back came again, under an entry of its own (重报)."""

    incoming_id: UUID
    again: UUID


class IncomingAccepted(Event, name="document.incoming_accepted", version=1):
    """The checks are passed, it may be handled (受理).

    ``at_once`` are those who are shown it before the others (第一时间呈送); ``helpers`` whoever helps to bring together
    units that do not agree, and ``expected`` what is expected of that.
    """

    incoming_id: UUID
    at_once: tuple[Key, ...] = ()
    helpers: tuple[Key, ...] = ()
    expected: tuple[Code, ...] = ()
    accepted_by: Key
    accepted_at: AwareDatetime


class HandlingProposed(Event, name="document.handling_proposed", version=1):
    """The office says how it should be handled (拟办). ``read_by`` is by when it should have gone round."""

    incoming_id: UUID
    text: Written
    lead_unit: Key | None = None
    units_involved: tuple[Key, ...] = ()
    readers: tuple[Key, ...] = ()
    read_by: Counted | None = None
    proposed_by: Key
    proposed_at: AwareDatetime


class IncomingStepTaken(Event, name="document.incoming_step_taken", version=1):
    """A step of its way was taken (审核、阅批). ``means`` is what the mark comes to, where the rules say."""

    incoming_id: UUID
    taken: StepDone
    mark: Code | None = None
    means: Code | None = None
    is_basis: bool | None = None


class IncomingStepCalledFor(Event, name="document.incoming_step_called_for", version=1):
    """A step of its way that exists only where it is wanted was called for."""

    incoming_id: UUID
    called: CalledFor


class IncomingCirculated(Event, name="document.incoming_circulated", version=1):
    """It goes round among the leaders (传阅), in this order; ``direction`` as the rules say, or as the office named."""

    incoming_id: UUID
    order: tuple[Key, ...]
    direction: Literal["top_down", "bottom_up", "by_portfolio", "as_named"]


class IncomingPutBefore(Event, name="document.incoming_put_before", version=1):
    """It was put before somebody to read (送阅); ``at_once`` beside the order of the others."""

    incoming_id: UUID
    reader: Key
    at_once: bool = False
    put_at: AwareDatetime


class IncomingSignedFor(Event, name="document.incoming_signed_for", version=1):
    """Somebody who has it now signed for it (签收)."""

    incoming_id: UUID
    person: Key
    signed_at: AwareDatetime


class IncomingRead(Event, name="document.incoming_read", version=1):
    """Somebody read it (已阅), with a mark and, where he wrote one, an opinion (批示)."""

    incoming_id: UUID
    reader: Key
    mark: Code | None = None
    opinion: Written | None = None
    means: Code | None = None
    is_basis: bool | None = None
    read_at: AwareDatetime


class CirculationEnded(Event, name="document.circulation_ended", version=1):
    """Everybody whom it was to go to has seen it; the office goes on with it."""

    incoming_id: UUID


class CirculationOverdue(Event, name="document.circulation_overdue", version=1):
    """It had not gone round by the moment set; ``waits_for`` has the move."""

    incoming_id: UUID
    due: Counted
    waits_for: tuple[Key, ...] = ()


class IncomingUrged(Event, name="document.incoming_urged", version=1):
    """Whoever has the move was urged (催办)."""

    incoming_id: UUID
    urged: tuple[Key, ...]
    note: Written | None = None
    urged_by: Key
    urged_at: AwareDatetime


class IncomingHandedOver(Event, name="document.incoming_handed_over", version=1):
    """It was handed over to a unit to be dealt with (交办), and what leaders wrote passed on with it.

    ``needs``, ``source`` are the words by which the clock was chosen; ``due`` is None where no clock runs.
    """

    incoming_id: UUID
    matter_id: UUID
    lead_unit: Key
    units_involved: tuple[Key, ...] = ()
    needs: Code | None = None
    source: Code | None = None
    limit_set: bool = False
    due: Counted | None = None
    note: Written | None = None
    handed_by: Key
    handed_at: AwareDatetime


class HandlingExplained(Event, name="document.handling_explained", version=1):
    """The unit explained in time why it takes longer; the clock is counted anew by the row that says so."""

    incoming_id: UUID
    text: Written
    was: Counted
    now: Counted
    explained_by: Key


class HandlingExtended(Event, name="document.handling_extended", version=1):
    """The clock of its handling was extended in time and with approval (延期); the old day is kept."""

    incoming_id: UUID
    reason: Written
    was: Counted
    now: Counted
    approved_by: Key


class HandlingFinished(Event, name="document.handling_finished", version=1):
    """The unit dealt with it (办结) and says how; ``late`` past its clock."""

    incoming_id: UUID
    matter_id: UUID
    unit: Key
    result: Written
    papers: tuple[PaperRef, ...] = ()
    late: bool = False
    finished_by: Key
    finished_at: AwareDatetime


class HandlingOverdue(Event, name="document.handling_overdue", version=1):
    """It was not dealt with by the moment its clock set; ``waits_for`` are the units or people who have the move."""

    incoming_id: UUID
    matter_id: UUID
    due: Counted
    waits_for: tuple[Key, ...] = ()


class IncomingPassedOn(Event, name="document.incoming_passed_on", version=1):
    """The office passed it on to a body outside (转报)."""

    incoming_id: UUID
    to: Name
    evidence: tuple[Evidence, ...] = ()
    passed_by: Key


class IncomingClosed(Event, name="document.incoming_closed", version=1):
    """Nothing more is to be done with it (归档)."""

    incoming_id: UUID
    note: Written | None = None
    closed_by: Key


class TodoEntered(Event, name="document.todo_entered", version=1):
    """It is somebody's turn (待办、待阅): a person's, or a unit's whose people may all take it up."""

    todo_id: UUID
    incoming_id: UUID
    title: Title
    what: Code
    box: Literal["to_do", "to_read"]
    person: Key | None = None
    unit: Key | None = None
    due: Counted | None = None


class TodoEnded(Event, name="document.todo_ended", version=1):
    """The turn is over: done or read by somebody (已办、已阅), or fallen away since others took it."""

    todo_id: UUID
    incoming_id: UUID
    how: Literal["done", "read", "fell_away"]
    by: Key | None = None


IncomingRegisterEvent = IncomingNumberAssigned
IncomingEvent = (
    IncomingReceived
    | IncomingNumbered
    | IncomingAnswered
    | IncomingExcused
    | IncomingExceptionClaimed
    | IncomingCompleted
    | IncomingHeld
    | IncomingReturned
    | ResubmissionOverdue
    | IncomingResubmitted
    | IncomingAccepted
    | HandlingProposed
    | IncomingStepTaken
    | IncomingStepCalledFor
    | IncomingCirculated
    | IncomingPutBefore
    | IncomingSignedFor
    | IncomingRead
    | CirculationEnded
    | CirculationOverdue
    | IncomingUrged
    | IncomingHandedOver
    | HandlingExplained
    | HandlingExtended
    | HandlingFinished
    | HandlingOverdue
    | IncomingPassedOn
    | IncomingClosed
    | TodoEntered
    | TodoEnded
)
