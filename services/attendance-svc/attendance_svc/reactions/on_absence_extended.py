"""Somebody stays away longer: whoever acts for him until the planned end acts until the new one."""

from collections.abc import Sequence
from uuid import UUID

from attendance_svc.acting.start import StartActing, start
from attendance_svc.acting.state import ACTING, acting_of
from chancery.envelope import Recorded
from chancery.events.attendance import AbsenceExtended
from chancery.rules.rulebook import Rules
from chancery.service import Order, Reaction


def react(recorded: Recorded[AbsenceExtended], rules: Rules) -> Sequence[Order]:
    del rules
    absence = recorded.event.absence_id
    return [Order(ACTING, start, StartActing(absence), stream=acting_of(UUID(absence)))]


ON_ABSENCE_EXTENDED = Reaction("act_longer_on_extension", "attendance", AbsenceExtended, react)
