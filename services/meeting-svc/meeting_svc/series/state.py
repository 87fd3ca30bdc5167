"""A series of sittings of one body: a register that numbers them, no gap and no reuse (届次)."""

from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import SeriesEvent, SeriesOpened, SittingNumberAssigned
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Series:
    """``next_number`` is the number the next sitting gets; ``given`` says which sitting has which."""

    id: UUID
    opened: bool = False
    next_number: int = 1
    given: dict[UUID, int] = field(default_factory=dict[UUID, int])


def evolve(series: Series, event: SeriesEvent) -> Series:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case SeriesOpened():
            return replace(series, opened=True, next_number=event.next_number)
        case SittingNumberAssigned():
            given = series.given | {event.sitting_id: event.number}
            return replace(series, next_number=event.number + 1, given=given)
        case _:
            assert_never(event)


SERIES: Thing[Series, SeriesEvent] = Thing(
    "sitting_series", Series, evolve, (SeriesOpened, SittingNumberAssigned), of_many=True
)
