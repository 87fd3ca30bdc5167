"""Release a decision that the rules kept back: from now on everybody may see it (公开议定事项)."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import DecisionReleased, SittingEvent
from chancery.events.parts import Decision
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.kept import keeping
from meeting_svc.sitting.state import Sitting


@dataclass(frozen=True, slots=True)
class Release:
    """``decision`` is the whole of it, as it was kept apart; None where nothing of that number is kept."""

    by: PersonId
    decision: Decision | None


def release(command: Release, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """By the office of the body, for the organisation.

    Raises:
        Refused: no such decision, or it is not kept back; (forbidden) not the office acts.
    """
    convened, decision = sitting.convened, command.decision
    if convened is None:
        raise Refused(Reason("not_convened"))
    office = clerk(rules, convened.body, command.by)
    if decision is None or not any(one.no == decision.no and one.kept for one in sitting.decisions):
        raise Refused(Reason("nothing_kept_back", subject="no"))
    told = DecisionReleased(sitting_id=sitting.id, decision=decision, released_by=command.by)
    facts = next((item.facts for item in sitting.items if item.no == decision.no), None)
    kept = keeping(rules, facts, convened.body) if facts is not None else ()
    return [Told(told, (office.ruling, *kept), office.standing)]
