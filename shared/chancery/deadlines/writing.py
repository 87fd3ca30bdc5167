"""How events start, meet, fire and move deadlines: writes of the table, in the command's own commit. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from chancery.calendar import NEVER
from chancery.envelope import Recorded
from chancery.events.base import Event
from chancery.events.operations import DeadlineMoved
from chancery.events.parts import Counted
from chancery.order import derived
from chancery.thing import Patch, Projection, Upsert, Write

TABLE: Final = "deadline"
VERSION: Final = 1
End = Literal["met", "fired", "cancelled"]


def deadline_id(thing: UUID, name: str, key: str = "") -> UUID:
    """The deadline of that name of a thing; ``key`` tells several of one name apart (one per unit asked)."""
    return derived(thing, "deadline", name, key)


def _count_columns(due: Counted) -> dict[str, Any]:
    return {
        "stands": due.due_on == NEVER,
        "due_at": due.due_at,
        "due_on": due.due_on,
        "provisional": due.provisional,
        "calendar_version": due.calendar_version,
        "counted": due.model_dump(mode="json"),
    }


def start_deadline(
    due: Counted, *, thing: UUID, matter: UUID, cause: UUID, at: datetime, key: str = "", name: str | None = None
) -> Write:
    """The deadline begins to run; one of the same thing and name that ran before begins anew."""
    called = name or due.name
    row = {
        "id": deadline_id(thing, called, key),
        "thing": thing,
        "name": called,
        "state": "running",
        **_count_columns(due),
        "matter": matter,
        "cause": cause,
        "started_at": at,
        "fired_at": None,
        "met_at": None,
    }
    return Upsert(TABLE, ("id",), row)


def end_deadline(thing: UUID, name: str, end: End, at: datetime, key: str = "") -> Write:
    """The deadline was met, fired, or fell away. Met after it fired, it keeps the moment it fired."""
    row: dict[str, Any] = {"state": end}
    if end != "cancelled":
        row["met_at" if end == "met" else "fired_at"] = at
    return Patch(TABLE, {"id": deadline_id(thing, name, key)}, row)


def meet_deadline(thing: UUID, name: str, at: datetime, key: str = "") -> Write:
    return end_deadline(thing, name, "met", at, key)


def move_deadline(id_: UUID, now: Counted) -> Write:
    """Another due moment; one that has ended meanwhile stays ended."""
    return Patch(TABLE, {"id": id_, "state": "running"}, _count_columns(now))


def _own_stream(recorded: Recorded[Any]) -> UUID:
    return recorded.stream


def _no_key(_: Recorded[Any]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Clocked:
    """One kind of deadline of a service: which events start it, which move it, which end it, and how.

    ``name`` is that of the service's ``DueAction``. ``thing`` and ``key`` find the deadline from any of the events;
    without them it is the stream of the event, and one deadline of that name a thing. A start whose event carries
    no count (the rules are silent) starts nothing.
    """

    name: str
    starts: Mapping[type[Event], Callable[[Any], Counted | None]]
    ends: Mapping[type[Event], End]
    thing: Callable[[Recorded[Any]], UUID] = field(default=_own_stream)
    key: Callable[[Recorded[Any]], str] = field(default=_no_key)
    moves: Mapping[type[Event], Callable[[Any], Counted]] = field(
        default_factory=dict[type[Event], Callable[[Any], Counted]]
    )

    def writes(self, recorded: Recorded[Any]) -> list[Write]:
        found: list[Write] = []
        event: Event = recorded.event
        kind = type(event)
        if kind in self.ends:
            thing, key = self.thing(recorded), self.key(recorded)
            found.append(end_deadline(thing, self.name, self.ends[kind], recorded.business_at, key))
        if kind in self.moves:
            id_ = deadline_id(self.thing(recorded), self.name, self.key(recorded))
            found.append(move_deadline(id_, self.moves[kind](recorded.event)))
        if kind in self.starts:
            due = self.starts[kind](recorded.event)
            if due is not None:
                found.append(
                    start_deadline(
                        due,
                        thing=self.thing(recorded),
                        matter=recorded.meta.correlation,
                        cause=recorded.meta.id,
                        at=recorded.business_at,
                        key=self.key(recorded),
                        name=self.name,
                    )
                )
        return found


def deadline_projection(*kinds: Clocked) -> Projection:
    """The projection that keeps a service's deadlines; recounts and extensions are heard of in any case."""
    heard = {kind.event_name for clock in kinds for kind in (*clock.starts, *clock.moves, *clock.ends)}

    def project(recorded: Recorded[Event]) -> Sequence[Write]:
        if isinstance(recorded.event, DeadlineMoved):
            return [move_deadline(recorded.event.deadline_id, recorded.event.now)]
        return [write for clock in kinds for write in clock.writes(recorded)]

    return Projection(TABLE, VERSION, (TABLE,), frozenset(heard | {DeadlineMoved.event_name}), project)
