"""From a submitted matter to issued minutes: what meeting-svc tells."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Part, upcast
from chancery.events.parts import (
    Answer,
    CalledFor,
    Claim,
    Code,
    Counted,
    Decision,
    Evidence,
    Excuse,
    Key,
    Name,
    PaperRef,
    Sha256,
    StepDone,
)
from chancery.names import Capacity


class MatterFacts(Part):
    """What a matter is, said once and used by everybody after: its kind, features, units and money.

    ``kind`` and ``features`` are the pack's words; ``money`` in yuan, None where no money is asked for.
    ``disagreement`` says that units concerned could not agree.
    """

    title: Name
    kind: Code | None = None
    features: tuple[Code, ...] = ()
    lead_unit: Key
    units_involved: tuple[Key, ...] = ()
    subjects: tuple[Code, ...] = ()
    money: Annotated[int, Field(ge=0)] | None = None
    major: bool = False
    disagreement: bool = False


class MatterOpened(Event, name="meeting.matter_opened", version=1):
    """A unit opened a matter's file (立卷); everything later is kept under it."""

    matter_id: UUID
    facts: MatterFacts
    opened_by: Key
    opened_at: AwareDatetime


class EvidenceFiled(Event, name="meeting.evidence_filed", version=1):
    """A review, opinion or consent was put on the matter's file."""

    matter_id: UUID
    evidence: Evidence
    filed_by: Key


class RequirementExcused(Event, name="meeting.requirement_excused", version=1):
    """Whoever may excused one thing that the rules ask of the matter in principle (同意例外): a clause set aside."""

    matter_id: UUID
    excuse: Excuse


class ExceptionClaimed(Event, name="meeting.exception_claimed", version=1):
    """An exception that the rules allow is claimed for this matter, with its reason (说明例外情形)."""

    matter_id: UUID
    claim: Claim


class BodyChosen(Event, name="meeting.body_chosen", version=1):
    """Where several bodies may decide a matter, whoever the rules name chose one of them (确定上会)."""

    matter_id: UUID
    body: Code
    reason: str | None = None
    chosen_by: Key


class ReaderNamed(Event, name="meeting.reader_named", version=1):
    """Somebody is named as a reader of a matter that is not for everybody's eyes (指定知悉人)."""

    matter_id: UUID
    person: Key
    named_by: Key


class ReaderStruck(Event, name="meeting.reader_struck", version=1):
    """Somebody is no reader of the matter any more (取消知悉)."""

    matter_id: UUID
    person: Key
    struck_by: Key


class AgendaSubmitted(Event, name="meeting.agenda_submitted", version=1):
    """A unit put a matter to a meeting and the office took it in (议题报送).

    ``sitting_on`` is the day aimed at, None where none is named yet. ``papers_due_on`` is the day the rules of
    that moment required the papers, or None where they are silent. It is stored, so a later change of rules
    re-judges nothing. ``papers`` are files; ``on_paper`` the kinds handed in on paper, without a file here.
    ``exceptions`` are those claimed that took a row about its way to the agenda away. ``resubmits`` is the item that
    was given back or taken back and comes again with this one.
    """

    item_id: UUID
    matter_id: UUID
    facts: MatterFacts
    body: Code
    sitting_on: date | None
    papers: tuple[PaperRef, ...] = ()
    on_paper: tuple[Code, ...] = ()
    submitted_by: Key
    for_unit: Key
    submitted_at: AwareDatetime
    papers_due_on: date | None = None
    exceptions: tuple[Code, ...] = ()
    resubmits: UUID | None = None


class AgendaStepTaken(Event, name="meeting.agenda_step_taken", version=1):
    """One step of the item's way to the agenda was taken: reviewed, consented, approved."""

    item_id: UUID
    taken: StepDone


class AgendaStepCalledFor(Event, name="meeting.agenda_step_called_for", version=1):
    """A step of the item's way that exists only where it is wanted was called for; from now on it must be taken."""

    item_id: UUID
    called: CalledFor


