"""What callers see of a thing: its state as folded now, and the version they may name in ``If-Match``."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from chancery.events.meeting import (
    Chair,
    ExtractSent,
    ItemPutOff,
    LeaveNoted,
    MatterFacts,
    MeetingLeaveAsked,
    MeetingRequested,
    MinutesCorrected,
    MinutesDrafted,
    Missing,
    PapersDelivered,
    ScheduledItem,
    SeatTaken,
    SpokeOnItem,
)
from chancery.events.parts import Answer, CalledFor, Claim, Counted, Decision, Evidence, Excuse, PaperRef, StepDone
from chancery.rules.wording import Said
from meeting_svc.api.missing import MissingLine


class MatterView(BaseModel):
    """A matter's file: its facts and the evidence on it, in order of filing (案卷)."""

    id: UUID
    version: int
    facts: MatterFacts
    opened_by: str
    evidence: list[Evidence]
    excuses: list[Excuse]
    claims: list[Claim]
    chosen: str | None
    readers: list[str]


class CompetentBody(BaseModel):
    """A body that may decide a matter; ``must``: the matter goes to such a body and to no other.

    ``decides`` is false where the body takes no decisions.
    """

    body: str
    says: Said
    must: bool
    decides: bool
    clauses: list[str]


class CompetenceView(BaseModel):
    """Which bodies may or must decide a matter (议事权限). ``choosers`` say which, where several may."""

    chosen: str | None
    choosers: list[str]
    bodies: list[CompetentBody]


class MatterLine(BaseModel):
    id: UUID
    title: str
    kind: str | None
    lead_unit: str
    opened_by: str
    opened_at: datetime


class ChecklistLine(BaseModel):
    """A question of the checklist, and its last answer; None where nobody answered it."""

    question: str
    says: str
    answer: Answer | None


class AgendaItemView(BaseModel):
    """An agenda item and how far it is (议题). ``sitting_on`` is the day it aims at or stands on now."""

    id: UUID
    version: int
    matter_id: UUID
    facts: MatterFacts
    body: str
    for_unit: str
    stage: str
    accepted: bool
    sitting_on: date | None
    sitting_id: UUID | None
    outcome: str | None
    papers: list[PaperRef]
    on_paper: list[str]
    papers_due_on: date | None
    submitted_by: str
    submitted_at: datetime
    steps: list[StepDone]
    called: list[CalledFor]
    checklist: list[ChecklistLine]


class AgendaItemLine(BaseModel):
    id: UUID
    matter_id: UUID
    title: str
    kind: str | None
    body: str
    for_unit: str
    stage: str
    accepted: bool
    sitting_on: date | None
    sitting_id: UUID | None
    outcome: str | None
    submitted_by: str
    submitted_at: datetime


class SeriesView(BaseModel):
    """A series of sittings: what the next one gets, and which sitting has which number (会议序列)."""

    id: UUID
    version: int
    next_number: int
    given: dict[str, int]


class SittingView(BaseModel):
    """One meeting of one body, from the call to the close (会议).

    ``seats`` are all who came, ``waiting`` those not called in yet, ``gone`` those who left; ``missing`` are the
    members who were not there at the opening, and why.
    """

    id: UUID
    version: int
    body: str
    series: str
    number: int
    stage: str
    starts_at: datetime
    sitting_on: date
    place: str
    convened_by: Chair
    items: list[ScheduledItem]
    joint_with: list[str]
    day_off: bool
    put_off: list[ItemPutOff]
    seats: list[SeatTaken]
    waiting: list[str]
    gone: list[str]
    missing: list[Missing]
    leaves: list[LeaveNoted]
    papers: list[PapersDelivered]
    papers_received: list[str]
    spoken: list[SpokeOnItem]
    chair: Chair | None
    present: list[SeatTaken]
    members: int | None
    members_present: int | None
    quorum: int | None
    decisions: list[Decision]
    closed_at: datetime | None
    minutes_due: Counted | None
    minutes_target: Counted | None


class SittingLine(BaseModel):
    id: UUID
    body: str
    series: str
    number: int
    stage: str
    starts_at: datetime
    sitting_on: date
    place: str
    items: int
    convened_by: str
    chair: str | None
    closed_at: datetime | None


class MinutesView(BaseModel):
    """The minutes of a sitting and how far they are (纪要). ``decisions`` as they stand, corrections included."""

    id: UUID
    version: int
    stage: str
    draft: MinutesDrafted
    decisions: list[Decision]
    corrections: list[MinutesCorrected]
    extracts: list[ExtractSent]
    steps: list[StepDone]
    called: list[CalledFor]


class MeetingLeaveView(BaseModel):
    """A leave from one sitting (会议请假). ``waits_for`` are those whose turn it is."""

    id: UUID
    version: int
    stage: str
    asked: MeetingLeaveAsked
    steps: list[StepDone]
    substitute: str | None
    waits_for: list[str]


class MeetingNear(BaseModel):
    """Another meeting it could be held together with, and the clauses that suggest it (套开)."""

    id: UUID
    title: str
    unit: str
    meets_on: date
    clauses: list[str]


class MeetingRequestView(BaseModel):
    """A meeting that a unit wants to hold (开会申请). ``waits_for`` are those whose turn it is.

    ``near`` are meetings of the same scope and people close in time, where the rules suggest holding them together,
    ``shown`` what the rules normally look for and do not find.
    """

    id: UUID
    version: int
    stage: str
    requested: MeetingRequested
    steps: list[StepDone]
    waits_for: list[str]
    near: list[MeetingNear]
    shown: list[MissingLine]


class MeetingRequestLine(BaseModel):
    id: UUID
    title: str
    unit: str
    scope: str
    meets_on: date
    people: int | None
    stage: str
    requested_by: str
    requested_at: datetime


class MinutesLine(BaseModel):
    """``id`` is None where nobody has drafted the minutes of a closed sitting, ``wanted`` whether somebody has to.

    ``target_on`` is the day aimed at before ``due_on``, which must be kept; ``past_target``: it passed without issue.
    """

    id: UUID | None
    sitting_id: UUID
    body: str
    series: str | None
    number: int | None
    sitting_on: date | None
    stage: str
    closed_at: datetime
    due_on: date | None
    overdue: bool
    issued_on: date | None
    wanted: bool
    target_on: date | None
    past_target: bool
