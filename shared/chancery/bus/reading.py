"""Events as they are read by the thousand: their meta is decoded when somebody looks at it, and mostly nobody does."""

from datetime import datetime
from typing import Final
from uuid import UUID

from chancery.envelope import Meta, Recorded
from chancery.events.base import Event

_put: Final = object.__setattr__


class Read(Recorded[Event]):
    """A recorded event whose meta is still bytes."""

    __slots__ = ("raw",)
    raw: bytes | str

    @property
    def meta(self) -> Meta:  # pyright: ignore[reportIncompatibleVariableOverride]  the same, only later
        return Meta.from_json(self.raw)


def read_recorded(
    service: str,
    tenant: str,
    stream: UUID,
    version: int,
    position: int,
    event: Event,
    meta: bytes | str,
    business_at: datetime,
    recorded_at: datetime,
) -> Recorded[Event]:
    read = Read.__new__(Read)
    _put(read, "service", service)
    _put(read, "tenant", tenant)
    _put(read, "stream", stream)
    _put(read, "version", version)
    _put(read, "position", position)
    _put(read, "event", event)
    _put(read, "raw", meta)
    _put(read, "business_at", business_at)
    _put(read, "recorded_at", recorded_at)
    return read
