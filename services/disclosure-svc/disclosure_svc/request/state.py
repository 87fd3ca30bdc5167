"""What a decision about a request has to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.disclosure import (
    AnswerClockResumed,
    AnswerClockSuspended,
    AnswerDaySet,
    AnswerExtended,
    AnswerOverdue,
    CorrectionAsked,
    OpinionAsked,
    OpinionHeard,
    OpinionSilent,
    RequestAnswered,
    RequestCorrected,
    RequestEvent,
    RequestLapsed,
    RequestNumbered,
    RequestReceived,
)
from chancery.events.parts import Counted
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    IN_HAND = "in_hand"
    CORRECTING = "correcting"
    LAPSED = "lapsed"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Asked:
    """``agrees`` is None until something came, or the day passed; ``silent`` where nothing came."""

    asked: OpinionAsked
    agrees: bool | None = None
    silent: bool = False
    note: str | None = None

    @property
    def open(self) -> bool:
        return self.agrees is None and not self.silent


@dataclass(frozen=True, slots=True)
class Request:
    """``due`` is the clock of the answer as it runs now, None where no rule and nobody set one."""

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    received: RequestReceived | None = None
    number: str | None = None
    wanted: str = ""
    due: Counted | None = None
    correction: CorrectionAsked | None = None
    opinions: Mapping[UUID, Asked] = field(default_factory=dict[UUID, Asked])
    extended: tuple[AnswerExtended, ...] = ()
    overdue: bool = False
    answered: RequestAnswered | None = None


def evolve(request: Request, event: RequestEvent) -> Request:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case RequestReceived():
            return replace(request, stage=Stage.IN_HAND, received=event, wanted=event.wanted, due=event.answer_due)
        case RequestNumbered():
            return replace(request, number=event.number)
        case AnswerDaySet():
            return replace(request, due=event.due, overdue=False)
        case CorrectionAsked():
            return replace(request, stage=Stage.CORRECTING, correction=event)
        case RequestCorrected():
            return replace(request, stage=Stage.IN_HAND, wanted=event.wanted, due=event.answer_due)
        case RequestLapsed():
            return replace(request, stage=Stage.LAPSED)
        case OpinionAsked():
            return replace(request, opinions={**request.opinions, event.opinion_id: Asked(event)})
        case OpinionHeard():
            heard = replace(request.opinions[event.opinion_id], agrees=event.agrees, note=event.note, silent=False)
            return replace(request, opinions={**request.opinions, event.opinion_id: heard})
        case OpinionSilent():
            was = request.opinions[event.opinion_id]
            silent = replace(was, silent=True, agrees=True if event.consents else None)
            return replace(request, opinions={**request.opinions, event.opinion_id: silent})
        case AnswerClockSuspended() | AnswerClockResumed():
            return replace(request, due=event.now)
        case AnswerExtended():
            return replace(request, due=event.now, extended=(*request.extended, event))
        case RequestAnswered():
            return replace(request, stage=Stage.ANSWERED, answered=event)
        case AnswerOverdue():
            return replace(request, overdue=True)
        case _:
            assert_never(event)


REQUEST: Thing[Request, RequestEvent] = Thing(
    "disclosure_request",
    Request,
    evolve,
    (
        RequestReceived,
        RequestNumbered,
        AnswerDaySet,
        CorrectionAsked,
        RequestCorrected,
        RequestLapsed,
        OpinionAsked,
        OpinionHeard,
        OpinionSilent,
        AnswerClockSuspended,
        AnswerClockResumed,
        AnswerExtended,
        RequestAnswered,
        AnswerOverdue,
    ),
)
