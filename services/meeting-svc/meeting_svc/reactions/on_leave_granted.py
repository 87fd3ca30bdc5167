"""A leave from a sitting was granted: the sitting counts him as excused, and lets his substitute in."""

from collections.abc import Sequence

from chancery.envelope import Recorded
from chancery.events.meeting import MeetingLeaveGranted
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction
from meeting_svc.sitting.note_leave import NoteLeave, note_leave
from meeting_svc.sitting.state import SITTING


def react(recorded: Recorded[MeetingLeaveGranted], rules: Rules) -> Sequence[Order]:
    del rules
    granted = recorded.event
    command = NoteLeave(granted.leave_id, granted.person_id, granted.substitute)
    return [Order(SITTING, note_leave, command, stream=granted.sitting_id)]


ON_LEAVE_GRANTED = Reaction("note_leave", "meeting", MeetingLeaveGranted, react)
