"""An item was split: each part gets a file of its own."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import AgendaSplit
from chancery.names import PersonId
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.matter.open_matter import OpenMatter, open_matter
from meeting_svc.matter.state import MATTER


def react(recorded: Recorded[AgendaSplit], rules: Rules) -> Sequence[Order]:
    split, by = recorded.event, PersonId(recorded.event.split_by)
    return [
        Order(
            MATTER,
            open_matter,
            OpenMatter(by, rules.at, part.facts),
            stream=part.matter_id,
            key=str(part.matter_id),
            matter=part.matter_id,
        )
        for part in split.parts
    ]


ON_AGENDA_SPLIT = Reaction("open_parts", "meeting", AgendaSplit, react)
