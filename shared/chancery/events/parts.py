"""Values that events of several services carry."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Part
from chancery.names import Capacity

Name = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]
"""An id of the pack's own vocabulary: a post, a unit, a body, a kind, a feature, an evidence name."""
Key = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
"""An id a tenant gives: a person, a unit."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PaperRef(Part):
    """One file that lies with a matter: what it is, and the hash by which it is found and proved.

    ``kind`` is the pack's word for the paper (``declaration``, ``draft``); ``size`` in bytes.
    """

    kind: Code
    name: Name
    sha256: Sha256
    size: Annotated[int, Field(ge=0)]
    media_type: str


class Evidence(Part):
    """Something on file that a gate may ask for.

    ``evidence`` is its name in the pack's vocabulary (``legality_review``), ``by`` the unit that gave it, ``of``
    the unit or body it concerns, ``attrs`` what it says in fixed words (``{"result": "passed"}``). ``deemed`` is
    true where silence counted as consent. ``reference`` is the number or title under which it can be found.
    """

    evidence: Code
    by: Key | None = None
    of: Key | None = None
    given_on: date
    attrs: dict[Code, Code] = Field(default_factory=dict[str, str])
    deemed: bool = False
    reference: str | None = None


class Proof(Part):
    """What shows that something reached, or came from, a body outside: its number or title, and the copy's hash."""

    reference: Annotated[str, Field(min_length=1, max_length=300)]
    sha256: Sha256 | None = None


class StepDone(Part):
    """One step of a route that was taken: what was done, by whom, through which post, in what right.

    ``step`` is the index of the step in the route as the pack gives it, counted from 0; ``alternative`` that of
    the branch taken. ``opinion`` is what was written, if anything. ``proof`` is there where a body outside was told or
    has answered; ``person`` is then whoever put it on file.
    """

    alternative: int = 0
    step: int
    do: Code
    person: Key
    post: Code | None = None
    capacity: Capacity
    acts_for: Key | None = None
    at: AwareDatetime
    opinion: str | None = None
    proof: Proof | None = None


class Dissent(Part):
    """Somebody present who did not agree, and what he had written down (保留意见)."""

    person: Key
    opinion: Annotated[str, Field(min_length=1, max_length=2_000)]


class Decision(Part):
    """What a sitting made of one item, as its minutes carry it to the units concerned.

    ``no`` counts the items of the sitting from 1. ``lead`` and ``cooperating`` are units; ``due_on`` is what the
    sitting itself set, or None. ``orders_document`` says that a document is to be issued on it. ``referred_to`` is
    where it was referred upward; ``dissent`` is what was recorded of those who did not agree. ``kept`` is there where
    the rules keep the content back: title, text and dissent tell none of it, and the hash proves what is kept apart.
    """

    no: int
    item_id: UUID
    matter_id: UUID
    title: Name
    kind: Code | None
    features: tuple[Code, ...] = ()
    major: bool = False
    outcome: Code
    text: str
    lead: Key | None = None
    cooperating: tuple[Key, ...] = ()
    due_on: date | None = None
    orders_document: Code | None = None
    referred_to: Name | None = None
    dissent: tuple[Dissent, ...] = ()
    kept: Sha256 | None = None


class Excuse(Part):
    """One thing that a row asks in principle, excused in one case by whoever may, with the reason (破例).

    ``table`` and ``row`` are the pack's, ``what`` the evidence, check, paper or lead time that need not be there,
    ``of`` the unit for which it was asked, None for the matter as a whole.
    """

    table: Code
    row: Annotated[str, Field(min_length=1, max_length=100)]
    what: Code
    of: Key | None = None
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]
    by: Key
    at: AwareDatetime


class Claim(Part):
    """An exception claimed for a case (例外情形): a word that rows name under ``unless``, and why it holds."""

    exception: Code
    reason: Annotated[str, Field(min_length=1, max_length=2_000)]
    by: Key
    at: AwareDatetime


class Answer(Part):
    """A question of judgement, answered by a person who stands for it: ``yes`` or not, with a note if there was one."""

    question: Code
    yes: bool
    note: Annotated[str, Field(max_length=2_000)] | None = None
    by: Key
    at: AwareDatetime


class CalledFor(Part):
    """A step that exists only where it is wanted was called for (视情启用): by its condition's word, or its act."""

    step: Code
    reason: Annotated[str, Field(max_length=2_000)] | None = None
    by: Key
    at: AwareDatetime


class Standstill(Part):
    """Days on which a clock stood still (中止): first and last day, Beijing dates; ``last_on`` None while it stands."""

    first_on: date
    last_on: date | None = None
    cause: Annotated[str, Field(min_length=1, max_length=500)]


class Counted(Part):
    """A moment by which something is due, with what is needed to count it again and to explain it.

    ``rule`` is the pack's row, ``name`` the clock's name. ``unit`` is one of the units of a span; ``n`` how many,
    ``roll`` and ``first_day`` as in the span. ``backward`` counts back from an event on the day of ``starts_at``.
    ``closing`` is the office's closing time, None for midnight. ``set_to`` is a day somebody set or agreed to, which
    no calendar moves; ``extended_from`` the day it was due before it was extended. ``provisional`` is true where the
    count reached into a year whose holidays were not announced yet.
    """

    name: Code
    rule: str
    clauses: tuple[str, ...]
    force: Code
    starts_at: AwareDatetime
    n: int
    unit: Code
    due_at: AwareDatetime
    due_on: date
    calendar_version: str
    provisional: bool = False
    roll: Literal["none", "forward", "back"] = "none"
    first_day: Literal["next", "same"] = "next"
    backward: bool = False
    closing: time | None = None
    stood: tuple[Standstill, ...] = ()
    set_to: date | None = None
    extended_from: date | None = None


def utc(moment: datetime) -> datetime:
    """The same moment in UTC, which is how events keep it."""
    return moment.astimezone(UTC)
