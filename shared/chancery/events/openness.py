"""What has to be open beside documents: decisions, results, news, drafts, answers to the public (政务公开)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Part
from chancery.events.parts import CalledFor, Code, Counted, Key, Name, StepDone

Words = Annotated[str, Field(min_length=1, max_length=20_000)]
Remark = Annotated[str, Field(min_length=1, max_length=2_000)]


# -- what has to be published ----------------------------------------------------------------------------------


class DutySource(Part):
    """What a duty to publish comes from: a decision of minutes, a task that was closed, or what a unit entered."""

    minutes_id: UUID | None = None
    decision_no: int | None = None
    task_id: UUID | None = None
    reference: Name | None = None


class DutyOpened(Event, name="disclosure.duty_opened", version=1):
    """Something other than a document has to be public (公开事项): a decision, a result, what lies in a priority field.

    ``what`` is the pack's word. ``needs`` is what has to be there before, ``channels`` where it may appear,
    ``elements`` what its kind consists of and ``lacking`` those of them that are not given. ``due`` is None where no
    rule sets a day.
    """

    duty_id: UUID
    matter_id: UUID
    what: Code
    title: Name
    unit: Key | None
    text: Words | None = None
    kind: Code | None = None
    features: tuple[Code, ...] = ()
    major: bool | None = None
    decided_by: Code | None = None
    source: DutySource
    needs: tuple[Code, ...] = ()
    channels: tuple[Code, ...] = ()
    elements: dict[Code, Remark] = Field(default_factory=dict[str, str])
    lacking: tuple[Code, ...] = ()
    due: Counted | None = None
    opened_at: AwareDatetime
    opened_by: Key | None = None


class ResultAwaited(Event, name="disclosure.result_awaited", version=1):
    """A task was opened whose result has to be public once it is there (办理结果待公开): of a motion, of oversight."""

    duty_id: UUID
    matter_id: UUID
    what: Code
    title: Name
    unit: Key | None
    features: tuple[Code, ...] = ()
    major: bool | None = None
    task_id: UUID


class DutyReviewed(Event, name="disclosure.duty_reviewed", version=1):
    """It was looked at before publication (保密审查)."""

    duty_id: UUID
    passed: bool
    reviewer: Key
    note: Remark | None = None


class DutyPublished(Event, name="disclosure.duty_published", version=1):
    """It is public (公开), in the channels that were confirmed, with these words."""

    duty_id: UUID
    matter_id: UUID
    text: Words
    channels: tuple[Code, ...] = ()
    reference: Name | None = None
    published_by: Key
    published_at: AwareDatetime
    published_on: date


class DutyWithheld(Event, name="disclosure.duty_withheld", version=1):
    """It stays closed, on a ground the rules list and for a reason (不予公开)."""

    duty_id: UUID
    matter_id: UUID
    ground: Code
    reason: Remark
    withheld_by: Key


class DutyCovered(Event, name="disclosure.duty_covered", version=1):
    """The document made of it was published: nothing is left to publish (已随文件公开)."""

    duty_id: UUID
    matter_id: UUID
    entry_id: UUID
    number: Name


class DutyOverdue(Event, name="disclosure.duty_overdue", version=1):
    """The day by which it had to be public passed."""

    duty_id: UUID
    matter_id: UUID
    due: Counted


DutyEvent = ResultAwaited | DutyOpened | DutyReviewed | DutyPublished | DutyWithheld | DutyCovered | DutyOverdue


class AttributeRefused(Event, name="disclosure.attribute_refused", version=1):
    """A document came as not open without a ground that the rules list (公开属性退回): the office has to name one."""

    entry_id: UUID
    matter_id: UUID
    attribute: Code
    ground: str | None = None


# -- what the public talks about -------------------------------------------------------------------------------


class CaseOpened(Event, name="disclosure.case_opened", version=1):
    """A matter of public opinion, an emergency or a message was taken in (舆情、突发事件、网上来件).

    ``requires`` is what has to be done before it closes, by the pack's row for ``about`` and ``severity``;
    ``until`` the last of it. ``channel`` and ``simple`` say of a message how it came, and whether it can
    be answered at once.
    """

    case_id: UUID
    matter_id: UUID
    about: Code
    severity: Code | None = None
    title: Name
    text: Remark
    unit: Key
    channel: Code | None = None
    simple: bool | None = None
    requires: tuple[Code, ...] = ()
    until: Code | None = None
    due: Counted | None = None
    opened_by: Key
    opened_at: AwareDatetime


class CaseStepDone(Event, name="disclosure.case_step_done", version=1):
    """One of the things was done (办理环节); ``release_id`` where what was published did it."""

    case_id: UUID
    matter_id: UUID
    step: Code
    note: Remark
    release_id: UUID | None = None
    done_by: Key | None = None
    done_at: AwareDatetime


class CaseAnswered(Event, name="disclosure.case_answered", version=1):
    """The public, or whoever wrote, was answered (回应、答复)."""

    case_id: UUID
    matter_id: UUID
    text: Words
    public: bool
    answered_by: Key
    answered_at: AwareDatetime
    late: bool


class CaseOverdue(Event, name="disclosure.case_overdue", version=1):
    """The day by which the case had to be answered passed."""

    case_id: UUID
    matter_id: UUID
    due: Counted


class CaseClosed(Event, name="disclosure.case_closed", version=1):
    """Everything the rules ask for was done, and the case was closed (办结)."""

    case_id: UUID
    matter_id: UUID
    note: Remark
    closed_by: Key
    closed_at: AwareDatetime


CaseEvent = CaseOpened | CaseStepDone | CaseAnswered | CaseOverdue | CaseClosed


# -- news ------------------------------------------------------------------------------------------------------


class ReleaseAsked(Event, name="disclosure.release_asked", version=1):
    """A unit wants to make something known (信息发布): news, facts, a statement.

    ``row`` is the pack's row of releases, None where it has none; ``requires`` what has to be there before.
    ``proposer`` is the class of the unit, ``case_id`` the case it belongs to.
    """

    release_id: UUID
    matter_id: UUID
    case_id: UUID | None = None
    about: Code
    title: Name
    text: Words
    unit: Key
    proposer: Code | None = None
    features: tuple[Code, ...] = ()
    row: str | None = None
    requires: tuple[Code, ...] = ()
    channels: tuple[Code, ...] = ()
    asked_by: Key
    asked_at: AwareDatetime


class ReleaseNeedMet(Event, name="disclosure.release_need_met", version=1):
    """Something that has to be there was brought (要件到位); ``reference`` is where it can be found."""

    release_id: UUID
    need: Code
    reference: Name
    met_by: Key


class ReleaseStepTaken(Event, name="disclosure.release_step_taken", version=1):
    """A step of its route was taken: reviewed, approved, reported."""

    release_id: UUID
    taken: StepDone


class ReleaseStepCalledFor(Event, name="disclosure.release_step_called_for", version=1):
    """A step of its route that exists only where it is wanted was called for (报请审定)."""

    release_id: UUID
    called: CalledFor


class Released(Event, name="disclosure.released", version=1):
    """It went out (发布). ``outstanding`` is what the rules still want afterwards."""

    release_id: UUID
    matter_id: UUID
    case_id: UUID | None = None
    about: Code
    title: Name
    text: Words
    unit: Key
    channels: tuple[Code, ...] = ()
    outstanding: tuple[Code, ...] = ()
    released_by: Key
    released_at: AwareDatetime


ReleaseEvent = ReleaseAsked | ReleaseNeedMet | ReleaseStepTaken | ReleaseStepCalledFor | Released


# -- drafts before decisions -----------------------------------------------------------------------------------


class DraftOpened(Event, name="disclosure.draft_opened", version=1):
    """A draft lies open for comment before it is decided (决策草案公开征求意见), until ``due``.

    ``gives`` is the evidence that its publication is, of the draft and (where there is one) of its ``basis``.
    ``shorter_because`` is why it lies open for less than the rules usually have.
    """

    window_id: UUID
    matter_id: UUID
    title: Name
    kind: Code | None = None
    features: tuple[Code, ...] = ()
    unit: Key
    text: Words
    basis: Words | None = None
    contact: Name | None = None
    gives: tuple[Code, ...] = ()
    due: Counted
    shorter_because: Remark | None = None
    opened_by: Key
    opened_at: AwareDatetime


class CommentReceived(Event, name="disclosure.comment_received", version=1):
    """Somebody said what he thinks of a draft (公众意见); ``name`` and ``contact`` are None where he did not say."""

    comment_id: UUID
    window_id: UUID
    matter_id: UUID
    name: Name | None = None
    contact: Name | None = None
    text: Remark
    channel: Literal["site", "letter", "visit", "public_meeting", "other"]
    received_by: Key | None = None
    received_at: AwareDatetime


class CommentAnswered(Event, name="disclosure.comment_answered", version=1):
    """What became of a comment (采纳情况), and why; said again, the last counts."""

    comment_id: UUID
    window_id: UUID
    became: Literal["adopted", "adopted_in_part", "not_adopted", "no_proposal"]
    reason: Remark
    answered_by: Key


class DraftClosed(Event, name="disclosure.draft_closed", version=1):
    """The time for comments is over (征求意见结束)."""

    window_id: UUID
    matter_id: UUID
    due: Counted


class DraftReported(Event, name="disclosure.draft_reported", version=1):
    """What came and what became of it was published (意见采纳情况公开); ``gives`` is the evidence that this is."""

    window_id: UUID
    matter_id: UUID
    summary: Words
    comments: Annotated[int, Field(ge=0)]
    adopted: Annotated[int, Field(ge=0)]
    adopted_in_part: Annotated[int, Field(ge=0)]
    not_adopted: Annotated[int, Field(ge=0)]
    no_proposal: Annotated[int, Field(ge=0)]
    gives: tuple[Code, ...] = ()
    reported_by: Key
    reported_at: AwareDatetime


DraftEvent = DraftOpened | DraftClosed | DraftReported
CommentEvent = CommentReceived | CommentAnswered


# -- catalogues ------------------------------------------------------------------------------------------------


class DecisionListed(Event, name="disclosure.decision_listed", version=1):
    """A matter was put into the year's catalogue of major decisions (列入年度重大行政决策目录).

    Once the catalogue is adopted, ``reason`` says why it is put in, or in other words than before.
    """

    year: int
    item_id: UUID
    title: Name
    unit: Key
    planned: Name | None = None
    reason: Remark | None = None
    listed_by: Key


class DecisionStruck(Event, name="disclosure.decision_struck", version=1):
    """A matter was taken out of the year's catalogue (移出目录)."""

    year: int
    item_id: UUID
    reason: Remark
    struck_by: Key


