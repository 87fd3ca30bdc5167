"""What a mandate to act means for who acts: begun while its giver is away, or ended while somebody acts on it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from attendance_svc.acting.end import EndActing, end
from attendance_svc.acting.start import StartActing, meant, start
from attendance_svc.acting.state import ACTING, acting_of
from chancery.rules.rulebook import Rules
from chancery.service import Order


def begins(entrustment_id: str, rules: Rules) -> Sequence[Order]:
    """Every absence that keeps away now whom the mandate speaks of may find its deputy."""
    given = rules.roster.entrustments.get(entrustment_id)
    if given is None or given.kind != "acting" or not given.holds(rules.at):
        return []
    return [
        Order(ACTING, start, StartActing(absence.id), stream=acting_of(UUID(absence.id)), key=absence.id)
        for absence in rules.roster.every_absence_of(meant(rules, given))
        if absence.holds(rules.at)
    ]


def ends(entrustment_id: str, ended_at: datetime, rules: Rules) -> Sequence[Order]:
    """Whoever acts on it stops; somebody else who holds a mandate by now takes over."""
    given = rules.roster.entrustments.get(entrustment_id)
    if given is None or given.kind != "acting":
        return []
    orders: list[Order] = []
    for absence in rules.roster.every_absence_of(meant(rules, given)):
        if not absence.stands or absence.returned_at is not None:
            continue
        acting = acting_of(UUID(absence.id))
        orders.append(Order(ACTING, end, EndActing(ended_at, entrustment_id), stream=acting, key=absence.id))
        orders.append(Order(ACTING, start, StartActing(absence.id, ended_at), stream=acting, key=f"{absence.id}/next"))
    return orders
