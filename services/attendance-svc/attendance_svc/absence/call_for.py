"""Call for a step of the absence's route that exists only where it is wanted (视情启用环节)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.absence.state import Absence, AbsenceEvent, Stage
from attendance_svc.absence.take_step import under_way
from attendance_svc.absence.way import row_of
from chancery.events.attendance import AbsenceStepCalledFor
from chancery.names import PersonId
from chancery.rules.excusing import calling
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class CallFor:
    by: PersonId
    step: str
    reason: str | None = None


def call_for(command: CallFor, absence: Absence, rules: Rules) -> Sequence[Told[AbsenceEvent]]:
    """From then on the step must be taken before the absence stands.

    Raises:
        Refused: decided already, or no such step waits; (forbidden) not his to call for.
    """
    announced, way = under_way(absence, rules, Stage.ANNOUNCED)
    called, standing = calling(command.step, command.by, command.reason, way)
    told = AbsenceStepCalledFor(absence_id=announced.absence_id, called=called)
    return [Told(told, (row_of(rules, announced),), standing)]
