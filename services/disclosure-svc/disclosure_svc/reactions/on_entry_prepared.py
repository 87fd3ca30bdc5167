"""An entry was prepared: the catalogue of its year gives it a number, and the entry carries it."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.disclosure import EntryPrepared, IndexAssigned
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction, stream_of
from disclosure_svc.entry.number import CarryIndex, carry_index
from disclosure_svc.entry.state import ENTRY
from disclosure_svc.index.assign import AssignIndex, assign_index
from disclosure_svc.index.state import INDEX


def ask_for_number(recorded: Recorded[EntryPrepared], rules: Rules) -> Sequence[Order]:
    del rules
    year = recorded.event.issued_on.year
    stream = stream_of(recorded.tenant, "index", str(year))
    return [Order(INDEX, assign_index, AssignIndex(recorded.event.entry_id, year), stream=stream)]


def carry(recorded: Recorded[IndexAssigned], rules: Rules) -> Sequence[Order]:
    del rules
    assigned = recorded.event
    return [Order(ENTRY, carry_index, CarryIndex(assigned.index_number), stream=assigned.entry_id)]


ON_ENTRY_PREPARED = Reaction("assign_index_number", "disclosure", EntryPrepared, ask_for_number)
ON_INDEX_ASSIGNED = Reaction("carry_index_number", "disclosure", IndexAssigned, carry)
