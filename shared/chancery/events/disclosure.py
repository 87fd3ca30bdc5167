"""What is public is published: what disclosure-svc tells."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Json, Part, upcast
from chancery.events.parts import Code, Counted, Key, Name, PaperRef, Sha256


class Origin(Part):
    """The decision a published document rests on, where it rests on one: those who follow it up know it by this."""

    minutes_id: UUID
    decision_no: int


class EntryPrepared(Event, name="disclosure.entry_prepared", version=1):
    """A catalogue entry was made for an issued document (目录条目), ready for review.

    ``needs`` are the things the rules want before publication (``secrecy_review``, ``interpretation``);
    ``channels`` where it is to appear; ``due`` None where no rule sets a day.
    """

    entry_id: UUID
    matter_id: UUID
    document_id: UUID
    title: Name
    number: Name
    kind: Code
    issuer: Code
    lead_unit: Key
    features: tuple[Code, ...] = ()
    decided_by: Code | None = None
    issued_on: date
    attribute: Annotated[str, Field(pattern="^(proactive|on_request|withheld)$")]
    ground: str | None = None
    needs: tuple[Code, ...] = ()
    channels: tuple[Code, ...] = ()
    text: PaperRef | None = None
    due: Counted | None = None
    origin: Origin | None = None


class IndexAssigned(Event, name="disclosure.index_assigned", version=1):
    """The catalogue gave the next index number of a year to an entry (索引号): no gap, no reuse, never changed."""

    series: Name
    year: int
    seq: Annotated[int, Field(ge=1)]
    index_number: Name
    entry_id: UUID


class EntryNumbered(Event, name="disclosure.entry_numbered", version=1):
    """The entry carries its index number."""

    entry_id: UUID
    index_number: Name


class SecrecyReviewed(Event, name="disclosure.secrecy_reviewed", version=1):
    """The entry was looked at before publication (保密审查)."""

    entry_id: UUID
    passed: bool
    reviewer: Key
    note: str | None = None


class InterpretationAttached(Event, name="disclosure.interpretation_attached", version=1):
    """The plain explanation that goes out with the document (政策解读)."""

    entry_id: UUID
    title: Name
    paper: PaperRef
    attached_by: Key


class NeedMet(Event, name="disclosure.need_met", version=1):
    """Something else that the rules want before publication is there; ``reference`` is where it can be found."""

    entry_id: UUID
    need: Code
    reference: Name
    met_by: Key


class Published(Event, name="disclosure.published", version=2):
    """The entry is public, with its document and interpretation, in the channels named (公开).

    ``kind`` and ``unit`` are those of its document; None in what was published before they were told.
    """

    entry_id: UUID
    matter_id: UUID
    document_id: UUID
    index_number: Name
    title: Name
    number: Name
    channels: tuple[Code, ...]
    published_at: AwareDatetime
    published_on: date
    origin: Origin | None = None
    kind: Code | None = None
    unit: Key | None = None


@upcast(Published, from_version=1)
def nobody_said_of_what_kind_it_was(old: Json) -> Json:
    return old | {"kind": None, "unit": None}


class PublicationOverdue(Event, name="disclosure.publication_overdue", version=1):
    """The day set for publication passed."""

    entry_id: UUID
    matter_id: UUID
    due: Counted


class EntryDescribed(Event, name="disclosure.entry_described", version=1):
    """What readers find the entry by (目录要素): the elements that its document does not say by itself.

    The latest description counts whole; ``effective_on`` is None where the document itself sets no day.
    """

    entry_id: UUID
    summary: Annotated[str, Field(max_length=500)] | None = None
    keywords: tuple[Name, ...] = ()
    theme: Name | None = None
    audience: Name | None = None
    effective_on: date | None = None
    described_by: Key


class TextLaidOpen(Event, name="disclosure.text_laid_open", version=1):
    """The document's words lie with the entry, for readers who have nothing but a browser (正文).

    ``sha256`` is that of the text in UTF-8. ``exact`` says that these are the very bytes of the issued text, proved by
    its hash; otherwise it is a copy for reading, for which whoever laid it open answers.
    """

    entry_id: UUID
    text: Annotated[str, Field(min_length=1, max_length=200_000)]
    sha256: Sha256
    size: Annotated[int, Field(ge=1)]
    exact: bool
    laid_by: Key


class ValidityDeclared(Event, name="disclosure.validity_declared", version=1):
    """A published document's validity changed (有效性): superseded or repealed, from a day on, or in force after all.

    ``by_entry`` is the entry of the document that did it, where there is one here; ``was_by`` the one named before.
    """

    entry_id: UUID
    matter_id: UUID
    validity: Literal["in_force", "superseded", "repealed"]
    from_on: date
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]
    by_entry: UUID | None = None
    was_by: UUID | None = None
    changed_by: Key


class EntryLinked(Event, name="disclosure.entry_linked", version=1):
    """What an entry's document did to another (关联): it supersedes or repeals it, or (none) it does not after all."""

    entry_id: UUID
    other: UUID
    relation: Literal["supersedes", "repeals", "none"]


