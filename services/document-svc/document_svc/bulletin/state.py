"""A bulletin (简报) of a unit, alive until it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from chancery.events.outgoing import BulletinClosed, BulletinEvent, BulletinIssueSent, BulletinOpened
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Bulletin:
    """``last`` is the number of the last issue of each year."""

    id: UUID
    opened: BulletinOpened | None = None
    closed: bool = False
    last: Mapping[int, int] = field(default_factory=dict[int, int])


def evolve(bulletin: Bulletin, event: BulletinEvent) -> Bulletin:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case BulletinOpened():
            return replace(bulletin, opened=event)
        case BulletinIssueSent():
            return replace(bulletin, last={**bulletin.last, event.year: event.no})
        case BulletinClosed():
            return replace(bulletin, closed=True)
        case _:
            assert_never(event)


BULLETIN: Thing[Bulletin, BulletinEvent] = Thing(
    "bulletin", Bulletin, evolve, (BulletinOpened, BulletinIssueSent, BulletinClosed)
)
