"""One use of a seal (用印) on its way: asked for, approved, used, filed."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.outgoing import (
    SealEvent,
    SealUseArchived,
    SealUsed,
    SealUseDeclined,
    SealUseRequested,
    SealUseStepTaken,
)
from chancery.events.parts import PaperRef, StepDone
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    REQUESTED = "requested"
    DECLINED = "declined"
    USED = "used"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class SealUse:
    """``steps`` are those of the use itself, ``offsite_steps`` those of taking the seal out."""

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    asked: SealUseRequested | None = None
    steps: tuple[StepDone, ...] = ()
    offsite_steps: tuple[StepDone, ...] = ()
    used: SealUsed | None = None
    declined: SealUseDeclined | None = None
    papers: tuple[PaperRef, ...] = ()


def evolve(use: SealUse, event: SealEvent) -> SealUse:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case SealUseRequested():
            return replace(use, stage=Stage.REQUESTED, asked=event)
        case SealUseStepTaken():
            if event.way == "use":
                return replace(use, steps=(*use.steps, event.taken))
            return replace(use, offsite_steps=(*use.offsite_steps, event.taken))
        case SealUseDeclined():
            return replace(use, stage=Stage.DECLINED, declined=event)
        case SealUsed():
            return replace(use, stage=Stage.USED, used=event)
        case SealUseArchived():
            return replace(use, stage=Stage.ARCHIVED, papers=event.papers)
        case _:
            assert_never(event)


SEAL_USE: Thing[SealUse, SealEvent] = Thing(
    "seal_use", SealUse, evolve, (SealUseRequested, SealUseStepTaken, SealUseDeclined, SealUsed, SealUseArchived)
)
