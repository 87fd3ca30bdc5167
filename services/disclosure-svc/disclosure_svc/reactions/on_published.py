"""An entry became public: the decision it was made of is public with it, and its unit's catalogue is looked at."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.disclosure import Published
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, derived, stream_of
from disclosure_svc.duty.close import Cover, cover
from disclosure_svc.duty.state import DUTY
from disclosure_svc.unit_catalogue.state import UNIT_CATALOGUE
from disclosure_svc.unit_catalogue.verbs import NotePublished, note_published


def cover_decision(recorded: Recorded[Published], rules: Rules) -> Sequence[Order]:
    del rules
    published = recorded.event
    if published.origin is None:
        return []
    stream = derived(published.origin.minutes_id, "duty", published.origin.decision_no)
    return [Order(DUTY, cover, Cover(published.entry_id, published.number), stream=stream)]


def look_into_catalogue(recorded: Recorded[Published], rules: Rules) -> Sequence[Order]:
    del rules
    published = recorded.event
    if published.unit is None or published.kind is None:
        return []
    stream = stream_of(recorded.tenant, "unit_catalogue", published.unit)
    command = NotePublished(published.entry_id, published.unit, published.kind, published.title)
    return [Order(UNIT_CATALOGUE, note_published, command, stream=stream)]


ON_PUBLISHED = Reaction("cover_decision", "disclosure", Published, cover_decision)
ON_PUBLISHED_BY_UNIT = Reaction("look_into_catalogue", "disclosure", Published, look_into_catalogue)
