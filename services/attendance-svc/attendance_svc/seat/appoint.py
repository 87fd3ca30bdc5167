"""Appoint somebody to a post (任职)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attendance_svc.keepers import keeper
from attendance_svc.seat.state import Seat, SeatEvent, Term, evolve
from chancery.events.attendance import AppointmentEnded, AppointmentMade
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Appoint:
    """One appointment to the seat, or several of a file. ``by`` None: a system that may.

    ``known`` says what becomes of a term that is there already: ``refuse``, or ``skip`` where a file is loaded again
    and tells only what it knows of its end.
    """

    by: PersonId | None
    made: tuple[AppointmentMade, ...]
    known: str = "refuse"


def appoint(command: Appoint, seat: Seat, rules: Rules) -> Sequence[Told[SeatEvent]]:
    """Give the post; a post of one seat is never held by two on one day.

    Raises:
        Refused: unknown person, post or unit; the seat is taken, or held by this person already; every one at once.
    """
    keeper(rules, command.by)
    told: list[Told[SeatEvent]] = []
    reasons: list[Reason] = []
    for made in command.made:
        in_the_way = _unknown(rules, made) or _taken(rules, seat, made)
        held = next((t for t in seat.terms if t.person == made.person_id and t.meets(made.starts_on, made.until)), None)
        if held is not None and not in_the_way:
            if command.known == "skip" and held.starts_on == made.starts_on:
                news = _ended_by_now(held, made)
            else:
                reasons.append(
                    Reason("holds_it_already", params={"post": rules.titled(made.post)}, subject=held.person)
                )
                continue
        else:
            reasons += in_the_way
            news = [made]
        for event in news:
            told.append(Told(event))
            seat = evolve(seat, event)
    if reasons:
        raise Refused(*reasons)
    return told


def _ended_by_now(held: Term, made: AppointmentMade) -> Sequence[SeatEvent]:
    """A term known already, of which the file now knows the last day."""
    if made.until is None or made.until >= (held.until or date.max):
        return []
    return [AppointmentEnded(person_id=made.person_id, post=made.post, unit=made.unit, ended_on=made.until)]


def _unknown(rules: Rules, made: AppointmentMade) -> list[Reason]:
    found: list[Reason] = []
    if made.person_id not in rules.roster.persons:
        found.append(Reason("unknown_person", params={"person": made.person_id}, subject=made.person_id))
    if rules.pack.term("posts", made.post) is None:
        found.append(Reason("unknown_post", params={"post": made.post}, subject=made.person_id))
    if made.unit is not None and made.unit not in rules.roster.units and rules.pack.term("units", made.unit) is None:
        found.append(Reason("unknown_unit", params={"unit": made.unit}, subject=made.person_id))
    return found


def _taken(rules: Rules, seat: Seat, made: AppointmentMade) -> list[Reason]:
    term = rules.pack.term("posts", made.post)
    if term is None or term.seats != "one":
        return []
    holder = next(
        (one.person for one in seat.terms if one.person != made.person_id and one.meets(made.starts_on, made.until)),
        None,
    )
    if holder is None:
        return []
    names = {"post": rules.titled(made.post), "who": rules.roster.name(holder)}
    return [Reason("seat_taken", params=names, subject=made.person_id)]
