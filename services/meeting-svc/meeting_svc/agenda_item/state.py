"""An agenda item (议题) on its way to a sitting, as far as decisions need to remember it."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import (
    AgendaAccepted,
    AgendaDecided,
    AgendaHeldOver,
    AgendaItemEvent,
    AgendaPaperPut,
    AgendaReturned,
    AgendaScheduled,
    AgendaSplit,
    AgendaStepCalledFor,
    AgendaStepTaken,
    AgendaSubmitted,
    AgendaWithdrawn,
    ChecklistAnswered,
)
from chancery.events.parts import Answer, CalledFor, PaperRef, StepDone
from chancery.thing import Thing


class Stage(StrEnum):
    """Where the item stands; ``HELD_OVER`` waits for a later sitting, accepted or not."""

    NOT_SEEN = "not_seen"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    DECIDED = "decided"
    HELD_OVER = "held_over"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    SPLIT = "split"


UNDER_WAY = frozenset({Stage.SUBMITTED, Stage.HELD_OVER})
"""Steps of the route may still be taken."""
CLOSED = frozenset({Stage.DECIDED, Stage.RETURNED, Stage.WITHDRAWN, Stage.SPLIT})
COMES_AGAIN = frozenset({Stage.RETURNED, Stage.WITHDRAWN})
"""What was given back or taken back may be put forward anew."""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """``submitted`` is what was put forward, None before; ``sitting_on`` and ``sitting_id`` are where it stands now.

    ``accepted`` outlives a holding over: an item with the final say needs it only once.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    submitted: AgendaSubmitted | None = None
    sitting_on: date | None = None
    sitting_id: UUID | None = None
    outcome: str | None = None
    steps: tuple[StepDone, ...] = ()
    accepted: bool = False
    called: tuple[CalledFor, ...] = ()
    answers: tuple[Answer, ...] = ()
    put: tuple[AgendaPaperPut, ...] = ()

    @property
    def papers(self) -> tuple[PaperRef, ...]:
        """The files as they stand: as submitted, each in its last edition, and those that came since."""
        stand = {paper.sha256: paper for paper in self.submitted.papers} if self.submitted else {}
        for one in self.put:
            if one.replaces is None:
                stand[one.paper.sha256] = one.paper
            else:
                stand = {
                    (one.paper.sha256 if sha256 == one.replaces else sha256): (
                        one.paper if sha256 == one.replaces else paper
                    )
                    for sha256, paper in stand.items()
                }
        return tuple(stand.values())

    def edition_of(self, sha256: str) -> int:
        """Which edition a paper is; what was submitted with the item is the first."""
        return next((one.edition for one in reversed(self.put) if one.paper.sha256 == sha256), 1)

    @property
    def answered(self) -> dict[str, Answer]:
        """The last answer to each question of the checklist."""
        return {answer.question: answer for answer in self.answers}


def evolve(item: AgendaItem, event: AgendaItemEvent) -> AgendaItem:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case AgendaSubmitted():
            return replace(item, stage=Stage.SUBMITTED, submitted=event, sitting_on=event.sitting_on)
        case AgendaStepTaken():
            return replace(item, steps=(*item.steps, event.taken))
        case AgendaStepCalledFor():
            return replace(item, called=(*item.called, event.called))
        case ChecklistAnswered():
            return replace(item, answers=(*item.answers, event.answer))
        case AgendaAccepted():
            return replace(item, stage=Stage.ACCEPTED, accepted=True)
        case AgendaScheduled():
            return replace(item, stage=Stage.SCHEDULED, sitting_id=event.sitting_id, sitting_on=event.sitting_on)
        case AgendaDecided():
            return replace(item, stage=Stage.DECIDED, sitting_id=event.sitting_id, outcome=event.outcome)
        case AgendaHeldOver():
            return replace(item, stage=Stage.HELD_OVER, sitting_on=None, sitting_id=None)
        case AgendaReturned():
            return replace(item, stage=Stage.RETURNED)
        case AgendaWithdrawn():
            return replace(item, stage=Stage.WITHDRAWN)
        case AgendaSplit():
            return replace(item, stage=Stage.SPLIT)
        case AgendaPaperPut():
            return replace(item, put=(*item.put, event))
        case _:
            assert_never(event)


AGENDA_ITEM: Thing[AgendaItem, AgendaItemEvent] = Thing(
    "agenda_item",
    AgendaItem,
    evolve,
    (
        AgendaSubmitted,
        AgendaStepTaken,
        AgendaStepCalledFor,
        ChecklistAnswered,
        AgendaAccepted,
        AgendaScheduled,
        AgendaDecided,
        AgendaHeldOver,
        AgendaReturned,
        AgendaWithdrawn,
        AgendaSplit,
        AgendaPaperPut,
    ),
)
