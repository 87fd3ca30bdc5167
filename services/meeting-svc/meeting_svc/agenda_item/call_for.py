"""Call for a step of the item's way that exists only where it is wanted (视情启用环节)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import AgendaItemEvent, AgendaStepCalledFor
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import calling
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.under_way import not_at_hand
from meeting_svc.agenda_item.way import walk_of


@dataclass(frozen=True, slots=True)
class CallFor:
    by: PersonId
    step: str
    reason: str | None = None


def call_for(command: CallFor, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """From then on the step must be taken before the item is accepted.

    Raises:
        Refused: the item is not at hand or accepted already, no such step waits; (forbidden) not his to call for.
    """
    submitted, lacking = not_at_hand(item)
    if submitted is None or lacking:
        raise Refused(*lacking)
    if item.accepted:
        raise Refused(Reason("item_accepted_already"))
    ruling, walk = walk_of(rules, item, submitted)
    if walk is None:
        raise Refused(Reason("no_step_to_call", params={"step": command.step, "known": "—"}, subject="step"))
    called, standing = calling(command.step, command.by, command.reason, walk)
    return [Told(AgendaStepCalledFor(item_id=item.id, called=called), (ruling,), standing)]
