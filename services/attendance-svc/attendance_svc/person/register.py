"""Register a person, with posts, portfolio and pairings where they come along (登记人员)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attendance_svc.keepers import keeper
from attendance_svc.person.state import Person, PersonEvent
from chancery.events.attendance import AppointmentMade, AssistantPaired, PersonRegistered, PortfolioAssigned
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Register:
    """``appointments`` and the rest are events to come, made from what was sent. ``by`` None: a system that may."""

    by: PersonId | None
    person_id: str
    name: str
    name_en: str | None = None
    appointments: tuple[AppointmentMade, ...] = ()
    portfolios: tuple[PortfolioAssigned, ...] = ()
    pairings: tuple[AssistantPaired, ...] = ()


def register(command: Register, person: Person, rules: Rules) -> Sequence[Told[PersonEvent]]:
    """Enter the person and what is new about him; what is known already is not told again.

    Raises:
        Refused: a post, unit or seat that cannot be given, every one at once.
    """
    keeper(rules, command.by)
    reasons = [reason for made in command.appointments for reason in seat_taken(rules, made)]
    if reasons:
        raise Refused(*reasons)
    told: list[Told[PersonEvent]] = []
    if person.name != command.name:
        told.append(Told(PersonRegistered(person_id=command.person_id, name=command.name, name_en=command.name_en)))
    told += [Told(made) for made in command.appointments if person.sits(made.post, made.unit, made.starts_on) is None]
    told += [Told(given) for given in command.portfolios if given not in person.portfolios]
    told += [Told(pair) for pair in command.pairings if pair not in person.pairings]
    return told


def seat_taken(rules: Rules, made: AppointmentMade) -> list[Reason]:
    """What stands in the way of an appointment: an unknown post, or a seat of one that another holds."""
    term = rules.pack.term("posts", made.post)
    if term is None:
        return [Reason("unknown_post", params={"post": made.post}, subject=made.person_id)]
    if made.unit is not None and made.unit not in rules.roster.units and rules.pack.term("units", made.unit) is None:
        return [Reason("unknown_unit", params={"unit": made.unit}, subject=made.person_id)]
    if term.seats != "one":
        return []
    last = made.until or date.max
    for held in rules.roster.appointments:
        same = held.post == made.post and held.unit == made.unit and held.person != made.person_id
        if same and held.starts_on <= last and made.starts_on <= (held.until or date.max):
            names = {"post": rules.titled(made.post), "who": rules.roster.name(held.person)}
            return [Reason("seat_taken", params=names, subject=made.person_id)]
    return []
