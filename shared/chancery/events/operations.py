"""What the house itself tells, in every service: dead letters redriven or skipped, deadlines counted anew."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from chancery.events.base import Event
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


class DeadlineMoved(Event, name="operations.deadline_moved", version=1):
    """A running deadline was counted anew and came out differently; both counts are kept.

    ``cause`` is calendar (a year's holidays were announced or corrected), extension or suspension.
    """

    deadline_id: UUID
    thing: UUID
    cause: Annotated[str, Field(pattern="^(calendar|extension|suspension)$")]
    was: Counted
    now: Counted
    moved_at: AwareDatetime


OperationsEvent = DeadLetterRedriven | DeadLetterSkipped | DeadlineMoved
