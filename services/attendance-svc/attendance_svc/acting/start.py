"""Begin to act, when absence, mandate and place fit the pack's row (代行开始)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.acting.state import Acting, ActingEvent
from chancery.envelope import Standing
from chancery.events.attendance import ActingStarted
from chancery.rules.rulebook import Rules, only
from chancery.rules.tables import ACTING
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class StartActing:
    absence_id: str


def start(command: StartActing, acting: Acting, rules: Rules) -> Sequence[Told[ActingEvent]]:
    """Nobody named, or a cause the row does not list: nothing begins, and that is a visible state."""
    absence = rules.roster.absences.get(command.absence_id)
    if absence is None or not absence.holds(rules.at) or (acting.started is not None and not acting.over):
        return []
    ruling = rules.ask(ACTING, principal=absence.post, away_from=absence.leaving, cause=absence.cause)
    for hit in ruling.hits:
        deputies = [h for h in rules.who(hit.outcome.deputy).holders if h.person != absence.person]
        mandates = {e.receiver: e.id for e in rules.roster.entrusted("acting", rules.at, giver=absence.person)}
        for deputy in deputies:
            if hit.outcome.mandate == "required" and str(deputy.person) not in mandates:
                continue
            started = ActingStarted(
                acting_id=str(acting.id),
                principal_id=absence.person,
                post=absence.post,
                actor_id=deputy.person,
                absence_id=absence.id,
                entrustment_id=mandates.get(str(deputy.person)),
                scope=hit.outcome.scope,
                excludes=hit.outcome.excludes,
                started_at=rules.at,
            )
            return [Told(started, (only(ruling, hit),), Standing(deputy.person, deputy.post))]
    return []
