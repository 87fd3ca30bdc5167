"""A leave from one sitting (会议请假), from the asking to the answer."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import (
    MeetingLeaveAsked,
    MeetingLeaveEvent,
    MeetingLeaveExcused,
    MeetingLeaveGranted,
    MeetingLeaveRefused,
    MeetingLeaveStepTaken,
)
from chancery.events.parts import Excuse, StepDone
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Leave:
    """``asked`` is what was put forward, None before; after a refusal it may be asked anew.

    ``excuses`` are what need not be kept, given before the asking.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    asked: MeetingLeaveAsked | None = None
    steps: tuple[StepDone, ...] = ()
    substitute: str | None = None
    excuses: tuple[Excuse, ...] = ()


def evolve(leave: Leave, event: MeetingLeaveEvent) -> Leave:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case MeetingLeaveExcused():
            return replace(leave, excuses=(*leave.excuses, event.excuse))
        case MeetingLeaveAsked():
            return replace(leave, stage=Stage.ASKED, asked=event, steps=())
        case MeetingLeaveStepTaken():
            return replace(leave, steps=(*leave.steps, event.taken))
        case MeetingLeaveGranted():
            return replace(leave, stage=Stage.GRANTED, substitute=event.substitute)
        case MeetingLeaveRefused():
            return replace(leave, stage=Stage.REFUSED)
        case _:
            assert_never(event)


LEAVE: Thing[Leave, MeetingLeaveEvent] = Thing(
    "meeting_leave",
    Leave,
    evolve,
    (MeetingLeaveExcused, MeetingLeaveAsked, MeetingLeaveStepTaken, MeetingLeaveGranted, MeetingLeaveRefused),
)
