"""Say what a leader is in charge of (分工)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.keepers import keeper
from attendance_svc.person.state import Person, PersonEvent
from chancery.events.attendance import PortfolioAssigned
from chancery.names import PersonId
from chancery.refusal import not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class AssignPortfolio:
    by: PersonId | None
    given: PortfolioAssigned


def assign_portfolio(command: AssignPortfolio, person: Person, rules: Rules) -> Sequence[Told[PersonEvent]]:
    """It replaces the earlier portfolio from its day on; the earlier one stays answerable for its time."""
    if person.name is None:
        raise not_found("person")
    keeper(rules, command.by)
    return [] if command.given in person.portfolios else [Told(command.given)]
