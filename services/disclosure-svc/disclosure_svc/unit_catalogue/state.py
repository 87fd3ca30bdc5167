"""What a decision about a unit's catalogue has to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from chancery.events.openness import PublishedOutsideCatalogue, UnitCatalogueEvent, UnitCatalogueIssued
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class UnitCatalogue:
    """``outside`` is what was published since that the edition has no line for, by its entry."""

    id: UUID
    issued: UnitCatalogueIssued | None = None
    outside: Mapping[UUID, PublishedOutsideCatalogue] = field(default_factory=dict[UUID, PublishedOutsideCatalogue])


def evolve(catalogue: UnitCatalogue, event: UnitCatalogueEvent) -> UnitCatalogue:
    """A new edition that has the line takes the reminder away."""
    match event:
        case UnitCatalogueIssued():
            kinds = {line.kind for line in event.lines}
            left = {id_: one for id_, one in catalogue.outside.items() if one.kind not in kinds}
            return replace(catalogue, issued=event, outside=left)
        case PublishedOutsideCatalogue():
            return replace(catalogue, outside={**catalogue.outside, event.entry_id: event})
        case _:
            assert_never(event)


UNIT_CATALOGUE: Thing[UnitCatalogue, UnitCatalogueEvent] = Thing(
    "unit_catalogue", UnitCatalogue, evolve, (UnitCatalogueIssued, PublishedOutsideCatalogue), of_many=True
)
