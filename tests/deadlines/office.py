"""A small real office on a real database: the store, the house's desk, and a worker. Run as a program it is one worker.

``python office.py APP_URL RELAY_URL [before|after]`` works until it is ended; with the last word it stops for ever in
the first firing it gets, before or after the command is stored, having said so: the place at which to kill it.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID, uuid5

from chancery.calendar import Calendar, Span, bundled, count_forward
from chancery.clock import Clock, SystemClock
from chancery.deadlines import DEADLINE, Clocked, RunningDeadline, counted, deadline_projection
from chancery.deadlines.hands import hands
from chancery.deadlines.table import DeadlineTable
from chancery.deadlines.worker import DeadlineWorker, Fire
from chancery.desk import Caller, Desk, HouseDesk, Kernel
from chancery.envelope import PackRef
from chancery.events.base import Event
from chancery.events.meeting import MinutesIssued, MinutesOverdue, SittingClosed
from chancery.events.parts import Counted
from chancery.names import PersonId, TenantId
from chancery.roster import Roster
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack
from chancery.rules.rulebook import Rules
from chancery.service import DueAction, Order, Service, derived
from chancery.store.store import PostgresStore
from chancery.thing import Handled, Told
from meeting_svc.minutes.state import MINUTES
from meeting_svc.sitting.run_out import RunOut, run_out
from meeting_svc.sitting.state import SITTING

PACKS = Path(__file__).parents[2] / "shared" / "chancery" / "packs"
NAME = "minutes_issue"
HERE = UUID("6f0f2f4e-5f0e-4f62-9c43-0a3f6dfb2a10")
PERSON = PersonId("p_clerk")


def fire(deadline: RunningDeadline, rules: Rules) -> list[Order]:
    return [Order(SITTING, run_out, RunOut(deadline.counted), deadline.thing)]


SERVICE = Service(
    name="meeting",
    title_zh="会议",
    title_en="Meetings",
    port=0,
    things=(SITTING, MINUTES, DEADLINE),
    projections=(
        deadline_projection(
            Clocked(
                NAME,
                starts={SittingClosed: lambda event: event.minutes_due},
                ends={MinutesIssued: "met", MinutesOverdue: "fired"},
                thing=lambda recorded: recorded.event.sitting_id,
            )
        ),
    ),
    due=(DueAction(NAME, fire),),
)


@lru_cache(maxsize=1)
def pack() -> Pack:
    return next(iter(load_folder(PACKS).values()))


@dataclass(slots=True)
class StandingClock:
    """Stands where it was put."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(slots=True)
class Room:
    """One pack for everybody, no people."""

    clock: Clock
    calendar: Callable[[], Calendar]

    def now(self) -> datetime:
        return self.clock.now()

    async def rules(
        self, tenant: TenantId, now: datetime, *, pack: PackRef | None = None, to_read: bool = False
    ) -> Rules:
        del tenant, pack, to_read
        return Rules(_pack(), self.calendar(), Roster(), now)


def _pack() -> Pack:
    return pack()


def _telling(event: Event) -> Callable[[object, object, Rules], list[Told[Event]]]:
    """A decision that tells what it is given: the clock's own story is what is looked at here."""

    def tell(command: object, state: object, rules: Rules) -> list[Told[Event]]:
        return [Told(event)]

    return tell


@dataclass(slots=True)
class Office:
    """Everything that one process of a service has."""

    store: PostgresStore
    clock: Clock
    calendar: Callable[[], Calendar] = field(default=bundled)

    @property
    def table(self) -> DeadlineTable:
        return DeadlineTable(self.store.engine)

    @property
    def kernel(self) -> Kernel:
        return Kernel(SERVICE, self.store, self.store.engine, Room(self.clock, self.calendar))

    def desk(self, tenant: str, command: UUID, at: datetime) -> Desk:
        caller = Caller(TenantId(tenant), PERSON, None, frozenset(), "t")
        return Desk(kernel=self.kernel, caller=caller, command_id=command, fingerprint=b"f", moment=at)

    async def close_sitting(self, tenant: str, sitting: UUID, due: Counted | None, at: datetime) -> Handled:
        """A sitting ends, and with it the clock of its minutes begins."""
        event = SittingClosed(sitting_id=sitting, body="executive", closed_at=at, minutes_due=due)
        desk = self.desk(tenant, derived(sitting, "close", at), at)
        return await desk.handle(SITTING, _telling(event), None, stream=sitting)

    async def issue_minutes(self, tenant: str, sitting: UUID, at: datetime) -> Handled:
        """Its minutes are issued, on a stream of their own."""
        minutes = derived(sitting, "minutes")
        event = MinutesIssued(
            minutes_id=minutes,
            sitting_id=sitting,
            body="executive",
            series="1",
            number=1,
            sitting_on=at.date(),
            closed_at=at,
            decisions=(),
            issued_at=at,
            issued_on=at.date(),
        )
        desk = self.desk(tenant, derived(sitting, "issue", at), at)
        return await desk.handle(MINUTES, _telling(event), None, stream=minutes)

    def worker(self, around: Callable[[Fire], Fire] = lambda fire: fire, lease: float = 30.0) -> DeadlineWorker:
        fire, give = hands(HouseDesk(self.kernel), SERVICE.due)
        return DeadlineWorker(
            self.table, self.clock, self.calendar, around(fire), give, lease=timedelta(seconds=lease), look_every=0.05
        )

    async def overdue(self) -> list[tuple[str, UUID]]:
        """Every MinutesOverdue there is, with its tenant and sitting, in order of position."""
        page = await self.store.read(0, 100_000)
        return [(e.tenant, e.stream) for e in page.events if e.type == "meeting.minutes_overdue"]


def running_clock(at: datetime, n: int = 5, calendar: Calendar | None = None, unit: str = "working_day") -> Counted:
    """The clock of the minutes, as a decision would tell it."""
    count = count_forward(calendar or bundled(), at, Span.model_validate({"n": n, "unit": unit}))
    return counted(count, name=NAME, rule="minutes_issue", clauses=("XX-1",), force="must")


def sitting_no(number: int) -> UUID:
    return uuid5(HERE, str(number))


@asynccontextmanager
async def office(app_url: str, relay_url: str, clock: Clock) -> AsyncGenerator[Office]:
    store = await PostgresStore.open("meeting", app_url, relay_url)
    try:
        yield Office(store, clock)
    finally:
        await store.close()


def stopping(where: str) -> Callable[[Fire], Fire]:
    """Stop for ever in the first firing, and say so."""

    def around(fire: Fire) -> Fire:
        async def stopped(deadline: RunningDeadline, cause: UUID) -> None:
            if where == "after":
                await fire(deadline, cause)
            sys.stdout.write(f"{deadline.thing}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()

        return stopped

    return around


async def main(app_url: str, relay_url: str, where: str | None) -> None:
    async with office(app_url, relay_url, SystemClock()) as found:
        worker = found.worker(stopping(where), lease=1.0) if where else found.worker(lease=1.0)
        await worker.run()


NOW = datetime(2024, 9, 20, 2, tzinfo=UTC)

if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None))
