"""Correct an appointment that was recorded wrongly (更正任职)."""

from collections.abc import Sequence
from dataclasses import dataclass

from attendance_svc.keepers import keeper
from attendance_svc.seat.state import Seat, SeatEvent
from chancery.events.attendance import AppointmentCorrected
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told


@dataclass(frozen=True, slots=True)
class CorrectAppointment:
    """``event`` says what was recorded and what was the case."""

    by: PersonId | None
    event: AppointmentCorrected


def correct(command: CorrectAppointment, seat: Seat, rules: Rules) -> Sequence[Told[SeatEvent]]:
    """The term as it really was. What was decided meanwhile stays as it was decided.

    Raises:
        Refused: no such term, the wrong way round in time, over another's term of the seat or another of his own.
    """
    keeper(rules, command.by)
    event = command.event
    term = next((t for t in seat.terms if (t.person, t.starts_on) == (event.person_id, event.starts_on)), None)
    if term is None:
        raise Refused(Reason("does_not_hold_it", params={"post": rules.titled(event.post)}))
    starts, until = event.now_starts_on, event.now_until
    if starts is None:
        return [Told(event)]
    if (term.starts_on, term.until) == (starts, until):
        return []
    reasons: list[Reason] = []
    if until is not None and until < starts:
        reasons.append(Reason("ends_before_it_starts", subject="now_until"))
    found = rules.pack.term("posts", event.post)
    of_one = found is not None and found.seats == "one"
    for other in seat.terms:
        if other is not term and other.meets(starts, until) and (of_one or other.person == term.person):
            names = {"post": rules.titled(event.post), "who": rules.roster.name(other.person)}
            reasons.append(Reason("seat_taken", params=names, subject=other.person))
    if reasons:
        raise Refused(*reasons)
    return [Told(event)]
