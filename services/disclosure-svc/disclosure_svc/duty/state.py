"""What a decision about a duty to publish has to remember."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.openness import (
    DutyCovered,
    DutyEvent,
    DutyOpened,
    DutyOverdue,
    DutyPublished,
    DutyReviewed,
    DutyWithheld,
    ResultAwaited,
)
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    AWAITED = "awaited"
    OPEN = "open"
    PUBLISHED = "published"
    WITHHELD = "withheld"
    COVERED = "covered"


@dataclass(frozen=True, slots=True)
class Duty:
    """``awaited`` is the task whose result it will be; ``reviewed`` is the latest review."""

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    awaited: ResultAwaited | None = None
    opened: DutyOpened | None = None
    reviewed: DutyReviewed | None = None
    published: DutyPublished | None = None
    withheld: DutyWithheld | None = None
    covered: DutyCovered | None = None
    overdue: bool = False


def evolve(duty: Duty, event: DutyEvent) -> Duty:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case ResultAwaited():
            return replace(duty, stage=Stage.AWAITED, awaited=event)
        case DutyOpened():
            return replace(duty, stage=Stage.OPEN, opened=event)
        case DutyReviewed():
            return replace(duty, reviewed=event)
        case DutyPublished():
            return replace(duty, stage=Stage.PUBLISHED, published=event)
        case DutyWithheld():
            return replace(duty, stage=Stage.WITHHELD, withheld=event)
        case DutyCovered():
            return replace(duty, stage=Stage.COVERED, covered=event)
        case DutyOverdue():
            return replace(duty, overdue=True)
        case _:
            assert_never(event)


DUTY: Thing[Duty, DutyEvent] = Thing(
    "publication_duty",
    Duty,
    evolve,
    (ResultAwaited, DutyOpened, DutyReviewed, DutyPublished, DutyWithheld, DutyCovered, DutyOverdue),
)
