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
    """Enter the person, or a corrected name, and what is new; what is known already is not told again.

    Where the English name is not said and the name is the same, the one that is known stays.
    """
    keeper(rules, command.by)
    told: list[Told[PersonEvent]] = []
    if command.name is not None:
        same = person.known is not None and person.known.name == command.name
        kept = person.known.name_en if same and person.known is not None else None
        registered = PersonRegistered(person_id=command.person_id, name=command.name, name_en=command.name_en or kept)
        told += [] if person.known == registered else [Told(registered)]
    elif person.known is None:
        raise not_found("person")
    told += [Told(given) for given in command.portfolios if not any(_same(given, held) for held in person.portfolios)]
    told += [Told(pair) for pair in command.pairings if pair not in person.pairings]
    return told


def _same(given: PortfolioAssigned, held: PortfolioAssigned) -> bool:
    """The same units and subjects from the same day, in whatever order."""
    return (
        given.starts_on == held.starts_on
        and set(given.units) == set(held.units)
        and set(given.subjects) == set(held.subjects)
    )
