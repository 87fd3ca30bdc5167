"""The meta of an event, its stored form, and its CloudEvents form on the wire."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from struct import Struct
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import orjson

from chancery.events.base import REGISTRY, Event
from chancery.names import Capacity, PersonId, PostId, TenantId

E_co = TypeVar("E_co", bound=Event, covariant=True)
_length: Final = Struct(">I").pack
_OF_ID: Final = _length(16)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who acted, through which post, in what right. ``acts_for`` is the person represented, if any."""

    person: PersonId
    post: PostId | None = None
    capacity: Capacity = Capacity.OWN
    acts_for: PersonId | None = None


@dataclass(frozen=True, slots=True)
class PackRef:
    """The rules that governed, by id and version; a case keeps them."""

    id: str
    version: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What an event rests on in a pack asked beside the government's own."""

    pack: PackRef
    clauses: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known of an event beside its body.

    ``id`` is a UUIDv7. ``correlation`` is the matter (all events of one matter share it), ``causation`` the
    id of the event or command that led here. ``clauses`` are the catalogue ids of all packs, ``rows`` the row ids
    of the government's own ``pack``; ``beside`` says which clauses and rows are whose, of packs asked beside it.
    """

    id: UUID
    actor: Standing
    correlation: UUID
    causation: UUID | None = None
    clauses: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    pack: PackRef | None = None
    trace: str | None = None
    beside: tuple[Ground, ...] = ()

    def to_json(self) -> bytes:
        """Compact JSON; fields without a value are left out."""
        actor: dict[str, Any] = {"person": self.actor.person, "capacity": self.actor.capacity.value}
        if self.actor.post is not None:
            actor["post"] = self.actor.post
        if self.actor.acts_for is not None:
            actor["acts_for"] = self.actor.acts_for
        out: dict[str, Any] = {"id": str(self.id), "actor": actor, "correlation": str(self.correlation)}
        if self.causation is not None:
            out["causation"] = str(self.causation)
        if self.clauses:
            out["clauses"] = self.clauses
        if self.rows:
            out["rows"] = self.rows
        if self.pack is not None:
            out["pack"] = {"id": self.pack.id, "version": self.pack.version}
        if self.trace is not None:
            out["trace"] = self.trace
        if self.beside:
            out["beside"] = [
                {"pack": {"id": one.pack.id, "version": one.pack.version}, "clauses": one.clauses, "rows": one.rows}
                for one in self.beside
            ]
        return orjson.dumps(out)

    @classmethod
    def from_json(cls, text: bytes | str) -> "Meta":
        raw: dict[str, Any] = orjson.loads(text)
        actor: dict[str, Any] = raw["actor"]
        pack: dict[str, Any] | None = raw.get("pack")
        return cls(
            id=UUID(raw["id"]),
            actor=Standing(
                person=PersonId(actor["person"]),
                post=PostId(actor["post"]) if "post" in actor else None,
                capacity=Capacity(actor["capacity"]),
                acts_for=PersonId(actor["acts_for"]) if "acts_for" in actor else None,
            ),
            correlation=UUID(raw["correlation"]),
            causation=UUID(raw["causation"]) if raw.get("causation") else None,
            clauses=tuple(raw.get("clauses", ())),
            rows=tuple(raw.get("rows", ())),
            pack=PackRef(pack["id"], pack["version"]) if pack else None,
            trace=raw.get("trace"),
            beside=tuple(
                Ground(PackRef(**one["pack"]), tuple(one["clauses"]), tuple(one["rows"]))
                for one in raw.get("beside", ())
            ),
        )


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E_co]):
    """One event in its place: decoded, with its meta.

    ``position`` counts from 1 within the service's lane, in commit order; 0 while the event is not stored yet
    (a projection of the same command sees it so). ``version`` counts from 1 within the stream.
    """

    service: str
    tenant: TenantId
    stream: UUID
    version: int
    position: int
    event: E_co
    meta: Meta
    business_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as bytes, exactly as stored: what the relay, the feed and the hash see."""

    service: str
    position: int
    tenant: str
    stream: UUID
    version: int
    type: str
    schema_version: int
    body: bytes
    meta: bytes
    business_at: datetime
    recorded_at: datetime
    command_id: UUID
    leaf: bytes

    def recorded(self) -> Recorded[Event]:
        """Decode, carrying an old body forward to the present version."""
        return Recorded(
            service=self.service,
            tenant=TenantId(self.tenant),
            stream=self.stream,
            version=self.version,
            position=self.position,
            event=REGISTRY.decode(self.type, self.schema_version, self.body),
            meta=Meta.from_json(self.meta),
            business_at=self.business_at,
            recorded_at=self.recorded_at,
        )


