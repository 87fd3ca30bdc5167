"""What a decision about an engagement has to remember."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import (
    EngagementAgreed,
    EngagementAsked,
    EngagementDeclined,
    EngagementExcused,
    EngagementStepTaken,
    EngagementWithdrawn,
)
from chancery.events.parts import StepDone
from chancery.thing import Thing

EngagementEvent = (
    EngagementExcused
    | EngagementAsked
    | EngagementStepTaken
    | EngagementAgreed
    | EngagementDeclined
    | EngagementWithdrawn
)


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Engagement:
    id: UUID
    stage: Stage = Stage.NOT_SEEN
    asked: EngagementAsked | None = None
    steps: tuple[StepDone, ...] = ()
    excused: tuple[EngagementExcused, ...] = ()


def evolve(engagement: Engagement, event: EngagementEvent) -> Engagement:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case EngagementExcused():
            return replace(engagement, excused=(*engagement.excused, event))
        case EngagementAsked():
            return replace(engagement, stage=Stage.ASKED, asked=event)
        case EngagementStepTaken():
            return replace(engagement, steps=(*engagement.steps, event.taken))
        case EngagementAgreed():
            return replace(engagement, stage=Stage.AGREED)
        case EngagementDeclined():
            return replace(engagement, stage=Stage.DECLINED)
        case EngagementWithdrawn():
            return replace(engagement, stage=Stage.WITHDRAWN)
        case _:
            assert_never(event)


ENGAGEMENT: Thing[Engagement, EngagementEvent] = Thing(
    "engagement",
    Engagement,
    evolve,
    (
        EngagementExcused,
        EngagementAsked,
        EngagementStepTaken,
        EngagementAgreed,
        EngagementDeclined,
        EngagementWithdrawn,
    ),
)
