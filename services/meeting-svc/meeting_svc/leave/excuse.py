"""Excuse, before a leave from a sitting is asked, what the rules ask of it in principle (同意例外)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import MeetingLeaveEvent, MeetingLeaveExcused
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import Excusing, excusing
from chancery.rules.rulebook import Rules
from chancery.rules.tables import ABSENCES
from chancery.thing import Told
from meeting_svc.leave.state import Leave, Stage
from meeting_svc.leave.way import case_of
from meeting_svc.sitting.state import Sitting
from meeting_svc.sitting.state import Stage as SittingStage


@dataclass(frozen=True, slots=True)
class ExcuseLeave:
    """``sitting`` as it stands now; ``person`` is who stays away."""

    by: PersonId
    sitting: Sitting
    person: str
    asked: Excusing


def excuse(command: ExcuseLeave, leave: Leave, rules: Rules) -> Sequence[Told[MeetingLeaveEvent]]:
    """By the one whom the row names, for one person and sitting; what must be is never excused.

    Raises:
        Refused: no such sitting or begun, the leave is asked already, there is no such row, or it must be kept;
            (forbidden) another may excuse it, or it is his own leave.
    """
    if command.sitting.convened is None:
        raise Refused(Reason("not_convened"))
    if command.sitting.stage is not SittingStage.CONVENED:
        raise Refused(Reason("too_late_for_leave"))
    if leave.stage in (Stage.ASKED, Stage.GRANTED):
        raise Refused(Reason("leave_asked_already", params={"stage": leave.stage.value}))
    given = excusing(
        command.asked,
        command.by,
        rules,
        case_of(rules, command.person, command.sitting),
        tables=(ABSENCES.name,),
        given=leave.excuses,
        unmet=None,
    )
    told = MeetingLeaveExcused(
        leave_id=leave.id, sitting_id=command.sitting.id, person_id=command.person, excuse=given.excuse
    )
    return [Told(told, (given.under,), given.standing)]
