"""The log: every event of every service, in one place, to be searched and followed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import orjson

from chancery.envelope import Recorded, moment
from chancery.events import REGISTRY, Event, encode
from chancery.thing import Projection, Upsert, Write

SOURCES: Final = ("attendance", "meeting", "document", "supervision", "disclosure")


def words(value: object) -> str:
    """All text in a body, for the search box; ids and numbers are found by their own filters."""
    found: list[str] = []
    _gather(value, found)
    return " ".join(found)


def _gather(value: object, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, Mapping):
        for part in cast("Mapping[str, object]", value).values():
            _gather(part, found)
    elif isinstance(value, Sequence):
        for part in cast("Sequence[object]", value):
            _gather(part, found)


def project(recorded: Recorded[Event]) -> Sequence[Write]:
    """One event, one row, found again by its source and position."""
    meta = recorded.meta
    body: dict[str, Any] = orjson.loads(encode(recorded.event))
    row: dict[str, Any] = {
        "source": recorded.service,
        "pos": recorded.position,
        "event_id": str(meta.id),
        "type": recorded.event.event_name,
        "stream": str(recorded.stream),
        "version": recorded.version,
        "matter": str(meta.correlation),
        "cause": str(meta.causation) if meta.causation else None,
        "business_at": moment(recorded.business_at),
        "recorded_at": moment(recorded.recorded_at),
        "person": meta.actor.person,
        "post": meta.actor.post,
        "capacity": meta.actor.capacity.value,
        "acts_for": meta.actor.acts_for,
        "clauses": list(meta.clauses),
        "pack_rows": list(meta.rows),
        "pack": meta.pack.id if meta.pack else None,
        "pack_version": meta.pack.version if meta.pack else None,
        "body": body,
        "words": words(body),
    }
    return [Upsert("log_entry", ("source", "pos"), row)]


LOG: Final = Projection(
    name="log_entry",
    version=1,
    tables=("log_entry",),
    hears=frozenset(REGISTRY.names()),
    project=project,
    source="heard",
)
