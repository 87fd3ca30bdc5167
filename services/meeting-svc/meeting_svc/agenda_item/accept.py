"""Put the item on the agenda by the final say (同意上会)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chancery.events.meeting import AgendaAccepted, AgendaItemEvent, AgendaStepTaken
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.agenda_item.checklist import open_questions
from meeting_svc.agenda_item.state import AgendaItem
from meeting_svc.agenda_item.under_way import not_at_hand
from meeting_svc.agenda_item.way import walk_of
from meeting_svc.clerks import clerk
from meeting_svc.facts import case_of
from meeting_svc.routes import standing_of
from meeting_svc.sitting.presiding import may_convene


@dataclass(frozen=True, slots=True)
class Accept:
    by: PersonId
    at: datetime
    opinion: str | None = None


def accept(command: Accept, item: AgendaItem, rules: Rules) -> Sequence[Told[AgendaItemEvent]]:
    """The last step of the route; where the rules are silent, the body's convener or its office says it.

    Raises:
        Refused: the item is not at hand or accepted already, a question of the checklist is open, steps come before the
            last; (forbidden) another's word.
    """
    submitted, lacking = not_at_hand(item)
    if submitted is None or lacking:
        raise Refused(*lacking)
    if item.accepted:
        raise Refused(Reason("item_accepted_already"))
    accepted = AgendaAccepted(
        item_id=item.id, matter_id=submitted.matter_id, body=submitted.body, accepted_at=command.at
    )
    ruling, walk = walk_of(rules, item, submitted)
    questions = open_questions(rules, ruling, item)
    if questions:
        raise Refused(*questions)
    if walk is None:
        standing = may_convene(rules, submitted.body, command.by, case_of(submitted.facts, body=submitted.body))
        if standing is None:
            standing = clerk(rules, submitted.body, command.by).standing
        return [Told(accepted, (rules.body_ruling(submitted.body),), standing)]
    taken = walk.the_last(command.by, command.opinion, steps_before="steps_before_the_last")
    standing = standing_of(taken)
    return [
        Told(AgendaStepTaken(item_id=item.id, taken=taken), (ruling,), standing),
        Told(accepted, (ruling,), standing),
    ]
