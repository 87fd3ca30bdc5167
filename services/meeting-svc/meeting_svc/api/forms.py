"""What callers send, before it becomes a command."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from chancery.events.meeting import MatterFacts, MeetingAsk
from chancery.events.parts import Code, Evidence, Key, Name, PaperRef, Sha256
from chancery.rules.excusing import Claiming, Excusing
from chancery.web.form import Day, Form, Moment, Opinion, Text, Whole, YesNo
from meeting_svc.minutes.correct import Says
from meeting_svc.sitting.outcomes import Outcome


class MatterForm(Form):
    """A matter's facts, said once (事项要素)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "区政府工作规则（修订草案）",
                    "kind": "normative_document",
                    "lead_unit": "justice_bureau",
                    "units_involved": ["district_office"],
                    "major": True,
                }
            ]
        }
    )

    title: Name
    kind: Code | None = None
    features: tuple[Code, ...] = ()
    lead_unit: Key
    units_involved: tuple[Key, ...] = ()
    subjects: tuple[Code, ...] = ()
    money: Annotated[Whole, Field(ge=0, le=10**15)] | None = None
    major: YesNo = False
    disagreement: YesNo = False

    def facts(self) -> MatterFacts:
        return MatterFacts.model_validate(self.model_dump())


class EvidenceForm(Form):
    """A review, opinion or consent for the matter's file. Without ``given_on`` it was given today."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "evidence": "legality_review",
                    "by": "justice_bureau",
                    "given_on": "2022-01-11",
                    "attrs": {"result": "passed"},
                    "reference": "法审〔2022〕1号",
                }
            ]
        }
    )

    evidence: Code
    by: Key | None = None
    of: Key | None = None
    given_on: Day | None = None
    attrs: dict[Code, Code] = Field(default_factory=dict[str, str], max_length=20)
    reference: Name | None = None

    def to_evidence(self, today: date) -> Evidence:
        return Evidence(
            evidence=self.evidence,
            by=self.by,
            of=self.of,
            given_on=self.given_on or today,
            attrs=self.attrs,
            reference=self.reference,
        )


class SubmissionForm(Form):
    """A matter put to a body (议题报送). ``for_unit`` is the matter's lead unit where none is named.

    A paper is a file reference, or only its kind where it was handed in on paper. ``resubmits`` is the item that was
    given or taken back and comes again with this one.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "matter_id": "019a0000-0000-7000-8000-000000000001",
                    "body": "executive",
                    "sitting_on": "2022-01-19",
                    "papers": ["declaration", "draft"],
                }
            ]
        }
    )

    matter_id: UUID
    body: Code
    for_unit: Key | None = None
    sitting_on: Day | None = None
    resubmits: UUID | None = None
    papers: Annotated[tuple[PaperRef | Code, ...], Field(max_length=100)] = ()

    @property
    def files(self) -> tuple[PaperRef, ...]:
        return tuple(paper for paper in self.papers if isinstance(paper, PaperRef))

    @property
    def on_paper(self) -> tuple[str, ...]:
        return tuple(paper for paper in self.papers if isinstance(paper, str))


class PaperForm(Form):
    """A file that comes to an item after its submission. ``replaces`` is the hash of the edition before it, if any."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "paper": {
                        "kind": "draft",
                        "name": "草案（修改稿）.pdf",
                        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                        "size": 52341,
                        "media_type": "application/pdf",
                    }
                }
            ]
        }
    )

    paper: PaperRef
    replaces: Sha256 | None = None


class OpinionForm(Form):
    """What is written beside the step, if anything (意见)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"opinion": "同意"}]})

    opinion: Opinion | None = None


class ExcuseForm(Form):
    """One thing asked in principle, excused with its reason (同意例外).

    ``table``, ``row``, ``what`` and ``of`` stand in the refusal, under ``excusable``. ``body`` is the body the matter
    is to be put to, where the row speaks of one.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "table": "gates",
                    "row": "finance-asked-first",
                    "what": "finance_opinion",
                    "body": "executive",
                    "reason": "抢险资金，先拨后补意见",
                }
            ]
        }
    )

    table: Code
    row: Annotated[str, Field(min_length=1, max_length=100)]
    what: Code
    of: Key | None = None
    body: Code | None = None
    reason: Opinion

    def asked(self) -> Excusing:
        return Excusing(self.table, self.row, self.what, self.reason, self.of)


class ExceptionForm(Form):
    """An exception that the rules allow, claimed with the reason why it holds (例外情形)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"exception": "urgent", "reason": "防汛抢险，须立即决策"}]}
    )

    exception: Code
    reason: Opinion

    def asked(self) -> Claiming:
        return Claiming(self.exception, self.reason)


class ChoiceForm(Form):
    """The body chosen where several may decide, with the reason if one is given (确定上会)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"body": "executive", "reason": "事项重大"}]})

    body: Code
    reason: Opinion | None = None


class ReaderForm(Form):
    """A reader of a matter that is not for everybody's eyes (知悉人)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"person": "justice_clerk"}]})

    person: Key


