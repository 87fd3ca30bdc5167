"""What a table of cells cannot hold: named predicates of a closed registry, each with typed parameters. Pure.

A predicate looks at what is known of a case and answers one of four things: it holds, it fails, it is still open (what
it wants may yet come, or somebody has to answer the question), or nothing is known here by which to judge it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from chancery.calendar import Calendar
from chancery.rules.grammar import Closed, Selector, Word, Words


class Verdict(StrEnum):
    """``OPEN`` is not yet; ``UNKNOWN`` is nothing to judge by, which never stands in anybody's way."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"
    UNKNOWN = "unknown"


# -- parameters ------------------------------------------------------------


class Params(Closed):
    """No parameters."""


class MaxAddressees(Params):
    max: Annotated[int, Field(ge=1)]


class NotWhere(Params):
    """``unless``: exceptions that, claimed and proved, let it pass."""

    unless: Words = ()


class ReasonPresent(Params):
    """``unless_attribute``: the ways of disclosure that need no reason."""

    unless_attribute: Words = ()


class ApprovedByHead(Params):
    """``evidence`` that counts as the approval, beside a step the head took himself."""

    evidence: Words = ()


class SecrecyChannel(Params):
    """What carries one of ``features`` goes by one of ``channels``."""

    features: Words = ()
    channels: Words = ()


class PeriodCap(Params):
    counts: Word
    max: Annotated[float, Field(ge=0)]
    period: Literal["month", "quarter", "half_year", "year"]
    per: Literal["unit", "person", "body", "government"] = "unit"


class QuorumOf(Params):
    test: Literal["more_than", "at_least"]
    fraction: Annotated[float, Field(gt=0, le=1)]


class PresenceOf(Params):
    who: Selector


class EvidencePresent(Params):
    any_of: Words = ()
    all_of: Words = ()

    @model_validator(mode="after")
    def wants_something(self) -> "EvidencePresent":
        if not self.any_of and not self.all_of:
            raise ValueError("evidence_present wants any_of or all_of")
        return self


class FormatComplete(Params):
    fields: Words = Field(min_length=1)


class IssuerAllowed(Params):
    """``list`` is a setting of the pack that holds the words allowed; while nobody set it, nothing is judged."""

    list: Word
    of: Literal["issuer", "kind", "lead_unit"] = "issuer"


# -- what is known ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a case. None, and a question nobody answered, say that it is not known.

    ``answers`` are recorded answers to questions that need a person's judgement, by the predicate's name; ``claimed``
    exceptions claimed and proved; ``levels_up`` how many levels above this government the highest addressee stands;
    ``fields`` what of the form is there, ``fields_seen`` what of it the house can see by itself; ``counted`` how many
    there are already in the period; ``allowed`` the lists of the pack's settings.
    """

    addressees: tuple[str, ...] | None = None
    to_persons: tuple[str, ...] | None = None
    levels_up: int | None = None
    attribute: str | None = None
    ground: str | None = None
    issuer: str | None = None
    kind: str | None = None
    lead_unit: str | None = None
    features: frozenset[str] = frozenset()
    channel: str | None = None
    evidence: frozenset[str] | None = None
    head_approved: bool | None = None
    fields: frozenset[str] = frozenset()
    fields_seen: frozenset[str] = frozenset()
    answers: Mapping[str, bool] = field(default_factory=dict[str, bool])
    claimed: frozenset[str] = frozenset()
    allowed: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    counted: Mapping[str, float] = field(default_factory=dict[str, float])
    members: int | None = None
    present: int | None = None
    is_present: Callable[[Selector], bool] | None = None
    live_duplicates: int | None = None
    days: tuple[date, ...] = ()
    calendar: Calendar | None = None


# -- the predicates ------------------------------------------------------------


def _said(found: bool | None) -> Verdict:
    """A fact the house knows by itself."""
    return Verdict.UNKNOWN if found is None else Verdict.HOLDS if found else Verdict.FAILS


def _answered(name: str, known: Known) -> Verdict:
    """A question of judgement: as somebody answered it, open until then."""
    answer = known.answers.get(name)
    return Verdict.OPEN if answer is None else Verdict.HOLDS if answer else Verdict.FAILS


def _yet(found: bool) -> Verdict:
    """Something that may still come."""
    return Verdict.HOLDS if found else Verdict.OPEN


def max_addressees(params: MaxAddressees, known: Known) -> Verdict:
    return _said(None if known.addressees is None else len(set(known.addressees)) <= params.max)


def single_matter(params: Params, known: Known) -> Verdict:
    del params
    return _answered("single_matter", known)


def no_embedded_request(params: Params, known: Known) -> Verdict:
    del params
    return _answered("no_embedded_request", known)


def not_to_person(params: NotWhere, known: Known) -> Verdict:
    if known.to_persons is None:
        return Verdict.UNKNOWN
    return _said(not known.to_persons or not known.claimed.isdisjoint(params.unless))


def level_not_skipped(params: NotWhere, known: Known) -> Verdict:
    """Where the addressees' levels are not known, somebody says whether one was passed over."""
    if not known.claimed.isdisjoint(params.unless):
        return Verdict.HOLDS
    if known.levels_up is None:
        return _answered("level_not_skipped", known)
    return _said(known.levels_up <= 1)


def attribute_present(params: Params, known: Known) -> Verdict:
    del params
    return _yet(known.attribute is not None)


