"""Take an absence back before it begins (取消外出)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.keepers import keeps
from chancery.events.attendance import AbsenceWithdrawn
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Withdraw:
    by: PersonId
    at: datetime
    reason: str


def withdraw(command: Withdraw, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """Whoever has left already reports back instead; taken back twice is once.

    Raises:
        Refused: refused before or begun already; (forbidden) for somebody else.
    """
    announced = absence.announced
    if announced is None:
        raise not_found("absence")
    if command.by != announced.person_id and not keeps(rules, command.by):
        raise Refused(Reason("not_your_absence"), kind="forbidden")
    if absence.stage is Stage.WITHDRAWN:
        return []
    if absence.stage not in (Stage.ANNOUNCED, Stage.STANDS):
        raise Refused(Reason("absence_decided", params={"stage": absence.stage.value}))
    if absence.stage is Stage.STANDS and command.at >= announced.starts_at:
        raise Refused(Reason("absence_begun"))
    withdrawn = AbsenceWithdrawn(absence_id=announced.absence_id, person_id=announced.person_id, reason=command.reason)
    return [Told(withdrawn)]
