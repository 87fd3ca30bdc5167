"""What makes a service: its things, what it hears, what it does about it, and what it answers.

Each service declares one ``Service`` in its ``wiring.py``; ``chancery.web.serve`` turns it into a process.
Pure declarations: nothing here opens a connection.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chancery.deadlines import RunningDeadline
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.order import HOUSE, Order, derived, stream_of
from chancery.rules.rulebook import Rules
from chancery.thing import Projection, Thing

if TYPE_CHECKING:
    from fastapi import APIRouter

__all__ = ["HOUSE", "DueAction", "Order", "Reaction", "Service", "derived", "stream_of"]


@dataclass(frozen=True, slots=True)
class Reaction:
    """What we do when others speak: a heard event becomes orders. Pure; ``rules`` carries roster and calendar.

    ``source`` is the service heard, which may be our own. The name is part of derived ids: never change it.
    """

    name: str
    source: str
    hears: type[Event]
    react: Callable[[Recorded[Any], Rules], Sequence[Order]]


@dataclass(frozen=True, slots=True)
class DueAction:
    """What is done when a deadline of this name falls due and nothing has met it."""

    name: str
    fire: Callable[[RunningDeadline, Rules], Sequence[Order]]


@dataclass(frozen=True, slots=True)
class Service:
    """One service, whole.

    ``projections`` are filled from the service's own events inside the command's transaction; ``heard`` maps a
    source service to the projections its events fill here, from the bus. ``keeps_roster`` says that the service
    carries a roster projection and resolves posts from it. ``reasons`` is the catalogue of refusals of this
    service beside the common one (``code: {zh: …, en: …}``). ``uploads`` begin the addresses to which files are put:
    their bytes go to the route as they come, of any length the route takes.
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
    uploads: tuple[str, ...] = ()

    @property
    def hears(self) -> tuple[str, ...]:
        """Every service whose stream is read here."""
        sources = set(self.heard) | {reaction.source for reaction in self.reactions}
        if self.keeps_roster and self.name != "attendance":
            sources.add("attendance")
        return tuple(sorted(sources))
