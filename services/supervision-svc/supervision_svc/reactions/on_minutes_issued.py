"""Minutes were issued: each decision that founds an action becomes a task."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import MinutesIssued
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from supervision_svc.reactions.streams import task_of_decision
from supervision_svc.task.open_task import OpenTask, open_task
from supervision_svc.task.state import TASK


def react(recorded: Recorded[MinutesIssued], rules: Rules) -> Sequence[Order]:
    """Same minutes, same task ids: a redelivered message assigns nothing twice."""
    del rules
    minutes = recorded.event
    return [
        Order(
            TASK,
            open_task,
            OpenTask(
                at=minutes.issued_at,
                event_id=recorded.meta.id,
                minutes_id=minutes.minutes_id,
                sitting_id=minutes.sitting_id,
                body=minutes.body,
                meeting_ended_at=minutes.closed_at,
                decision=decision,
            ),
            stream=task_of_decision(minutes.minutes_id, decision.no),
            key=str(decision.no),
            matter=decision.matter_id,
        )
        for decision in minutes.decisions
    ]


ON_MINUTES_ISSUED = Reaction("open_tasks", "meeting", MinutesIssued, react)