class ChecklistAnswered(Event, name="meeting.checklist_answered", version=1):
    """A question of the checklist for this body's items was answered (议题审核要点); a later answer replaces it."""

    item_id: UUID
    answer: Answer


class AgendaAccepted(Event, name="meeting.agenda_accepted", version=1):
    """The one with the final say put the item on the agenda (同意上会)."""

    item_id: UUID
    matter_id: UUID
    body: Code
    accepted_at: AwareDatetime


class AgendaScheduled(Event, name="meeting.agenda_scheduled", version=1):
    """The item stands in the order of business of a sitting (列入会议议程); no other sitting may take it."""

    item_id: UUID
    sitting_id: UUID
    sitting_on: date


class AgendaDecided(Event, name="meeting.agenda_decided", version=1):
    """The sitting dealt with the item; ``outcome`` as in its decision."""

    item_id: UUID
    sitting_id: UUID
    outcome: Code


class AgendaHeldOver(Event, name="meeting.agenda_held_over", version=1):
    """The item waits for the next sitting, since its papers came late or it was put off."""

    item_id: UUID
    from_sitting_on: date | None
    reason: Code


class AgendaReturned(Event, name="meeting.agenda_returned", version=1):
    """The office gave the item back with what is to be mended."""

    item_id: UUID
    reasons: tuple[str, ...]


class AgendaWithdrawn(Event, name="meeting.agenda_withdrawn", version=1):
    """The unit took its item back."""

    item_id: UUID
    reason: str


class SplitPart(Part):
    """One of the matters into which an item was split; its file is opened under ``matter_id``."""

    matter_id: UUID
    facts: MatterFacts


class AgendaSplit(Event, name="meeting.agenda_split", version=1):
    """An item that held several matters was split (一事一议): each part has a file and is submitted for itself."""

    item_id: UUID
    parts: tuple[SplitPart, ...]
    reason: str
    split_by: Key


class AgendaPaperPut(Event, name="meeting.agenda_paper_put", version=1):
    """A paper came to an item after its submission (补充、更换会议材料): a further one, or another's next edition.

    ``replaces`` is the hash of the edition before, None for a further paper; ``edition`` counts from 1. ``late`` says
    that the day by which papers were due had passed.
    """

    item_id: UUID
    paper: PaperRef
    edition: Annotated[int, Field(ge=1)]
    replaces: Sha256 | None = None
    put_by: Key
    put_at: AwareDatetime
    late: bool = False


class SeatTaken(Part):
    """Somebody present, by person and the post he sits for.

    ``seat`` is member, attendee or observer; a substitute sits for somebody on leave, a companion came with somebody.
    ``beside`` is whom these two came for or with.
    """

    person: Key
    post: Code | None = None
    unit: Key | None = None
    seat: Annotated[str, Field(pattern="^(member|attendee|observer|substitute|companion)$")]
    beside: Key | None = None


class Missing(Part):
    """A member who is not there. ``why`` is leave granted for this sitting, away by an absence that stands, or none.

    ``reference`` is the leave or the absence; ``substitute`` whoever sits for him.
    """

    person: Key
    why: Annotated[str, Field(pattern="^(leave|away|none)$")]
    reference: str | None = None
    substitute: Key | None = None


class Chair(Part):
    """Who presides, through which post, in what right."""

    person: Key
    post: Code | None = None
    capacity: Capacity
    acts_for: Key | None = None


class ScheduledItem(Part):
    """One item in the order of business; ``no`` counts from 1."""

    no: int
    item_id: UUID
    matter_id: UUID
    facts: MatterFacts


class SeriesOpened(Event, name="meeting.series_opened", version=1):
    """A series of sittings begins at ``next_number``, since earlier ones were held before the system came."""

    body: Code
    series: Name
    next_number: Annotated[int, Field(ge=1)]
    opened_by: Key


