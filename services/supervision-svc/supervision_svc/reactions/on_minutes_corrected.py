"""Minutes were corrected: what was added opens a task, what was changed corrects it, what was struck out ends it."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import MinutesCorrected
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from supervision_svc.reactions.streams import task_of_decision
from supervision_svc.task.correct import Correct, correct
from supervision_svc.task.open_task import FOUNDS_ACTION, OpenTask, open_task
from supervision_svc.task.state import TASK


def react(recorded: Recorded[MinutesCorrected], rules: Rules) -> Sequence[Order]:
    """The same decision is the same task; one that founds an action only now opens it now.

    Minutes that were not issued yet go out as corrected: nothing stands on them here.
    """
    del rules
    told = recorded.event
    if not told.issued:
        return []
    was, now = told.was, told.now
    orders: list[Order] = []
    if was is not None and was.outcome in FOUNDS_ACTION:
        command = Correct(recorded.meta.id, told.taken.at, was, now, told.reason)
        stream = task_of_decision(told.minutes_id, was.no)
        orders.append(Order(TASK, correct, command, stream=stream, key="correct", matter=was.matter_id))
    elif now is not None and told.body is not None and told.closed_at is not None:
        opening = OpenTask(
            at=told.taken.at,
            event_id=recorded.meta.id,
            minutes_id=told.minutes_id,
            sitting_id=told.sitting_id,
            body=told.body,
            meeting_ended_at=told.closed_at,
            decision=now,
        )
        stream = task_of_decision(told.minutes_id, now.no)
        orders.append(Order(TASK, open_task, opening, stream=stream, key="open", matter=now.matter_id))
    return orders


ON_MINUTES_CORRECTED = Reaction("correct_tasks", "meeting", MinutesCorrected, react)
