"""What a decision about an absence has to remember."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import (
    AbsenceAnnounced,
    AbsenceExcused,
    AbsenceStepCalledFor,
    AbsenceStepTaken,
    AbsenceWithdrawn,
    LeaveApproved,
    LeaveRefused,
    ReturnOverdue,
    ReturnReported,
)
from chancery.events.parts import CalledFor, Counted, StepDone
from chancery.thing import Thing

AbsenceEvent = (
    AbsenceAnnounced
    | AbsenceExcused
    | AbsenceStepCalledFor
    | AbsenceStepTaken
    | LeaveApproved
    | LeaveRefused
    | AbsenceWithdrawn
    | ReturnReported
    | ReturnOverdue
)


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    ANNOUNCED = "announced"
    STANDS = "stands"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Absence:
    id: UUID
    stage: Stage = Stage.NOT_SEEN
    announced: AbsenceAnnounced | None = None
    steps: tuple[StepDone, ...] = ()
    return_due: Counted | None = None
    overdue: bool = False
    excused: tuple[AbsenceExcused, ...] = ()
    called: tuple[CalledFor, ...] = ()


def evolve(absence: Absence, event: AbsenceEvent) -> Absence:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case AbsenceAnnounced():
            return replace(absence, stage=Stage.ANNOUNCED, announced=event)
        case AbsenceExcused():
            return replace(absence, excused=(*absence.excused, event))
        case AbsenceStepCalledFor():
            return replace(absence, called=(*absence.called, event.called))
        case AbsenceStepTaken():
            return replace(absence, steps=(*absence.steps, event.taken))
        case LeaveApproved():
            return replace(absence, stage=Stage.STANDS, return_due=event.return_due)
        case LeaveRefused():
            return replace(absence, stage=Stage.REFUSED)
        case AbsenceWithdrawn():
            return replace(absence, stage=Stage.WITHDRAWN)
        case ReturnReported():
            return replace(absence, stage=Stage.RETURNED)
        case ReturnOverdue():
            return replace(absence, overdue=True)
        case _:
            assert_never(event)


ABSENCE: Thing[Absence, AbsenceEvent] = Thing(
    "absence",
    Absence,
    evolve,
    (
        AbsenceAnnounced,
        AbsenceExcused,
        AbsenceStepCalledFor,
        AbsenceStepTaken,
        LeaveApproved,
        LeaveRefused,
        AbsenceWithdrawn,
        ReturnReported,
        ReturnOverdue,
    ),
)
