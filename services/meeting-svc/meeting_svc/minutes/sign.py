"""Sign the minutes (签发), in his own right, acting or entrusted."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import MinutesEvent, MinutesSigned
from chancery.names import PersonId
from chancery.refusal import Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.minutes.state import Minutes
from meeting_svc.minutes.unsigned import not_to_be_signed
from meeting_svc.minutes.way import walk_of
from meeting_svc.routes import standing_of


@dataclass(frozen=True, slots=True)
class Sign:
    by: PersonId
    opinion: str | None = None


def sign(command: Sign, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """The last step of the route; the right in which it is taken is kept.

    Raises:
        Refused: not drafted, signed already, steps come before the signature; (forbidden) another signs.
    """
    drafted, lacking = not_to_be_signed(minutes)
    if drafted is None or lacking:
        raise Refused(*lacking)
    ruling, walk = walk_of(rules, minutes, drafted)
    taken = walk.the_last(command.by, command.opinion, steps_before="steps_before_the_signature")
    signed = MinutesSigned(minutes_id=minutes.id, sitting_id=drafted.sitting_id, taken=taken)
    return [Told(signed, (ruling,), standing_of(taken))]
