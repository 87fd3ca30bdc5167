"""Split an item that holds several matters (一事一议): each part gets a file and is submitted for itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import AgendaItemEvent, AgendaSplit, MatterFacts, SplitPart
from chancery.names import PersonId
from chancery.order import derived
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.under_way import not_at_hand
from meeting_svc.clerks import clerk
from meeting_svc.facts import unknown_words

LEAST = 2
"""An item is split into at least so many."""


@dataclass(frozen=True, slots=True)
class Split:
    by: PersonId
    parts: tuple[MatterFacts, ...]
    reason: str


def split(command: Split, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """By the office; the item is closed, and each part's file opens under an id that follows from the item's.

    Raises:
        Refused: the item is not there, closed or stands on a sitting's order of business, there are fewer than two
            parts, or a word or unit is not known; (forbidden) not the office.
    """
    submitted, lacking = not_at_hand(item)
    if submitted is None or lacking:
        raise Refused(*lacking)
    office = clerk(rules, submitted.body, command.by)
    reasons = [Reason("splits_into_several", subject="parts")] if len(command.parts) < LEAST else []
    for facts in command.parts:
        reasons += unknown_words(rules, "kinds", [facts.kind] if facts.kind else [], "parts")
        reasons += unknown_words(rules, "features", facts.features, "parts")
        reasons += [
            Reason("unknown_unit", params={"unit": unit}, subject="parts")
            for unit in dict.fromkeys((facts.lead_unit, *facts.units_involved))
            if unit not in rules.roster.units
        ]
    if reasons:
        raise Refused(*reasons)
    parts = tuple(
        SplitPart(matter_id=derived(item.id, "part", number), facts=facts)
        for number, facts in enumerate(command.parts, 1)
    )
    told = AgendaSplit(item_id=item.id, parts=parts, reason=command.reason, split_by=command.by)
    return [Told(told, (office.ruling,), office.standing)]
