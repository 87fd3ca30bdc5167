"""The holder is back: nobody acts for him any more."""

from collections.abc import Sequence
from uuid import UUID

from attendance_svc.acting.end import EndActing, end
from attendance_svc.acting.state import ACTING, acting_of
from chancery.envelope import Recorded
from chancery.events.attendance import ReturnReported
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction


def react(recorded: Recorded[ReturnReported], rules: Rules) -> Sequence[Order]:
    del rules
    absence = UUID(recorded.event.absence_id)
    return [Order(ACTING, end, EndActing(recorded.event.returned_at), stream=acting_of(absence))]


ON_RETURN_REPORTED = Reaction("end_acting_on_return", "attendance", ReturnReported, react)
