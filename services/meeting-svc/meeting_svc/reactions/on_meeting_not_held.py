"""A meeting that was asked for is not held: its place of the year is free again."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import MeetingCancelled, MeetingNotApproved
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.meeting_year.state import MEETING_YEAR
from meeting_svc.meeting_year.take_place import FreePlace, free_place


def react(recorded: Recorded[MeetingCancelled | MeetingNotApproved], rules: Rules) -> Sequence[Order]:
    del rules
    told = recorded.event
    if told.place is None:
        return []
    return [Order(MEETING_YEAR, free_place, FreePlace(told.request_id), stream=told.place)]


ON_MEETING_CANCELLED = Reaction("free_place_of_cancelled", "meeting", MeetingCancelled, react)
ON_MEETING_NOT_APPROVED = Reaction("free_place_of_refused", "meeting", MeetingNotApproved, react)
