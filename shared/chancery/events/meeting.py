"""From a submitted matter to issued minutes: what meeting-svc tells."""

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
    Decision,
    Evidence,
    Excuse,
    Key,
    Name,
    PaperRef,
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


class AgendaSubmitted(Event, name="meeting.agenda_submitted", version=1):
    """A unit put a matter to a meeting and the office took it in (议题报送).

    ``sitting_on`` is the day aimed at, None where none is named yet. ``papers_due_on`` is the day the rules of
    that moment required the papers, or None where they are silent. It is stored, so a later change of rules
    re-judges nothing. ``papers`` are files; ``on_paper`` the kinds handed in on paper, without a file here.
    ``exceptions`` are those claimed that took a row about its way to the agenda away.
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


class SeatTaken(Part):
    """Somebody present, by person and the post he sits for; ``seat`` is member, attendee or observer."""

    person: Key
    post: Code | None = None
    unit: Key | None = None
    seat: Annotated[str, Field(pattern="^(member|attendee|observer)$")]


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
    """A sitting of a body was called (召集). ``number`` counts within ``series`` (a term or a year) without a gap."""

    sitting_id: UUID
    body: Code
    series: Name
    number: Annotated[int, Field(ge=1)]
    starts_at: AwareDatetime
    sitting_on: date
    place: Name
    convened_by: Chair
    items: tuple[ScheduledItem, ...]


class SittingOpened(Event, name="meeting.sitting_opened", version=1):
    """The sitting began: who presides and who is present, counted against the rules of that moment.

    ``members`` and ``members_present`` are the numbers a quorum is judged by; a pack without a quorum has
    ``quorum`` None.
    """

    sitting_id: UUID
    chair: Chair
    present: tuple[SeatTaken, ...]
    members: int
    members_present: int
    quorum: int | None
    opened_at: AwareDatetime


class DecisionRecorded(Event, name="meeting.decision_recorded", version=1):
    """What the sitting decided on one item (决定事项)."""

    sitting_id: UUID
    decision: Decision


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


MatterEvent = MatterOpened | EvidenceFiled | RequirementExcused | ExceptionClaimed
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
)
SeriesEvent = SeriesOpened | SittingNumberAssigned
SittingEvent = SittingConvened | SittingOpened | DecisionRecorded | SittingClosed | SittingCalledOff | MinutesOverdue
MinutesEvent = MinutesDrafted | MinutesStepTaken | MinutesStepCalledFor | MinutesSigned | MinutesIssued
