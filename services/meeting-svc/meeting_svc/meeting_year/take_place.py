"""Take one of a unit's places of a year for a meeting, and give it back: two asked at one moment never share one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chancery.events.meeting import MeetingPlaceFreed, MeetingPlaceTaken, MeetingYearEvent
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.meeting_year.state import MeetingYear
from meeting_svc.request.ask import Ask, ask
from meeting_svc.request.state import Request
from meeting_svc.request.way import caps_of


@dataclass(frozen=True, slots=True)
class TakePlace:
    """``asked`` is the whole request: a place is taken only where it may be made with the number there is."""

    request_id: UUID
    asked: Ask


def take_place(command: TakePlace, year: MeetingYear, rules: Rules) -> Sequence[Told[MeetingYearEvent]]:
    """Quiet where the request has its place already, so that a call that broke off is finished by its repeat.

    Raises:
        Refused: as the request itself would be.
    """
    if command.request_id in year.taken:
        return []
    asked = command.asked.asked
    ask(replace(command.asked, held=len(year.taken)), Request(command.request_id), rules)
    taken = MeetingPlaceTaken(
        unit=asked.unit, scope=asked.scope, year=asked.meets_on.year, request_id=command.request_id
    )
    caps = caps_of(rules, asked)
    return [Told(taken, (caps,) if caps.regulated else (), rules.own_standing(command.asked.by, asked.unit))]


@dataclass(frozen=True, slots=True)
class FreePlace:
    request_id: UUID


def free_place(command: FreePlace, year: MeetingYear, rules: Rules) -> Sequence[Told[MeetingYearEvent]]:
    """Once, however often it is told."""
    del rules
    if command.request_id not in year.taken:
        return []
    return [Told(MeetingPlaceFreed(request_id=command.request_id))]
