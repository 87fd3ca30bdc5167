"""Who holds which post, who is away, who acts: what attendance-svc tells."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Part
from chancery.events.parts import CalledFor, Claim, Code, Counted, Excuse, Key, Name, Sha256, StepDone


class PersonRegistered(Event, name="attendance.person_registered", version=1):
    """A person became known to the house. Nothing but the name is kept; the id carries no meaning."""

    person_id: Key
    name: Name
    name_en: Name | None = None


class UnitRegistered(Event, name="attendance.unit_registered", version=1):
    """A department, town, street or other unit exists. ``kind`` is the pack's word for its class."""

    unit_id: Key
    kind: Code
    name_zh: Name
    name_en: Name
    parent: Key | None = None


class AppointmentMade(Event, name="attendance.appointment_made", version=1):
    """A person holds a post from a day on (任职); ``until`` is the last day, or None while it runs.

    ``unit`` is the unit the post belongs to, where the pack's post is one of many units (a bureau's head).
    """

    person_id: Key
    post: Code
    unit: Key | None = None
    starts_on: date
    until: date | None = None


class AppointmentEnded(Event, name="attendance.appointment_ended", version=1):
    """The appointment ended; ``ended_on`` is the last day it counted."""

    person_id: Key
    post: Code
    unit: Key | None = None
    ended_on: date


class AppointmentCorrected(Event, name="attendance.appointment_corrected", version=1):
    """An appointment had been recorded wrongly (更正任职): it ran from ``now_starts_on`` to ``now_until``.

    ``starts_on`` is the day under which it had been recorded. ``now_starts_on`` None: it never was. What was decided on
    the wrong record stays decided; who was thought to hold the post then is still answered as it was known then.
    """

    person_id: Key
    post: Code
    unit: Key | None = None
    starts_on: date
    now_starts_on: date | None = None
    now_until: date | None = None
    because: str


class PortfolioAssigned(Event, name="attendance.portfolio_assigned", version=1):
    """What a leader is in charge of from a day on (分工): whole units, and subjects across units.

    It replaces the leader's earlier portfolio from that day.
    """

    person_id: Key
    units: tuple[Key, ...] = ()
    subjects: tuple[Code, ...] = ()
    starts_on: date


class AssistantPaired(Event, name="attendance.assistant_paired", version=1):
    """An office deputy works for a leader from a day on (对口)."""

    assistant_id: Key
    principal_id: Key
    starts_on: date
    until: date | None = None


class GroupFormed(Event, name="attendance.group_formed", version=1):
    """People whom the government calls by one name from a day on (群组): a leading group, a team on duty.

    ``members`` are all of them; it replaces the earlier membership from that day. Nobody left: the group is dissolved.
    """

    group_id: Code
    name_zh: Name
    name_en: Name
    members: tuple[Key, ...] = ()
    starts_on: date


class EntrustedObject(Part):
    """What was entrusted: ``kind`` is acting, matter, chairing, signing, representing or inspecting.

    ``post`` is the post acted for; ``reference`` the matter, sitting or class of documents meant. Of acting it is the
    absent person, where a leader names who stands in for another.
    """

    kind: Annotated[str, Field(pattern="^(acting|matter|chairing|signing|representing|inspecting)$")]
    post: Code | None = None
    reference: str | None = None


class EntrustmentGiven(Event, name="attendance.entrustment_given", version=1):
    """A leader entrusted another with something for a time (委托)."""

    entrustment_id: Key
    giver_id: Key
    receiver_id: Key
    object: EntrustedObject
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None = None


class EntrustmentEnded(Event, name="attendance.entrustment_ended", version=1):
    """The entrustment was taken back or ran out."""

    entrustment_id: Key
    ended_at: AwareDatetime


class Brought(Part):
    """Something brought along, as the rules ask for it: ``what`` in the pack's word, and where it is."""

    what: Code
    reference: Annotated[str, Field(min_length=1, max_length=300)]


class TimeAwayKept(Event, name="attendance.time_away_kept", version=1):
    """A time was set aside for one absence of a person before it is put forward (占用时段).

    All times of one person are kept in one place, so that no two absences are given the same time, however they meet.
    Kept again, the later time holds.
    """

    person_id: Key
    absence_id: Key
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class TimeAwayFreed(Event, name="attendance.time_away_freed", version=1):
    """The time that was set aside is free again: the absence was refused or taken back, or never came to be."""

    person_id: Key
    absence_id: Key


class AbsenceAnnounced(Event, name="attendance.absence_announced", version=1):
    """Somebody put forward that he will be away (外出请假、报备).

    ``leaving`` is what he leaves: post, district or city. ``mode`` is what the pack asks for: approve, report,
    file, or not_regulated where it is silent. ``post`` is the post through which he falls under the rule, ``row`` the
    pack's row by which it goes on, None where there is none. ``urgent`` says that he had no time to ask before,
    ``organised_by_unit`` that his unit organises the trip, ``claims`` are the exceptions of the rules that he claims.
    ``form`` says whether he put it forward in writing, or said it and the office wrote it down; ``brings`` is what he
    brought along.
    """

    absence_id: Key
    person_id: Key
    post: Code
    leaving: Code
    cause: Code
    destination: Name
    reason: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    mode: Code
    row: str | None = None
    urgent: bool = False
    organised_by_unit: bool = False
    claims: tuple[Claim, ...] = ()
    form: Literal["written", "oral"] = "written"
    brings: tuple[Brought, ...] = ()


