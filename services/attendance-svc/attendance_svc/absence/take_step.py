"""Take the step of an absence's route whose turn it is: review, consent, approve (批准、同意)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.announce import approved
from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.absence.way import asked, way_of
from chancery.events.attendance import AbsenceAnnounced, AbsenceStepTaken
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class TakeStep:
    by: PersonId
    opinion: str | None = None


def waiting(absence: Absence) -> AbsenceAnnounced:
    """The announcement of an absence that waits for steps.

    Raises:
        Refused: there is none, or it is decided already.
    """
    if absence.announced is None:
        raise not_found("absence")
    if absence.stage is not Stage.ANNOUNCED:
        raise Refused(Reason("absence_decided", params={"stage": absence.stage.value}))
    return absence.announced


def take_step(command: TakeStep, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """Nobody decides his own case, also not while acting for another. After the last step the absence stands."""
    announced = waiting(absence)
    ruling = asked(rules, announced.person_id, announced.leaving, announced.cause)
    way = way_of(rules, announced, absence.steps, ruling.first)
    if way is None:
        raise Refused(Reason("no_steps_left"))
    taking = rules.may_take(way.state, command.by, cites=ruling.citations)
    taken = rules.step_done(taking, command.opinion)
    told: list[Told[AbsenceEvent]] = [
        Told(AbsenceStepTaken(absence_id=announced.absence_id, taken=taken), (ruling,), taking.standing)
    ]
    after = way_of(rules, announced, (*absence.steps, taken), ruling.first)
    if after is not None and after.state.complete:
        told.append(Told(approved(announced), (ruling,), taking.standing))
    return told
