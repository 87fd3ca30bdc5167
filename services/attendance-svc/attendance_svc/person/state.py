"""What a decision about a person has to remember."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import (
    AppointmentEnded,
    AppointmentMade,
    AssistantPaired,
    PersonRegistered,
    PortfolioAssigned,
)
from chancery.thing import Thing

PersonEvent = PersonRegistered | AppointmentMade | AppointmentEnded | PortfolioAssigned | AssistantPaired


@dataclass(frozen=True, slots=True)
class Seat:
    """A post somebody holds; ``until`` is the last day, None while it runs."""

    post: str
    unit: str | None
    starts_on: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Person:
    """``name`` is None until the person is registered."""

    id: UUID
    name: str | None = None
    seats: tuple[Seat, ...] = ()
    portfolios: tuple[PortfolioAssigned, ...] = ()
    pairings: tuple[AssistantPaired, ...] = ()

    def sits(self, post: str, unit: str | None, on: date) -> Seat | None:
        return next(
            (
                s
                for s in self.seats
                if (s.post, s.unit) == (post, unit) and s.starts_on <= on and (s.until is None or on <= s.until)
            ),
            None,
        )


def evolve(person: Person, event: PersonEvent) -> Person:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case PersonRegistered():
            return replace(person, name=event.name)
        case AppointmentMade():
            seat = Seat(event.post, event.unit, event.starts_on, event.until)
            return replace(person, seats=(*person.seats, seat))
        case AppointmentEnded():
            return replace(person, seats=tuple(_ended(seat, event) for seat in person.seats))
        case PortfolioAssigned():
            return replace(person, portfolios=(*person.portfolios, event))
        case AssistantPaired():
            return replace(person, pairings=(*person.pairings, event))
        case _:
            assert_never(event)


def _ended(seat: Seat, event: AppointmentEnded) -> Seat:
    if (seat.post, seat.unit) != (event.post, event.unit) or seat.starts_on > event.ended_on:
        return seat
    return replace(seat, until=event.ended_on) if seat.until is None or seat.until > event.ended_on else seat


PERSON: Thing[Person, PersonEvent] = Thing(
    "person",
    Person,
    evolve,
    (PersonRegistered, AppointmentMade, AppointmentEnded, PortfolioAssigned, AssistantPaired),
)