class AbsenceReplanned(Event, name="attendance.absence_replanned", version=1):
    """Before it began, the absence was put forward otherwise (变更): these particulars hold, and its route begins anew.

    The fields are those of the announcement; ``because`` is why it is changed.
    """

    absence_id: Key
    person_id: Key
    post: Code
    leaving: Code
    cause: Code
    destination: Name
    reason: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    mode: Code
    row: str | None = None
    urgent: bool = False
    organised_by_unit: bool = False
    claims: tuple[Claim, ...] = ()
    form: Literal["written", "oral"] = "written"
    brings: tuple[Brought, ...] = ()
    because: str


class ExtensionAsked(Event, name="attendance.extension_asked", version=1):
    """Whoever is away asks to stay away until ``ends_at`` (续假). ``row`` is the pack's row by which it goes on."""

    absence_id: Key
    person_id: Key
    ends_at: AwareDatetime
    reason: str
    mode: Code
    row: str | None = None


class AbsenceExtended(Event, name="attendance.absence_extended", version=1):
    """The absence lasts until ``ends_at``, and the return is to be reported by ``return_due``.

    It is told before the earlier end, never after.
    """

    absence_id: Key
    person_id: Key
    ends_at: AwareDatetime
    return_due: Counted | None = None


class ExtensionRefused(Event, name="attendance.extension_refused", version=1):
    """An approver said no to a longer absence; the earlier end stands."""

    absence_id: Key
    person_id: Key
    reason: str


class AbsenceExcused(Event, name="attendance.requirement_excused", version=1):
    """Whoever may excused, before the absence was announced, what the rules ask of it in principle (同意例外).

    It holds for an absence of this person that begins on ``starts_on`` and is announced under this id.
    """

    absence_id: Key
    person_id: Key
    starts_on: date
    excuse: Excuse


class AbsenceStepCalledFor(Event, name="attendance.absence_step_called_for", version=1):
    """A step of the absence's route that exists only where it is wanted was called for."""

    absence_id: Key
    called: CalledFor


class AbsenceStepTaken(Event, name="attendance.absence_step_taken", version=1):
    """One step of the absence's route was taken; with ``extension`` one of the route by which it is extended."""

    absence_id: Key
    taken: StepDone
    extension: bool = False


class LeaveApproved(Event, name="attendance.leave_approved", version=1):
    """The last approval is there, or the pack asks for none and the report was made: the absence stands.

    ``mode`` says which: approve, report, file or not_regulated. ``return_due`` is the moment by which the return is
    to be reported, counted from the planned end, or None where the rules are silent.
    """

    absence_id: Key
    person_id: Key
    post: Code
    leaving: Code
    cause: Code
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    mode: Code
    return_due: Counted | None = None


class LeaveRefused(Event, name="attendance.leave_refused", version=1):
    """An approver said no, with the reason written."""

    absence_id: Key
    person_id: Key
    reason: str


class AbsenceWithdrawn(Event, name="attendance.absence_withdrawn", version=1):
    """Whoever was to go does not (取消外出): the absence is as if it had not been announced."""

    absence_id: Key
    person_id: Key
    reason: str


class ReturnReported(Event, name="attendance.return_reported", version=1):
    """The absent one is back (销假); the absence ends at ``returned_at``, whatever was planned."""

    absence_id: Key
    person_id: Key
    returned_at: AwareDatetime


class ReturnOverdue(Event, name="attendance.return_overdue", version=1):
    """The moment by which the return had to be reported passed, and it was not (逾期未销假)."""

    absence_id: Key
    person_id: Key
    due: Counted


class ActingStarted(Event, name="attendance.acting_started", version=1):
    """Somebody acts for an absent holder from now on (代行、主持工作).

    ``scope`` and ``excludes`` are the pack's words for what goes over and what does not. ``ends_at`` is when it ends by
    itself: with the mandate, or with the planned absence where the rules say so; None: when the return is reported.
    """

    acting_id: Key
    principal_id: Key
    post: Code
    actor_id: Key
    absence_id: Key
    entrustment_id: Key | None = None
    scope: tuple[Code, ...]
    excludes: tuple[str, ...] = ()
    started_at: AwareDatetime
    ends_at: AwareDatetime | None = None


class ActingNotNamed(Event, name="attendance.acting_not_named", version=1):
    """Somebody is away, the rules let another act for him, and nobody holds the mandate it wants (无人代行).

    ``to_name`` are those who can name somebody, ``tell`` all who are told of it, they among them. ``ends_at`` is the
    planned end of the absence. It lasts until somebody acts, or the absence is over.
    """

    acting_id: Key
    principal_id: Key
    post: Code
    absence_id: Key
    to_name: tuple[Key, ...] = ()
    tell: tuple[Key, ...] = ()
    since: AwareDatetime
    ends_at: AwareDatetime


