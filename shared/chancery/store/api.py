"""What the store takes and gives. The store itself is in ``store.py``, the SQL in ``sql/``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from chancery.envelope import StoredEvent
from chancery.names import TenantId
from chancery.thing import Write


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One event about to be stored: bytes, with the hash its maker computed (``envelope.leaf_hash``)."""

    type: str
    schema_version: int
    body: bytes
    meta: bytes
    business_at: datetime
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Append:
    """One command's outcome, to be stored whole or not at all.

    ``expected`` is the stream's version the decision was made on (0: the stream does not exist yet).
    ``fingerprint`` is a hash of what was asked, so that a reused key with another body is noticed.
    ``answer`` is the JSON the caller gets, now and on every repeat. ``writes`` are the service's own read
    models, committed with the events. ``projections`` names the version of each projection that wrote them,
    so that a process older than its tables is told so instead of writing the wrong shape.
    """

    tenant: TenantId
    command_id: UUID
    stream: UUID
    expected: int
    events: Sequence[NewEvent]
    answer: bytes
    fingerprint: bytes
    writes: Sequence[Write] = ()
    projections: tuple[tuple[str, int], ...] = ()


class Outcome(StrEnum):
    APPENDED = "appended"
    REPEATED = "repeated"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one append.

    ``version`` and ``position`` are those of its last event; on a conflict ``version`` is the stream's
    present one and ``position`` 0. ``answer`` and ``fingerprint`` are the first ones on a repeat.
    """

    outcome: Outcome
    version: int
    position: int
    answer: bytes
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream as stored, and the first answer of a command id if it has one already."""

    events: Sequence[StoredEvent] = ()
    known: Verdict | None = None

    @property
    def version(self) -> int:
        return self.events[-1].version if self.events else 0


@dataclass(frozen=True, slots=True)
class Page:
    """Events in order of position, and the last position of the lane when they were read."""

    events: Sequence[StoredEvent] = field(default=())
    last: int = 0


class EventStore(Protocol):
    """The store of one service, seen from the desk, the feed and the relay."""

    async def load(self, tenant: TenantId, stream: UUID, command_id: UUID | None = None) -> Loaded:
        """One stream in order, with the known answer of ``command_id``; one round trip."""
        ...

    async def append(self, append: Append) -> Verdict:
        """Store one command; concurrent ones of this process share a transaction.

        Raises:
            StoreUnavailable: the database did not answer in time; whether the command was stored is
                not known, and a repeat under the same id tells.
            PoisonedAppend: this command can never be stored (bad bytes, a broken write); others go on.
            OutdatedProcess: the tables have moved on to a newer projection version.
        """
        ...

    async def read(self, after: int, limit: int, tenant: TenantId | None = None) -> Page:
        """Events after a position, of one tenant or (for the relay's role) of all."""
        ...

    async def last_position(self) -> int: ...
