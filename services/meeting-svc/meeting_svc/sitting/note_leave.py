"""Note on the sitting that a leave from it was granted (登记会议请假): nobody writes it down a second time."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.events.meeting import LeaveNoted, SittingEvent
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.sitting.state import Sitting


@dataclass(frozen=True, slots=True)
class NoteLeave:
    leave_id: UUID
    person: str
    substitute: str | None


def note_leave(command: NoteLeave, sitting: Sitting, rules: Rules) -> Sequence[Told[SittingEvent]]:
    """Once, however often it is told."""
    del rules
    if sitting.convened is None or any(one.leave_id == command.leave_id for one in sitting.leaves):
        return []
    noted = LeaveNoted(
        sitting_id=sitting.id, leave_id=command.leave_id, person=command.person, substitute=command.substitute
    )
    return [Told(noted)]