def moment(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds, one spelling for one moment."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")[:-6] + "Z"


def leaf_hash(
    tenant: str,
    stream: UUID,
    version: int,
    type_: str,
    schema_version: int,
    body: bytes,
    meta: bytes,
    business_at: datetime,
    command_id: UUID,
) -> bytes:
    """SHA-256 over everything a keeper might want to change; lengths first, so no field can flow into the next."""
    of_tenant, of_type = tenant.encode(), type_.encode()
    at_version, at_schema = b"%d" % version, b"%d" % schema_version
    at = moment(business_at).encode()
    parts = (
        *(b"\x00", _length(len(of_tenant)), of_tenant, _OF_ID, stream.bytes),
        *(_length(len(at_version)), at_version, _length(len(of_type)), of_type),
        *(_length(len(at_schema)), at_schema, _length(len(body)), body, _length(len(meta)), meta),
        *(_length(len(at)), at, _OF_ID, command_id.bytes),
    )
    return hashlib.sha256(b"".join(parts)).digest()


def subject(tenant: str, service: str, type_: str) -> str:
    """The bus subject: ``evt.<tenant>.<service>.<event>``."""
    return f"evt.{tenant}.{service}.{type_.partition('.')[2]}"


def to_cloudevent(stored: StoredEvent) -> bytes:
    """CloudEvents 1.0 structured JSON.

    Extension attributes hold what CloudEvents has no word for; lists are joined by spaces, since attribute
    values are plain. ``data`` is the stored body, byte for byte; ``chancerymeta`` the stored meta, byte for byte
    (as a JSON string), so that a listener can recompute the leaf hash.
    """
    meta: dict[str, Any] = orjson.loads(stored.meta)
    head: dict[str, Any] = {
        "specversion": "1.0",
        "id": meta["id"],
        "source": f"/{stored.service}",
        "type": stored.type,
        "subject": str(stored.stream),
        "time": moment(stored.business_at),
        "datacontenttype": "application/json",
        "dataschema": f"urn:chancery:{stored.type}:{stored.schema_version}",
        "tenant": stored.tenant,
        "streamversion": stored.version,
        "schemaversion": stored.schema_version,
        "position": stored.position,
        "recordedtime": moment(stored.recorded_at),
        "commandid": str(stored.command_id),
        "correlationid": meta["correlation"],
        "leaf": stored.leaf.hex(),
    }
    if meta.get("causation") is not None:
        head["causationid"] = meta["causation"]
    if meta.get("clauses"):
        head["clauses"] = " ".join(meta["clauses"])
    if meta.get("trace") is not None:
        head["traceparent"] = meta["trace"]
    head["chancerymeta"] = stored.meta.decode()
    return orjson.dumps(head)[:-1] + b',"data":' + stored.body + b"}"


def from_cloudevent(payload: bytes) -> StoredEvent:
    """The way back; ``data`` keeps its bytes, for the hash covers them, and is not read here."""
    head, _, tail = payload.partition(b',"data":')
    raw: dict[str, Any] = orjson.loads(head + b"}")
    return StoredEvent(
        service=str(raw["source"]).lstrip("/"),
        position=int(raw["position"]),
        tenant=str(raw["tenant"]),
        stream=UUID(raw["subject"]),
        version=int(raw["streamversion"]),
        type=str(raw["type"]),
        schema_version=int(raw["schemaversion"]),
        body=tail[:-1],
        meta=str(raw["chancerymeta"]).encode(),
        business_at=datetime.fromisoformat(raw["time"]),
        recorded_at=datetime.fromisoformat(raw["recordedtime"]),
        command_id=UUID(raw["commandid"]),
        leaf=bytes.fromhex(raw["leaf"]),
    )


@dataclass(frozen=True, slots=True)
class Attributes:
    """CloudEvents attributes as binary headers, beside the structured body."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, stored: StoredEvent, correlation: UUID, event_id: UUID, trace: str | None) -> "Attributes":
        values = {
            "ce-specversion": "1.0",
            "ce-id": str(event_id),
            "ce-type": stored.type,
            "ce-source": f"/{stored.service}",
            "ce-subject": str(stored.stream),
            "ce-correlationid": str(correlation),
            "Chancery-Leaf": stored.leaf.hex(),
        }
        if trace is not None:
            values["traceparent"] = trace
        return cls(values)
