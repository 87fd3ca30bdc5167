"""Carry the index number the catalogue gave (编号)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.disclosure import EntryEvent, EntryNumbered
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.entry.state import Entry, Stage


@dataclass(frozen=True, slots=True)
class CarryIndex:
    index_number: str


def carry_index(command: CarryIndex, entry: Entry, rules: Rules) -> Sequence[Told[EntryEvent]]:
    """An index number is never changed once it is given."""
    del rules
    if entry.stage is Stage.NOT_SEEN or entry.index_number is not None:
        return []
    return [Told(EntryNumbered(entry_id=entry.id, index_number=command.index_number))]
