"""What a decision about a case has to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.openness import CaseAnswered, CaseClosed, CaseEvent, CaseOpened, CaseOverdue, CaseStepDone
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class OpinionCase:
    """``done`` are the steps taken, by their word."""

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    opened: CaseOpened | None = None
    done: Mapping[str, CaseStepDone] = field(default_factory=dict[str, CaseStepDone])
    answers: tuple[CaseAnswered, ...] = ()
    overdue: bool = False


def evolve(case: OpinionCase, event: CaseEvent) -> OpinionCase:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case CaseOpened():
            return replace(case, stage=Stage.OPEN, opened=event)
        case CaseStepDone():
            return replace(case, done={**case.done, event.step: event})
        case CaseAnswered():
            return replace(case, answers=(*case.answers, event))
        case CaseOverdue():
            return replace(case, overdue=True)
        case CaseClosed():
            return replace(case, stage=Stage.CLOSED)
        case _:
            assert_never(event)


CASE: Thing[OpinionCase, CaseEvent] = Thing(
    "opinion_case", OpinionCase, evolve, (CaseOpened, CaseStepDone, CaseAnswered, CaseOverdue, CaseClosed)
)
