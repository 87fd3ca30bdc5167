"""What the house itself tells, in every service: dead letters redriven or skipped, deadlines counted anew."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event, Json, upcast
from chancery.events.parts import Code, Counted, Name


class DeadLetterRedriven(Event, name="operations.dead_letter_redriven", version=1):
    """An operator had parked events of one stream tried again, and they went through."""

    consumer: Name
    source: Code
    held_stream: UUID
    positions: tuple[int, ...]


class DeadLetterSkipped(Event, name="operations.dead_letter_skipped", version=1):
    """An operator passed over one parked event for good, and said why."""

    consumer: Name
    source: Code
    held_stream: UUID
    position: int
    reason: Annotated[str, Field(min_length=3, max_length=2000)]


class DeadlineMoved(Event, name="operations.deadline_moved", version=2):
    """A running deadline was counted anew and came out differently; both counts are kept.

    ``cause`` is calendar (a year's holidays were announced or corrected), rules (the closing time or a number that the
    rules leave to a setting changed), extension or suspension.
    """

    deadline_id: UUID
    thing: UUID
    cause: Annotated[str, Field(pattern="^(calendar|rules|extension|suspension)$")]
    was: Counted
    now: Counted
    moved_at: AwareDatetime


@upcast(DeadlineMoved, from_version=1)
def a_setting_moved_nothing_yet(old: Json) -> Json:
    """v1 knew no move by a setting of the rules; what it told it told alike."""
    return old


OperationsEvent = DeadLetterRedriven | DeadLetterSkipped | DeadlineMoved
