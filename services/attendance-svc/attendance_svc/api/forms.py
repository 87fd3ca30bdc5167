"""What callers send, before it becomes a command."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from attendance_svc.absence.announce import Announce
from attendance_svc.engagement.ask import AskEngagement
from chancery.events.attendance import (
    AppointmentCorrected,
    AppointmentMade,
    AssistantPaired,
    Brought,
    EntrustedObject,
    GroupFormed,
    PortfolioAssigned,
    UnitRegistered,
)
from chancery.events.parts import Code, Key, Name, Proof, Sha256
from chancery.names import PersonId
from chancery.rules.excusing import Claiming, Excusing
from chancery.web import Day, Form, Moment, Opinion, YesNo


class UnitForm(Form):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"unit_id": "justice_bureau", "kind": "department", "name_zh": "司法局", "name_en": "Justice"}]
        }
    )

    unit_id: Key
    kind: Code
    name_zh: Name
    name_en: Name
    parent: Key | None = None

    def told(self) -> UnitRegistered:
        return UnitRegistered.model_validate(self.model_dump())


class PersonForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"person_id": "tao", "name": "陶启明"}]})

    person_id: Key
    name: Name
    name_en: Name | None = None


class AppointmentForm(Form):
    """A post from a day on; ``until`` is the last day, absent while it runs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"post": "mayor", "starts_on": "2021-10-11"}]})

    post: Code
    unit: Key | None = None
    starts_on: Day
    until: Day | None = None


class EndAppointmentForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"post": "mayor", "ended_on": "2026-10-10"}]})

    post: Code
    unit: Key | None = None
    ended_on: Day


class CorrectionForm(Form):
    """``starts_on`` is the day under which it was recorded; ``now_starts_on`` left out: the appointment never was."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "post": "mayor",
                    "starts_on": "2021-10-11",
                    "now_starts_on": "2021-10-18",
                    "because": "登记日期有误",
                }
            ]
        }
    )

    post: Code
    unit: Key | None = None
    starts_on: Day
    now_starts_on: Day | None = None
    now_until: Day | None = None
    because: Opinion

    def told(self, person: str) -> AppointmentCorrected:
        return AppointmentCorrected(person_id=person, **self.model_dump())


class PortfolioForm(Form):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"units": ["justice_bureau"], "starts_on": "2021-10-11"}]}
    )

    units: tuple[Key, ...] = ()
    subjects: tuple[Code, ...] = ()
    starts_on: Day


class PairingForm(Form):
    """For which leader an office deputy works from a day on; said again with ``until``, it ends on that day."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"principal": "kong", "starts_on": "2021-10-11"}]})

    principal: Key
    starts_on: Day
    until: Day | None = None


class RosterPersonForm(Form):
    name: Name
    name_en: Name | None = None


class RosterSeatForm(Form):
    person: Key
    post: Code
    unit: Key | None = None
    from_: Annotated[Day, Field(alias="from")]
    until: Day | None = None

    def told(self) -> AppointmentMade:
        return AppointmentMade(
            person_id=self.person, post=self.post, unit=self.unit, starts_on=self.from_, until=self.until
        )


class RosterPortfolioForm(Form):
    person: Key
    units: tuple[Key, ...] = ()
    subjects: tuple[Code, ...] = ()
    from_: Annotated[Day, Field(alias="from")]

    def told(self) -> PortfolioAssigned:
        return PortfolioAssigned(person_id=self.person, units=self.units, subjects=self.subjects, starts_on=self.from_)


class RosterPairingForm(Form):
    assistant: Key
    principal: Key
    from_: Annotated[Day, Field(alias="from")]
    until: Day | None = None

    def told(self) -> AssistantPaired:
        return AssistantPaired(
            assistant_id=self.assistant, principal_id=self.principal, starts_on=self.from_, until=self.until
        )


class GroupForm(Form):
    """Who belongs to a group from a day on; nobody: it is dissolved."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "group_id": "flood_team",
                    "name_zh": "防汛工作专班",
                    "name_en": "Flood team",
                    "members": ["tao"],
                    "starts_on": "2022-05-01",
                }
            ]
        }
    )

    group_id: Code
    name_zh: Name
    name_en: Name
    members: Annotated[tuple[Key, ...], Field(max_length=500)] = ()
    starts_on: Day

    def told(self) -> GroupFormed:
        return GroupFormed.model_validate(self.model_dump())


class RosterGroupForm(Form):
    group: Code
    name_zh: Name
    name_en: Name
    members: Annotated[tuple[Key, ...], Field(max_length=500)] = ()
    from_: Annotated[Day, Field(alias="from")]

    def told(self) -> GroupFormed:
        return GroupFormed(
            group_id=self.group,
            name_zh=self.name_zh,
            name_en=self.name_en,
            members=self.members,
            starts_on=self.from_,
        )


class CalendarLinkForm(Form):
    """Whose calendar: a person's, or a group's (``leaders``, or a group or post)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"group": "leaders"}]})

    person: Key | None = None
    group: Code | None = None


