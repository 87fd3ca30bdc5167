"""Excuse, before an absence is announced, what the rules ask of it in principle (同意例外)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from chancery.events.attendance import AbsenceExcused
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import Excusing, excusing
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.tables import ABSENCES
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class ExcuseAbsence:
    """``starts_on`` is the day on which the absence begins."""

    by: PersonId
    person_id: str
    starts_on: date
    asked: Excusing


def excuse(command: ExcuseAbsence, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """By the one whom the row names, for one person and day; the absence is then announced under this id.

    Raises:
        Refused: announced already, there is no such row, or it must be kept; (forbidden) another may excuse it, or it
            is his own absence.
    """
    if absence.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("announced_already"))
    given = excusing(
        command.asked,
        command.by,
        rules,
        Case(applicant=command.person_id, raiser=command.person_id),
        tables=(ABSENCES.name,),
        given=tuple(one.excuse for one in absence.excused),
        unmet=None,
    )
    told = AbsenceExcused(
        absence_id=str(absence.id), person_id=command.person_id, starts_on=command.starts_on, excuse=given.excuse
    )
    return [Told(told, (given.under,), given.standing)]
