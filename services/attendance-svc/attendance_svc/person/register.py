"""Register a person, with portfolio and pairings where they come along (登记人员)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.keepers import keeper
from attendance_svc.person.state import Person, PersonEvent
from chancery.events.attendance import AssistantPaired, PersonRegistered, PortfolioAssigned
from chancery.names import PersonId
from chancery.refusal import not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Register:
    """``portfolios`` and ``pairings`` are events to come, made from what was sent.

    ``by`` None: a system that may. ``name`` None: somebody registered before, whose name stays.
    """

    by: PersonId | None
    person_id: str
    name: str | None
    name_en: str | None = None
    portfolios: tuple[PortfolioAssigned, ...] = ()
    pairings: tuple[AssistantPaired, ...] = ()


def register(command: Register, person: Person, rules: Rules) -> Sequence[Told[PersonEvent]]:
    """Enter the person, or a corrected name, and what is new; what is known already is not told again."""
    keeper(rules, command.by)
    told: list[Told[PersonEvent]] = []
    if command.name is not None:
        registered = PersonRegistered(person_id=command.person_id, name=command.name, name_en=command.name_en)
        told += [] if person.known == registered else [Told(registered)]
    elif person.known is None:
        raise not_found("person")
    told += [Told(given) for given in command.portfolios if given not in person.portfolios]
    told += [Told(pair) for pair in command.pairings if pair not in person.pairings]
    return told