class EntryWithdrawn(Event, name="disclosure.entry_withdrawn", version=1):
    """A published entry was taken back (撤回): its index number stays with the reason, its words go."""

    entry_id: UUID
    matter_id: UUID
    document_id: UUID
    index_number: Name
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]
    withdrawn_by: Key
    withdrawn_at: AwareDatetime
    withdrawn_on: date


class ReassessmentSet(Event, name="disclosure.reassessment_set", version=1):
    """The day by which what is withheld is looked at again (定期评估), by a row's period or by the office's word."""

    entry_id: UUID
    due: Counted
    set_by: Key | None = None


class Reassessed(Event, name="disclosure.reassessed", version=1):
    """What was withheld or given on request only was looked at again, and stays so on a ground, or is opened (评估).

    Opened, it has the needs, channels and day of a document that is open from now on.
    """

    entry_id: UUID
    matter_id: UUID
    opened: bool
    ground: str | None = None
    note: Annotated[str, Field(min_length=1, max_length=2_000)]
    needs: tuple[Code, ...] = ()
    channels: tuple[Code, ...] = ()
    due: Counted | None = None
    next_due: Counted | None = None
    assessed_by: Key


class ReassessmentOverdue(Event, name="disclosure.reassessment_overdue", version=1):
    """The day for looking again at what is withheld passed."""

    entry_id: UUID
    matter_id: UUID
    due: Counted


EntryEvent = (
    EntryPrepared
    | EntryNumbered
    | SecrecyReviewed
    | InterpretationAttached
    | NeedMet
    | Published
    | PublicationOverdue
    | EntryDescribed
    | TextLaidOpen
    | ValidityDeclared
    | EntryLinked
    | EntryWithdrawn
    | ReassessmentSet
    | Reassessed
    | ReassessmentOverdue
)


Opinion = Annotated[str, Field(min_length=1, max_length=2_000)]
Channel = Literal["in_person", "oral", "registered_mail", "ordinary_mail", "fax", "online"]
ApplicantKind = Literal["citizen", "company", "research_body", "social_organisation", "legal_service", "other"]
AnswerKind = Literal[
    "already_public",
    "granted",
    "granted_in_part",
    "withheld",
    "not_held",
    "elsewhere",
    "repeated",
    "special_register",
    "needs_processing",
    "petition",
    "publication",
    "still_unclear",
    "excessive",
    "reissue",
    "fee_unpaid",
    "settled_otherwise",
]


class RequestReceived(Event, name="disclosure.request_received", version=1):
    """Somebody asked for information (收到依申请公开), and the day from which time runs (受理起算).

    ``reached_at`` is when it came by its ``channel``; ``starts_at`` when it counts as received: handed in, signed for,
    or confirmed with whoever asked. ``correction_due`` is the last day to ask for a correction, ``answer_due`` that of
    the answer; None where no rule has a number.
    """

    request_id: UUID
    matter_id: UUID
    applicant: Name
    applicant_kind: ApplicantKind
    contact: Opinion
    wanted: Opinion
    form_wanted: Name | None = None
    channel: Channel
    reached_at: AwareDatetime
    starts_at: AwareDatetime
    received_by: Key
    correction_due: Counted | None = None
    answer_due: Counted | None = None


