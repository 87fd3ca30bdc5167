"""What a decision about inspections of one unit has to remember: all of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from chancery.events.inspection import (
    InspectionAcknowledged,
    InspectionCancelled,
    InspectionConcluded,
    InspectionEvent,
    InspectionPlanned,
    InspectionReviewAsked,
    InspectionReviewed,
)
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Inspection:
    planned: InspectionPlanned
    cancelled: bool = False
    concluded: InspectionConcluded | None = None
    acknowledged: bool = False
    review_asked: InspectionReviewAsked | None = None
    reviewed: InspectionReviewed | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """One unit, with every inspection of it, by its id."""

    id: UUID
    all: Mapping[UUID, Inspection] = field(default_factory=dict[UUID, Inspection])


def evolve(unit: Inspected, event: InspectionEvent) -> Inspected:
    """Fold one event in. Total and without rules: the past is not judged again."""
    if isinstance(event, InspectionPlanned):
        return replace(unit, all={**unit.all, event.inspection_id: Inspection(event)})
    one = unit.all[event.inspection_id]
    match event:
        case InspectionCancelled():
            now = replace(one, cancelled=True)
        case InspectionConcluded():
            now = replace(one, concluded=event)
        case InspectionAcknowledged():
            now = replace(one, acknowledged=True)
        case InspectionReviewAsked():
            now = replace(one, review_asked=event)
        case InspectionReviewed():
            now = replace(one, reviewed=event)
        case _:
            assert_never(event)
    return replace(unit, all={**unit.all, event.inspection_id: now})


INSPECTED: Thing[Inspected, InspectionEvent] = Thing(
    "inspection",
    Inspected,
    evolve,
    (
        InspectionPlanned,
        InspectionCancelled,
        InspectionConcluded,
        InspectionAcknowledged,
        InspectionReviewAsked,
        InspectionReviewed,
    ),
    of_many=True,
)
