"""Government information: handed in, used, answered (政务信息报送、采用、反馈)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from chancery.envelope import Standing
from chancery.events.planning import (
    InformationAnswered,
    InformationEvent,
    InformationSubmitted,
    InformationUsed,
)
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.rules.tables import CAPS
from chancery.thing import Thing, Told

COUNTED = "government_information"
"""What rows of ``caps`` count where they speak of it."""


@dataclass(frozen=True, slots=True)
class Information:
    id: UUID
    submitted: InformationSubmitted | None = None
    used: tuple[str, ...] = ()
    answered: bool = False


def evolve(one: Information, event: InformationEvent) -> Information:
    match event:
        case InformationSubmitted():
            return replace(one, submitted=event)
        case InformationUsed():
            return replace(one, used=(*one.used, event.where))
        case InformationAnswered():
            return replace(one, answered=True)
        case _:
            assert_never(event)


INFORMATION: Thing[Information, InformationEvent] = Thing(
    "information", Information, evolve, (InformationSubmitted, InformationUsed, InformationAnswered)
)


@dataclass(frozen=True, slots=True)
class Submit:
    by: PersonId
    at: datetime
    unit: str
    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """``text`` is where it was used, or what its unit hears of it."""

    by: PersonId
    at: datetime
    text: str


def submit(command: Submit, one: Information, rules: Rules) -> Sequence[Told[InformationEvent]]:
    """By somebody of the unit. Rows that count it are cited.

    Raises:
        Refused: it is there already; (forbidden) another unit's.
    """
    if one.submitted is not None:
        raise Refused(Reason("information_there_already"))
    if command.unit not in rules.roster.units or not rules.works_in(command.by, command.unit):
        raise Refused(Reason("plan_of_another", params={"holder": rules.titled(command.unit)}), kind="forbidden")
    told = InformationSubmitted(
        information_id=one.id,
        unit=command.unit,
        kind=command.kind,
        title=command.title,
        text=command.text,
        submitted_by=command.by,
        submitted_at=command.at,
    )
    ruling = rules.ask(CAPS, what=COUNTED)
    under = (ruling,) if ruling.regulated else ()
    return [Told(told, under, rules.own_standing(command.by, command.unit))]


def use(command: Note, one: Information, rules: Rules) -> Sequence[Told[InformationEvent]]:
    """By another unit than the one that told it; as often as it is used."""
    submitted, standing = _others(command, one, rules)
    used = InformationUsed(
        information_id=one.id, unit=submitted.unit, where=command.text, used_by=command.by, used_at=command.at
    )
    return [Told(used, (), standing)]


def answer(command: Note, one: Information, rules: Rules) -> Sequence[Told[InformationEvent]]:
    """By another unit than the one that told it."""
    submitted, standing = _others(command, one, rules)
    answered = InformationAnswered(
        information_id=one.id,
        unit=submitted.unit,
        text=command.text,
        answered_by=command.by,
        answered_at=command.at,
    )
    return [Told(answered, (), standing)]


def _others(command: Note, one: Information, rules: Rules) -> tuple[InformationSubmitted, Standing]:
    if one.submitted is None:
        raise not_found("information")
    if rules.works_in(command.by, one.submitted.unit) or not rules.roster.held_by(command.by, rules.at):
        raise Refused(Reason("not_by_its_author"), kind="forbidden")
    return one.submitted, rules.own_standing(command.by)