class DecisionCatalogueDaySet(Event, name="disclosure.decision_catalogue_day_set", version=1):
    """The day by which the year's catalogue has to be public (目录公布日期)."""

    year: int
    due: Counted
    set_by: Key


class DecisionCatalogueAdopted(Event, name="disclosure.decision_catalogue_adopted", version=1):
    """The year's catalogue was adopted (目录审定); ``reference`` is the decision it rests on."""

    year: int
    matter_id: UUID
    items: Annotated[int, Field(ge=1)]
    reference: Name
    adopted_by: Key
    adopted_on: date


class DecisionCataloguePublished(Event, name="disclosure.decision_catalogue_published", version=1):
    """The year's catalogue is public (目录公布); later changes stand there with their reasons."""

    year: int
    matter_id: UUID
    published_by: Key
    published_at: AwareDatetime


class DecisionCatalogueOverdue(Event, name="disclosure.decision_catalogue_overdue", version=1):
    """The day by which the year's catalogue had to be public passed."""

    year: int
    due: Counted


YearEvent = (
    DecisionListed
    | DecisionStruck
    | DecisionCatalogueDaySet
    | DecisionCatalogueAdopted
    | DecisionCataloguePublished
    | DecisionCatalogueOverdue
)


class CatalogueLine(Part):
    """One kind of what a unit publishes of its own accord."""

    kind: Code
    title: Name
    basis: Name | None = None


class UnitCatalogueIssued(Event, name="disclosure.unit_catalogue_issued", version=1):
    """A unit's catalogue of what it publishes of its own accord, whole, as its next edition (主动公开基本目录)."""

    unit: Key
    edition: Annotated[int, Field(ge=1)]
    lines: tuple[CatalogueLine, ...]
    issued_by: Key
    issued_on: date


class PublishedOutsideCatalogue(Event, name="disclosure.published_outside_catalogue", version=1):
    """Something was published that the unit's catalogue has no line for (目录缺项): ``told`` are to complete it."""

    unit: Key
    entry_id: UUID
    kind: Code
    title: Name
    edition: Annotated[int, Field(ge=1)]
    told: tuple[Key, ...] = ()


UnitCatalogueEvent = UnitCatalogueIssued | PublishedOutsideCatalogue
