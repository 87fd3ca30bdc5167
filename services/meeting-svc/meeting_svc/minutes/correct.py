"""Correct minutes that were signed (纪要更正): the earlier wording stays in the record, the reason beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chancery.events.meeting import MinutesCorrected, MinutesEvent
from chancery.events.parts import Decision
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.minutes.state import Minutes, Stage
from meeting_svc.minutes.way import walk_of
from meeting_svc.routes import standing_of


@dataclass(frozen=True, slots=True)
class Correct:
    """``no`` is the item's number; ``text`` and ``outcome`` are what it shall say, None: as it says now."""

    by: PersonId
    no: int
    reason: str
    text: str | None = None
    outcome: str | None = None


def correct(command: Correct, minutes: Minutes, rules: Rules) -> Sequence[Told[MinutesEvent]]:
    """By whoever signs such minutes now, with the reason written; what was wrong is never rewritten.

    Raises:
        Refused: not signed yet, no such item, nothing is different; (forbidden) another signs.
    """
    drafted = minutes.draft
    if drafted is None or minutes.stage not in (Stage.SIGNED, Stage.ISSUED):
        raise Refused(Reason("nothing_signed_to_correct"))
    was = _decision(minutes, command.no)
    now = was.model_copy(update={"text": command.text or was.text, "outcome": command.outcome or was.outcome})
    if now == was:
        raise Refused(Reason("nothing_corrected"))
    unsigned = replace(minutes, steps=minutes.steps[:-1])
    ruling, walk = walk_of(rules, unsigned, drafted)
    taken = walk.the_last(command.by, command.reason, steps_before="steps_before_the_signature")
    corrected = MinutesCorrected(
        minutes_id=minutes.id, sitting_id=drafted.sitting_id, was=was, now=now, reason=command.reason, taken=taken
    )
    return [Told(corrected, (ruling,), standing_of(taken))]


def _decision(minutes: Minutes, no: int) -> Decision:
    found = next((one for one in minutes.decisions if one.no == no), None)
    if found is None:
        raise Refused(Reason("no_such_decision", params={"no": no}, subject="no"))
    return found