class RosterForm(Form):
    """A whole roster: everybody and everything at once. What is known already is not told again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "units": [
                        {"unit_id": "justice_bureau", "kind": "department", "name_zh": "司法局", "name_en": "Justice"}
                    ],
                    "persons": {"tao": {"name": "陶启明"}},
                    "appointments": [{"person": "tao", "post": "mayor", "from": "2021-10-11"}],
                }
            ]
        }
    )

    units: Annotated[tuple[UnitForm, ...], Field(max_length=5000)] = ()
    persons: Annotated[dict[Key, RosterPersonForm], Field(max_length=20_000)] = Field(
        default_factory=dict[str, RosterPersonForm]
    )
    appointments: Annotated[tuple[RosterSeatForm, ...], Field(max_length=40_000)] = ()
    portfolios: Annotated[tuple[RosterPortfolioForm, ...], Field(max_length=5000)] = ()
    pairings: Annotated[tuple[RosterPairingForm, ...], Field(max_length=5000)] = ()
    groups: Annotated[tuple[RosterGroupForm, ...], Field(max_length=1000)] = ()


class EntrustmentForm(Form):
    """``giver`` is the caller where none is named."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "receiver": "cao",
                    "object": {"kind": "acting", "post": "mayor"},
                    "starts_at": "2022-02-14T08:00:00+08:00",
                    "ends_at": "2022-02-19T00:00:00+08:00",
                }
            ]
        }
    )

    giver: Key | None = None
    receiver: Key
    object: EntrustedObject
    starts_at: Moment
    ends_at: Moment | None = None


class ExceptionForm(Form):
    """An exception that the rules allow, claimed with the reason why it holds (例外情形)."""

    exception: Code
    reason: Opinion


class BroughtForm(Form):
    """Something that the rules ask to be brought along, in the pack's word, and where it can be found."""

    what: Code
    reference: Annotated[str, Field(min_length=1, max_length=300)]


class ParticularsForm(Form):
    """``leaving`` is what is left: the post, the district, the city. Times may be those of half days.

    ``organised_by_unit`` says that the unit organises the trip for several. ``form`` oral: said, and written down by
    the office. ``brings`` is what the rules ask for. ``exceptions`` of the rules are claimed here.
    """

    leaving: Literal["post", "district", "city", "country"]
    cause: Code
    destination: Name
    reason: Opinion
    starts_at: Moment
    ends_at: Moment
    urgent: YesNo = False
    organised_by_unit: YesNo = False
    form: Literal["written", "oral"] = "written"
    brings: Annotated[tuple[BroughtForm, ...], Field(max_length=20)] = ()
    exceptions: Annotated[tuple[ExceptionForm, ...], Field(max_length=10)] = ()

    def command(self, *, by: PersonId, at: datetime, person: str) -> Announce:
        return Announce(
            by=by,
            at=at,
            person_id=person,
            leaving=self.leaving,
            cause=self.cause,
            destination=self.destination,
            reason=self.reason,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            urgent=self.urgent,
            organised_by_unit=self.organised_by_unit,
            exceptions=tuple(Claiming(one.exception, one.reason) for one in self.exceptions),
            form=self.form,
            brings=tuple(Brought(what=one.what, reference=one.reference) for one in self.brings),
        )


class AbsenceForm(ParticularsForm):
    """``person`` is the caller where none is named; ``excused_as`` the id under which something was excused before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "leaving": "city",
                    "cause": "business_trip",
                    "destination": "北京",
                    "reason": "参加会议",
                    "starts_at": "2022-02-14T08:00:00+08:00",
                    "ends_at": "2022-02-18T20:00:00+08:00",
                }
            ]
        }
    )

    person: Key | None = None
    excused_as: UUID | None = None


class ChangeForm(ParticularsForm):
    """The particulars as they shall be, whole, and why they change (变更)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "leaving": "city",
                    "cause": "business_trip",
                    "destination": "南京",
                    "reason": "参加会议",
                    "starts_at": "2022-02-15T08:00:00+08:00",
                    "ends_at": "2022-02-18T20:00:00+08:00",
                    "because": "会议改期",
                }
            ]
        }
    )

    because: Opinion