def reason_present(params: ReasonPresent, known: Known) -> Verdict:
    """Nothing to give a reason for before an attribute is proposed."""
    if known.attribute is None:
        return Verdict.UNKNOWN
    return _yet(known.attribute in params.unless_attribute or bool((known.ground or "").strip()))


def approved_by_head(params: ApprovedByHead, known: Known) -> Verdict:
    if known.evidence is not None and not known.evidence.isdisjoint(params.evidence):
        return Verdict.HOLDS
    return Verdict.UNKNOWN if known.head_approved is None else _yet(known.head_approved)


def secrecy_channel(params: SecrecyChannel, known: Known) -> Verdict:
    """State secrets never come in here; what a pack counts among the confidential goes by the channels it names."""
    if known.features.isdisjoint(params.features):
        return Verdict.HOLDS
    if known.channel is None:
        return _answered("secrecy_channel", known)
    return _said(known.channel in params.channels)


def period_cap(params: PeriodCap, known: Known) -> Verdict:
    """Whether one more still keeps to the cap."""
    already = known.counted.get(params.counts)
    return _said(None if already is None else already + 1 <= params.max)


def quorum(params: QuorumOf, known: Known) -> Verdict:
    if known.members is None or known.present is None:
        return Verdict.UNKNOWN
    share = known.members * params.fraction
    return _said(known.present > share if params.test == "more_than" else known.present >= share)


def presence_of(params: PresenceOf, known: Known) -> Verdict:
    return _said(None if known.is_present is None else known.is_present(params.who))


def no_live_duplicate(params: Params, known: Known) -> Verdict:
    del params
    return _said(None if known.live_duplicates is None else known.live_duplicates == 0)


def calendar_known(params: Params, known: Known) -> Verdict:
    """Whether the holidays of every year concerned are announced."""
    del params
    calendar = known.calendar
    if calendar is None or not known.days:
        return Verdict.UNKNOWN
    return _yet(all(calendar.knows(day.year) for day in known.days))


def evidence_present(params: EvidencePresent, known: Known) -> Verdict:
    there = known.evidence
    if there is None:
        return Verdict.UNKNOWN
    return _yet(there.issuperset(params.all_of) and (not params.any_of or not there.isdisjoint(params.any_of)))


def format_complete(params: FormatComplete, known: Known) -> Verdict:
    """What the house sees is looked at; whether the rest is there somebody says."""
    wanted = frozenset(params.fields)
    if not (wanted & known.fields_seen) <= known.fields:
        return Verdict.OPEN
    return Verdict.HOLDS if wanted <= known.fields_seen else _answered("format_complete", known)


def issuer_allowed(params: IssuerAllowed, known: Known) -> Verdict:
    word = {"issuer": known.issuer, "kind": known.kind, "lead_unit": known.lead_unit}[params.of]
    allowed = known.allowed.get(params.list)
    return _said(None if word is None or allowed is None else word in allowed)


# -- the registry ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """One predicate: its parameters, the test, what people call it, and whether a person may have to answer it."""

    params: type[Params]
    test: Callable[[Any, Known], Verdict]
    zh: str
    en: str
    question: bool = False


REGISTRY: Final[Mapping[str, Named]] = {
    "max_addressees": Named(MaxAddressees, max_addressees, "主送机关数", "number of addressees"),
    "single_matter": Named(Params, single_matter, "一文一事", "one matter in one paper", question=True),
    "no_embedded_request": Named(
        Params, no_embedded_request, "不夹带请示事项", "no request within another paper", question=True
    ),
    "not_to_person": Named(NotWhere, not_to_person, "不直接报送个人", "not sent to a leader in person"),
    "level_not_skipped": Named(NotWhere, level_not_skipped, "不越级", "no level passed over", question=True),
    "attribute_present": Named(Params, attribute_present, "明确公开属性", "its disclosure attribute"),
    "reason_present": Named(ReasonPresent, reason_present, "说明不公开理由", "the reason why it is not published"),
    "approved_by_head": Named(ApprovedByHead, approved_by_head, "主要负责人审定", "approval by the head of the unit"),
    "secrecy_channel": Named(SecrecyChannel, secrecy_channel, "按保密渠道传递", "a secure channel", question=True),
    "period_cap": Named(PeriodCap, period_cap, "期间数量限制", "a cap on how many in a period"),
    "quorum": Named(QuorumOf, quorum, "到会人数", "a quorum"),
    "presence_of": Named(PresenceOf, presence_of, "特定人员到会", "somebody's presence"),
    "no_live_duplicate": Named(Params, no_live_duplicate, "不重复", "no other one under way"),
    "calendar_known": Named(Params, calendar_known, "放假安排已公布", "holidays announced"),
    "evidence_present": Named(EvidencePresent, evidence_present, "应附材料", "what has to be with it"),
    "format_complete": Named(FormatComplete, format_complete, "格式完整", "a complete form", question=True),
    "issuer_allowed": Named(IssuerAllowed, issuer_allowed, "制发主体或文种", "who may issue it, and in which kind"),
}
"""Every predicate there is. A pack that names another one does not load."""
Predicates = Literal[
    "max_addressees", "single_matter", "no_embedded_request", "not_to_person", "level_not_skipped",
    "attribute_present", "reason_present", "approved_by_head", "secrecy_channel", "period_cap", "quorum",
    "presence_of", "no_live_duplicate", "calendar_known", "evidence_present", "format_complete", "issuer_allowed",
]  # fmt: skip


def judged(check: str, params: Params, known: Known) -> Verdict:
    """What a predicate says of a case."""
    return REGISTRY[check].test(params, known)
