"""Every table of a pack, declared once: its facts, its hit policy, what a row orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, cast

from pydantic import Field, SerializeAsAny, ValidationInfo, field_validator, model_validator

from chancery.calendar import Span, Unit
from chancery.rules.grammar import Closed, Fact, Names, Route, Selector, Selectors, Step, Word, Words
from chancery.rules.predicates import REGISTRY, Params, Predicates

O_co = TypeVar("O_co", bound=Closed, covariant=True)
Hit = Literal["first", "collect", "unique", "by_name", "by_id"]


@dataclass(frozen=True, slots=True)
class Table(Generic[O_co]):
    """A table: ``first`` – row order is precedence; ``collect`` – all rows; ``unique`` – overlap is an error;
    ``by_name`` – within one ``name`` the first row wins, names run side by side; ``by_id`` – asked by the row's id.
    """

    name: str
    hit: Hit
    facts: Mapping[str, Fact]
    outcome: type[O_co]


def enum(words: str | tuple[str, ...] | None = None) -> Fact:
    return Fact("enum", words)


def many(words: str | tuple[str, ...] | None = None) -> Fact:
    return Fact("set", words)


BOOL: Final = Fact("bool")
NUMBER: Final = Fact("number")
MATTER: Final[Mapping[str, Fact]] = {
    "kind": enum("kinds"),
    "features": many("features"),
    "major": BOOL,
    "disagreement": BOOL,
    "money": NUMBER,
    "departments": NUMBER,
    "proposer": enum("proposers"),
}
DOCUMENT: Final[Mapping[str, Fact]] = {
    "kind": enum("kinds"),
    "features": many("features"),
    "to": many("addressees"),
    "in_name_of": enum("issuers"),
    "direction": enum(("upward", "downward", "level")),
    "portfolios": NUMBER,
    "decided_by": enum("bodies"),
    "joint_with": enum(None),
    "nature": enum(None),
    "urgency": enum(("none", "urgent", "specially_urgent")),
    "stage": enum(None),
    "major": BOOL,
}


class Bilingual(Closed):
    zh: str
    en: str


# -- bodies ------------------------------------------------------------


class Delegate(Closed):
    """Who else may preside, by whose mandate, and only while what."""

    to: Selector
    mandate_by: Selector | None = None
    only_while: Literal["acting", "mandate", "absent"] = "mandate"


class Quorum(Closed):
    """``more_than`` or ``at_least`` the fraction of the filled posts of the members."""

    of: Literal["filled_posts", "posts_less_leave"] = "filled_posts"
    test: Literal["more_than", "at_least"]
    fraction: Annotated[float, Field(gt=0, le=1)]


class Cadence(Closed):
    every: int = 1
    unit: Unit
    times: int = 1


class Attendee(Closed):
    who: Selector
    for_: Literal["whole", "own_item"] = Field(default="whole", alias="for")


class Papers(Closed):
    lead: Span
    unless: Words = ()


class Body(Closed):
    """A body of the government that meets (会议)."""

    title: Bilingual
    convener: Selectors = ()
    chair: Selectors
    chair_delegates: tuple[Delegate, ...] = ()
    acting_may_chair: bool = True
    members: Selectors = ()
    attendees: tuple[Attendee, ...] = ()
    invited: tuple[Attendee, ...] = ()
    observers: Selectors = ()
    quorum: Quorum | None = None
    cadence: Cadence | None = None
    decides: bool = True
    one_matter: bool = False
    ad_hoc: Literal["allowed", "refused"] = "allowed"
    defer_if_absent: Selector | None = None
    waiting: bool = False
    speaks_last: Selectors = ()
    companions: Literal["free", "with_permission", "refused"] = "free"
    papers: Papers | None = None
    organiser: Selector
    series: Literal["term", "year"] = "year"


BODIES: Final = Table("bodies", "by_id", {}, Body)


# -- meetings ------------------------------------------------------------


class Competent(Closed):
    """A body that may or must decide."""

    body: Word
    power: Literal["may", "must"] = "may"
    exclusive: bool = False
    chooser: Selector | None = None
    catch_all: bool = False


COMPETENCE: Final = Table("competence", "collect", MATTER, Competent)


class Agenda(Closed):
    """How an item reaches a body: who may propose, in what form, how early, by which route, whose last word."""

    proposers: Words = ()
    form: Word | None = None
    attachments: Words = ()
    checklist: Words = ()
    lead: Span | None = None
    on_late: Literal["next_session", "permit", "refuse"] | None = None
    permit: Selector | None = None
    route: Route | None = None


AGENDA: Final = Table("agenda", "first", {"body": enum("bodies"), **MATTER}, Agenda)


class Requirement(Closed):
    """One thing a gate wants on file. Several names: any one of them (``n`` of them).

    ``of_each`` asks it once per unit: those involved, towns or streets involved, or bodies named in ``of``.
    ``attrs`` are the words it must carry.
    """

    evidence: Words
    n: int = 1
    by: Selector | None = None
    of_each: Literal["units_involved", "departments_involved", "towns_or_streets_involved"] | None = None
    of: Words = ()
    attrs: dict[Word, Words] = Field(default_factory=dict[str, tuple[str, ...]])
    state: Word | None = None
    chaired_by: Selector | None = None
    deemed_counts: bool = True


class Gate(Closed):
    """What has to be on file before something goes on; everything missing is told at once."""

    require: tuple[Requirement, ...] = Field(min_length=1)
    on_missing: Literal["refuse", "return", "cannot_pass", "show"] = "refuse"


GATES: Final = Table(
    "gates",
    "collect",
    {
        "stage": enum(
            (
                "submission", "agenda", "meeting", "decision", "signature_review", "signature", "issue", "execution",
                "change", "dispatch", "publication", "release", "use",
            )
        ),
        "body": enum("bodies"),
        "in_name_of": enum("issuers"),
        **MATTER,
    },
    Gate,
)  # fmt: skip


class Minutes(Closed):
    """Who drafts the minutes, and the route to the signature; the last step signs."""

    obligatory: bool = True
    drafter: Selector
    route: Route
    consult: Selectors = ()


MINUTES: Final = Table("minutes", "first", {"body": enum("bodies"), "features": many("features")}, Minutes)


# -- documents ------------------------------------------------------------


class Signing(Closed):
    """The way of a document to its signature; the last step signs."""

    route: Route


SIGNING: Final = Table("signing", "first", DOCUMENT, Signing)


class Substitute(Closed):
    """A permission that widens who may take the last step of the signing route."""

    adds: Selector


SUBSTITUTES: Final = Table("substitutes", "collect", DOCUMENT, Substitute)


class Consultation(Closed):
    """Countersigning among units, what to do when they disagree, and whether silence is consent."""

    countersign: tuple[Step, ...] = ()
    on_disagreement: tuple[Step, ...] = ()
    requires: Words = ()
    deemed_consent: bool = False
    never_deemed: Words = ()


CONSULTATION: Final = Table("consultation", "first", {**DOCUMENT, "disagreement": BOOL}, Consultation)


class Circulation(Closed):
    """In which order a paper goes round among the leaders, and who may be asked first.

    ``readers`` are those it goes round among once the route is taken; in which order, the direction and the rank say.
    """

    direction: Literal["top_down", "bottom_up", "by_portfolio"]
    route: Route | None = None
    readers: Selectors = ()
    ranked_by: Literal["roster", "none"] = "roster"
    fast_track: Selector | None = None


CIRCULATION: Final = Table(
    "circulation", "first", {**DOCUMENT, "origin": enum("origins"), "source": enum(None)}, Circulation
)

EVENTS_STARTING: Final = (
    "meeting_ended", "minutes_issued", "minutes_signed", "consultation_sent", "message_received", "handed_over",
    "document_received", "document_issued", "document_signed", "absence_ended", "absence_starts", "task_assigned",
    "information_created", "request_received", "incident_known", "assigned", "inspection_concluded", "decision_made",
    "published", "draft_published", "quarter_began", "year_began", "half_year_began", "month_began",
)  # fmt: skip


class Extension(Closed):
    """That a clock may be extended (延期): with whose consent, by how much of its unit at most, how often.

    ``agreed_with`` is a part in the case (whoever set the limit, watches over it, or gave the task); ``approved_by`` a
    post. Once the due moment has passed nothing is extended, unless ``before_due`` is false.
    """

    agreed_with: Literal["host", "supervisor", "giver"] | None = None
    approved_by: Selector | None = None
    before_due: bool = True
    at_most: Annotated[int, Field(ge=1)] | None = None
    times: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def is_somebodys(self) -> "Extension":
        if self.agreed_with is None and self.approved_by is None:
            raise ValueError("nobody is named to agree to it: add agreed_with or approved_by")
        return self


class Clock(Closed):
    """A clock counting forward from an event. ``from_setting`` takes the number from a setting of the tenant."""

    name: Word
    starts: Literal[EVENTS_STARTING]  # pyright: ignore[reportInvalidTypeForm]
    n: Annotated[int, Field(ge=0)] | None = None
    unit: Unit | None = None
    roll: Literal["none", "forward", "back"] = "none"
    first_day: Literal["next", "same"] = "next"
    from_setting: Word | None = None
    set_by_host: Literal["overrides", "no"] = "no"
    extension: Extension | None = None
    earned_by: Word | None = None
    priority: int = 0
    on_due: Literal["refuse", "next_session", "overdue", "remind", "deem_consent", "none"] = "none"
    permit: Selector | None = None

    @model_validator(mode="after")
    def has_a_length(self) -> "Clock":
        if (self.n is None) != (self.unit is None):
            raise ValueError("n and unit go together: a number without unit says nothing")
        if self.n is None and self.from_setting is None:
            raise ValueError("a clock needs n and unit, or from_setting")
        return self

    @property
    def span(self) -> Span | None:
        if self.n is None or self.unit is None:
            return None
        return Span(n=self.n, unit=self.unit, roll=self.roll, first_day=self.first_day)


CLOCKS: Final = Table(
    "clocks",
    "by_name",
    {
        "body": enum("bodies"),
        "channel": enum("channels"),
        "simple": BOOL,
        "needs": enum(None),
        "explained": BOOL,
        "role": enum(None),
        "source": enum(None),
        **DOCUMENT,
    },
    Clock,
)


class Check(Closed):
    """A named predicate with typed parameters, and what follows when it does not hold."""

    check: Predicates
    params: SerializeAsAny[Params] = Params()
    on_fail: Literal["return", "refuse", "flag"]
    ground: Bilingual | None = None

    @field_validator("params", mode="before")
    @classmethod
    def of_the_predicate(cls, written: Any, info: ValidationInfo) -> Any:
        """The parameters are those of the predicate named; a predicate nobody knows is told once, at its own key."""
        named = REGISTRY.get(str(info.data.get("check")))
        return Params() if named is None else named.params.model_validate(written)

    @model_validator(mode="before")
    @classmethod
    def has_params(cls, written: Any) -> Any:
        """Parameters left out are none; what a predicate cannot do without is missed where it belongs."""
        if not isinstance(written, dict):
            return written
        row = cast("dict[str, Any]", written)
        return row if "params" in row else {**row, "params": {}}


CHECKS: Final = Table("checks", "collect", {**DOCUMENT, "from": enum(None), "disagreement": BOOL}, Check)


class Mark(Closed):
    """What a mark on a paper means, and what it completes."""

    means: Word
    completes: Word | None = None
    is_basis: bool = False


MARKS: Final = Table(
    "marks", "unique", {"mark": enum(None), "paper": enum(None), "opinion": BOOL, "submitted_as": enum(None)}, Mark
)


class Basis(Closed):
    """Whether something may found a follow-up."""

    valid: bool
    instead: Words = ()


BASIS: Final = Table(
    "basis", "unique", {"basis": enum(None), "published": BOOL, "kind": enum("kinds"), "issued": BOOL}, Basis
)


class Seal(Closed):
    """Which seal, after whose approval, where, and who keeps it."""

    seal: Word | None = None
    route: Route | None = None
    place: Word | None = None
    offsite: Route | None = None
    custody: Selector | None = None
    archive: bool = False
    register_fields: Words = ()


SEALS: Final = Table("seals", "first", {"seal": enum(None), "on": enum(None), "offsite": BOOL, **DOCUMENT}, Seal)


class Cap(Closed):
    """At most or at least so many of something in a period."""

    counts: Word
    max: float | None = None
    min: float | None = None
    relative_to: Literal["last_year", "absolute"] = "absolute"
    period: Literal["month", "quarter", "half_year", "year", "sitting", "document"]
    per: Literal["unit", "person", "body", "government", "document"] = "unit"
    permit: Selector | None = None
    on_exceed: Literal["refuse", "flag", "show"] = "flag"


CAPS: Final = Table("caps", "collect", {"what": enum(None), "by": enum(None), "kind": enum("kinds")}, Cap)


# -- attendance ------------------------------------------------------------


class Acting(Closed):
    """Who acts for an absent holder, on what mandate, for what, and what stays with the holder."""

    deputy: Selector
    mandate: Literal["required", "none"] = "required"
    scope: Words
    excludes: Names = ()
    ends: Literal["planned_end", "return_reported"] = "return_reported"
    mandate_may_include: Words = ()


ACTING: Final = Table(
    "acting",
    "collect",
    {"principal": enum("posts"), "away_from": enum(("post", "district", "city")), "cause": enum("causes")},
    Acting,
)


class Absence(Closed):
    """What a leave, a trip, an outing or staying away from a meeting needs: approval, a report, a filing, how early.

    ``requires`` is what is brought along, in the pack's words; ``reason`` among them is what every form asks for.
    ``not_while_away``: whoever goes and these people are not away at the same time.
    """

    mode: Literal["approve", "report", "file"]
    form: Literal["written", "oral", "any"] = "any"
    lead: Span | None = None
    on_late: Literal["refuse", "flag"] | None = None
    requires: Words = ()
    route: Route
    after: tuple[Step, ...] = ()
    notify: Selectors = ()
    not_while_away: Selectors = ()
    return_due: Span | None = None


ABSENCES: Final = Table(
    "absences",
    "first",
    {
        "who": many("posts"),
        "leaving": enum(("post", "district", "city", "country", "meeting")),
        "body": enum("bodies"),
        "cause": enum("causes"),
        "days": enum(("all_non_working", "some_working")),
        "urgent": BOOL,
        "organised_by_unit": BOOL,
        "length": NUMBER,
    },
    Absence,
)


class Engagement(Closed):
    """Invitations, speeches, articles, inscriptions, ceremonies: free, by a route, or refused."""

    answer: Literal["free", "route", "refuse"]
    route: Route | None = None
    lead: Span | None = None
    substitute: Literal["allowed", "refused"] = "allowed"
    requires: Words = ()


ENGAGEMENTS: Final = Table(
    "engagements",
    "first",
    {
        "act": enum(None), "who": many("posts"), "in_capacity": enum(("official", "personal")), "organiser": enum(None),
        "topic": enum(None), "arranged": BOOL, "consented": BOOL, "features": many("features"),
    },
    Engagement,
)  # fmt: skip


class MeetingRequest(Closed):
    """An area-wide meeting: whether it is held at all, who approves, how early, where, who may be summoned."""

    answer: Literal["route", "refuse"] = "route"
    route: Route | None = None
    evidence: Words = ()
    lead: Span | None = None
    venue: Word | None = None
    summon: Words = ()
    may_not_summon: Words = ()
    max_per_year: int | None = None
    requires: Words = ()


MEETING_REQUESTS: Final = Table(
    "meeting_requests",
    "collect",
    {"in_name_of": enum(None), "scope": enum(None), "summons": many(None), "organiser": enum(None), "kind": enum(None)},
    MeetingRequest,
)


class Release(Closed):
    """News and statements: who reviews and approves, where they appear, what must be there before."""

    route: Route
    channels: Words = ()
    requires: Words = ()


RELEASES: Final = Table(
    "releases", "first", {"about": enum(None), "speaker": many("posts"), "features": many("features")}, Release
)


# -- supervision and disclosure ------------------------------------------------------------


class TaskRule(Closed):
    """What turns into a task: who watches over it, who leads, what closes it, at which rhythm it reports."""

    supervisor: Selector | None = None
    lead: Literal["exactly", "normally"] = "exactly"
    responsible: Selector | None = None
    close_requires: Words = ()
    closes_on: Literal["document_issued", "published"] | None = None
    cadence: Cadence | None = None
    clock: Word | None = None
    stages: Words = ()


TASK_SOURCES: Final = Table(
    "task_sources",
    "collect",
    {
        "source": enum("task_sources"),
        "body": enum("bodies"),
        "outcome": enum(None),
        "orders_document": BOOL,
        **MATTER,
    },
    TaskRule,
)


class Loop(Closed):
    """The stages a task goes through, in order, and who does each."""

    stages: Words = Field(min_length=1)
    by: dict[Word, Selector] = Field(default_factory=dict[str, Selector])


LOOPS: Final = Table(
    "loops",
    "first",
    {"source": enum("task_sources"), "features": many("features"), "disagreement": BOOL},
    Loop,
)


class InspectionLimit(Closed):
    """What inspections may not do, and how long they stay away."""

    rule: Word
    window: Span | None = None
    permit: Selector | None = None
    on_breach: Literal["refuse", "flag"] = "refuse"


INSPECTION_LIMITS: Final = Table(
    "inspection_limits", "collect", {"form": enum(None), "by": enum(None)}, InspectionLimit
)


class PlanRule(Closed):
    """A recurring piece of work: what, how often, by whom, with which fields."""

    artefact: Word
    rhythm: Cadence
    drafted_by: Selector | None = None
    fields: Words = ()
    reports: Cadence | None = None


PLAN: Final = Table("plan", "collect", {"artefact": enum(None)}, PlanRule)


class Publication(Closed):
    """A duty to publish, or a ground to withhold; what must be there before, where it goes, by when, what it proves."""

    duty: Literal["publish", "on_request", "withhold", "interpret", "report"]
    needs: Words = ()
    channels: Words = ()
    deadline: Span | None = None
    grounds: Words = ()
    gives: Words = ()
    interpretation: Literal["with_draft", "with_signature", "with_publication"] | None = None


PUBLICATION: Final = Table(
    "publication",
    "collect",
    {
        "attribute": enum(("proactive", "on_request", "withheld")),
        "ground": enum("grounds"),
        "what": enum(None),
        **DOCUMENT,
    },
    Publication,
)


class OpinionCase(Closed):
    """How the government answers what the public is talking about."""

    clock: Word | None = None
    requires: Words = ()
    route: Route | None = None
    until: Word | None = None


OPINION_CASES: Final = Table("opinion_cases", "first", {"about": enum(None), "severity": enum(None)}, OpinionCase)


class Notice(Closed):
    """Who is told of something, and when."""

    to: Selectors
    on: Word
    colour: Word | None = None
    after: Span | None = None


NOTICES: Final = Table("notices", "collect", {"on": enum(None), "body": enum("bodies"), "kind": enum("kinds")}, Notice)


class Visibility(Closed):
    """Who sees all of a thing, a stub, or nothing, and until when."""

    sees: Literal["all", "stub", "nothing"]
    who: Selectors = ()
    until: Word | None = None


VISIBILITY: Final = Table(
    "visibility", "first", {"what": enum(None), "features": many("features"), "body": enum("bodies")}, Visibility
)


class Retention(Closed):
    """What is kept, how long, and where it goes."""

    keep: Span | None = None
    forever: bool = False
    archive_to: Selector | None = None


RETENTION: Final = Table("retention", "unique", {"what": enum(None)}, Retention)

TABLES: Final[Mapping[str, Table[Any]]] = {
    table.name: table
    for table in (
        BODIES, COMPETENCE, AGENDA, GATES, MINUTES, SIGNING, SUBSTITUTES, CONSULTATION, CIRCULATION, CLOCKS, CHECKS,
        MARKS, BASIS, SEALS, CAPS, ACTING, ABSENCES, ENGAGEMENTS, MEETING_REQUESTS, RELEASES, TASK_SOURCES, LOOPS,
        INSPECTION_LIMITS, PLAN, PUBLICATION, OPINION_CASES, NOTICES, VISIBILITY, RETENTION,
    )
}  # fmt: skip

VOCABULARIES: Final = ("posts", "units", "groups", "features", "kinds", "words")
"""Files of a pack that hold its own words. ``words`` holds the smaller lists: evidence, proposers, channels …"""
