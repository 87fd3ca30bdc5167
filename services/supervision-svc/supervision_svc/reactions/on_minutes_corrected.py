"""Minutes were corrected in one item: the task of that item is corrected with them."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import MinutesCorrected
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from supervision_svc.reactions.streams import task_of_decision
from supervision_svc.task.correct import Correct, correct
from supervision_svc.task.state import TASK


def react(recorded: Recorded[MinutesCorrected], rules: Rules) -> Sequence[Order]:
    del rules
    told = recorded.event
    command = Correct(recorded.meta.id, told.taken.at, told.was, told.now, told.reason)
    stream = task_of_decision(told.minutes_id, told.was.no)
    return [Order(TASK, correct, command, stream=stream, matter=told.was.matter_id)]


ON_MINUTES_CORRECTED = Reaction("correct_tasks", "meeting", MinutesCorrected, react)
