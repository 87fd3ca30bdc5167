"""Every event type of every service, declared once. Importing this package declares them all."""

from chancery.events import (
    attendance,
    disclosure,
    document,
    incoming,
    inspection,
    meeting,
    openness,
    operations,
    outgoing,
    planning,
    supervision,
)
from chancery.events.base import REGISTRY, Event, Part, Registry, UnknownEvent, encode, upcast

__all__ = [
    "REGISTRY",
    "Event",
    "Part",
    "Registry",
    "UnknownEvent",
    "attendance",
    "disclosure",
    "document",
    "encode",
    "incoming",
    "inspection",
    "meeting",
    "openness",
    "operations",
    "outgoing",
    "planning",
    "supervision",
    "upcast",
]
