"""One meeting of one body (一次会议), from the call to the close."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import (
    Chair,
    DecisionRecorded,
    MinutesOverdue,
    ScheduledItem,
    SittingClosed,
    SittingConvened,
    SittingEvent,
    SittingOpened,
)
from chancery.events.parts import Counted, Decision
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    CONVENED = "convened"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sitting:
    """``decisions`` are in the order of recording; ``chair`` is None until the sitting opens."""

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    body: str = ""
    series: str = ""
    number: int = 0
    sitting_on: date | None = None
    items: tuple[ScheduledItem, ...] = ()
    chair: Chair | None = None
    decisions: tuple[Decision, ...] = ()
    closed_at: datetime | None = None
    minutes_due: Counted | None = None
    minutes_late: bool = False

    @property
    def undecided(self) -> tuple[ScheduledItem, ...]:
        """Items of the order of business that nothing was recorded on yet."""
        dealt_with = {decision.item_id for decision in self.decisions}
        return tuple(item for item in self.items if item.item_id not in dealt_with)


def evolve(sitting: Sitting, event: SittingEvent) -> Sitting:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case SittingConvened():
            return replace(
                sitting,
                stage=Stage.CONVENED,
                body=event.body,
                series=event.series,
                number=event.number,
                sitting_on=event.sitting_on,
                items=event.items,
            )
        case SittingOpened():
            return replace(sitting, stage=Stage.OPEN, chair=event.chair)
        case DecisionRecorded():
            return replace(sitting, decisions=(*sitting.decisions, event.decision))
        case SittingClosed():
            return replace(sitting, stage=Stage.CLOSED, closed_at=event.closed_at, minutes_due=event.minutes_due)
        case MinutesOverdue():
            return replace(sitting, minutes_late=True)
        case _:
            assert_never(event)


SITTING: Thing[Sitting, SittingEvent] = Thing(
    "sitting", Sitting, evolve, (SittingConvened, SittingOpened, DecisionRecorded, SittingClosed, MinutesOverdue)
)
