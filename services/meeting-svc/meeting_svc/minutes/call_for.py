"""Call for a step of the minutes' way that exists only where it is wanted (视情启用环节)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import MinutesEvent, MinutesStepCalledFor
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.excusing import calling
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.minutes.state import Minutes
from meeting_svc.minutes.unsigned import not_to_be_signed
from meeting_svc.minutes.way import walk_of


@dataclass(frozen=True, slots=True)
class CallFor:
    by: PersonId
    step: str
    reason: str | None = None


def call_for(command: CallFor, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """From then on the step must be taken before the signature counts as the last.

    Raises:
        Refused: not drafted, signed already, no such step waits; (forbidden) not his to call for.
    """
    drafted, lacking = not_to_be_signed(minutes)
    if drafted is None or lacking:
        raise Refused(*lacking)
    ruling, walk = walk_of(rules, minutes, drafted)
    called, standing = calling(command.step, command.by, command.reason, walk)
    return [Told(MinutesStepCalledFor(minutes_id=minutes.id, called=called), (ruling,), standing)]
