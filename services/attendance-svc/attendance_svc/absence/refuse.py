"""Say no to an absence (不予同意)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.state import Absence, AbsenceEvent
from attendance_svc.absence.take_step import waiting
from attendance_svc.absence.way import asked, way_of
from chancery.events.attendance import LeaveRefused
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class RefuseLeave:
    by: PersonId
    reason: str


def refuse(command: RefuseLeave, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """Only whose turn it is may say no, with the reason written."""
    announced = waiting(absence)
    ruling = asked(rules, announced.person_id, announced.leaving, announced.cause)
    way = way_of(rules, announced, absence.steps, ruling.first)
    if way is None:
        raise Refused(Reason("no_steps_left"))
    taking = rules.may_take(way.state, command.by, cites=ruling.citations)
    refused = LeaveRefused(absence_id=announced.absence_id, person_id=announced.person_id, reason=command.reason)
    return [Told(refused, (ruling,), taking.standing)]