class ActingGapEnded(Event, name="attendance.acting_gap_ended", version=1):
    """The absence for which nobody had been named is over; nobody needs to be named any more."""

    acting_id: Key
    principal_id: Key
    absence_id: Key
    ended_at: AwareDatetime


class ActingEnded(Event, name="attendance.acting_ended", version=1):
    """The holder is back, or the mandate ended: nobody acts any more."""

    acting_id: Key
    principal_id: Key
    post: Code
    actor_id: Key
    ended_at: AwareDatetime


class EngagementExcused(Event, name="attendance.engagement_requirement_excused", version=1):
    """Whoever may excused, before the engagement was asked for, what the rules ask of it in principle (同意例外).

    It holds for an engagement of this leader on the day ``on`` that is asked for under this id.
    """

    engagement_id: Key
    person_id: Key
    on: date
    excuse: Excuse


class EngagementAsked(Event, name="attendance.engagement_asked", version=1):
    """A leader is asked to appear, to speak, to write or to lend his name (出席活动、讲话、题词等).

    ``act`` is the pack's word; ``in_capacity`` official or personal where that matters. ``answer`` is what the rules
    say: free, route, refuse (normally, or in principle and ``because`` says why it shall be all the same), or
    not_regulated. ``substitute_for`` is the leader who was asked, where another shall go. ``units`` are those whose
    matter it is, the first of them leading.
    """

    engagement_id: Key
    person_id: Key
    post: Code
    act: Code
    in_capacity: Literal["official", "personal"] | None = None
    organiser: Code | None = None
    topic: Code | None = None
    arranged: bool = False
    features: tuple[Code, ...] = ()
    units: tuple[Key, ...] = ()
    title: Name
    place: Name | None = None
    on: date
    asked_by: Key
    asked_at: AwareDatetime
    substitute_for: Key | None = None
    brings: tuple[Brought, ...] = ()
    claims: tuple[Claim, ...] = ()
    because: str | None = None
    answer: Literal["free", "route", "refuse", "not_regulated"]
    row: str | None = None


class EngagementStepTaken(Event, name="attendance.engagement_step_taken", version=1):
    """One step of an engagement's route was taken."""

    engagement_id: Key
    taken: StepDone


class EngagementAgreed(Event, name="attendance.engagement_agreed", version=1):
    """The engagement stands: its route is complete, or the rules leave it free."""

    engagement_id: Key
    person_id: Key
    on: date


class EngagementDeclined(Event, name="attendance.engagement_declined", version=1):
    """Whose turn it was said no, with the reason written."""

    engagement_id: Key
    person_id: Key
    reason: str


class EngagementWithdrawn(Event, name="attendance.engagement_withdrawn", version=1):
    """Whoever asked asks no more."""

    engagement_id: Key
    person_id: Key
    reason: str


class ResearchDayRecorded(Event, name="attendance.research_day_recorded", version=1):
    """A leader did research in the field on a day (基层调研). A day counts once, at however many places he was."""

    person_id: Key
    day: date
    place: Name
    subject: Name
    recorded_by: Key


class ResearchDayStruck(Event, name="attendance.research_day_struck", version=1):
    """The day was recorded by mistake and counts no more."""

    person_id: Key
    day: date
    reason: str


class CalendarLinkGiven(Event, name="attendance.calendar_link_given", version=1):
    """Somebody took an address at which a calendar program reads who is away, without any other token (日历订阅).

    It is one person's calendar, or a group's (``leaders``, or a group or post). Only the hash of its key is kept; the
    address is shown once. It answers while its holder holds a post, and until it is withdrawn.
    """

    link_id: Key
    holder_id: Key
    person_id: Key | None = None
    group: Code | None = None
    key_sha256: Sha256
    given_at: AwareDatetime


class CalendarLinkWithdrawn(Event, name="attendance.calendar_link_withdrawn", version=1):
    """The address answers no more."""

    link_id: Key
    withdrawn_by: Key


AttendanceEvent = (
    PersonRegistered
    | UnitRegistered
    | AppointmentMade
    | AppointmentEnded
    | AppointmentCorrected
    | PortfolioAssigned
    | AssistantPaired
    | GroupFormed
    | EntrustmentGiven
    | EntrustmentEnded
    | AbsenceAnnounced
    | AbsenceReplanned
    | ExtensionAsked
    | AbsenceExtended
    | ExtensionRefused
    | AbsenceExcused
    | AbsenceStepCalledFor
    | AbsenceStepTaken
    | LeaveApproved
    | LeaveRefused
    | AbsenceWithdrawn
    | ReturnReported
    | ReturnOverdue
    | ActingStarted
    | ActingNotNamed
    | ActingGapEnded
    | ActingEnded
)
"""What every service keeps of attendance: the roster. Engagements and days in the field are nobody's business else."""
