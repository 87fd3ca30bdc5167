"""Where a command is handled: who asks, what time it is, which rules are in force, and the store.

A desk belongs to one request. It loads the thing, runs the pure decision, and stores events, read models and the
answer in one commit. The house's own desk does the same for reactions and deadlines, nobody's hand.
"""

import asyncio
import hashlib
import random
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, Protocol, TypeVar, cast
from uuid import UUID
from weakref import WeakValueDictionary

import orjson
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chancery.envelope import Ground, Meta, PackRef, Recorded, Standing, StoredEvent, leaf_hash
from chancery.events.base import Event, encode
from chancery.names import Capacity, PersonId, TenantId
from chancery.refusal import PASSING, Citation, Reason, Refused, not_found
from chancery.service import Order, Service, derived
from chancery.store.api import Append, EventStore, NewEvent, Outcome, Verdict
from chancery.texts.telling import telling_of
from chancery.thing import Handled, Projection, Thing, Told, Write

if TYPE_CHECKING:
    from chancery.files import Files
    from chancery.rules.rulebook import Rules

log = structlog.get_logger(__name__)

S = TypeVar("S")
C = TypeVar("C")
E = TypeVar("E", bound=Event)

Language = Literal["zh", "en"]
Decide = Callable[[C, S, "Rules"], Sequence[Told[Any]]]

TRIES: Final = 12
"""How often a decision is made anew because another process wrote the same stream in between."""
KEPT: Final = 4_000
"""How many folded things a process keeps at hand; one that is not is read again."""


_DRAW: Final = random.Random().getrandbits  # ids have to differ, not to be secret; seeded by the system once


def uuid7() -> UUID:
    """An id whose order is that of its drawing (RFC 9562, version 7)."""
    drawn = _DRAW(74)
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | 7 << 76
    value |= (drawn & 0xFFF) << 64 | 2 << 62 | drawn >> 12
    return UUID(int=value)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as the token says: a person, or a system of its own (``client``).

    ``roles`` are those of the token: administrators, auditors, systems that read the feed. What a person may do in
    the business of the house follows from the posts he holds, never from these.
    """

    tenant: TenantId
    person: PersonId | None
    client: str | None
    roles: frozenset[str]
    token_id: str

    @property
    def actor(self) -> PersonId:
        """The person, or the system under a name that no person can have."""
        return self.person or PersonId(f"client.{self.client}")


class RuleRoom(Protocol):
    """The clock, and every tenant's rules with its roster and calendar, kept ready."""

    def now(self) -> datetime: ...

    async def rules(
        self, tenant: TenantId, now: datetime, *, pack: PackRef | None = None, to_read: bool = False
    ) -> "Rules":
        """The pack named, or the one in force for the tenant on that local day; the roster as it is heard.

        ``to_read``: a pack named that is gone is stood in for by its bare name.

        Raises:
            Refused: the tenant has adopted no rules that govern the day; (away) the pack named is gone.
        """
        ...


@dataclass(frozen=True, slots=True)
class Seen(Generic[S]):
    """A thing as folded: its state, the version folded up to (0: nothing happened yet), what its case keeps."""

    state: S
    version: int
    correlation: UUID | None = None
    pack: PackRef | None = None


