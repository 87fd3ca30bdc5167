"""What a document remembers of those who were asked about it, and of what they could not agree on."""

from dataclasses import dataclass, replace
from typing import Literal

from chancery.events.document import (
    ConsentDeemed,
    ConsultationExtended,
    ConsultationExtensionAsked,
    ConsultationExtensionDeclined,
    ConsultationOverdue,
    ConsultationReplied,
    ConsultationSent,
    DisagreementOpened,
    DisagreementPartFilled,
    DisagreementSettled,
    DisagreementStepTaken,
)
from chancery.events.parts import Counted, StepDone

Asked = tuple[str, str]
"""A unit, and the evidence that its answer makes."""
OfOne = (
    ConsultationSent
    | ConsultationReplied
    | ConsultationExtensionAsked
    | ConsultationExtended
    | ConsultationExtensionDeclined
    | ConsentDeemed
    | ConsultationOverdue
)
OfASheet = DisagreementOpened | DisagreementPartFilled | DisagreementStepTaken | DisagreementSettled


@dataclass(frozen=True, slots=True)
class Consultation:
    """One unit asked. ``due`` is how its clock was counted last, None where none runs; ``reply`` its last answer.

    ``ran_out`` says what the end of the clock came to; ``settled`` that an objection was decided over.
    """

    sent: ConsultationSent
    due: Counted | None = None
    reply: ConsultationReplied | None = None
    ran_out: Literal["deemed", "overdue"] | None = None
    asked_for_more: ConsultationExtensionAsked | None = None
    extensions: int = 0
    settled: bool = False

    @property
    def waits(self) -> bool:
        """Whether the unit's answer is still wanted."""
        return self.reply is None and self.ran_out != "deemed"

    @property
    def objection(self) -> ConsultationReplied | None:
        """The objection that stands; one that came after silence had counted as consent does not."""
        reply = self.reply
        stands = reply is not None and reply.answer == "objection" and not reply.after_deemed and not self.settled
        return reply if stands else None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sheet of what units could not agree on. ``up_to`` are those it went up to, once it has."""

    opened: DisagreementOpened
    parts: tuple[DisagreementPartFilled, ...] = ()
    steps: tuple[StepDone, ...] = ()
    up_to: tuple[str, ...] = ()
    settled: DisagreementSettled | None = None


def fold(known: Consultation | None, event: OfOne) -> Consultation:
    """What becomes of one consultation."""
    if isinstance(event, ConsultationSent):
        return Consultation(event, event.due)
    if known is None:
        raise ValueError(f"{event.unit} was never asked")
    match event:
        case ConsultationReplied():
            return replace(known, reply=event, asked_for_more=None)
        case ConsultationExtensionAsked():
            return replace(known, asked_for_more=event)
        case ConsultationExtended():
            return replace(known, due=event.now, asked_for_more=None, extensions=known.extensions + 1)
        case ConsultationExtensionDeclined():
            return replace(known, asked_for_more=None)
        case ConsentDeemed():
            return replace(known, ran_out="deemed", asked_for_more=None)
        case ConsultationOverdue():
            return replace(known, ran_out="overdue", asked_for_more=None)


def fold_sheet(known: Disagreement | None, event: OfASheet) -> Disagreement:
    """What becomes of a sheet."""
    if isinstance(event, DisagreementOpened):
        return Disagreement(event)
    if known is None:
        raise ValueError("no sheet was begun")
    match event:
        case DisagreementPartFilled():
            return replace(known, parts=(*known.parts, event))
        case DisagreementStepTaken():
            return replace(known, steps=(*known.steps, event.taken), up_to=event.up_to)
        case DisagreementSettled():
            return replace(known, settled=event)
