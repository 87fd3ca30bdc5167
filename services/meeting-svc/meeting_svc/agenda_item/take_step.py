"""Take a step of the item's way to the agenda: review, consent, approval (议题办理)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.meeting import AgendaItemEvent, AgendaStepTaken
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.under_way import not_at_hand
from meeting_svc.agenda_item.way import walk_of
from meeting_svc.routes import standing_of


@dataclass(frozen=True, slots=True)
class TakeStep:
    by: PersonId
    at: datetime
    opinion: str | None = None


def take_step(command: TakeStep, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """Whichever step the person's post may take now; the last one is ``accept``.

    Raises:
        Refused: the item is not at hand, nothing is left to do, the step is the last; (forbidden) not his turn.
    """
    submitted, lacking = not_at_hand(item)
    if submitted is None or lacking:
        raise Refused(*lacking)
    if item.accepted:
        raise Refused(Reason("item_accepted_already"))
    ruling, walk = walk_of(rules, item, submitted)
    if walk is None:
        raise Refused(Reason("final_say_is_accept"))
    taken = walk.before_the_last(command.by, command.opinion, last_is="final_say_is_accept")
    return [Told(AgendaStepTaken(item_id=item.id, taken=taken), (ruling,), standing_of(taken))]
