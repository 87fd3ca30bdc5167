"""Take the step of an absence's route whose turn it is: review, consent, approve, pass on (批准、同意、转报)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.announce import approved
from attendance_svc.absence.extend import extended, still_in_time
from attendance_svc.absence.state import Absence, AbsenceEvent, Extension, Stage
from attendance_svc.absence.way import goes_outside, row_of, way_of
from attendance_svc.keepers import keeps
from chancery.events.attendance import AbsenceAnnounced, AbsenceStepTaken
from chancery.events.parts import Proof, StepDone
from chancery.names import PersonId
from chancery.refusal import Citation, Reason, Refused, not_found
from chancery.rules.grammar import DECIDING
from chancery.rules.routes import OpenStep
from chancery.rules.rulebook import Rules, Taking
from chancery.rules.walk import Walk
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class TakeStep:
    """``proof``: what shows that a body outside was told, or has answered."""

    by: PersonId
    opinion: str | None = None
    proof: Proof | None = None


def take_step(command: TakeStep, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """After the last deciding step the absence stands; what is owed afterwards may be done later.

    Nobody decides his own case, also not while acting for another. The answer of a body outside is put on file by
    whoever keeps the roster, with its proof. Where a longer absence was asked for, its route comes first.

    Raises:
        Refused: nothing is left to do, it was refused or is over, or a proof is missing; (forbidden) another's turn.
    """
    if absence.extension is not None and absence.announced is not None:
        return _of_the_extension(command, absence, absence.announced, absence.extension, rules)
    announced, way = under_way(absence, rules, Stage.ANNOUNCED, Stage.STANDS)
    ruling = row_of(rules, announced)
    taken, taking = taken_by(command, way, rules, ruling.citations, announced.person_id)
    told: list[Told[AbsenceEvent]] = [
        Told(AbsenceStepTaken(absence_id=announced.absence_id, taken=taken), (ruling,), taking.standing)
    ]
    after = way_of(rules, announced, (*absence.steps, taken), ruling.first, absence.called)
    if absence.stage is Stage.ANNOUNCED and after is not None and after.state.complete:
        told.append(Told(approved(announced, rules, ruling.first), (ruling,), taking.standing))
    return told


def _of_the_extension(
    command: TakeStep, absence: Absence, announced: AbsenceAnnounced, extension: Extension, rules: Rules
) -> Sequence[Told[AbsenceEvent]]:
    still_in_time(absence, announced, rules.at)
    ruling = row_of(rules, extension.asked)
    way = way_of(rules, announced, extension.steps, ruling.first)
    if way is None:
        raise Refused(Reason("no_steps_left"))
    taken, taking = taken_by(command, way, rules, ruling.citations, announced.person_id)
    step = AbsenceStepTaken(absence_id=announced.absence_id, taken=taken, extension=True)
    told: list[Told[AbsenceEvent]] = [Told(step, (ruling,), taking.standing)]
    after = way_of(rules, announced, (*extension.steps, taken), ruling.first)
    if after is not None and after.state.complete:
        told.append(Told(extended(extension.asked, rules, ruling.first), (ruling,), taking.standing))
    return told


def taken_by(
    command: TakeStep, way: Walk, rules: Rules, cites: Sequence[Citation], applicant: str
) -> tuple[StepDone, Taking]:
    """The step that is taken.

    Raises:
        Refused: it goes outside and there is no proof; (forbidden) another's turn.
    """
    state = way.state
    mine = state.for_person(command.by)
    if mine is not None:
        step, standing = mine
    else:
        answer = _outside_answer(state.open, command, rules, applicant)
        if answer is None:
            rules.may_take(state, command.by, cites=cites)  # refuses, and says whose turn it is
            raise Refused(Reason("no_steps_left"))
        step, standing = answer, rules.own_standing(command.by)
    if goes_outside(step.step) and command.proof is None:
        raise Refused(Reason("needs_proof", tuple(cites), {"do": step.step.do, "to": _where(step)}, subject="proof"))
    taking = Taking(step.alternative, step.index, step.step.do, standing)
    return rules.step_done(taking, command.opinion, command.proof), taking


def _outside_answer(open_steps: Sequence[OpenStep], command: TakeStep, rules: Rules, applicant: str) -> OpenStep | None:
    """The step of a body outside whose answer somebody who keeps the roster puts on file; never in his own case."""
    if not keeps(rules, command.by):
        return None
    waiting = (one for one in open_steps if one.who.nobody == "outside" and not one.left)
    return next((one for one in waiting if one.step.do not in DECIDING or command.by != applicant), None)


def _where(step: OpenStep) -> str:
    outside = step.step.to or step.step.by
    return outside.written() if outside is not None else ""


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
