"""What a decision about an absence has to remember."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import (
    AbsenceAnnounced,
    AbsenceExcused,
    AbsenceExtended,
    AbsenceReplanned,
    AbsenceStepCalledFor,
    AbsenceStepTaken,
    AbsenceWithdrawn,
    ExtensionAsked,
    ExtensionRefused,
    LeaveApproved,
    LeaveRefused,
    ReturnOverdue,
    ReturnReported,
)
from chancery.events.parts import CalledFor, Counted, StepDone
from chancery.thing import Thing

AbsenceEvent = (
    AbsenceAnnounced
    | AbsenceReplanned
    | AbsenceExcused
    | AbsenceStepCalledFor
    | AbsenceStepTaken
    | LeaveApproved
    | LeaveRefused
    | AbsenceWithdrawn
    | ExtensionAsked
    | AbsenceExtended
    | ExtensionRefused
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
class Extension:
    """A longer absence that was asked for and waits for its route."""

    asked: ExtensionAsked
    steps: tuple[StepDone, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """``announced`` are the particulars that hold, also after a change; ``ends_at`` is the end that stands."""

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    announced: AbsenceAnnounced | None = None
    ends_at: datetime | None = None
    steps: tuple[StepDone, ...] = ()
    extension: Extension | None = None
    return_due: Counted | None = None
    returned_at: datetime | None = None
    overdue: bool = False
    excused: tuple[AbsenceExcused, ...] = ()
    called: tuple[CalledFor, ...] = ()


def evolve(absence: Absence, event: AbsenceEvent) -> Absence:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case AbsenceAnnounced():
            return replace(absence, stage=Stage.ANNOUNCED, announced=event, ends_at=event.ends_at)
        case AbsenceReplanned():
            fresh = {"steps": (), "called": (), "return_due": None}
            now = AbsenceAnnounced.model_validate(event.model_dump(exclude={"because"}))
            return replace(absence, stage=Stage.ANNOUNCED, announced=now, ends_at=event.ends_at, **fresh)
        case AbsenceExcused():
            return replace(absence, excused=(*absence.excused, event))
        case AbsenceStepCalledFor():
            return replace(absence, called=(*absence.called, event.called))
        case AbsenceStepTaken() if event.extension and absence.extension is not None:
            steps = (*absence.extension.steps, event.taken)
            return replace(absence, extension=replace(absence.extension, steps=steps))
        case AbsenceStepTaken():
            return replace(absence, steps=(*absence.steps, event.taken))
        case LeaveApproved():
            return replace(absence, stage=Stage.STANDS, return_due=event.return_due)
        case LeaveRefused():
            return replace(absence, stage=Stage.REFUSED)
        case AbsenceWithdrawn():
            return replace(absence, stage=Stage.WITHDRAWN)
        case ExtensionAsked():
            return replace(absence, extension=Extension(event))
        case AbsenceExtended():
            return replace(absence, extension=None, ends_at=event.ends_at, return_due=event.return_due)
        case ExtensionRefused():
            return replace(absence, extension=None)
        case ReturnReported():
            return replace(absence, stage=Stage.RETURNED, extension=None, returned_at=event.returned_at)
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
        AbsenceReplanned,
        AbsenceExcused,
        AbsenceStepCalledFor,
        AbsenceStepTaken,
        LeaveApproved,
        LeaveRefused,
        AbsenceWithdrawn,
        ExtensionAsked,
        AbsenceExtended,
        ExtensionRefused,
        ReturnReported,
        ReturnOverdue,
    ),
)