class SittingNumberAssigned(Event, name="meeting.sitting_number_assigned", version=1):
    """The series gave its next number to a sitting: no gap, no reuse."""

    body: Code
    series: Name
    number: Annotated[int, Field(ge=1)]
    sitting_id: UUID


class SittingConvened(Event, name="meeting.sitting_convened", version=1):
    """A sitting of a body was called (召集). ``number`` counts within ``series`` (a term or a year) without a gap.

    ``joint_with`` are other bodies that sit together with it (联席); ``day_off`` warns that it falls on no working day.
    """

    sitting_id: UUID
    body: Code
    series: Name
    number: Annotated[int, Field(ge=1)]
    starts_at: AwareDatetime
    sitting_on: date
    place: Name
    convened_by: Chair
    items: tuple[ScheduledItem, ...]
    joint_with: tuple[Code, ...] = ()
    day_off: bool = False


class ItemAdded(Event, name="meeting.item_added", version=1):
    """An item came onto the order of business after the sitting was called (临时增加议题)."""

    sitting_id: UUID
    sitting_on: date
    item: ScheduledItem
    added_by: Key


class PapersDelivered(Event, name="meeting.papers_delivered", version=1):
    """The papers of items went out to those who sit (送阅会议材料).

    ``due_on`` is the last day in time under the rules, None where they set none; ``late`` says that it had passed.
    """

    sitting_id: UUID
    items: tuple[UUID, ...]
    to: tuple[Key, ...]
    due_on: date | None
    late: bool
    delivered_at: AwareDatetime


class PapersReceived(Event, name="meeting.papers_received", version=1):
    """Somebody confirmed that he has the papers (签收)."""

    sitting_id: UUID
    person: Key
    received_at: AwareDatetime


class LeaveNoted(Event, name="meeting.leave_noted", version=1):
    """A leave from this sitting was granted: its holder is excused, and a substitute named with it may sit."""

    sitting_id: UUID
    leave_id: UUID
    person: Key
    substitute: Key | None = None


class CompanionPermitted(Event, name="meeting.companion_permitted", version=1):
    """Whoever presides allowed somebody to bring a companion (同意带员)."""

    sitting_id: UUID
    person: Key
    beside: Key
    permitted_by: Key


class CheckedIn(Event, name="meeting.checked_in", version=1):
    """Somebody came (签到). ``waits`` says that he waits outside until his item is called."""

    sitting_id: UUID
    seat: SeatTaken
    waits: bool = False
    checked_in_at: AwareDatetime


class ItemCalled(Event, name="meeting.item_called", version=1):
    """An item came up, and those who waited for it were called in (候会、叫会)."""

    sitting_id: UUID
    item_id: UUID
    called_in: tuple[Key, ...]
    called_at: AwareDatetime


class ItemPutOff(Event, name="meeting.item_put_off", version=1):
    """An item is not dealt with, since whoever is in charge of it is not there (分管领导不在，缓议)."""

    sitting_id: UUID
    item_id: UUID
    matter_id: UUID
    absent: tuple[Key, ...]


class LeftSitting(Event, name="meeting.left_sitting", version=1):
    """Somebody went before the end (中途离会).

    ``members_present`` are those still there; ``quorate`` is False where they are fewer than the quorum.
    """

    sitting_id: UUID
    person: Key
    left_at: AwareDatetime
    members_present: int
    quorum: int | None
    quorate: bool


class SittingOpened(Event, name="meeting.sitting_opened", version=2):
    """The sitting began: who presides and who is present, counted against the rules of that moment.

    ``members`` and ``members_present`` are the numbers a quorum is judged by; a pack without a quorum has
    ``quorum`` None. ``missing`` are the members who were not there.
    """

    sitting_id: UUID
    chair: Chair
    present: tuple[SeatTaken, ...]
    members: int
    members_present: int
    quorum: int | None
    opened_at: AwareDatetime
    missing: tuple[Missing, ...]


