"""Report back (销假)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.keepers import keeps
from chancery.events.attendance import ReturnReported
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class ReportReturn:
    by: PersonId
    at: datetime
    returned_at: datetime


def report_return(command: ReportReturn, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """The absence ends when he came back, whatever was planned; twice is once.

    Raises:
        Refused: it never stood, or the return lies before its start or ahead of now; (forbidden) for somebody else.
    """
    announced = absence.announced
    if announced is None:
        raise not_found("absence")
    if command.by != announced.person_id and not keeps(rules, command.by):
        raise Refused(Reason("not_your_absence"), kind="forbidden")
    if absence.stage is Stage.RETURNED:
        return []
    if absence.stage is not Stage.STANDS:
        raise Refused(Reason("absence_does_not_stand", params={"stage": absence.stage.value}))
    if not announced.starts_at <= command.returned_at <= command.at:
        raise Refused(Reason("return_out_of_time", subject="returned_at"))
    back = ReturnReported(
        absence_id=announced.absence_id, person_id=announced.person_id, returned_at=command.returned_at
    )
    return [Told(back)]
