"""A matter's file: what it is about, and the evidence on it."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from chancery.events.meeting import (
    BodyChosen,
    EvidenceFiled,
    ExceptionClaimed,
    MatterEvent,
    MatterFacts,
    MatterOpened,
    ReaderNamed,
    ReaderStruck,
    RequirementExcused,
)
from chancery.events.parts import Claim, Evidence, Excuse
from chancery.thing import Thing


@dataclass(frozen=True, slots=True)
class Matter:
    """``facts`` is None before the matter is opened; ``chosen`` the body chosen where several may decide.

    ``readers`` are those named for a matter that is not for everybody's eyes.
    """

    id: UUID
    facts: MatterFacts | None = None
    opened_by: str | None = None
    evidence: tuple[Evidence, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    claims: tuple[Claim, ...] = ()
    chosen: str | None = None
    readers: frozenset[str] = frozenset()


def evolve(matter: Matter, event: MatterEvent) -> Matter:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case MatterOpened():
            return replace(matter, facts=event.facts, opened_by=event.opened_by)
        case EvidenceFiled():
            return replace(matter, evidence=(*matter.evidence, event.evidence))
        case RequirementExcused():
            return replace(matter, excuses=(*matter.excuses, event.excuse))
        case ExceptionClaimed():
            return replace(matter, claims=(*matter.claims, event.claim))
        case ReaderNamed():
            return replace(matter, readers=matter.readers | {event.person})
        case ReaderStruck():
            return replace(matter, readers=matter.readers - {event.person})
        case BodyChosen():
            return replace(matter, chosen=event.body)
        case _:
            assert_never(event)


MATTER: Thing[Matter, MatterEvent] = Thing(
    "matter",
    Matter,
    evolve,
    (MatterOpened, EvidenceFiled, RequirementExcused, ExceptionClaimed, BodyChosen, ReaderNamed, ReaderStruck),
)
