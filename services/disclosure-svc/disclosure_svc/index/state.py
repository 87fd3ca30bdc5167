"""Which numbers a year has given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from chancery.events.disclosure import IndexAssigned
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Index:
    id: UUID
    last: int = 0
    given: Mapping[UUID, str] = field(default_factory=dict[UUID, str])


def evolve(index: Index, event: IndexAssigned) -> Index:
    return replace(index, last=event.seq, given={**index.given, event.entry_id: event.index_number})


INDEX: Thing[Index, IndexAssigned] = Thing("index", Index, evolve, (IndexAssigned,), of_many=True)
