"""Which major decisions does a year bring, and what does each unit publish of its own accord? (年度目录、部门目录)"""

from collections.abc import Sequence

from chancery.calendar import local_day
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.openness import (
    DecisionCatalogueAdopted,
    DecisionCatalogueDaySet,
    DecisionCatalogueOverdue,
    DecisionCataloguePublished,
    DecisionListed,
    DecisionStruck,
    PublishedOutsideCatalogue,
    UnitCatalogueIssued,
)
from chancery.thing import Erase, Patch, Projection, Upsert, Write


def project_years(recorded: Recorded[Event]) -> Sequence[Write]:
    on = local_day(recorded.business_at)

    def of_year(year: int, **row: object) -> Upsert:
        return Upsert("decision_year", ("year",), {"year": year, **row})

    match recorded.event:
        case DecisionListed() as event:
            told = event.model_dump(include={"year", "item_id", "title", "unit", "planned", "reason"})
            item = told | {"listed_on": on, "struck_on": None, "struck_because": None}
            return [of_year(event.year), Upsert("decision_item", ("year", "item_id"), item)]
        case DecisionStruck() as event:
            struck = {"struck_on": on, "struck_because": event.reason}
            return [Patch("decision_item", {"year": event.year, "item_id": event.item_id}, struck)]
        case DecisionCatalogueDaySet() as event:
            return [of_year(event.year, due_on=event.due.due_on, overdue=False)]
        case DecisionCatalogueAdopted() as event:
            return [of_year(event.year, adopted_on=event.adopted_on, reference=event.reference)]
        case DecisionCataloguePublished() as event:
            return [of_year(event.year, published_on=local_day(event.published_at))]
        case DecisionCatalogueOverdue() as event:
            return [of_year(event.year, overdue=True)]
        case _:
            return []


def project_units(recorded: Recorded[Event]) -> Sequence[Write]:
    match recorded.event:
        case UnitCatalogueIssued() as event:
            lines = [line.model_dump() for line in event.lines]
            row = {"unit": event.unit, "edition": event.edition, "lines": lines, "issued_on": event.issued_on}
            closed = [
                Erase("outside_catalogue", {"unit": event.unit, "kind": kind})
                for kind in dict.fromkeys(line.kind for line in event.lines)
            ]
            return [Upsert("unit_catalogue", ("unit", "edition"), row), *closed]
        case PublishedOutsideCatalogue() as event:
            row = event.model_dump(include={"unit", "entry_id", "kind", "title", "edition"})
            return [Upsert("outside_catalogue", ("unit", "entry_id"), row | {"told": list(event.told)})]
        case _:
            return []


OF_YEARS = (
    DecisionListed,
    DecisionStruck,
    DecisionCatalogueDaySet,
    DecisionCatalogueAdopted,
    DecisionCataloguePublished,
    DecisionCatalogueOverdue,
)
OF_UNITS = (UnitCatalogueIssued, PublishedOutsideCatalogue)
YEARS = Projection(
    "decision_year", 1, ("decision_year", "decision_item"), frozenset(k.event_name for k in OF_YEARS), project_years
)
UNITS = Projection(
    "unit_catalogue",
    1,
    ("unit_catalogue", "outside_catalogue"),
    frozenset(k.event_name for k in OF_UNITS),
    project_units,
)