class CallStepForm(Form):
    """A step that exists only where it is wanted: its condition's word, or its act (视情启用环节)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"step": "consult", "reason": "涉及其他分管领域"}]})

    step: Code
    reason: Opinion | None = None


class AnswerForm(Form):
    """The answer to a question of the checklist (审核要点)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": "single_matter", "yes": True, "note": "一事一报"}]}
    )

    question: Code
    yes: YesNo
    note: Opinion | None = None


class HoldOverForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "papers_late"}]})

    reason: Code


class ReturnForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reasons": ["请补充相关部门意见"]}]})

    reasons: Annotated[tuple[Opinion, ...], Field(min_length=1, max_length=50)]


class WithdrawForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "方案需再研究"}]})

    reason: Opinion


class SeriesForm(Form):
    """Where earlier sittings were held before the system came: the number the next one gets."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"body": "executive", "series": "2022", "next_number": 3}]}
    )

    body: Code
    series: Name
    next_number: Annotated[Whole, Field(ge=1, le=1_000_000)]


class ConvocationForm(Form):
    """A sitting called (召集). ``series`` is the year of the sitting where none is named.

    ``convened_by`` is the person who called it, where the office does the paperwork; otherwise whoever may.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "body": "executive",
                    "starts_at": "2022-01-19T14:00:00+08:00",
                    "place": "第一会议室",
                    "items": ["019a0000-0000-7000-8000-000000000002"],
                }
            ]
        }
    )

    body: Code
    starts_at: Moment
    place: Name
    items: Annotated[tuple[UUID, ...], Field(max_length=200)]
    series: Name | None = None
    convened_by: Key | None = None
    jointly: Annotated[tuple[Code, ...], Field(max_length=10)] = ()


class AddItemForm(Form):
    """An accepted item that comes onto the order of business after the call (临时增加议题)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"item_id": "019a0000-0000-7000-8000-000000000002"}]})

    item_id: UUID


class PapersForm(Form):
    """Which items' papers went out, and to whom; none named: all items, all members."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": ["tao", "kong"]}]})

    items: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    to: Annotated[tuple[Key, ...], Field(max_length=2_000)] = ()


class PersonForm(Form):
    """Who; nobody named: the caller."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"person": "kong"}]})

    person: Key | None = None


class CheckInForm(Form):
    """Who came; nobody named: the caller. ``beside`` is whom a companion comes with."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"person": "justice_head"}]})

    person: Key | None = None
    observer: YesNo = False
    beside: Key | None = None


class CompanionForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"person": "justice_clerk", "beside": "justice_head"}]})

    person: Key
    beside: Key


class MeetingLeaveForm(Form):
    """Staying away from a sitting (会议请假). ``person`` is who, where the office writes it down for him.

    ``brings`` is what the rules ask for, ``substitute`` who would come instead.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sitting_id": "019a0000-0000-7000-8000-000000000003",
                    "reason": "赴市政府开会",
                    "brings": ["written_reason"],
                }
            ]
        }
    )

    sitting_id: UUID
    person: Key | None = None
    reason: Opinion
    form: Literal["written", "oral"] = "written"
    brings: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    substitute: Key | None = None


class LeaveExcuseForm(Form):
    """What is asked in principle of somebody's leave from a sitting, excused with its reason (同意例外).

    ``table``, ``row`` and ``what`` stand in the refusal, under ``excusable``.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "sitting_id": "019a0000-0000-7000-8000-000000000003",
                    "person": "justice_head",
                    "table": "absences",
                    "row": "head-from-executive-meeting",
                    "what": "written_request",
                    "reason": "突发事件现场处置，电话请假",
                }
            ]
        }
    )

    sitting_id: UUID
    person: Key
    table: Code
    row: Annotated[str, Field(min_length=1, max_length=100)]
    what: Code
    reason: Opinion

    def asked(self) -> Excusing:
        return Excusing(self.table, self.row, self.what, self.reason)


class LeaveStepForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"opinion": "同意", "with_substitute": True}]})

    opinion: Opinion | None = None
    with_substitute: YesNo = False


class RefusalForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "须本人参会"}]})

    reason: Opinion


class MeetingRequestForm(Form):
    """A meeting that a unit wants to hold (申请开会), in the words of the rules.

    ``summons`` are the classes of people to come, ``organiser`` the class of who holds it; ``matter_id`` the file on
    which a decision may lie that stands in place of the route.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "全区安全生产工作会议",
                    "unit": "emergency_bureau",
                    "scope": "area_wide",
                    "in_name_of": "district_government",
                    "organiser": "department",
                    "meets_on": "2022-03-18",
                }
            ]
        }
    )

    title: Name
    unit: Key
    scope: Code
    in_name_of: Code | None = None
    organiser: Code | None = None
    kind: Code | None = None
    summons: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    meets_on: Day
    venue: Code | None = None
    people: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    brings: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    matter_id: UUID | None = None
    budget_line: Name | None = None

    def asked(self) -> MeetingAsk:
        return MeetingAsk.model_validate(self.model_dump())


class SplitForm(Form):
    """The matters into which an item is split (一事一议)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "parts": [
                        {"title": "甲事项", "lead_unit": "justice_bureau"},
                        {"title": "乙事项", "lead_unit": "justice_bureau"},
                    ],
                    "reason": "一事一议",
                }
            ]
        }
    )

    parts: Annotated[tuple[MatterForm, ...], Field(min_length=2, max_length=20)]
    reason: Opinion


