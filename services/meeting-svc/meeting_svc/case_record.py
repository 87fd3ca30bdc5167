"""The record of a sitting from its matters to its minutes: each event with who acted, on what clauses (过程记录)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson

from chancery.envelope import StoredEvent
from chancery.names import Capacity
from chancery.rules.rulebook import Rules
from chancery.rules.wording import Wording
from chancery.service import derived
from chancery.texts.telling import telling_of
from chancery.web import WebDesk
from meeting_svc.printed.words import OUTCOMES, RIGHTS
from meeting_svc.sitting.state import Sitting


@dataclass(frozen=True, slots=True)
class Line:
    """One event as people read it. ``by`` names who acted and in what right; ``clauses`` what it rests on."""

    at: datetime
    what: str
    says: str
    by: str
    clauses: tuple[str, ...]


async def record_of(desk: WebDesk, sitting: Sitting) -> list[StoredEvent]:
    """The events of the sitting, its matters, items, leaves and minutes, in the order in which they were stored."""
    streams: dict[UUID, None] = {}
    for item in sitting.items:
        streams |= {item.matter_id: None, item.item_id: None}
    streams |= {one.leave_id: None for one in sitting.leaves}
    streams |= {sitting.id: None, derived(sitting.id, "minutes"): None}
    found: list[StoredEvent] = []
    for stream in streams:
        found += (await desk.kernel.store.load(desk.tenant, stream)).events
    return sorted(found, key=lambda event: event.position)


def lines_of(rules: Rules, events: Sequence[StoredEvent]) -> list[Line]:
    """The record in words."""
    wording = Wording(rules.pack, "zh")
    return [_line(rules, wording, event) for event in events]


def _line(rules: Rules, wording: Wording, event: StoredEvent) -> Line:
    meta = event.recorded().meta
    telling = telling_of(event.type)
    body = cast("dict[str, Any]", _worded(rules, wording, orjson.loads(event.body)))
    actor = meta.actor
    right = RIGHTS.get(actor.capacity.value)
    acts = f"（{right}{rules.titled(actor.acts_for) if actor.acts_for else ''}）" if right else ""
    by = "系统" if actor.capacity is Capacity.SYSTEM else f"{rules.titled(actor.person)}{acts}"
    return Line(event.business_at, telling.zh, telling.line("zh", body), by, meta.clauses)


def _worded(rules: Rules, wording: Wording, value: object, key: str = "") -> object:
    """Ids and words as people say them, wherever they stand in an event."""
    if isinstance(value, Mapping):
        return {name: _worded(rules, wording, one, name) for name, one in cast("Mapping[str, object]", value).items()}
    if isinstance(value, list):
        return [_worded(rules, wording, one, key) for one in cast("list[object]", value)]
    if not isinstance(value, str):
        return value
    if key == "do":
        return wording.text("verbs", value) or value
    if key == "outcome":
        return OUTCOMES.get(value, value)
    return value if key in ("title", "text", "reason", "opinion", "place", "name") else rules.titled(value)


def as_json(events: Sequence[StoredEvent]) -> bytes:
    """The record for machines: bodies and metas as they were stored, so that each leaf can be computed again."""
    said = [
        {
            "service": event.service,
            "position": event.position,
            "tenant": event.tenant,
            "stream": str(event.stream),
            "version": event.version,
            "type": event.type,
            "schema_version": event.schema_version,
            "business_at": event.business_at.isoformat(),
            "recorded_at": event.recorded_at.isoformat(),
            "command_id": str(event.command_id),
            "clauses": list(event.recorded().meta.clauses),
            "body": event.body.decode(),
            "meta": event.meta.decode(),
            "leaf": event.leaf.hex(),
        }
        for event in events
    ]
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)
