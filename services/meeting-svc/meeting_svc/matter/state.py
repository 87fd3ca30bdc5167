"""A matter's file: what it is about, and the evidence on it."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import EvidenceFiled, MatterEvent, MatterFacts, MatterOpened
from chancery.events.parts import Evidence
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Matter:
    """``facts`` is None before the matter is opened."""

    id: UUID
    facts: MatterFacts | None = None
    opened_by: str | None = None
    evidence: tuple[Evidence, ...] = ()


def evolve(matter: Matter, event: MatterEvent) -> Matter:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case MatterOpened():
            return replace(matter, facts=event.facts, opened_by=event.opened_by)
        case EvidenceFiled():
            return replace(matter, evidence=(*matter.evidence, event.evidence))
        case _:
            assert_never(event)


MATTER: Thing[Matter, MatterEvent] = Thing("matter", Matter, evolve, (MatterOpened, EvidenceFiled))
