"""A service that runs: its store, clock, rules, and the work that goes on beside the requests."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol, cast

import httpx
import structlog
from fastapi import Request
from nats.aio.client import Client
from nats.errors import Error as NatsError

from chancery.bus import Bus, Consumer, HttpFeed, Relay, RosterBook, connect
from chancery.bus.dead_letters import DeadLetters
from chancery.bus.rosters import heard_by, own_events
from chancery.bus.streams import stream_name
from chancery.calendar import Calendar
from chancery.clock import Clock, ClockFault, SimulatedClock, SystemClock, local_day
from chancery.deadlines.counting import RunningDeadline, moves, recounted
from chancery.deadlines.hands import hands
from chancery.deadlines.moving import Cause
from chancery.deadlines.shelf import Calendars, CalendarShelf
from chancery.deadlines.table import DeadlineTable
from chancery.deadlines.worker import DeadlineWorker
from chancery.desk import Caller, HouseDesk, Kernel
from chancery.envelope import PackRef
from chancery.events.parts import Counted
from chancery.files.opening import open_files
from chancery.files.settings import FilesSettings
from chancery.names import TenantId
from chancery.refusal import Reason, Refused
from chancery.roster import Roster
from chancery.rules.pack import Pack
from chancery.rules.reading import Problem
from chancery.rules.rulebook import Rules, RuleShelf
from chancery.service import Service
from chancery.settings import Settings
from chancery.store.errors import StoreUnavailable
from chancery.store.store import PostgresStore
from chancery.web.auth import Authenticator, Trust
from chancery.web.beside import Beside, Tail
from chancery.web.listening import Mark, hearings_of
from chancery.web.metrics import Figures

log = structlog.get_logger(__name__)


CONSUMERS: Final = (
    "select c.name, c.source, c.pos, coalesce(p.parked, 0) from kernel.consumer c "
    "left join kernel.parked() p on p.consumer = c.name and p.source = c.source"
)


class Rosters(Protocol):
    """Every tenant's people, as heard so far."""

    async def roster(self, tenant: TenantId) -> Roster: ...


class NoRosters:
    """For a service that asks nobody's post."""

    async def roster(self, tenant: TenantId) -> Roster:  # noqa: ARG002
        return EMPTY


EMPTY = Roster()


@dataclass(slots=True)
class Room:
    """The clock and the rules, ready for every command."""

    clock: Clock
    shelf: RuleShelf
    calendars: Calendars
    rosters: Rosters
    _in_force: dict[tuple[str, date], Pack] = field(default_factory=dict[tuple[str, date], Pack])

    def now(self) -> datetime:
        return self.clock.now()

    def put(self, shelf: RuleShelf) -> None:
        """Another shelf from now on; what is under way keeps the rules it was handed."""
        self.shelf = shelf
        self._in_force.clear()

    async def rules(
        self, tenant: TenantId, now: datetime, *, pack: PackRef | None = None, to_read: bool = False
    ) -> Rules:
        on = local_day(now)
        found = self.shelf.began_under(pack, to_read=to_read) if pack else self._pack(tenant, on)
        beside = self.shelf.heard(tenant, on, found)
        return Rules(found, self.calendars(), await self.rosters.roster(tenant), now, beside)

    def _pack(self, tenant: TenantId, on: date) -> Pack:
        key = (tenant, on)
        found = self._in_force.get(key)
        if found is None:
            if len(self._in_force) > 50_000:
                self._in_force.clear()
            found = self._in_force[key] = self.shelf.in_force(tenant, on)
        return found


