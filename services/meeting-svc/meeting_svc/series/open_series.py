"""Begin a series of sittings at a later number, since earlier sittings were held before the system came."""

from collections.abc import Sequence
from dataclasses import dataclass

from chancery.events.meeting import SeriesEvent, SeriesOpened
from chancery.names import PersonId
from chancery.refusal import Reason, Refused
from chancery.rules.rulebook import Rules
from chancery.thing import Told
from meeting_svc.clerks import clerk
from meeting_svc.series.state import Series


@dataclass(frozen=True, slots=True)
class OpenSeries:
    by: PersonId
    body: str
    series: str
    next_number: int


def open_series(command: OpenSeries, series: Series, rules: Rules) -> Sequence[Told[SeriesEvent]]:
    """Only before the first number is given: a number once given is never given again.

    Raises:
        Refused: the series has begun, or not the office acts.
    """
    office = clerk(rules, command.body, command.by)
    if series.opened or series.given:
        raise Refused(Reason("series_opened_already", params={"next_number": series.next_number}))
    opened = SeriesOpened(
        body=command.body, series=command.series, next_number=command.next_number, opened_by=command.by
    )
    return [Told(opened, (office.ruling,), office.standing)]
