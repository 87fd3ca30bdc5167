"""Call a sitting off before it opens (取消): its number stays used, its items wait for a later one."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import SittingCalledOff, SittingEvent
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.sitting.presiding import may_convene
from meeting_svc.sitting.state import Sitting, Stage


@dataclass(frozen=True, slots=True)
class CallOff:
    by: PersonId
    reason: str


def call_off(command: CallOff, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By whoever may convene the body, or its office.

    Raises:
        Refused: the sitting is not convened, or has opened; (forbidden) neither convener nor office acts.
    """
    if sitting.convened is None:
        raise Refused(Reason("not_convened"))
    if sitting.stage is not Stage.CONVENED:
        raise Refused(Reason("opened_already" if sitting.stage is not Stage.CALLED_OFF else "called_off_already"))
    body = sitting.convened.body
    standing = may_convene(rules, body, command.by) or clerk(rules, body, command.by).standing
    items = tuple(item.item_id for item in sitting.items)
    off = SittingCalledOff(sitting_id=sitting.id, body=body, items=items, reason=command.reason)
    return [Told(off, (rules.body_ruling(body),), standing)]
