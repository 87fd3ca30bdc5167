"""Who holds or held a seat."""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import AppointmentCorrected, AppointmentEnded, AppointmentMade
from chancery.service import stream_of
from chancery.thing import Thing

SeatEvent = AppointmentMade | AppointmentEnded | AppointmentCorrected


@dataclass(frozen=True, slots=True)
class Term:
    """A person's time in the seat; ``until`` is the last day, None while it runs."""

    person: str
    starts_on: date
    until: date | None

    def meets(self, starts_on: date, until: date | None) -> bool:
        """Whether the two times have a day in common."""
        return self.starts_on <= (until or date.max) and starts_on <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class Seat:
    id: UUID
    terms: tuple[Term, ...] = ()

    def of(self, person: str, on: date) -> Term | None:
        """The person's term on a day."""
        return next((term for term in self.terms if term.person == person and term.meets(on, on)), None)


def evolve(seat: Seat, event: SeatEvent) -> Seat:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case AppointmentMade():
            return replace(seat, terms=(*seat.terms, Term(event.person_id, event.starts_on, event.until)))
        case AppointmentEnded():
            return replace(seat, terms=tuple(_ended(term, event) for term in seat.terms))
        case AppointmentCorrected():
            corrected = (_corrected(term, event) for term in seat.terms)
            return replace(seat, terms=tuple(term for term in corrected if term is not None))
        case _:
            assert_never(event)


def _corrected(term: Term, event: AppointmentCorrected) -> Term | None:
    if (term.person, term.starts_on) != (event.person_id, event.starts_on):
        return term
    return None if event.now_starts_on is None else replace(term, starts_on=event.now_starts_on, until=event.now_until)


def _ended(term: Term, event: AppointmentEnded) -> Term:
    if term.person != event.person_id or not term.meets(event.ended_on, event.ended_on):
        return term
    return replace(term, until=event.ended_on)


SEAT: Thing[Seat, SeatEvent] = Thing("seat", Seat, evolve, (AppointmentMade, AppointmentEnded, AppointmentCorrected))


def seat_of(tenant: str, post: str, unit: str | None) -> UUID:
    """The stream of a seat. All that is said of one seat is said there, so two cannot be given it at once."""
    return stream_of(tenant, "seat", f"{post}/{unit or ''}")
