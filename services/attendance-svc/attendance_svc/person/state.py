"""What a decision about a person has to remember. The posts they hold are told of the seats."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from chancery.events.attendance import AssistantPaired, PersonRegistered, PortfolioAssigned
from chancery.thing import Thing

PersonEvent = PersonRegistered | PortfolioAssigned | AssistantPaired


@dataclass(frozen=True, slots=True)
class Person:
    """``known`` is None until the person is registered."""

    id: UUID
    known: PersonRegistered | None = None
    portfolios: tuple[PortfolioAssigned, ...] = ()
    pairings: tuple[AssistantPaired, ...] = ()


def evolve(person: Person, event: PersonEvent) -> Person:
    """Fold one event in. Total and without rules: the past is not judged again."""
    match event:
        case PersonRegistered():
            return replace(person, known=event)
        case PortfolioAssigned():
            return replace(person, portfolios=(*person.portfolios, event))
        case AssistantPaired():
            return replace(person, pairings=(*person.pairings, event))
        case _:
            assert_never(event)


PERSON: Thing[Person, PersonEvent] = Thing(
    "person", Person, evolve, (PersonRegistered, PortfolioAssigned, AssistantPaired)
)