class ExtensionForm(Form):
    """Until when the absence shall last, and why (续假)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"ends_at": "2022-02-20T20:00:00+08:00", "reason": "会期延长"}]}
    )

    ends_at: Moment
    reason: Opinion


class ProofForm(Form):
    """What shows that a body outside was told, or has answered: a number or title, and the hash of the copy kept."""

    reference: Annotated[str, Field(min_length=1, max_length=300)]
    sha256: Sha256 | None = None


class StepForm(Form):
    """``proof`` is needed where a body outside is told, or has answered."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"opinion": "同意"}, {"proof": {"reference": "区委办收文〔2026〕12号"}}]}
    )

    opinion: Opinion | None = None
    proof: ProofForm | None = None

    def proved(self) -> Proof | None:
        return None if self.proof is None else Proof(reference=self.proof.reference, sha256=self.proof.sha256)


class AbsenceExcuseForm(Form):
    """What is asked of an absence in principle, excused with its reason before it is announced (同意例外).

    ``table``, ``row`` and ``what`` stand in the refusal, under ``excusable``; ``starts_on`` is the day it begins.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person": "kong",
                    "starts_on": "2022-02-14",
                    "table": "absences",
                    "row": "leave-in-advance",
                    "what": "lead",
                    "reason": "上级临时通知参会",
                }
            ]
        }
    )

    person: Key
    starts_on: Day
    table: Code = "absences"
    row: Annotated[str, Field(min_length=1, max_length=100)]
    what: Code = "lead"
    reason: Opinion

    def asked(self) -> Excusing:
        return Excusing(self.table, self.row, self.what, self.reason)


class EngagementExcuseForm(Form):
    """What is asked of an engagement in principle, excused with its reason before it is asked for (同意例外).

    ``row`` and ``what`` stand in the refusal, under ``excusable``; ``on`` is the day of the engagement.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person": "zhang",
                    "on": "2022-06-01",
                    "table": "engagements",
                    "row": "important-events-early",
                    "what": "lead",
                    "reason": "来宾行程临时提前",
                }
            ]
        }
    )

    person: Key
    on: Day
    table: Code = "engagements"
    row: Annotated[str, Field(min_length=1, max_length=100)]
    what: Code = "lead"
    reason: Opinion

    def asked(self) -> Excusing:
        return Excusing(self.table, self.row, self.what, self.reason)


class CallStepForm(Form):
    """A step that exists only where it is wanted: its condition's word, or its act (视情启用环节)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"step": "approve", "reason": "涉外活动"}]})

    step: Code
    reason: Opinion | None = None


class RefusalForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "当日有会议"}]})

    reason: Opinion


class WithdrawalForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "活动改期"}]})

    reason: Opinion


class ReturnForm(Form):
    """``returned_at`` is now where none is named."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"returned_at": "2022-02-18T19:30:00+08:00"}]})

    returned_at: Moment | None = None


class EngagementForm(Form):
    """``person`` is the leader asked, or who shall go in his place: then ``substitute_for`` is the leader asked.

    ``in_capacity`` belongs to speeches and articles; ``units`` are those whose matter it is, the first of them leading;
    ``because`` says why it shall be although the rules refuse it in principle; ``excused_as`` is the id under which
    something was excused before.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "person": "tao",
                    "act": "ribbon_cutting",
                    "title": "商场开业",
                    "on": "2022-06-01",
                    "organiser": "department",
                }
            ]
        }
    )

    person: Key
    act: Code
    title: Name
    place: Name | None = None
    on: Day
    in_capacity: Literal["official", "personal"] | None = None
    organiser: Code | None = None
    topic: Code | None = None
    arranged: YesNo = False
    features: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    units: Annotated[tuple[Key, ...], Field(max_length=50)] = ()
    substitute_for: Key | None = None
    excused_as: UUID | None = None
    brings: Annotated[tuple[BroughtForm, ...], Field(max_length=20)] = ()
    exceptions: Annotated[tuple[ExceptionForm, ...], Field(max_length=10)] = ()
    because: Opinion | None = None

    def command(self, *, by: PersonId, at: datetime) -> AskEngagement:
        return AskEngagement(
            by=by,
            at=at,
            person_id=self.person,
            act=self.act,
            title=self.title,
            on=self.on,
            in_capacity=self.in_capacity,
            organiser=self.organiser,
            topic=self.topic,
            arranged=self.arranged,
            features=self.features,
            units=self.units,
            place=self.place,
            substitute_for=self.substitute_for,
            brings=tuple(Brought(what=one.what, reference=one.reference) for one in self.brings),
            exceptions=tuple(Claiming(one.exception, one.reason) for one in self.exceptions),
            because=self.because,
        )


class ResearchDayForm(Form):
    """``person`` is the caller where none is named."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"day": "2022-06-01", "place": "某镇", "subject": "农村集中供水"}]}
    )

    person: Key | None = None
    day: Day
    place: Name
    subject: Name


class StrikeForm(Form):
    """Why the day was no day of research."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"day": "2022-06-01", "reason": "登记有误"}]})

    person: Key | None = None
    day: Day
    reason: Opinion
