"""End an appointment (免职)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attendance_svc.keepers import keeper
from attendance_svc.seat.state import Seat, SeatEvent
from chancery.events.attendance import AppointmentEnded
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class EndAppointment:
    by: PersonId | None
    person_id: str
    post: str
    unit: str | None
    ended_on: date


def end_appointment(command: EndAppointment, seat: Seat, rules: Rules) -> Sequence[Told[SeatEvent]]:
    """The post is held through ``ended_on`` and no longer; said again, nothing is left to do.

    Raises:
        Refused: the person does not hold the post on that day.
    """
    keeper(rules, command.by)
    term = seat.of(command.person_id, command.ended_on)
    if term is None:
        raise Refused(Reason("does_not_hold_it", params={"post": rules.titled(command.post)}))
    if term.until == command.ended_on:
        return []
    ended = AppointmentEnded(
        person_id=command.person_id, post=command.post, unit=command.unit, ended_on=command.ended_on
    )
    return [Told(ended)]