@dataclass(slots=True)
class Running:
    """What a running service's routes reach."""

    service: Service
    settings: Settings
    store: PostgresStore
    clock: Clock
    room: Room
    kernel: Kernel
    house: HouseDesk
    doorkeeper: Authenticator
    figures: Figures
    deadlines: DeadlineTable
    beside: Beside
    tail: Tail
    client: Client | None = None
    relay: Relay | None = None
    consumers: list[Consumer] = field(default_factory=list[Consumer])
    dead_letters: DeadLetters = field(default_factory=lambda: DeadLetters("", ()))
    rules_problems: tuple[Problem, ...] = ()
    _worker: DeadlineWorker | None = None
    _reloading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _ends: dict[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])

    @classmethod
    async def open(cls, service: Service, settings: Settings) -> "Running":
        """Connect and load; nothing goes on beside the requests before ``start``."""
        url, relay_url = settings.database_url.get_secret_value(), settings.relay_database_url.get_secret_value()
        shelf = await asyncio.to_thread(RuleShelf.load, settings.packs, settings.governments)
        store = await PostgresStore.open(service.name, url, relay_url, patience=settings.patience)
        figures = Figures(service.name)
        client = await _connected(settings, service.name) if settings.nats_url else None
        clock: Clock = SystemClock()
        if settings.clock == "simulated" and client is not None:
            clock = await SimulatedClock(client).start()
        room = Room(clock, shelf, CalendarShelf(settings.holidays), NoRosters())
        tail = Tail(store)
        kernel = Kernel(service, store, store.engine, room, figures.commanded, tail.heard)
        kernel.files = open_files(FilesSettings(), client, settings.nats_replicas)
        house = HouseDesk(kernel)
        mark = Mark()
        if service.name == "attendance":
            room.rosters = RosterBook(own_events(store), lambda: tail.position)
        elif service.keeps_roster:
            room.rosters = RosterBook(heard_by(store.readers), lambda: mark.value)
        relay: Relay | None = None
        consumers: list[Consumer] = []
        if client is not None:
            bus = Bus(client, settings.nats_replicas)
            relay = Relay(service.name, store, bus, lambda end: tail.beyond(end, 1.0))
            feeds = _feeds(settings)
            consumers = [
                Consumer(hearing, url, bus, feeds.get(hearing.source)) for hearing in hearings_of(service, house, mark)
            ]
        trust = Trust(
            settings.issuer,
            settings.audience,
            settings.keys,
            settings.tenant_claim,
            settings.person_claim,
            settings.roles_claim,
            settings.keys_patience,
        )
        return cls(
            service=service,
            settings=settings,
            store=store,
            clock=clock,
            room=room,
            kernel=kernel,
            house=house,
            doorkeeper=Authenticator(trust),
            figures=figures,
            deadlines=DeadlineTable(store.engine),
            beside=Beside(lambda name: figures.restarts.labels(name).inc()),
            tail=tail,
            client=client,
            relay=relay,
            consumers=consumers,
            dead_letters=DeadLetters(url, [consumer.hearing for consumer in consumers]),
        )

    async def start(self) -> None:
        """Begin all that goes on beside the requests."""
        self.tail.heard(await self.store.last_position())
        self.beside.start("tail", self.tail.run)
        if self.relay is not None:
            self.beside.start("relay", self.relay.run)
        for consumer in self.consumers:
            self.beside.start(f"{consumer.hearing.name}<{consumer.hearing.source}", consumer.run)
        fire, give = hands(self.house, self.service.due)
        worker = self._worker = DeadlineWorker(
            self.deadlines, self.clock, self.room.calendars, fire, give, self.recount, self._counts_by
        )
        if isinstance(self.clock, SimulatedClock):
            self.clock.on_move(worker.nudge)
        self.beside.start("deadlines", worker.run)

    async def reload_rules(self) -> tuple[Problem, ...]:
        """Read packs and governments again. Where they do not load the old ones stay, and everything wrong is told."""
        async with self._reloading:
            settings, old = self.settings, self.room.shelf
            shelf, problems = await asyncio.to_thread(old.again, settings.packs, settings.governments)
            self.rules_problems = problems
            self.figures.reloaded(well=not problems)
            if problems:
                log.error(
                    "rules_not_reloaded", problems=[str(problem) for problem in problems], packs=sorted(old.packs)
                )
                return problems
            self.room.put(shelf)
            log.info("rules_reloaded", packs=sorted(shelf.packs))
        if self._worker is not None:
            self._worker.nudge()
        return ()

    def _counts_by(self, calendar: Calendar) -> str:
        """All that a deadline's count rests on."""
        return f"{calendar.version}/{self.room.shelf.settings_digest}"

    async def recount(self, deadline: RunningDeadline, calendar: Calendar) -> tuple[Counted, Cause]:
        """A deadline by this calendar and by the settings of the rules its case began under.

        Where those are gone, or cannot be told, the calendar alone counts.
        """
        plain = recounted(deadline.counted, calendar)
        packs = self.room.shelf.adopted_by(deadline.tenant)
        if len(packs) > 1:
            ref = await self.house.began_under(deadline.tenant, deadline.thing)
            found = self.room.shelf.of(ref) if ref is not None else None
            packs = (found,) if found is not None else ()
        if not packs:
            return plain, "calendar"
        now = Rules(packs[0], calendar, EMPTY, self.clock.now()).again(deadline.counted)
        return now, "rules" if moves(plain, now) else "calendar"

    async def close(self) -> None:
        await self.beside.stop()
        if isinstance(self.clock, SimulatedClock):
            await self.clock.stop()
        if self.client is not None:
            await self.client.close()
        await self.store.close()

    async def who(self, authorization: bytes | None) -> Caller:
        """Who asks, from the header.

        Raises:
            Refused: there is no valid token (``unknown``).
        """
        if authorization is None:
            raise Refused(Reason("needs_token"), kind="unknown")
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused(Reason("bad_token"), kind="unknown")
        return await self.doorkeeper.caller(token.strip())

    async def caller(self, request: Request) -> Caller:
        """Who asks; see ``who``."""
        header = request.headers.get("authorization")
        return await self.who(None if header is None else header.encode("latin-1"))

    async def parts(self) -> dict[str, str]:
        """What the service needs and whether it is there: ``ok``, or what is wrong."""
        found: dict[str, str] = {}
        try:
            async with asyncio.timeout(2):
                await self.store.last_position()
            found["database"] = "ok"
        except (StoreUnavailable, TimeoutError) as error:
            found["database"] = type(error).__name__
        found["issuer"] = "ok" if await self.doorkeeper.ready() else "its keys cannot be read"
        found["clock"] = "ok" if moment_or_none(self.clock) else "not set"
        found["bus"] = "ok" if self.client is None or self.client.is_connected else "not connected"
        found["work"] = ", ".join(self.beside.failing) or "ok"
        return found

    async def refresh_figures(self) -> None:
        """Look up what is not counted as it happens."""
        appended = self.store.appender.figures
        self.figures.append_batches.set(appended.batches)
        self.figures.append_commands.set(appended.commands)
        try:
            status = await self.status()
        except StoreUnavailable:
            return
        self.figures.position.set(status["position"])
        self.figures.relay_lag.set(status["position"] - status["relayed"])
        self.figures.deadlines_due.set(status["due"])
        self.figures.dead_letters.set(status["dead_letters"])
        for consumer in status["consumers"]:
            self.figures.consumer_lag.labels(consumer["name"], consumer["source"]).set(consumer["lag"])

    async def status(self) -> dict[str, Any]:
        """How far everything is: the look by which somebody knows that all has settled."""
        position = await self.store.last_position()
        consumers = await self._consumers()
        return {
            "service": self.service.name,
            "clock": moment_or_none(self.clock),
            "position": position,
            "relayed": self.relay.status.relayed if self.relay else position,
            "consumers": consumers,
            "due": await self._due(),
            "dead_letters": sum(consumer["parked"] for consumer in consumers),
            "packs": sorted(self.room.shelf.packs),
            "rules_problems": [str(problem) for problem in self.rules_problems],
            "calendar": self.room.calendars().version,
            "work": [
                {"name": job.name, "state": job.state, "restarts": job.restarts, "error": job.error}
                for job in self.beside.jobs.values()
            ],
        }

    async def _consumers(self) -> list[dict[str, Any]]:
        """Every listener with its position as the database has it, for other processes may have moved it."""
        if not self.consumers:
            return []
        rows = await self.store.readers.fetch(CONSUMERS)
        found = {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}
        told: list[dict[str, Any]] = []
        for consumer in self.consumers:
            name, source = consumer.hearing.name, consumer.hearing.source
            position, parked = found.get((name, source), (0, 0))
            lag = max(0, await self._end(source) - position)
            told.append({"name": name, "source": source, "position": position, "lag": lag, "parked": parked})
        return told

    async def _end(self, source: str) -> int:
        """Where a stream ends, as known within the last second; 0 where the bus cannot say."""
        now = asyncio.get_running_loop().time()
        known = self._ends.get(source)
        if known is not None and now - known[0] < 1:
            return known[1]
        last = known[1] if known else 0
        if self.client is not None and self.client.is_connected:
            with contextlib.suppress(NatsError, OSError, TimeoutError):
                info = await Bus(self.client).js.stream_info(stream_name(source))
                last = info.state.last_seq
        self._ends[source] = (now, last)
        return last

    async def _due(self) -> int:
        try:
            return await self.deadlines.due_count(self.clock.now())
        except ClockFault:
            return 0


async def _connected(settings: Settings, name: str) -> Client:
    secret = settings.nats_password
    return await connect(
        settings.nats_url,
        f"{name}-svc",
        user=settings.nats_user,
        password=secret.get_secret_value() if secret else None,
        credentials=settings.nats_credentials,
    )


def _feeds(settings: Settings) -> dict[str, HttpFeed]:
    """Where other services' events are read while the bus is away; nowhere without a token for it."""
    token = settings.feed_token
    if token is None or not settings.feeds:
        return {}
    client = httpx.AsyncClient()
    return {source: HttpFeed(at, token.get_secret_value, client) for source, at in settings.feeds.items()}


def moment_or_none(clock: Clock) -> datetime | None:
    try:
        return clock.now()
    except ClockFault:
        return None


def running_of(request: Request) -> Running:
    return cast("Running", request.app.state.running)
