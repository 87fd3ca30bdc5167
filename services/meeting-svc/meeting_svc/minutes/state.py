"""The minutes of one sitting (会议纪要): drafted from what was recorded, reviewed, signed, issued."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import (
    ExtractSent,
    MinutesCorrected,
    MinutesDrafted,
    MinutesEvent,
    MinutesIssued,
    MinutesSigned,
    MinutesStepCalledFor,
    MinutesStepTaken,
)
from chancery.events.parts import CalledFor, Decision, StepDone
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    DRAFTED = "drafted"
    SIGNED = "signed"
    ISSUED = "issued"


@dataclass(frozen=True, slots=True)
class Minutes:
    """``draft`` is what was drafted, None before; ``steps`` include the signature.

    ``corrections`` are in their order; ``extracts`` are the items, by number, and the units that got them.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    draft: MinutesDrafted | None = None
    steps: tuple[StepDone, ...] = ()
    called: tuple[CalledFor, ...] = ()
    corrections: tuple[MinutesCorrected, ...] = ()
    extracts: tuple[ExtractSent, ...] = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions as they stand: as drafted, with what was corrected since."""
        stand = {one.no: one for one in self.draft.decisions} if self.draft else {}
        for one in self.corrections:
            if one.was is not None:
                stand.pop(one.was.no, None)
            if one.now is not None:
                stand[one.now.no] = one.now
        return tuple(stand[no] for no in sorted(stand))


def evolve(minutes: Minutes, event: MinutesEvent) -> Minutes:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case MinutesDrafted():
            return replace(minutes, stage=Stage.DRAFTED, draft=event)
        case MinutesStepTaken():
            return replace(minutes, steps=(*minutes.steps, event.taken))
        case MinutesStepCalledFor():
            return replace(minutes, called=(*minutes.called, event.called))
        case MinutesSigned():
            return replace(minutes, stage=Stage.SIGNED, steps=(*minutes.steps, event.taken))
        case MinutesIssued():
            return replace(minutes, stage=Stage.ISSUED)
        case MinutesCorrected():
            return replace(minutes, corrections=(*minutes.corrections, event))
        case ExtractSent():
            return replace(minutes, extracts=(*minutes.extracts, event))
        case _:
            assert_never(event)


MINUTES: Thing[Minutes, MinutesEvent] = Thing(
    "minutes",
    Minutes,
    evolve,
    (
        MinutesDrafted,
        MinutesStepTaken,
        MinutesStepCalledFor,
        MinutesSigned,
        MinutesIssued,
        MinutesCorrected,
        ExtractSent,
    ),
)
