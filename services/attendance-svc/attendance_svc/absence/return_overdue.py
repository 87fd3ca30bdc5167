"""The return was not reported in time (逾期未销假)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from chancery.events.attendance import ReturnOverdue
from chancery.events.parts import Counted
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class ReturnNotReported:
    due: Counted


def return_not_reported(command: ReturnNotReported, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """A fact at its moment, told once; one reported meanwhile is not overdue."""
    del rules
    announced = absence.announced
    if announced is None or absence.stage is not Stage.STANDS or absence.overdue:
        return []
    overdue = ReturnOverdue(absence_id=announced.absence_id, person_id=announced.person_id, due=command.due)
    return [Told(overdue)]
