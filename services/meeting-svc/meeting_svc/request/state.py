"""A meeting that somebody wants to hold (申请开会), from the asking until it may be held or not."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import (
    MeetingApproved,
    MeetingCancelled,
    MeetingNotApproved,
    MeetingRequested,
    RequestEvent,
    RequestStepTaken,
)
from chancery.events.parts import StepDone
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    ASKED = "asked"
    APPROVED = "approved"
    NOT_APPROVED = "not_approved"
    CANCELLED = "cancelled"


LIVE = frozenset({Stage.ASKED, Stage.APPROVED})
"""What counts towards a yearly number."""


@dataclass(frozen=True, slots=True)
class Request:
    """``requested`` is what was put forward, None before."""

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    requested: MeetingRequested | None = None
    steps: tuple[StepDone, ...] = ()


def evolve(request: Request, event: RequestEvent) -> Request:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case MeetingRequested():
            return replace(request, stage=Stage.ASKED, requested=event)
        case RequestStepTaken():
            return replace(request, steps=(*request.steps, event.taken))
        case MeetingApproved():
            return replace(request, stage=Stage.APPROVED)
        case MeetingNotApproved():
            return replace(request, stage=Stage.NOT_APPROVED)
        case MeetingCancelled():
            return replace(request, stage=Stage.CANCELLED)
        case _:
            assert_never(event)


REQUEST: Thing[Request, RequestEvent] = Thing(
    "meeting_request",
    Request,
    evolve,
    (MeetingRequested, RequestStepTaken, MeetingApproved, MeetingNotApproved, MeetingCancelled),
)
