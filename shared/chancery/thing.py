"""A thing with a history, what a decision returns, and what a projection writes.

Pure: nothing here opens a connection or reads a clock.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from chancery.envelope import PackRef, Recorded, Standing
from chancery.events.base import Event
from chancery.rules.ruling import AnyRuling

S = TypeVar("S")
E = TypeVar("E", bound=Event)
E_co = TypeVar("E_co", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Thing(Generic[S, E]):
    """A kind of thing with a history: how it begins and how events change it.

    ``name`` is what people call it in addresses and refusals (``agenda_item``); ``events`` are all the event
    types its streams may hold; ``start`` makes the state before the first event. ``of_many`` marks a thing that
    serves many matters (a register, a series): each of its events belongs to the matter of its own command, where
    all others keep the matter of their first event.
    """

    name: str
    start: Callable[[UUID], S]
    evolve: Callable[[S, E], S]
    events: tuple[type[E], ...]
    of_many: bool = False


@dataclass(frozen=True, slots=True)
class Told(Generic[E_co]):
    """An event a decision tells, with the rulings it rests on and the standing of who acted.

    Clauses, rows and pack of the rulings go into the event's meta. Without a standing it is
    the caller's own.
    """

    event: E_co
    under: tuple[AnyRuling, ...] = ()
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Upsert:
    """Put a row: insert it, or replace the named columns where the key is there already."""

    table: str
    key: tuple[str, ...]
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Patch:
    """Set columns of the rows whose named columns have the given values; no row is no error."""

    table: str
    where: Mapping[str, Any]
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Erase:
    """Take away the rows whose named columns have the given values."""

    table: str
    where: Mapping[str, Any]


Write = Upsert | Patch | Erase


@dataclass(frozen=True, slots=True)
class Projection:
    """One question somebody asks, answered by a table that events fill.

    ``project`` turns one event into writes and decides nothing. ``hears`` are the wire names it wants; the
    physical tables carry ``version`` in their name and are filled anew from the first event when it changes.
    ``tables`` are the logical names (views) it writes.
    """

    name: str
    version: int
    tables: tuple[str, ...]
    hears: frozenset[str]
    project: Callable[[Recorded[Event]], Sequence[Write]]
    source: Literal["own", "heard"] = "own"


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a command: the receipt its caller gets, the same on every repeat.

    ``answer`` is the receipt as stored, without version and position, which the store adds.
    """

    stream: UUID
    version: int
    position: int
    events: tuple[UUID, ...]
    repeated: bool
    at: datetime
    pack: PackRef | None = None
    told: tuple[Recorded[Event], ...] = field(default=())
    answer: bytes = b""
