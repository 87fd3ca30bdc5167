"""What a decision about an entry has to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from chancery.events.disclosure import (
    EntryDescribed,
    EntryEvent,
    EntryLinked,
    EntryNumbered,
    EntryPrepared,
    EntryWithdrawn,
    InterpretationAttached,
    NeedMet,
    PublicationOverdue,
    Published,
    Reassessed,
    ReassessmentOverdue,
    ReassessmentSet,
    SecrecyReviewed,
    TextLaidOpen,
    ValidityDeclared,
)
from chancery.events.openness import AttributeRefused
from chancery.events.parts import Counted
from chancery.thing import Thing


class Stage(StrEnum):
    NOT_SEEN = "not_seen"
    PREPARED = "prepared"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Entry:
    """``reviewed`` is None until somebody looked; a later review replaces an earlier one. ``met`` are other needs.

    ``prepared`` tells the entry as it stands: opened after a re-assessment, it is open there too. ``ground_wanted``: it
    came as withheld on no ground of the rules. ``links`` are what its document does to others;
    ``look_again`` is the day by which what is withheld is looked at again.
    """

    id: UUID
    stage: Stage = Stage.NOT_SEEN
    prepared: EntryPrepared | None = None
    index_number: str | None = None
    reviewed: SecrecyReviewed | None = None
    interpretation: InterpretationAttached | None = None
    met: frozenset[str] = frozenset()
    published: Published | None = None
    overdue: bool = False
    described: EntryDescribed | None = None
    text: TextLaidOpen | None = None
    validity: ValidityDeclared | None = None
    links: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    withdrawn: EntryWithdrawn | None = None
    look_again: Counted | None = None
    look_overdue: bool = False
    ground_wanted: bool = False


EntryTold = EntryEvent | AttributeRefused


def evolve(entry: Entry, event: EntryTold) -> Entry:
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
        case EntryDescribed():
            return replace(entry, described=event)
        case TextLaidOpen():
            return replace(entry, text=event)
        case ValidityDeclared():
            return replace(entry, validity=event)
        case EntryLinked():
            return replace(entry, links={**entry.links, event.other: event.relation})
        case EntryWithdrawn():
            return replace(entry, stage=Stage.WITHDRAWN, withdrawn=event)
        case ReassessmentSet():
            return replace(entry, look_again=event.due, look_overdue=False)
        case Reassessed():
            return _assessed(entry, event)
        case ReassessmentOverdue():
            return replace(entry, look_overdue=True)
        case AttributeRefused():
            return replace(entry, ground_wanted=True)
        case _:
            assert_never(event)


def _assessed(entry: Entry, event: Reassessed) -> Entry:
    """Opened, the entry is prepared anew; what was reviewed before was reviewed for keeping it closed."""
    entry = replace(entry, look_again=event.next_due, look_overdue=False, ground_wanted=False)
    if entry.prepared is None:
        return entry
    if not event.opened:
        return replace(entry, prepared=entry.prepared.model_copy(update={"ground": event.ground}))
    now = {"attribute": "proactive", "ground": None, "needs": event.needs, "channels": event.channels, "due": event.due}
    return replace(entry, prepared=entry.prepared.model_copy(update=now), reviewed=None, overdue=False)


ENTRY: Thing[Entry, EntryTold] = Thing(
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
        EntryDescribed,
        TextLaidOpen,
        ValidityDeclared,
        EntryLinked,
        EntryWithdrawn,
        ReassessmentSet,
        Reassessed,
        ReassessmentOverdue,
        AttributeRefused,
    ),
)
