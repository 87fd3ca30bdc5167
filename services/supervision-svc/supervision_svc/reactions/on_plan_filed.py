"""A plan was put on record: each line that lacks nothing becomes a task, where the plan's lines are tasks."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.planning import PlanFiled
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from supervision_svc.reactions.streams import task_of_line
from supervision_svc.task.open_planned import OpenPlanned, open_planned
from supervision_svc.task.state import TASK


def react(recorded: Recorded[PlanFiled], rules: Rules) -> Sequence[Order]:
    """Named by its title within the plan, so that a later edition opens only what is new."""
    filed = recorded.event
    if filed.as_tasks is None:
        return []
    units = [seat.unit for seat in rules.roster.held_by(filed.filed_by, filed.filed_at) if seat.unit]
    orders: list[Order] = []
    for entry in filed.entries:
        if entry.missing:
            continue
        stream = task_of_line(filed.plan_id, entry.title)
        reference = f"{filed.artefact} {filed.period} {entry.no}"
        watching = units[0] if units else None
        command = OpenPlanned(recorded.meta.id, filed.as_tasks, reference, entry, filed.filed_at, watching)
        orders.append(Order(TASK, open_planned, command, stream=stream, key=str(entry.no), matter=stream))
    return orders


ON_PLAN_FILED = Reaction("open_planned_tasks", "supervision", PlanFiled, react)
