"""Review or consult on the draft of the minutes (纪要审核)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import MinutesEvent, MinutesStepTaken
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.minutes.state import Minutes
from meeting_svc.minutes.unsigned import not_to_be_signed
from meeting_svc.minutes.way import walk_of
from meeting_svc.routes import standing_of


@dataclass(frozen=True, slots=True)
class TakeStep:
    by: PersonId
    opinion: str | None = None


def take_step(command: TakeStep, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """Whichever step the person's post may take now; the last one is ``sign``.

    Raises:
        Refused: not drafted, signed already, the step is the signature; (forbidden) not his turn.
    """
    drafted, lacking = not_to_be_signed(minutes)
    if drafted is None or lacking:
        raise Refused(*lacking)
    ruling, walk = walk_of(rules, minutes, drafted)
    taken = walk.before_the_last(command.by, command.opinion, last_is="signature_is_sign")
    return [Told(MinutesStepTaken(minutes_id=minutes.id, taken=taken), (ruling,), standing_of(taken))]