class RequestNumberAssigned(Event, name="disclosure.request_number_assigned", version=1):
    """The register of a year gave the next number to a request (登记号)."""

    year: int
    seq: Annotated[int, Field(ge=1)]
    number: Name
    request_id: UUID


class RequestNumbered(Event, name="disclosure.request_numbered", version=1):
    """The request carries its number."""

    request_id: UUID
    number: Name


class AnswerDaySet(Event, name="disclosure.answer_day_set", version=1):
    """Where the rules are silent, the office set the day of the answer (自定答复日期)."""

    request_id: UUID
    due: Counted
    set_by: Key


class CorrectionAsked(Event, name="disclosure.correction_asked", version=1):
    """The one notice of what is unclear, and the day by which it is to be corrected (补正通知)."""

    request_id: UUID
    missing: Opinion
    due: Counted
    asked_by: Key


class RequestCorrected(Event, name="disclosure.request_corrected", version=1):
    """The request was corrected (补正); the time of the answer runs from its beginning."""

    request_id: UUID
    wanted: Opinion
    corrected_at: AwareDatetime
    answer_due: Counted | None = None


class RequestLapsed(Event, name="disclosure.request_lapsed", version=1):
    """The day of the correction passed without one: the request counts as given up (视为放弃)."""

    request_id: UUID
    matter_id: UUID
    due: Counted


class OpinionAsked(Event, name="disclosure.opinion_asked", version=1):
    """A third party or another maker of the information was asked (征求意见); ``deemed`` says that silence consents."""

    request_id: UUID
    opinion_id: UUID
    role: Literal["third_party", "co_maker"]
    whom: Name
    asked_at: AwareDatetime
    asked_by: Key
    due: Counted | None = None
    deemed: bool = False


class OpinionHeard(Event, name="disclosure.opinion_heard", version=1):
    """Whoever was asked agreed, or did not, with reasons."""

    request_id: UUID
    opinion_id: UUID
    agrees: bool
    note: Opinion | None = None
    heard_by: Key


class OpinionSilent(Event, name="disclosure.opinion_silent", version=1):
    """The day passed and nothing came: consent where the rules say so, else the authority decides (逾期未答)."""

    request_id: UUID
    opinion_id: UUID
    consents: bool
    due: Counted


class AnswerClockSuspended(Event, name="disclosure.answer_clock_suspended", version=1):
    """The clock of the answer stands still from a day on (中止), while others are asked or a correction is awaited."""

    request_id: UUID
    cause: Literal["opinion", "correction"]
    was: Counted
    now: Counted


class AnswerClockResumed(Event, name="disclosure.answer_clock_resumed", version=1):
    """The clock of the answer goes on (恢复)."""

    request_id: UUID
    was: Counted
    now: Counted


class AnswerExtended(Event, name="disclosure.answer_extended", version=1):
    """The day of the answer was put off in time, with approval, and whoever asked is told (延期答复)."""

    request_id: UUID
    reason: Opinion
    approved_by: Key
    was: Counted
    now: Counted


class RequestAnswered(Event, name="disclosure.request_answered", version=2):
    """The answer (答复), one of the closed list of kinds, with what that kind has to say."""

    request_id: UUID
    matter_id: UUID
    kind: AnswerKind
    text: Opinion
    ground: Code | None = None
    public_interest: Opinion | None = None
    late: bool
    answered_at: AwareDatetime
    answered_by: Key


@upcast(RequestAnswered, from_version=1)
def fewer_kinds_of_answer(old: Json) -> Json:
    """v1 knew eleven kinds; all of them are still there."""
    return old


class AnswerOverdue(Event, name="disclosure.answer_overdue", version=1):
    """The day of the answer passed."""

    request_id: UUID
    matter_id: UUID
    due: Counted


RequestEvent = (
    RequestReceived
    | RequestNumbered
    | AnswerDaySet
    | CorrectionAsked
    | RequestCorrected
    | RequestLapsed
    | OpinionAsked
    | OpinionHeard
    | OpinionSilent
    | AnswerClockSuspended
    | AnswerClockResumed
    | AnswerExtended
    | RequestAnswered
    | AnswerOverdue
)