@upcast(SittingOpened, from_version=1)
def nobody_wrote_down_who_was_missing(old: dict[str, object]) -> dict[str, object]:
    return old | {"missing": ()}


class SpokeOnItem(Event, name="meeting.spoke_on_item", version=1):
    """Somebody spoke on an item (发言), in this order; ``agrees`` is None where he took no side.

    ``last`` says that he speaks last under the rules of the body: after him nobody speaks on it.
    """

    sitting_id: UUID
    item_id: UUID
    person: Key
    agrees: bool | None = None
    opinion: Annotated[str, Field(max_length=2_000)] | None = None
    last: bool = False
    spoke_at: AwareDatetime


class DecisionRecorded(Event, name="meeting.decision_recorded", version=1):
    """What the sitting decided on one item (决定事项), and which body on which day."""

    sitting_id: UUID
    decision: Decision
    body: Code | None = None
    decided_on: date | None = None


class DecisionReleased(Event, name="meeting.decision_released", version=1):
    """What a sitting decided and the rules kept back may be seen by everybody from now on (公开议定事项)."""

    sitting_id: UUID
    decision: Decision
    released_by: Key


class SittingClosed(Event, name="meeting.sitting_closed", version=1):
    """The sitting ended; clocks that start at a meeting's end start here.

    ``minutes_due`` is the clock for issuing its minutes, None where the rules set none.
    """

    sitting_id: UUID
    body: Code
    closed_at: AwareDatetime
    minutes_due: Counted | None = None


class SittingCalledOff(Event, name="meeting.sitting_called_off", version=1):
    """A sitting that was called is not held (取消); its number stays used, its items wait for a later one."""

    sitting_id: UUID
    body: Code
    items: tuple[UUID, ...]
    reason: str


class MinutesOverdue(Event, name="meeting.minutes_overdue", version=1):
    """The minutes of a sitting were not issued by the moment their clock set (逾期)."""

    sitting_id: UUID
    body: Code
    due: Counted


class MinutesClockSuspended(Event, name="meeting.minutes_clock_suspended", version=1):
    """The clock until the minutes are issued stands still, with the cause (中止计时)."""

    sitting_id: UUID
    body: Code
    cause: str
    suspended_by: Key
    was: Counted
    now: Counted


class MinutesClockResumed(Event, name="meeting.minutes_clock_resumed", version=1):
    """The clock until the minutes are issued goes on (恢复计时)."""

    sitting_id: UUID
    body: Code
    resumed_by: Key
    was: Counted
    now: Counted


class MinutesClockExtended(Event, name="meeting.minutes_clock_extended", version=1):
    """The minutes may be issued later, with the reason; ``now`` keeps the day they were due first (延期印发)."""

    sitting_id: UUID
    body: Code
    reason: str
    approved_by: Key
    was: Counted
    now: Counted


class MinutesDrafted(Event, name="meeting.minutes_drafted", version=1):
    """The draft of the minutes, made from what was recorded (纪要起草)."""

    minutes_id: UUID
    sitting_id: UUID
    body: Code
    series: Name
    number: int
    sitting_on: date
    closed_at: AwareDatetime
    chair: Chair
    decisions: tuple[Decision, ...]
    drafted_by: Key


class MinutesStepTaken(Event, name="meeting.minutes_step_taken", version=1):
    """A review or consultation of the draft was done."""

    minutes_id: UUID
    taken: StepDone


class MinutesStepCalledFor(Event, name="meeting.minutes_step_called_for", version=1):
    """A step of the minutes' way that exists only where it is wanted was called for."""

    minutes_id: UUID
    called: CalledFor


class MinutesSigned(Event, name="meeting.minutes_signed", version=1):
    """The pack's signer signed the minutes (签发)."""

    minutes_id: UUID
    sitting_id: UUID
    taken: StepDone


