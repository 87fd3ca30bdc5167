"""What a decision about an entry has to remember."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.disclosure import (
    EntryEvent,
    EntryNumbered,
    EntryPrepared,
    InterpretationAttached,
    NeedMet,
    PublicationOverdue,
    Published,
    SecrecyReviewed,
)
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    PREPARED = "prepared"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Entry:
    """``reviewed`` is None until somebody looked; a later review replaces an earlier one. ``met`` are other needs."""

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    prepared: EntryPrepared | None = None
    index_number: str | None = None
    reviewed: SecrecyReviewed | None = None
    interpretation: InterpretationAttached | None = None
    met: frozenset[str] = frozenset()
    published: Published | None = None
    overdue: bool = False


def evolve(entry: Entry, event: EntryEvent) -> Entry:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case EntryPrepared():
            return replace(entry, stage=Stage.PREPARED, prepared=event)
        case EntryNumbered():
            return replace(entry, index_number=event.index_number)
        case SecrecyReviewed():
            return replace(entry, reviewed=event)
        case InterpretationAttached():
            return replace(entry, interpretation=event)
        case NeedMet():
            return replace(entry, met=entry.met | {event.need})
        case Published():
            return replace(entry, stage=Stage.PUBLISHED, published=event)
        case PublicationOverdue():
            return replace(entry, overdue=True)
        case _:
            assert_never(event)


ENTRY: Thing[Entry, EntryEvent] = Thing(
    "catalogue_entry",
    Entry,
    evolve,
    (
        EntryPrepared,
        EntryNumbered,
        SecrecyReviewed,
        InterpretationAttached,
        NeedMet,
        Published,
        PublicationOverdue,
    ),
)