@dataclass(slots=True)
class Kernel:
    """What all desks of one service share."""

    service: Service
    store: EventStore
    engine: AsyncEngine
    room: RuleRoom
    counted: Callable[[str, str], None] = lambda _thing, _outcome: None
    appended: Callable[[int], None] = lambda _position: None
    files: "Files | None" = None
    _by_event: dict[str, tuple[Projection, ...]] = field(default_factory=dict[str, tuple[Projection, ...]])
    _kept: "OrderedDict[tuple[str, UUID, str], Seen[Any]]" = field(
        default_factory=OrderedDict[tuple[str, UUID, str], Seen[Any]]
    )
    _turns: "WeakValueDictionary[UUID, asyncio.Lock]" = field(default_factory=WeakValueDictionary[UUID, asyncio.Lock])

    def projections_of(self, name: str) -> tuple[Projection, ...]:
        """The service's own projections that hear an event."""
        found = self._by_event.get(name)
        if found is None:
            found = tuple(p for p in self.service.projections if p.source == "own" and name in p.hears)
            self._by_event[name] = found
        return found

    def kept(self, tenant: TenantId, thing: Thing[S, Any], stream: UUID) -> Seen[S] | None:
        """A thing folded before. It may be old: only an append under its version shows that it was not."""
        key = (tenant, stream, thing.name)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, tenant: TenantId, thing: Thing[S, Any], stream: UUID, seen: Seen[S]) -> None:
        self._kept[(tenant, stream, thing.name)] = seen
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def forget(self, tenant: TenantId, thing: Thing[Any, Any], stream: UUID) -> None:
        self._kept.pop((tenant, stream, thing.name), None)

    def turn(self, stream: UUID) -> asyncio.Lock:
        """Commands on one thing take turns within a process; across processes the version decides."""
        lock = self._turns.get(stream)
        if lock is None:
            lock = self._turns[stream] = asyncio.Lock()
        return lock

    @asynccontextmanager
    async def query(self, tenant: TenantId) -> AsyncGenerator[AsyncConnection]:
        """A connection that sees one tenant's read models and nothing else."""
        async with self.engine.begin() as connection:
            await connection.execute(_STAND_WITHIN, {"tenants": _array(tenant)})
            yield connection


_STAND_WITHIN = text("select set_config('chancery.tenants', :tenants, true)")


def _array(tenant: str) -> str:
    quoted = tenant.replace("\\", "\\\\").replace('"', '\\"')
    return f'{{"{quoted}"}}'


def seen_from(thing: Thing[S, Any], stream: UUID, events: Sequence[StoredEvent]) -> Seen[S]:
    """Fold a stream.

    Raises:
        Refused: the stream holds another kind of thing, so this one does not exist there.
    """
    state = thing.start(stream)
    correlation: UUID | None = None
    pack: PackRef | None = None
    for stored in events:
        recorded = stored.recorded()
        if not isinstance(recorded.event, thing.events):
            raise not_found(thing.name)
        state = thing.evolve(state, recorded.event)
        correlation = correlation or recorded.meta.correlation
        pack = pack or recorded.meta.pack
    return Seen(state, events[-1].version if events else 0, correlation, pack)