class SaysForm(Form):
    """What a decision shall say; what is not named stays as it is."""

    text: Text | None = None
    outcome: Outcome | None = None
    lead: Key | None = None
    cooperating: Annotated[tuple[Key, ...], Field(max_length=200)] | None = None
    due_on: Day | None = None
    orders_document: Code | None = None

    def says(self) -> Says:
        return Says(
            text=self.text,
            outcome=self.outcome.value if self.outcome is not None else None,
            lead=self.lead,
            cooperating=self.cooperating,
            due_on=self.due_on,
            orders_document=self.orders_document,
        )


class CorrectionForm(SaysForm):
    """What signed minutes shall say of a decision, and why (更正)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"no": 1, "text": "原则通过。", "reason": "记录有误"}]})

    no: Annotated[Whole, Field(ge=1, le=10_000)]
    reason: Opinion


class AddedDecisionForm(SaysForm):
    """A decision of the sitting that its minutes left out; ``item`` is the number of its item (补记)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"item": 1, "text": "由财政局落实经费。", "reason": "漏记", "lead": "finance_bureau"}]
        }
    )

    item: Annotated[Whole, Field(ge=1, le=10_000)]
    reason: Opinion


class StruckDecisionForm(Form):
    """A decision that the sitting did not make (误记)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"no": 2, "reason": "误记"}]})

    no: Annotated[Whole, Field(ge=1, le=10_000)]
    reason: Opinion


class ExtractForm(Form):
    """The item, and the units that get its extract; none named: all that its decision names."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"no": 1}]})

    no: Annotated[Whole, Field(ge=1, le=10_000)]
    to: Annotated[tuple[Key, ...], Field(max_length=200)] = ()


class SuspensionForm(Form):
    """Why a clock stands still (中止原因)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"cause": "等待上级批复"}]})

    cause: Annotated[str, Field(min_length=1, max_length=500)]


class ClockExtensionForm(Form):
    """To which day, or by how many of the clock's own unit, and why (延期). One of ``to`` and ``by``."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"by": 3, "reason": "附件需重新核对"}]})

    to: Day | None = None
    by: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    reason: Opinion

    @model_validator(mode="after")
    def one_of_the_two(self) -> "ClockExtensionForm":
        if (self.to is None) == (self.by is None):
            raise ValueError("say to or by")
        return self


class SpeechForm(Form):
    """Somebody spoke on an item (发言). ``agrees`` absent: he took no side."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"item_id": "019a0000-0000-7000-8000-000000000002", "person": "kong", "agrees": True, "opinion": "同意"}
            ]
        }
    )

    item_id: UUID
    person: Key
    agrees: YesNo | None = None
    opinion: Opinion | None = None


class ReleaseForm(Form):
    """The number of a decision that was kept back (公开)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"no": 1}]})

    no: Annotated[Whole, Field(ge=1, le=10_000)]


class CallOffForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "主要领导临时外出"}]})

    reason: Opinion


class PresentForm(Form):
    """Somebody present. Whether he sits as a member follows from the rules; ``seat`` only tells observers."""

    person: Key
    seat: Annotated[str, Field(pattern="^(attendee|observer)$")] = "attendee"


class OpeningForm(Form):
    """Who is there beside those who checked in, and who presides where that is not plain."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"present": [{"person": "tao"}, {"person": "lu"}, {"person": "yan"}], "chair": "tao"}]
        }
    )

    present: Annotated[tuple[PresentForm, ...], Field(max_length=2_000)] = ()
    chair: Key | None = None


class DissentForm(Form):
    """Somebody present who did not agree, in his words (保留意见)."""

    person: Key
    opinion: Opinion


class DecisionForm(Form):
    """What the sitting made of one item (决定事项)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "item_id": "019a0000-0000-7000-8000-000000000002",
                    "outcome": "adopted",
                    "text": "会议审议并通过该规则，由区政府印发。",
                    "lead": "justice_bureau",
                    "orders_document": "normative_document",
                }
            ]
        }
    )

    item_id: UUID
    outcome: Outcome
    text: Text
    lead: Key | None = None
    cooperating: tuple[Key, ...] = ()
    due_on: Day | None = None
    orders_document: Code | None = None
    referred_to: Name | None = None
    dissent: Annotated[tuple[DissentForm, ...], Field(max_length=100)] = ()


class DraftMinutesForm(Form):
    model_config = ConfigDict(json_schema_extra={"examples": [{"sitting_id": "019a0000-0000-7000-8000-000000000003"}]})

    sitting_id: UUID
