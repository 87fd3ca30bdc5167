"""Take the step of an absence's route whose turn it is: review, consent, approve, pass on (批准、同意、转报)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.announce import approved
from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.absence.way import row_of, way_of
from chancery.events.attendance import AbsenceAnnounced, AbsenceStepTaken
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.rules.walk import Walk
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class TakeStep:
    by: PersonId
    opinion: str | None = None


def take_step(command: TakeStep, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """After the last deciding step the absence stands; what is owed afterwards may be done later.

    Nobody decides his own case, also not while acting for another.

    Raises:
        Refused: nothing is left to do, or it was refused or is over; (forbidden) another's turn.
    """
    announced, way = under_way(absence, rules, Stage.ANNOUNCED, Stage.STANDS)
    ruling = row_of(rules, announced)
    taking = rules.may_take(way.state, command.by, cites=ruling.citations)
    taken = rules.step_done(taking, command.opinion)
    told: list[Told[AbsenceEvent]] = [
        Told(AbsenceStepTaken(absence_id=announced.absence_id, taken=taken), (ruling,), taking.standing)
    ]
    after = way_of(rules, announced, (*absence.steps, taken), ruling.first, absence.called)
    if absence.stage is Stage.ANNOUNCED and after is not None and after.state.complete:
        told.append(Told(approved(announced, rules, ruling.first), (ruling,), taking.standing))
    return told


def under_way(absence: Absence, rules: Rules, *stages: Stage) -> tuple[AbsenceAnnounced, Walk]:
    """An absence in one of the stages, and its route.

    Raises:
        Refused: there is none, it is in another stage, or the rules give it no route.
    """
    announced = absence.announced
    if announced is None:
        raise not_found("absence")
    if absence.stage not in stages:
        raise Refused(Reason("absence_decided", params={"stage": absence.stage.value}))
    way = way_of(rules, announced, absence.steps, row_of(rules, announced).first, absence.called)
    if way is None:
        raise Refused(Reason("no_steps_left"))
    return announced, way