@dataclass(slots=True)
class Desk:
    """One request's desk.

    ``command_id`` makes a repeat of the request the same command; a request that handles several commands derives
    the later ones from it. ``fingerprint`` is a hash of what was asked. ``if_match`` is the version the caller saw.
    """

    kernel: Kernel
    caller: Caller
    command_id: UUID
    fingerprint: bytes = b""
    language: Language = "zh"
    if_match: int | None = None
    dry_run: bool = False
    trace: str | None = None
    causation: UUID | None = None
    capacity: Capacity = Capacity.OWN
    key_given: bool = False
    moment: datetime | None = None
    commands: int = 0
    drawn: list[UUID] = field(default_factory=list[UUID])

    @property
    def tenant(self) -> TenantId:
        return self.caller.tenant

    @property
    def person(self) -> PersonId:
        """The person who asks.

        Raises:
            Refused: a system asks in its own name where a person must answer for the act.
        """
        if self.caller.person is None:
            raise Refused(Reason("needs_person"), kind="forbidden")
        return self.caller.person

    def now(self) -> datetime:
        """The moment of the request, one and the same while it lasts. UTC."""
        if self.moment is None:
            self.moment = self.kernel.room.now()
        return self.moment

    def requires(self, *roles: str) -> None:
        """Refuse a token that has none of these roles."""
        if self.caller.roles.isdisjoint(roles):
            raise Refused(Reason("needs_role", params={"roles": ", ".join(roles)}), kind="forbidden")

    def new_id(self) -> UUID:
        """An id for a new thing; the same one when the request is repeated under its key."""
        new = derived(self.command_id, "new", len(self.drawn)) if self.key_given else uuid7()
        self.drawn.append(new)
        return new

    async def rules(self, at: datetime | None = None, *, pack: PackRef | None = None, to_read: bool = False) -> "Rules":
        """The tenant's rules as of a moment (now, where none is named), or a pack by name; ``to_read`` see RuleRoom."""
        return await self.kernel.room.rules(self.tenant, at or self.now(), pack=pack, to_read=to_read)

    @property
    def files(self) -> "Files":
        """The store of files that the settings name."""
        assert self.kernel.files is not None  # given wherever a service runs
        return self.kernel.files

    def query(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """``async with desk.query() as connection``: SQLAlchemy on the tenant's read models."""
        return self.kernel.query(self.tenant)

    async def seen(self, thing: Thing[S, Any], stream: UUID) -> Seen[S]:
        """The thing as stored now, with its version.

        Raises:
            Refused: there is no such thing in this tenant (``missing``).
        """
        loaded = await self.kernel.store.load(self.tenant, stream)
        if not loaded.events:
            raise not_found(thing.name)
        found = seen_from(thing, stream, loaded.events)
        self.kernel.keep(self.tenant, thing, stream, found)
        return found

    async def state(self, thing: Thing[S, Any], stream: UUID) -> S:
        """The thing as stored now; see ``seen``."""
        return (await self.seen(thing, stream)).state

    async def handle(
        self,
        thing: Thing[S, E],
        decide: "Decide[C, S]",
        command: C,
        *,
        stream: UUID,
        matter: UUID | None = None,
        pack: PackRef | None = None,
        existing: bool = False,
    ) -> Handled:
        """Decide and store, or give the first answer again.

        ``matter`` is what the events belong to; a thing keeps that of its first event, and so it does the pack.
        ``pack`` names the rules of a case that began elsewhere. ``existing`` says that the thing must be there.

        Raises:
            Refused: by the decision, with every reason; ``missing`` where the thing does not exist; ``stale`` where
                the caller saw another version; ``reused`` where the key came with another body before; ``busy``
                where others kept writing the thing.
        """
        command_id = self.command_id if self.commands == 0 else derived(self.command_id, "part", self.commands)
        self.commands += 1
        work = _Work(self, thing, decide, command, command_id, stream, matter, pack, existing)
        try:
            async with self.kernel.turn(stream):
                handled = await work.run()
        except Refused as no:
            self.kernel.counted(thing.name, no.kind)
            raise
        self.kernel.counted(thing.name, "repeated" if handled.repeated else "told" if handled.events else "quiet")
        return handled


@dataclass(slots=True)
class _Work(Generic[S, E, C]):
    """One command on its way."""

    desk: Desk
    thing: Thing[S, E]
    decide: "Decide[C, S]"
    command: C
    command_id: UUID
    stream: UUID
    matter: UUID | None
    pack: PackRef | None
    existing: bool

    async def run(self) -> Handled:
        desk, kernel = self.desk, self.desk.kernel
        for attempt in range(TRIES):
            seen, fresh = await self._look(attempt)
            if isinstance(seen, Handled):
                return seen
            try:
                self._check(seen)
                rules = await kernel.room.rules(desk.tenant, desk.now(), pack=self._pack(seen))
                told = list(self.decide(self.command, seen.state, rules))
            except Refused:
                if fresh:
                    raise
                # What was at hand may have been old, or the command may be one that was answered: look properly.
                kernel.forget(desk.tenant, self.thing, self.stream)
                continue
            if not told:
                if fresh:
                    return self._quiet(seen)
                kernel.forget(desk.tenant, self.thing, self.stream)
                continue
            append, recorded = self._append(seen, told, rules)
            if desk.dry_run:
                return self._handled(append.answer, recorded, seen.version + len(recorded), 0)
            verdict = await kernel.store.append(append)
            if verdict.outcome is Outcome.REPEATED:
                return self._again(verdict)
            if verdict.outcome is Outcome.APPENDED:
                self._remember(seen, recorded, verdict)
                kernel.appended(verdict.position)
                return self._handled(append.answer, recorded, verdict.version, verdict.position)
            kernel.forget(desk.tenant, self.thing, self.stream)
            if seen.version == 0 and verdict.version == 0:
                raise not_found(self.thing.name)  # the id is taken where this caller cannot look
            if attempt:
                await asyncio.sleep(random.uniform(0, 0.004 * attempt))
        raise Refused(Reason("busy"), kind="busy")

    async def _look(self, attempt: int) -> tuple[Seen[S] | Handled, bool]:
        """The thing, and whether it was read just now; or the answer this command got before."""
        desk, kernel = self.desk, self.desk.kernel
        if attempt == 0:
            at_hand = kernel.kept(desk.tenant, self.thing, self.stream)
            if at_hand is not None:
                return at_hand, False
            if self.stream in desk.drawn:
                return Seen(self.thing.start(self.stream), 0), False
        loaded = await kernel.store.load(desk.tenant, self.stream, self.command_id)
        if loaded.known is not None:
            return self._again(loaded.known), True
        seen = seen_from(self.thing, self.stream, loaded.events)
        if loaded.events:
            kernel.keep(desk.tenant, self.thing, self.stream, seen)
        return seen, True

    def _check(self, seen: Seen[S]) -> None:
        if self.existing and seen.version == 0:
            raise not_found(self.thing.name)
        wanted = self.desk.if_match
        if wanted is not None and self.desk.commands == 1 and wanted != seen.version:
            raise Refused(Reason("stale_version", params={"seen": wanted, "now": seen.version}), kind="stale")

    def _again(self, verdict: Verdict) -> Handled:
        if verdict.fingerprint != self.desk.fingerprint:
            raise Refused(Reason("key_reused"), kind="reused")
        answer = cast("dict[str, Any]", orjson.loads(verdict.answer))
        pack = cast("dict[str, str] | None", answer.get("pack"))
        return Handled(
            stream=UUID(answer["id"]),
            version=verdict.version,
            position=verdict.position,
            events=tuple(UUID(event["id"]) for event in answer["events"]),
            repeated=True,
            at=datetime.fromisoformat(answer["at"]),
            pack=PackRef(pack["id"], pack["version"]) if pack else None,
            answer=verdict.answer,
        )

    def _pack(self, seen: Seen[S]) -> PackRef | None:
        """The rules a case began under; a thing that serves many asks those of the command's own case."""
        return self.pack if self.thing.of_many else seen.pack or self.pack

    def _matter(self, seen: Seen[S]) -> UUID:
        """What the events belong to: the thing's own matter, or, of a thing that serves many, the command's."""
        if self.thing.of_many and self.matter is not None:
            return self.matter
        return seen.correlation or self.matter or self.stream

    def _quiet(self, seen: Seen[S]) -> Handled:
        now = self.desk.now()
        matter = self._matter(seen)
        answer = answer_of(self.stream, matter, now, seen.pack, (), (), self.desk.language)
        return Handled(self.stream, seen.version, 0, (), False, now, seen.pack, (), answer)

    def _handled(self, answer: bytes, recorded: Sequence[Recorded[Any]], version: int, position: int) -> Handled:
        if position:
            first = position - len(recorded) + 1
            recorded = [_placed(one, first + number) for number, one in enumerate(recorded)]
        return Handled(
            stream=self.stream,
            version=version,
            position=position,
            events=tuple(one.meta.id for one in recorded),
            repeated=False,
            at=self.desk.now(),
            pack=recorded[0].meta.pack,
            told=tuple(recorded),
            answer=answer,
        )

    def _remember(self, seen: Seen[S], recorded: Sequence[Recorded[Any]], verdict: Verdict) -> None:
        state = seen.state
        for one in recorded:
            state = self.thing.evolve(state, one.event)
        first = recorded[0].meta
        pack = seen.pack or next((one.meta.pack for one in recorded if one.meta.pack), None)
        kept = Seen(state, verdict.version, seen.correlation or first.correlation, pack)
        self.desk.kernel.keep(self.desk.tenant, self.thing, self.stream, kept)

    def _append(self, seen: Seen[S], told: Sequence[Told[E]], rules: "Rules") -> tuple[Append, list[Recorded[Any]]]:
        desk, kernel = self.desk, self.desk.kernel
        tenant, now = desk.tenant, desk.now()
        matter = self._matter(seen)
        own = Standing(desk.caller.actor, capacity=desk.capacity)
        causation = desk.causation or self.command_id
        events: list[NewEvent] = []
        recorded: list[Recorded[Any]] = []
        cited: list[tuple[Citation, ...]] = []
        writes: list[Write] = []
        tables: dict[str, int] = {}
        for number, one in enumerate(told, 1):
            event = one.event
            if not isinstance(event, self.thing.events):
                raise TypeError(f"{self.thing.name} does not tell {type(event).__name__}")
            cites = _citations(one)
            meta = Meta(
                id=uuid7(),
                actor=one.standing or own,
                correlation=matter,
                causation=causation,
                clauses=tuple(cite.clause for cite in cites),
                rows=tuple(dict.fromkeys(row for ruling in one.under for row in ruling.rows)),
                pack=one.under[0].pack if one.under else rules.pack.ref,
                trace=desk.trace,
                beside=_beside(one),
            )
            version = seen.version + number
            body, head = encode(event), meta.to_json()
            leaf = leaf_hash(
                tenant,
                self.stream,
                version,
                event.event_name,
                event.event_version,
                body,
                head,
                now,
                self.command_id,
            )
            events.append(NewEvent(event.event_name, event.event_version, body, head, now, leaf))
            place = Recorded(kernel.service.name, tenant, self.stream, version, 0, event, meta, now, now)
            recorded.append(place)
            cited.append(cites)
            for projection in kernel.projections_of(event.event_name):
                made = projection.project(place)
                if made:
                    writes.extend(made)
                    tables.update((table, projection.version) for table in projection.tables)
        answer = answer_of(
            self.stream, matter, now, recorded[0].meta.pack, recorded, cited, desk.language, desk.dry_run
        )
        append = Append(
            tenant=tenant,
            command_id=self.command_id,
            stream=self.stream,
            expected=seen.version,
            events=events,
            answer=answer,
            fingerprint=desk.fingerprint,
            writes=writes,
            projections=tuple(tables.items()),
        )
        return append, recorded


def _placed(one: Recorded[Any], position: int) -> Recorded[Any]:
    """The event in its place, now that the store has said which."""
    return Recorded(
        one.service,
        one.tenant,
        one.stream,
        one.version,
        position,
        one.event,
        one.meta,
        one.business_at,
        one.recorded_at,
    )


def _beside(told: Told[Any]) -> tuple[Ground, ...]:
    """What the event rests on in packs beside the own one, a ground each."""
    said = [ruling for under in told.under for ruling in under.beside]
    return tuple(
        Ground(
            pack,
            tuple(dict.fromkeys(cite.clause for one in said if one.pack == pack for cite in one.citations)),
            tuple(dict.fromkeys(row for one in said if one.pack == pack for row in one.rows)),
        )
        for pack in dict.fromkeys(one.pack for one in said)
    )


def _citations(told: Told[Any]) -> tuple[Citation, ...]:
    found: dict[str, Citation] = {}
    for ruling in told.under:
        for cite in ruling.citations:
            found.setdefault(cite.clause, cite)
    return tuple(found.values())


def cited(cite: Citation, language: Language) -> dict[str, str]:
    """A clause as people are shown it."""
    return {
        "id": cite.clause,
        "article": cite.article,
        "says": cite.says_zh if language == "zh" else cite.says_en,
        "force": cite.force,
        "row": cite.row,
        "pack": cite.pack,
    }


def answer_of(
    stream: UUID,
    matter: UUID,
    at: datetime,
    pack: PackRef | None,
    recorded: Sequence[Recorded[Any]],
    cites: Sequence[tuple[Citation, ...]],
    language: Language,
    dry_run: bool = False,
) -> bytes:
    """The receipt as it is stored; version and position, which only the store knows, are added when it is given."""
    clauses: dict[str, Citation] = {}
    told: list[dict[str, Any]] = []
    for one, of_one in zip(recorded, cites, strict=True):
        for cite in of_one:
            clauses.setdefault(cite.clause, cite)
        told.append(
            {
                "id": one.meta.id,
                "type": one.event.event_name,
                "title": telling_of(one.event.event_name).title(language),
                "clauses": one.meta.clauses,
            }
        )
    answer: dict[str, Any] = {
        "id": stream,
        "matter": matter,
        "at": at,
        "pack": {"id": pack.id, "version": pack.version} if pack else None,
        "events": told,
        "clauses": [cited(cite, language) for cite in clauses.values()],
    }
    if dry_run:
        answer["dry_run"] = True
    return orjson.dumps(answer, option=orjson.OPT_UTC_Z)


@dataclass(slots=True)
class HouseDesk:
    """The desk of nobody's hand: reactions and deadlines."""

    kernel: Kernel

    def now(self) -> datetime:
        return self.kernel.room.now()

    async def rules(self, tenant: TenantId, at: datetime | None = None, *, pack: PackRef | None = None) -> "Rules":
        return await self.kernel.room.rules(tenant, at or self.now(), pack=pack)

    async def began_under(self, tenant: TenantId, stream: UUID) -> PackRef | None:
        """The rules a thing began under, as its first event says; None where there is no such thing."""
        loaded = await self.kernel.store.load(tenant, stream)
        metas = (stored.recorded().meta for stored in loaded.events)
        return next((meta.pack for meta in metas if meta.pack is not None), None)

    async def carry_out(
        self,
        order: Order,
        name: str,
        *,
        tenant: TenantId,
        cause: UUID,
        matter: UUID | None = None,
        pack: PackRef | None = None,
        trace: str | None = None,
        at: datetime | None = None,
    ) -> Handled | None:
        """Do what a reaction or a deadline orders; twice is once, for the command's id derives from the cause.

        ``name`` is the reaction's or the deadline's, ``cause`` the heard event's id or one derived from deadline and
        due moment, ``at`` the moment that counts as now where it is not the clock's. None: the rules or the state of
        the thing forbid it, which is noted and is no error.
        """
        command_id = derived(cause, name, order.key)
        desk = Desk(
            kernel=self.kernel,
            caller=Caller(tenant, None, f"{self.kernel.service.name}-svc", frozenset(), name),
            command_id=command_id,
            fingerprint=hashlib.sha256(command_id.bytes).digest(),
            trace=trace,
            causation=cause,
            capacity=Capacity.SYSTEM,
            moment=at,
        )
        try:
            return await desk.handle(
                order.thing, order.decide, order.command, stream=order.stream, matter=order.matter or matter, pack=pack
            )
        except Refused as no:
            if no.kind in PASSING:
                raise
            log.info(
                "order_refused",
                order=name,
                thing=order.thing.name,
                stream=str(order.stream),
                cause=str(cause),
                reasons=[reason.code for reason in no.reasons],
            )
            return None
