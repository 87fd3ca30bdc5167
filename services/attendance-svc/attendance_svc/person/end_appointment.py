"""End an appointment (免职)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from attendance_svc.keepers import keeper
from attendance_svc.person.state import Person, PersonEvent
from chancery.events.attendance import AppointmentEnded
from chancery.names import PersonId
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class EndAppointment:
    by: PersonId | None
    person_id: str
    post: str
    unit: str | None
    ended_on: date


def end_appointment(command: EndAppointment, person: Person, rules: Rules) -> Sequence[Told[PersonEvent]]:
    """The post is held through ``ended_on`` and no longer.

    Raises:
        Refused: no such person, or he does not hold the post on that day.
    """
    if person.name is None:
        raise not_found("person")
    keeper(rules, command.by)
    if person.sits(command.post, command.unit, command.ended_on) is None:
        raise Refused(Reason("does_not_hold_it", params={"post": rules.titled(command.post)}))
    ended = AppointmentEnded(
        person_id=command.person_id, post=command.post, unit=command.unit, ended_on=command.ended_on
    )
    return [Told(ended)]
