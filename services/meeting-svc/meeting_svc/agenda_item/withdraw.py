"""Take an item back (撤回)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import AgendaItemEvent, AgendaWithdrawn
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.under_way import not_at_hand


@dataclass(frozen=True, slots=True)
class Withdraw:
    by: PersonId
    reason: str


def withdraw(command: Withdraw, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """By whoever put it forward, or another of the same unit, until a sitting is called on it.

    Raises:
        Refused: the item is not at hand; (forbidden) another unit's item.
    """
    submitted, lacking = not_at_hand(item)
    if submitted is None or lacking:
        raise Refused(*lacking)
    if command.by != submitted.submitted_by and not rules.works_in(command.by, submitted.for_unit):
        unit = rules.titled(submitted.for_unit)
        raise Refused(Reason("only_its_unit_withdraws", params={"unit": unit}), kind="forbidden")
    withdrawn = AgendaWithdrawn(item_id=item.id, reason=command.reason)
    return [Told(withdrawn, standing=rules.own_standing(command.by, None))]
