"""Appoint a person to a post (任职)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.keepers import keeper
from attendance_svc.person.register import seat_taken
from attendance_svc.person.state import Person, PersonEvent
from chancery.events.attendance import AppointmentMade
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Appoint:
    by: PersonId | None
    made: AppointmentMade


def appoint(command: Appoint, person: Person, rules: Rules) -> Sequence[Told[PersonEvent]]:
    """Give the post; a post of one seat is never held twice at once.

    Raises:
        Refused: unknown person, post or unit; the seat is taken, or held by this person already.
    """
    if person.name is None:
        raise not_found("person")
    keeper(rules, command.by)
    made = command.made
    reasons = seat_taken(rules, made)
    if person.sits(made.post, made.unit, made.starts_on) is not None:
        reasons.append(Reason("holds_it_already", params={"post": rules.titled(made.post)}))
    if reasons:
        raise Refused(*reasons)
    return [Told(made)]
