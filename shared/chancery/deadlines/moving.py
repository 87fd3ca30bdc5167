"""A deadline as a thing with a history of its own: every move of its due moment, both counts and the cause. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from chancery.deadlines.counting import RunningDeadline, moves
from chancery.events.operations import DeadlineMoved
from chancery.events.parts import Counted
from chancery.order import Order
from chancery.thing import Thing, Told

Cause = Literal["calendar", "rules", "extension", "suspension"]


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """What is remembered of a deadline's moves: how it stands since the last."""

    id: UUID
    now: Counted | None = None


@dataclass(frozen=True, slots=True)
class MoveDeadline:
    """Say that a deadline's due moment is another one now."""

    deadline_id: UUID
    thing: UUID
    cause: Cause
    was: Counted
    now: Counted
    at: datetime


def evolve(moved: MovedDeadline, event: DeadlineMoved) -> MovedDeadline:
    return replace(moved, now=event.now)


DEADLINE: Thing[MovedDeadline, DeadlineMoved] = Thing("deadline", MovedDeadline, evolve, (DeadlineMoved,))


def move(command: MoveDeadline, moved: MovedDeadline, _rules: object) -> Sequence[Told[DeadlineMoved]]:
    """Tell the move, with the count before and after; quiet where nobody would notice a difference."""
    if not moves(command.was, command.now) or moved.now == command.now:
        return []
    return [
        Told(
            DeadlineMoved(
                deadline_id=command.deadline_id,
                thing=command.thing,
                cause=command.cause,
                was=command.was,
                now=command.now,
                moved_at=command.at,
            )
        )
    ]


def move_order(deadline: RunningDeadline, now: Counted, cause: Cause, at: datetime) -> Order:
    """The command that moves a deadline, on the deadline's own stream."""
    command = MoveDeadline(deadline.id, deadline.thing, cause, deadline.counted, now, at)
    return Order(DEADLINE, move, command, deadline.id, key=f"{cause}/{now.calendar_version}", matter=deadline.matter)
