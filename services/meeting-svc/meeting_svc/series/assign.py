"""Give the next number of a series to a sitting: no gap, no reuse."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chancery.events.meeting import SeriesEvent, SittingNumberAssigned
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.series.state import Series


@dataclass(frozen=True, slots=True)
class AssignNumber:
    body: str
    series: str
    sitting_id: UUID


def assign(command: AssignNumber, series: Series, rules: Rules) -> Sequence[Told[SeriesEvent]]:
    """Quiet where the sitting has its number already, so a call that broke off is finished by repeating it."""
    del rules
    if command.sitting_id in series.given:
        return []
    assigned = SittingNumberAssigned(
        body=command.body, series=command.series, number=series.next_number, sitting_id=command.sitting_id
    )
    return [Told(assigned)]
