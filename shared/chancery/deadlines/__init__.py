"""Deadlines as stored things: counted, explained, fired once, counted anew when the calendar changes."""

from chancery.deadlines.counting import (
    DayLine,
    DueAccount,
    RunningDeadline,
    count_of,
    counted,
    explain_due,
    extended_due,
    moves,
    recounted,
    restarted_due,
    resumed_due,
    sentences,
    suspended_due,
)
from chancery.deadlines.moving import DEADLINE, MoveDeadline, move, move_order
from chancery.deadlines.shelf import Calendars, CalendarShelf
from chancery.deadlines.table import DeadlineTable, Taken
from chancery.deadlines.worker import DeadlineWorker, Fire, Give, firing_id, moving_id
from chancery.deadlines.writing import (
    Clocked,
    deadline_id,
    deadline_projection,
    end_deadline,
    meet_deadline,
    move_deadline,
    start_deadline,
)

__all__ = [
    "DEADLINE",
    "CalendarShelf",
    "Calendars",
    "Clocked",
    "DayLine",
    "DeadlineTable",
    "DeadlineWorker",
    "DueAccount",
    "Fire",
    "Give",
    "MoveDeadline",
    "RunningDeadline",
    "Taken",
    "count_of",
    "counted",
    "deadline_id",
    "deadline_projection",
    "end_deadline",
    "explain_due",
    "extended_due",
    "firing_id",
    "meet_deadline",
    "move",
    "move_deadline",
    "move_order",
    "moves",
    "moving_id",
    "recounted",
    "restarted_due",
    "resumed_due",
    "sentences",
    "start_deadline",
    "suspended_due",
]
