"""Give an item back to its unit with what is to be mended (退回)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import AgendaItemEvent, AgendaReturned
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.under_way import not_at_hand
from meeting_svc.clerks import clerk


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """``reasons`` are sentences for the unit: what is lacking, what to mend."""

    by: PersonId
    reasons: tuple[str, ...]


def return_item(command: ReturnItem, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """The office gives the item back; a mended one is submitted anew.

    Raises:
        Refused: the item is not there, closed or stands on a sitting's order of business; or not the office acts.
    """
    submitted, lacking = not_at_hand(item)
    if submitted is None or lacking:
        raise Refused(*lacking)
    office = clerk(rules, submitted.body, command.by)
    returned = AgendaReturned(item_id=item.id, reasons=command.reasons)
    return [Told(returned, (office.ruling,), office.standing)]
