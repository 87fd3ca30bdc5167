"""What makes a service: its things, what it hears, what it does about it, and what it answers.

Each service declares one ``Service`` in its ``wiring.py``; ``chancery.web.serve`` turns it into a process.
Pure declarations: nothing here opens a connection.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.thing import Projection, Thing, Told

if TYPE_CHECKING:
    from fastapi import APIRouter

    from chancery.deadlines import RunningDeadline
    from chancery.rules.rulebook import Rules

HOUSE = UUID("8f2c6a9e-54d1-5b0e-9a37-3c1f0f6f7b11")
"""Namespace of every id that is derived and not drawn."""


def stream_of(tenant: str, kind: str, key: str) -> UUID:
    """The stream of a thing that people name themselves: a person, a unit, a register."""
    return uuid5(HOUSE, f"{tenant}/{kind}/{key}")


def derived(cause: UUID, *parts: object) -> UUID:
    """An id that the same cause always gives: twice is once."""
    return uuid5(cause, "/".join(str(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Order:
    """A command the house gives itself, as a reaction to an event or when a deadline falls due.

    ``decide(command, state, rules)`` is the same pure function a person's command goes through. ``key`` tells
    several orders of one cause apart; the command id is derived from the cause, the reaction's name and it.
    ``matter`` is what its events belong to where that is not the cause's: minutes of many items order one thing each.
    """

    thing: Thing[Any, Any]
    decide: Callable[[Any, Any, "Rules"], Sequence[Told[Any]]]
    command: Any
    stream: UUID
    key: str = ""
    matter: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """What we do when others speak: a heard event becomes orders. Pure; ``rules`` carries roster and calendar.

    ``source`` is the service heard, which may be our own. The name is part of derived ids: never change it.
    """

    name: str
    source: str
    hears: type[Event]
    react: Callable[[Recorded[Any], "Rules"], Sequence[Order]]


@dataclass(frozen=True, slots=True)
class DueAction:
    """What is done when a deadline of this name falls due and nothing has met it."""

    name: str
    fire: Callable[["RunningDeadline", "Rules"], Sequence[Order]]


@dataclass(frozen=True, slots=True)
class Service:
    """One service, whole.

    ``projections`` are filled from the service's own events inside the command's transaction; ``heard`` maps a
    source service to the projections its events fill here, from the bus. ``keeps_roster`` says that the service
    carries a roster projection and resolves posts from it. ``reasons`` is the catalogue of refusals of this
    service beside the common one (``code: {zh: …, en: …}``).
    """

    name: str
    title_zh: str
    title_en: str
    port: int
    things: tuple[Thing[Any, Any], ...] = ()
    projections: tuple[Projection, ...] = ()
    heard: Mapping[str, tuple[Projection, ...]] = field(default_factory=dict[str, tuple[Projection, ...]])
    reactions: tuple[Reaction, ...] = ()
    due: tuple[DueAction, ...] = ()
    routers: "tuple[APIRouter, ...]" = ()
    keeps_roster: bool = True
    reasons: Path | None = None

    @property
    def hears(self) -> tuple[str, ...]:
        """Every service whose stream is read here."""
        sources = set(self.heard) | {reaction.source for reaction in self.reactions}
        if self.keeps_roster and self.name != "attendance":
            sources.add("attendance")
        return tuple(sorted(sources))
