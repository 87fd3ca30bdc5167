"""Open a duty to publish (公开立项): on a decision of minutes, on a result that is there, or on a unit's own word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chancery.events.openness import DutyEvent, DutyOpened, DutySource, ResultAwaited
from chancery.events.parts import Decision
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.duty.asking import (
    DECISION,
    Facts,
    by_when,
    elements_of,
    of_a_decision,
    of_a_thing,
    wanted,
)
from disclosure_svc.duty.state import Duty, Stage
from disclosure_svc.entry.handling import of_office

FOUNDS = frozenset({"adopted", "adopted_in_principle", "adopted_amended"})
"""Outcomes by which a matter was decided."""


@dataclass(frozen=True, slots=True)
class OpenOnDecision:
    """``decision`` as the issued minutes carry it; ``reference`` is what the minutes are called."""

    minutes_id: UUID
    body: str
    reference: str
    decision: Decision
    at: datetime


@dataclass(frozen=True, slots=True)
class AwaitResult:
    """A task was opened from a source whose results the rules may want public."""

    matter_id: UUID
    task_id: UUID
    source: str
    title: str
    unit: str | None
    features: tuple[str, ...]
    major: bool | None


@dataclass(frozen=True, slots=True)
class OpenOnResult:
    """The task was closed; ``note`` is what it was closed with."""

    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenByHand:
    """What a unit has that the rules want public; ``elements`` is what its kind consists of, by the rules' words."""

    by: PersonId
    at: datetime
    matter_id: UUID
    what: str
    title: str
    unit: str
    text: str | None = None
    kind: str | None = None
    features: tuple[str, ...] = ()
    major: bool | None = None
    elements: Mapping[str, str] | None = None
    reference: str | None = None


def open_on_decision(command: OpenOnDecision, duty: Duty, rules: Rules) -> Sequence[Told[DutyEvent]]:
    """What was not decided, or what no row makes public, opens nothing."""
    decision = command.decision
    if duty.stage is not Stage.NOT_SEEN or decision.outcome not in FOUNDS:
        return []
    facts = Facts(DECISION, decision.kind, decision.features, decision.major, command.body)
    ruling = of_a_decision(facts, rules)
    if not ruling.regulated:
        return []
    needs, channels = wanted(facts, ruling, rules)
    opened = DutyOpened(
        duty_id=duty.id,
        matter_id=decision.matter_id,
        what=DECISION,
        title=decision.title,
        unit=decision.lead,
        text=decision.text or None,
        kind=decision.kind,
        features=decision.features,
        major=decision.major,
        decided_by=command.body,
        source=DutySource(minutes_id=command.minutes_id, decision_no=decision.no, reference=command.reference),
        needs=needs,
        channels=channels,
        due=by_when(ruling, rules),
        opened_at=command.at,
    )
    return [Told(opened, (ruling,))]


def await_result(command: AwaitResult, duty: Duty, rules: Rules) -> Sequence[Told[DutyEvent]]:
    """Noted only where a row speaks of results of that source."""
    if duty.stage is not Stage.NOT_SEEN:
        return []
    ruling = of_a_thing(Facts(command.source, None, command.features, command.major), rules)
    if not ruling.regulated:
        return []
    awaited = ResultAwaited(
        duty_id=duty.id,
        matter_id=command.matter_id,
        what=command.source,
        title=command.title,
        unit=command.unit,
        features=command.features,
        major=command.major,
        task_id=command.task_id,
    )
    return [Told(awaited, (ruling,))]


def open_on_result(command: OpenOnResult, duty: Duty, rules: Rules) -> Sequence[Told[DutyEvent]]:
    """The result is there, and has to be public from now on."""
    awaited = duty.awaited
    if duty.stage is not Stage.AWAITED or awaited is None:
        return []
    facts = Facts(awaited.what, None, awaited.features, awaited.major)
    ruling = of_a_thing(facts, rules)
    if not ruling.regulated:
        return []
    needs, channels = wanted(facts, ruling, rules)
    opened = DutyOpened(
        duty_id=duty.id,
        matter_id=awaited.matter_id,
        what=awaited.what,
        title=awaited.title,
        unit=awaited.unit,
        text=command.note or None,
        features=awaited.features,
        major=awaited.major,
        source=DutySource(task_id=awaited.task_id),
        needs=needs,
        channels=channels,
        due=by_when(ruling, rules),
        opened_at=command.at,
    )
    return [Told(opened, (ruling,))]


def open_by_hand(command: OpenByHand, duty: Duty, rules: Rules) -> Sequence[Told[DutyEvent]]:
    """By the unit itself or the office, of something the rules name; what its form lacks is said and holds nothing up.

    Raises:
        Refused: opened already, or nothing the rules want public; (forbidden) another unit's.
    """
    if duty.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("duty_opened_already"))
    if not rules.works_in(command.by, command.unit) and not of_office(rules, command.by):
        unit = rules.titled(command.unit)
        raise Refused(Reason("not_of_office_or_lead", params={"unit": unit}), kind="forbidden")
    facts = Facts(command.what, command.kind, command.features, command.major)
    ruling = of_a_thing(facts, rules)
    if not ruling.regulated:
        raise Refused(Reason("nothing_to_publish", params={"what": rules.titled(command.what)}, subject="what"))
    needs, channels = wanted(facts, ruling, rules)
    elements = dict(command.elements or {})
    opened = DutyOpened(
        duty_id=duty.id,
        matter_id=command.matter_id,
        what=command.what,
        title=command.title,
        unit=command.unit,
        text=command.text,
        kind=command.kind,
        features=command.features,
        major=command.major,
        source=DutySource(reference=command.reference),
        needs=needs,
        channels=channels,
        elements=elements,
        lacking=tuple(field for field in elements_of(rules, command.kind) if not elements.get(field, "").strip()),
        due=by_when(ruling, rules),
        opened_at=command.at,
        opened_by=command.by,
    )
    return [Told(opened, (ruling,))]
