"""A mandate to act was given while its giver is away already, or taken back while somebody acts on it."""

from collections.abc import Sequence
from uuid import UUID

from attendance_svc.acting.end import EndActing, end
from attendance_svc.acting.start import StartActing, start
from attendance_svc.acting.state import ACTING, acting_of
from chancery.envelope import Recorded
from chancery.events.attendance import EntrustmentEnded, EntrustmentGiven
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction


def given(recorded: Recorded[EntrustmentGiven], rules: Rules) -> Sequence[Order]:
    event = recorded.event
    away = rules.roster.away(event.giver_id, rules.at)
    if event.object.kind != "acting" or away is None:
        return []
    return [Order(ACTING, start, StartActing(away.id), stream=acting_of(UUID(away.id)))]


def ended(recorded: Recorded[EntrustmentEnded], rules: Rules) -> Sequence[Order]:
    event = recorded.event
    held = rules.roster.entrustments.get(event.entrustment_id)
    if held is None or held.kind != "acting":
        return []
    command = EndActing(event.ended_at, event.entrustment_id)
    return [
        Order(ACTING, end, command, stream=acting_of(UUID(absence.id)), key=absence.id)
        for absence in rules.roster.absences.values()
        if absence.person == held.giver and absence.stands
    ]


ON_ENTRUSTMENT_GIVEN = Reaction("start_acting_on_mandate", "attendance", EntrustmentGiven, given)
ON_ENTRUSTMENT_ENDED = Reaction("end_acting_with_mandate", "attendance", EntrustmentEnded, ended)
