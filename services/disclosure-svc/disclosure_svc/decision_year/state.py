"""What a decision about the year's catalogue has to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from chancery.events.openness import (
    DecisionCatalogueAdopted,
    DecisionCatalogueDaySet,
    DecisionCatalogueOverdue,
    DecisionCataloguePublished,
    DecisionListed,
    DecisionStruck,
    YearEvent,
)
from chancery.events.parts import Counted
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Year:
    """``of`` is the year itself; ``items`` are those of the catalogue as it stands."""

    id: UUID
    of: int | None = None
    items: Mapping[UUID, DecisionListed] = field(default_factory=dict[UUID, DecisionListed])
    adopted: DecisionCatalogueAdopted | None = None
    published: DecisionCataloguePublished | None = None
    due: Counted | None = None
    overdue: bool = False
    changes: tuple[DecisionListed | DecisionStruck, ...] = ()


def evolve(year: Year, event: YearEvent) -> Year:
    """Fold one event in. Total and without rules: the past is not judged again."""
    year = replace(year, of=event.year)
    match event:
        case DecisionListed():
            items = {**year.items, event.item_id: event}
            return replace(year, items=items, changes=(*year.changes, event) if year.adopted else ())
        case DecisionStruck():
            items = {id_: one for id_, one in year.items.items() if id_ != event.item_id}
            return replace(year, items=items, changes=(*year.changes, event) if year.adopted else ())
        case DecisionCatalogueDaySet():
            return replace(year, due=event.due, overdue=False)
        case DecisionCatalogueAdopted():
            return replace(year, adopted=event)
        case DecisionCataloguePublished():
            return replace(year, published=event)
        case DecisionCatalogueOverdue():
            return replace(year, overdue=True)
        case _:
            assert_never(event)


YEAR: Thing[Year, YearEvent] = Thing(
    "decision_year",
    Year,
    evolve,
    (
        DecisionListed,
        DecisionStruck,
        DecisionCatalogueDaySet,
        DecisionCatalogueAdopted,
        DecisionCataloguePublished,
        DecisionCatalogueOverdue,
    ),
    of_many=True,
)
