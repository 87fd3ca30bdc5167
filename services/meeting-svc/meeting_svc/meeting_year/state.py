"""The meetings of one unit in one year, in the order in which they took their places (年度会议计数)."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import MeetingPlaceFreed, MeetingPlaceTaken, MeetingYearEvent
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class MeetingYear:
    """``taken`` are the requests that hold a place; where a request stands says how many were there before it."""

    id: UUID
    taken: tuple[UUID, ...] = ()

    def before(self, request: UUID) -> int:
        """How many meetings count before this one: those before its place, or all where it has none."""
        return self.taken.index(request) if request in self.taken else len(self.taken)


def evolve(year: MeetingYear, event: MeetingYearEvent) -> MeetingYear:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case MeetingPlaceTaken():
            return replace(year, taken=(*year.taken, event.request_id))
        case MeetingPlaceFreed():
            return replace(year, taken=tuple(one for one in year.taken if one != event.request_id))
        case _:
            assert_never(event)


MEETING_YEAR: Thing[MeetingYear, MeetingYearEvent] = Thing(
    "meeting_year", MeetingYear, evolve, (MeetingPlaceTaken, MeetingPlaceFreed), of_many=True
)
