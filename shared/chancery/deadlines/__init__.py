"""Deadlines as stored things: counted, explained, fired once, counted anew when the calendar changes.

What is named here is pure. The rooms that touch the world are ``table`` (PostgreSQL), ``worker`` and ``shelf`` (files).
"""

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
    "Clocked",
    "DayLine",
    "DueAccount",
    "MoveDeadline",
    "RunningDeadline",
    "count_of",
    "counted",
    "deadline_id",
    "deadline_projection",
    "end_deadline",
    "explain_due",
    "extended_due",
    "meet_deadline",
    "move",
    "move_deadline",
    "move_order",
    "moves",
    "recounted",
    "restarted_due",
    "resumed_due",
    "sentences",
    "start_deadline",
    "suspended_due",
]
