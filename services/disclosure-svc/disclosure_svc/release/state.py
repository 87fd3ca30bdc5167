"""What a decision about a release has to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.openness import (
    ReleaseAsked,
    Released,
    ReleaseEvent,
    ReleaseNeedMet,
    ReleaseStepCalledFor,
    ReleaseStepTaken,
)
from chancery.events.parts import CalledFor, StepDone
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    ASKED = "asked"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Release:
    """``met`` are the needs brought, by their word: each brought by several people counts for each of them."""

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    asked: ReleaseAsked | None = None
    met: Mapping[tuple[str, str], ReleaseNeedMet] = field(default_factory=dict[tuple[str, str], ReleaseNeedMet])
    steps: tuple[StepDone, ...] = ()
    called: tuple[CalledFor, ...] = ()
    released: Released | None = None


def evolve(release: Release, event: ReleaseEvent) -> Release:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case ReleaseAsked():
            return replace(release, stage=Stage.ASKED, asked=event)
        case ReleaseNeedMet():
            return replace(release, met={**release.met, (event.need, event.met_by): event})
        case ReleaseStepTaken():
            return replace(release, steps=(*release.steps, event.taken))
        case ReleaseStepCalledFor():
            return replace(release, called=(*release.called, event.called))
        case Released():
            return replace(release, stage=Stage.RELEASED, released=event)
        case _:
            assert_never(event)


RELEASE: Thing[Release, ReleaseEvent] = Thing(
    "release", Release, evolve, (ReleaseAsked, ReleaseNeedMet, ReleaseStepTaken, ReleaseStepCalledFor, Released)
)
