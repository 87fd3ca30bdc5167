"""Excuse, before an engagement is asked for, what the rules ask of it in principle (同意例外)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attendance_svc.engagement.state import Engagement, EngagementEvent, Stage
from chancery.events.attendance import EngagementExcused
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.excusing import Excusing, excusing
from chancery.rules.resolve import Case
from chancery.rules.rulebook import Rules
from chancery.rules.tables import ENGAGEMENTS
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class ExcuseEngagement:
    by: PersonId
    person_id: str
    on: date
    asked: Excusing


def excuse(command: ExcuseEngagement, engagement: Engagement, rules: Rules) -> Sequence[Told[EngagementEvent]]:
    """By the one whom the row names, for one leader and day; the engagement is then asked for under this id.

    Raises:
        Refused: asked already, there is no such row, or it must be kept; (forbidden) another may excuse it, or it is
            about himself.
    """
    if engagement.stage is not Stage.NOT_SEEN:
        raise Refused(Reason("engagement_asked_already"))
    given = excusing(
        command.asked,
        command.by,
        rules,
        Case(applicant=command.person_id, raiser=command.person_id),
        tables=(ENGAGEMENTS.name,),
        given=tuple(one.excuse for one in engagement.excused),
        unmet=None,
    )
    told = EngagementExcused(
        engagement_id=str(engagement.id), person_id=command.person_id, on=command.on, excuse=given.excuse
    )
    return [Told(told, (given.under,), given.standing)]
