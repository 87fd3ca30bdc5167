"""Appoint somebody to a post (任职)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.keepers import keeper
from attendance_svc.seat.state import Seat, SeatEvent, evolve
from chancery.events.attendance import AppointmentMade
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Appoint:
    """One appointment to the seat, or several of a file. ``by`` None: a system that may.

    ``known`` says what becomes of a term that is there already: ``refuse``, or ``skip`` where a file is loaded again.
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
        stands_in_the_way = _unknown(rules, made) or _taken(rules, seat, made)
        held = seat.of(made.person_id, made.starts_on)
        if held is not None and not stands_in_the_way:
            if command.known == "refuse":
                names = {"post": rules.titled(made.post)}
                reasons.append(Reason("holds_it_already", params=names, subject=made.person_id))
            continue
        reasons += stands_in_the_way
        told.append(Told(made))
        seat = evolve(seat, made)
    if reasons:
        raise Refused(*reasons)
    return told


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
