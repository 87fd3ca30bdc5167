"""Say no to an absence (不予同意)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.absence.take_step import under_way
from attendance_svc.absence.way import row_of
from chancery.events.attendance import LeaveRefused
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.grammar import DECIDING
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class RefuseLeave:
    by: PersonId
    reason: str


def refuse(command: RefuseLeave, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """Only whose turn it is to decide may say no, with the reason written.

    Raises:
        Refused: decided already, or nobody decides it; (forbidden) another's turn.
    """
    announced, way = under_way(absence, rules, Stage.ANNOUNCED)
    ruling = row_of(rules, announced)
    taking = rules.may_take(way.state, command.by, cites=ruling.citations)
    if taking.do not in DECIDING:
        raise Refused(Reason("not_a_deciding_step", tuple(ruling.citations)))
    refused = LeaveRefused(absence_id=announced.absence_id, person_id=announced.person_id, reason=command.reason)
    return [Told(refused, (ruling,), taking.standing)]
