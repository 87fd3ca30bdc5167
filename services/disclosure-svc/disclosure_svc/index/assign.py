"""Give the next index number to an entry: no gap, no reuse, one for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.events.disclosure import IndexAssigned
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from disclosure_svc.index.state import Index

PLAIN = "{year}-{seq:05d}"


@dataclass(frozen=True, slots=True)
class AssignIndex:
    entry_id: UUID
    year: int


def assign_index(command: AssignIndex, index: Index, rules: Rules) -> Sequence[Told[IndexAssigned]]:
    """Written by the pack's pattern; a plain year and number where the pack has none."""
    if command.entry_id in index.given:
        return []
    seq = index.last + 1
    number = (rules.pack.head.index_number or PLAIN).format(year=command.year, seq=seq)
    told = IndexAssigned(
        series=str(command.year), year=command.year, seq=seq, index_number=number, entry_id=command.entry_id
    )
    return [Told(told)]
