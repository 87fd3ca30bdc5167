"""Hold an item over to a later sitting (顺延): a fact, not a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import AgendaHeldOver, AgendaItemEvent
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.under_way import not_at_hand
from meeting_svc.clerks import clerk


@dataclass(frozen=True, slots=True)
class HoldOver:
    """``reason`` is a code: ``papers_late``, ``deferred``, or a word of the office's own."""

    by: PersonId
    reason: str


def hold_over(command: HoldOver, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """Take the item off the day it aimed at; its steps and its acceptance stay good.

    Raises:
        Refused: the item is not there, closed or stands on a sitting's order of business; or not the office acts.
    """
    submitted, lacking = not_at_hand(item)
    if submitted is None or lacking:
        raise Refused(*lacking)
    office = clerk(rules, submitted.body, command.by)
    held_over = AgendaHeldOver(item_id=item.id, from_sitting_on=item.sitting_on, reason=command.reason)
    return [Told(held_over, (office.ruling,), office.standing)]
