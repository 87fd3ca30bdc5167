"""One meeting of one body (一次会议), from the call to the close."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import (
    DecisionRecorded,
    MinutesOverdue,
    ScheduledItem,
    SittingCalledOff,
    SittingClosed,
    SittingConvened,
    SittingEvent,
    SittingOpened,
)
from chancery.events.parts import Decision
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    CONVENED = "convened"
    OPEN = "open"
    CLOSED = "closed"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Sitting:
    """``convened``, ``opened`` and ``closed`` are what was told then, None before.

    ``decisions`` are in the order of recording.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    convened: SittingConvened | None = None
    opened: SittingOpened | None = None
    decisions: tuple[Decision, ...] = ()
    closed: SittingClosed | None = None
    minutes_late: bool = False

    @property
    def items(self) -> tuple[ScheduledItem, ...]:
        return self.convened.items if self.convened else ()

    @property
    def undecided(self) -> tuple[ScheduledItem, ...]:
        """Items of the order of business that nothing was recorded on yet."""
        dealt_with = {decision.item_id for decision in self.decisions}
        return tuple(item for item in self.items if item.item_id not in dealt_with)


def evolve(sitting: Sitting, event: SittingEvent) -> Sitting:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case SittingConvened():
            return replace(sitting, stage=Stage.CONVENED, convened=event)
        case SittingOpened():
            return replace(sitting, stage=Stage.OPEN, opened=event)
        case DecisionRecorded():
            return replace(sitting, decisions=(*sitting.decisions, event.decision))
        case SittingClosed():
            return replace(sitting, stage=Stage.CLOSED, closed=event)
        case SittingCalledOff():
            return replace(sitting, stage=Stage.CALLED_OFF)
        case MinutesOverdue():
            return replace(sitting, minutes_late=True)
        case _:
            assert_never(event)


SITTING: Thing[Sitting, SittingEvent] = Thing(
    "sitting",
    Sitting,
    evolve,
    (SittingConvened, SittingOpened, DecisionRecorded, SittingClosed, SittingCalledOff, MinutesOverdue),
)