class MinutesIssued(Event, name="meeting.minutes_issued", version=1):
    """The minutes went out (印发): from here others act. ``closed_at`` is the end of the sitting."""

    minutes_id: UUID
    sitting_id: UUID
    body: Code
    series: Name
    number: int
    sitting_on: date
    closed_at: AwareDatetime
    decisions: tuple[Decision, ...]
    issued_at: AwareDatetime
    issued_on: date


class MinutesCorrected(Event, name="meeting.minutes_corrected", version=2):
    """Minutes that were signed were corrected in one decision (更正): what stood, what stands, why, on whose word.

    ``was`` is None where a decision was added, ``now`` None where one was struck out. What is known of the sitting goes
    with it, so that others can act on it as on issued minutes; None in corrections of old. ``issued`` False: the
    minutes go out later, and then as corrected.
    """

    minutes_id: UUID
    sitting_id: UUID
    was: Decision | None
    now: Decision | None
    reason: str
    taken: StepDone
    body: Code | None
    series: Name | None
    number: int | None
    sitting_on: date | None
    closed_at: AwareDatetime | None
    issued: bool


@upcast(MinutesCorrected, from_version=1)
def nobody_said_which_sitting_it_was(old: dict[str, object]) -> dict[str, object]:
    return old | {"body": None, "series": None, "number": None, "sitting_on": None, "closed_at": None, "issued": True}


class ExtractSent(Event, name="meeting.extract_sent", version=1):
    """A unit got the extract of the minutes on one item (会议纪要摘录)."""

    minutes_id: UUID
    sitting_id: UUID
    to: Key
    decision: Decision
    sent_at: AwareDatetime


class MeetingLeaveAsked(Event, name="meeting.leave_asked", version=1):
    """Somebody asked to stay away from a sitting (会议请假).

    ``mode`` and ``row`` are what the rules say: approve, report or file, or not_regulated without a row. ``substitute``
    is whoever would come for him, ``brings`` what he brought along in the pack's words.
    """

    leave_id: UUID
    sitting_id: UUID
    body: Code
    person_id: Key
    post: Code
    reason: str
    form: Literal["written", "oral"] = "written"
    brings: tuple[Code, ...] = ()
    substitute: Key | None = None
    chair: Key
    mode: Code
    row: str | None = None


class MeetingLeaveStepTaken(Event, name="meeting.leave_step_taken", version=1):
    """A step of the leave's way was taken: reported, consented, approved."""

    leave_id: UUID
    taken: StepDone


class MeetingLeaveGranted(Event, name="meeting.leave_granted", version=1):
    """The leave from the sitting stands; ``substitute`` is whoever may come for him, None where nobody may."""

    leave_id: UUID
    sitting_id: UUID
    person_id: Key
    substitute: Key | None = None
    mode: Code


class MeetingLeaveRefused(Event, name="meeting.leave_refused", version=1):
    """Whoever decides said no, with the reason written: he is expected."""

    leave_id: UUID
    sitting_id: UUID
    person_id: Key
    reason: str


class MeetingLeaveExcused(Event, name="meeting.leave_excused", version=1):
    """Whoever may excused one thing that the rules ask in principle of a leave from this sitting (同意例外)."""

    leave_id: UUID
    sitting_id: UUID
    person_id: Key
    excuse: Excuse


MeetingLeaveEvent = (
    MeetingLeaveExcused | MeetingLeaveAsked | MeetingLeaveStepTaken | MeetingLeaveGranted | MeetingLeaveRefused
)


class MeetingAsk(Part):
    """A meeting that somebody wants to hold for the whole area or his own line, in the pack's words.

    ``summons`` are the classes of people to come, ``organiser`` the class of who holds it, ``people`` how many come,
    ``brings`` what the rules ask for, ``budget_line`` under which its costs are provided for (会议费预算).
    """

    title: Name
    unit: Key
    scope: Code
    in_name_of: Code | None = None
    organiser: Code | None = None
    kind: Code | None = None
    summons: tuple[Code, ...] = ()
    meets_on: date
    venue: Code | None = None
    people: Annotated[int, Field(ge=1)] | None = None
    brings: tuple[Code, ...] = ()
    matter_id: UUID | None = None
    budget_line: Name | None = None


