"""Say what a leader is in charge of (分工)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.keepers import keeper
from attendance_svc.person.state import Person, PersonEvent
from chancery.events.attendance import PortfolioAssigned
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class AssignPortfolio:
    by: PersonId | None
    given: PortfolioAssigned


def assign_portfolio(command: AssignPortfolio, person: Person, rules: Rules) -> Sequence[Told[PersonEvent]]:
    """It replaces the earlier portfolio from its day on; the earlier one stays answerable for its time.

    Raises:
        Refused: no such person, or units that nobody registered, every one at once.
    """
    if person.known is None:
        raise not_found("person")
    keeper(rules, command.by)
    unknown = [
        unit
        for unit in command.given.units
        if unit not in rules.roster.units and rules.pack.term("units", unit) is None
    ]
    if unknown:
        raise Refused(*(Reason("unknown_unit", params={"unit": unit}, subject="units") for unit in unknown))
    return [] if command.given in person.portfolios else [Told(command.given)]
