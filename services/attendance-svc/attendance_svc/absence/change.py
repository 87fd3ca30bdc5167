"""Put an absence forward otherwise before it begins (变更外出)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.announce import Announce, judged, on_its_way
from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from chancery.events.attendance import AbsenceReplanned
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class Change:
    """``to`` are the particulars as they shall be, whole; ``because`` is why."""

    to: Announce
    because: str


def change(command: Change, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """Judged like an announcement of that moment; what was approved was approved of something else, and is asked anew.

    Raises:
        Refused: refused, withdrawn, begun or over; nothing is different; whatever stands in the way of an announcement.
    """
    before = absence.announced
    if before is None:
        raise not_found("absence")
    if absence.stage not in (Stage.ANNOUNCED, Stage.STANDS):
        raise Refused(Reason("absence_decided", params={"stage": absence.stage.value}))
    if absence.stage is Stage.STANDS and command.to.at >= before.starts_at:
        raise Refused(Reason("absence_begun"))
    announced, under = judged(command.to, absence, rules)
    if announced == before:
        return []
    changed = AbsenceReplanned.model_validate(announced.model_dump() | {"because": command.because})
    return [Told(changed, under), *on_its_way(announced, under, command.to.person_id, rules)]