class MeetingRequested(Event, name="meeting.meeting_requested", version=1):
    """A unit asked for a meeting (申请开会). ``row`` is the row whose route it goes, None where nobody need approve.

    ``joined`` are further rows whose routes follow. ``permits`` are rows that hold in principle and stand against it,
    with their table (``caps/…``): whoever may excuse them says his word as well. ``asks_by`` is the last day in time
    under the rules, None where they set none. ``place`` is the year in which it takes one of its unit's places, None
    where no number is set.
    """

    request_id: UUID
    asked: MeetingAsk
    row: str | None
    joined: tuple[str, ...] = ()
    permits: tuple[str, ...] = ()
    asks_by: date | None = None
    requested_by: Key
    place: UUID | None = None


class RequestStepTaken(Event, name="meeting.request_step_taken", version=1):
    """A step of the request's way was taken."""

    request_id: UUID
    taken: StepDone


class MeetingApproved(Event, name="meeting.meeting_approved", version=1):
    """The meeting may be held, and counts towards its unit's yearly number.

    ``by_decision`` says that a decision on the matter's file stood in place of a route.
    """

    request_id: UUID
    unit: Key
    scope: Code
    meets_on: date
    by_decision: bool = False


class MeetingNotApproved(Event, name="meeting.meeting_not_approved", version=1):
    """Whoever decides said no, with the reason written. ``place`` is the year whose place it gives back."""

    request_id: UUID
    reason: str
    place: UUID | None = None


class MeetingCancelled(Event, name="meeting.meeting_cancelled", version=1):
    """The meeting is not held; it counts towards no yearly number. ``place`` is the year whose place it gives back."""

    request_id: UUID
    reason: str
    place: UUID | None = None


class MeetingPlaceTaken(Event, name="meeting.meeting_place_taken", version=1):
    """A meeting that is asked for takes one of its unit's places of a year (年度计数); no two take the same."""

    unit: Key
    scope: Code
    year: int
    request_id: UUID


class MeetingPlaceFreed(Event, name="meeting.meeting_place_freed", version=1):
    """The meeting is not held: its place of the year is free again."""

    request_id: UUID


RequestEvent = MeetingRequested | RequestStepTaken | MeetingApproved | MeetingNotApproved | MeetingCancelled
MeetingYearEvent = MeetingPlaceTaken | MeetingPlaceFreed
MatterEvent = (
    ReaderNamed | ReaderStruck | BodyChosen | MatterOpened | EvidenceFiled | RequirementExcused | ExceptionClaimed
)
AgendaItemEvent = (
    AgendaSubmitted
    | AgendaStepTaken
    | AgendaStepCalledFor
    | ChecklistAnswered
    | AgendaAccepted
    | AgendaScheduled
    | AgendaDecided
    | AgendaHeldOver
    | AgendaReturned
    | AgendaWithdrawn
    | AgendaSplit
    | AgendaPaperPut
)
SeriesEvent = SeriesOpened | SittingNumberAssigned
SittingEvent = (
    SittingConvened
    | ItemAdded
    | PapersDelivered
    | PapersReceived
    | LeaveNoted
    | CompanionPermitted
    | CheckedIn
    | SittingOpened
    | ItemCalled
    | ItemPutOff
    | LeftSitting
    | DecisionRecorded
    | SittingClosed
    | SittingCalledOff
    | MinutesOverdue
    | MinutesClockSuspended
    | MinutesClockResumed
    | MinutesClockExtended
    | DecisionReleased
    | SpokeOnItem
)
MinutesEvent = (
    MinutesDrafted
    | MinutesStepTaken
    | MinutesStepCalledFor
    | MinutesSigned
    | MinutesIssued
    | MinutesCorrected
    | ExtractSent
)
