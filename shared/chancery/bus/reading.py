# pyright: reportIncompatibleVariableOverride=false
# What is a field elsewhere is looked up here when somebody asks: read only, as it always was.
"""Events as they are read by the thousand: only the body is decoded at once, the rest where somebody looks at it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from chancery.envelope import Meta, Recorded, StoredEvent
from chancery.events.base import REGISTRY, Event
from chancery.names import TenantId

LEAN: Final = "pos, tenant, stream, version, type, schema_version, body::text"
WHOLE: Final = f"{LEAN}, meta::text, timestamptz_send(business_at), timestamptz_send(recorded_at)"
"""What ``of_row`` reads of the event table. Few projections look at meta and moments, which are half of what is to be
read; moments are taken as the database sends them."""
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_put: Final = object.__setattr__


class NotRead(BaseException):
    """Somebody looks at what was not read. No error of theirs, and not for them to catch: it is read, and they look
    again."""


class _OfStored(Recorded[Event]):
    """An event as it came over the bus or from a feed."""

    __slots__ = ("stored",)
    stored: StoredEvent

    @property
    def service(self) -> str:
        return self.stored.service

    @property
    def tenant(self) -> TenantId:
        return TenantId(self.stored.tenant)

    @property
    def stream(self) -> UUID:
        return self.stored.stream

    @property
    def version(self) -> int:
        return self.stored.version

    @property
    def position(self) -> int:
        return self.stored.position

    @property
    def meta(self) -> Meta:
        return Meta.from_json(self.stored.meta)

    @property
    def business_at(self) -> datetime:
        return self.stored.business_at

    @property
    def recorded_at(self) -> datetime:
        return self.stored.recorded_at


class _OfRow(Recorded[Event]):
    """An event as it lies in its service's own table."""

    __slots__ = ("row",)
    row: Sequence[Any]

    @property
    def tenant(self) -> TenantId:
        return self.row[1]

    @property
    def stream(self) -> UUID:
        return self.row[2]

    @property
    def version(self) -> int:
        return self.row[3]

    @property
    def position(self) -> int:
        return self.row[0]

    @property
    def meta(self) -> Meta:
        return Meta.from_json(_there(self.row, 7))

    @property
    def business_at(self) -> datetime:
        return _moment(_there(self.row, 8))

    @property
    def recorded_at(self) -> datetime:
        return _moment(_there(self.row, 9))


def _there(row: Sequence[Any], column: int) -> Any:
    if len(row) <= column:
        raise NotRead
    return row[column]


def _moment(sent: bytes) -> datetime:
    return EPOCH + timedelta(microseconds=int.from_bytes(sent, "big", signed=True))


def of_stored(stored: StoredEvent) -> Recorded[Event]:
    read = _OfStored.__new__(_OfStored)
    _put(read, "event", REGISTRY.decode(stored.type, stored.schema_version, stored.body))
    _put(read, "stored", stored)
    return read


def of_row(service: str, row: Sequence[Any]) -> Recorded[Event]:
    read = _OfRow.__new__(_OfRow)
    _put(read, "service", service)
    _put(read, "event", REGISTRY.decode(row[4], row[5], row[6]))
    _put(read, "row", row)
    return read
