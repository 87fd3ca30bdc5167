"""Say no to an absence (不予同意)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.state import Absence, AbsenceEvent, Extension, Stage
from attendance_svc.absence.take_step import under_way
from attendance_svc.absence.way import row_of, way_of
from chancery.events.attendance import AbsenceAnnounced, ExtensionRefused, LeaveRefused
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
    """Only whose turn it is to decide may say no, with the reason written. Where a longer absence waits, it is that.

    Raises:
        Refused: decided already, or nobody decides it; (forbidden) another's turn.
    """
    if absence.extension is not None and absence.announced is not None:
        return _no_longer(command, absence.announced, absence.extension, rules)
    announced, way = under_way(absence, rules, Stage.ANNOUNCED)
    ruling = row_of(rules, announced)
    taking = rules.may_take(way.state, command.by, cites=ruling.citations)
    if taking.do not in DECIDING:
        raise Refused(Reason("not_a_deciding_step", tuple(ruling.citations)))
    refused = LeaveRefused(absence_id=announced.absence_id, person_id=announced.person_id, reason=command.reason)
    return [Told(refused, (ruling,), taking.standing)]


def _no_longer(
    command: RefuseLeave, announced: AbsenceAnnounced, extension: Extension, rules: Rules
) -> Sequence[Told[AbsenceEvent]]:
    ruling = row_of(rules, extension.asked)
    way = way_of(rules, announced, extension.steps, ruling.first)
    if way is None:
        raise Refused(Reason("no_steps_left"))
    taking = rules.may_take(way.state, command.by, cites=ruling.citations)
    if taking.do not in DECIDING:
        raise Refused(Reason("not_a_deciding_step", tuple(ruling.citations)))
    refused = ExtensionRefused(absence_id=announced.absence_id, person_id=announced.person_id, reason=command.reason)
    return [Told(refused, (ruling,), taking.standing)]
