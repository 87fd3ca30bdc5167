"""Due deadlines become commands, once each; running ones are counted anew when the calendar changes."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from chancery.calendar import Calendar
from chancery.clock import Clock, ClockFault
from chancery.deadlines.counting import RunningDeadline, moves, recounted
from chancery.deadlines.moving import Cause, move_order
from chancery.deadlines.shelf import Calendars
from chancery.deadlines.table import FIRST, DeadlineTable, Taken
from chancery.envelope import moment
from chancery.events.parts import Counted
from chancery.order import Order, derived
from chancery.refusal import PASSING, Refused

log = structlog.get_logger(__name__)

Fire = Callable[[RunningDeadline, UUID], Awaitable[None]]
"""Do what is to be done now that it is due: append commands whose ids derive from the given one."""
Give = Callable[[RunningDeadline, Order, UUID], Awaitable[None]]
"""Carry out one order on the deadline, under a command id derived from the given one."""

Recount = Callable[[RunningDeadline, Calendar], Awaitable[tuple[Counted, Cause]]]
"""A deadline as it is counted now, and what moved it if it moved."""

LONGEST_PAUSE: Final = timedelta(minutes=5)


def firing_id(deadline: UUID, due_at: datetime) -> UUID:
    """The id every command of a firing derives from: the same whoever fires it and however often."""
    return derived(deadline, "fire", moment(due_at))


def moving_id(deadline: UUID, was: datetime, calendar_entry: int) -> UUID:
    """The id of counting a deadline anew from a due moment, after a calendar was entered."""
    return derived(deadline, "move", moment(was), calendar_entry)


@dataclass(slots=True)
class DeadlineWorker:
    """One worker; any number may run, in any number of processes, and be killed at any moment.

    It takes due deadlines under a short lease, gives each to ``fire``, and notes that it is done with. A worker that
    dies leaves its lease to run out; whoever takes the deadline next uses the same command id, so the store answers
    the first answer again. No row stays locked while a command is appended.

    ``give`` carries out the order that moves a deadline counted anew. ``recount`` counts one anew under what is known
    now, and says what moved it; without it the calendar alone counts. ``known`` names all that counting rests on, so
    that another name has every running deadline counted anew; without it that is the calendar. ``page`` is how many are
    taken at once, ``at_once`` how many are handed over side by side, ``look_every`` how often it looks when nobody
    nudges it.
    """

    table: DeadlineTable
    clock: Clock
    calendar: Calendars
    fire: Fire
    give: Give
    recount: Recount | None = None
    known: Callable[[Calendar], str] | None = None
    lease: timedelta = timedelta(seconds=30)
    page: int = 64
    at_once: int = 8
    look_every: float = 0.5
    pass_every: float = 30.0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _counted_under: str | None = None
    _next_pass: float = 0.0

    def nudge(self) -> None:
        """Look now: the clock moved, or a deadline was started."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled; a fault of the database is logged and tried again."""
        while True:
            self._wake.clear()
            try:
                busy = await self.look()
            except asyncio.CancelledError:
                raise
            except ClockFault:
                busy = 0  # a rehearsal whose clock is not set yet: nothing is due in no time
            except Exception as error:  # noqa: BLE001  the loop outlives whatever a look meets
                log.error("deadline_worker_failed", error=repr(error))
                await asyncio.sleep(1)
                continue
            if not busy:
                try:
                    await asyncio.wait_for(self._wake.wait(), self.look_every)
                except TimeoutError:
                    continue

    async def look(self) -> int:
        """One look: count anew what another calendar counted, then fire what is due. How many were handed over."""
        moved = await self.count_anew()
        fired = await self.fire_due()
        return moved + fired

    async def fire_due(self) -> int:
        """Take what is due now and hand it over, page by page."""
        handed = 0
        while True:
            taken = await self.table.take_due(self.clock.now(), self.page, self.lease)
            if not taken:
                return handed
            found = {
                (deadline.tenant, deadline.id): deadline
                for deadline in await self.table.load([(one.tenant, one.id) for one in taken])
            }
            gate = asyncio.Semaphore(self.at_once)
            work = (self._hand_over(gate, one, found.get((one.tenant, one.id))) for one in taken)
            outcomes = await asyncio.gather(*work, return_exceptions=True)
            for outcome in outcomes:  # the database went away while something was noted: all have ended, say so once
                if isinstance(outcome, BaseException):
                    raise outcome
            handed += len(taken)

    async def _hand_over(self, gate: asyncio.Semaphore, taken: Taken, deadline: RunningDeadline | None) -> None:
        async with gate:
            await self._fire_one(taken, deadline)

    async def _fire_one(self, taken: Taken, deadline: RunningDeadline | None) -> None:
        if deadline is None or deadline.state != "running" or deadline.counted.due_at != taken.due_at:
            # It ended or moved between the two looks: nothing to fire for that moment.
            await self.table.settle(taken)
            return
        try:
            await self.fire(deadline, firing_id(deadline.id, taken.due_at))
        except Refused as no:
            codes = [reason.code for reason in no.reasons]
            if no.kind in PASSING:
                pause = min(timedelta(seconds=2.0 ** min(taken.attempts, 16)), LONGEST_PAUSE)
                log.error("deadline_not_fired", deadline=str(deadline.id), name=deadline.name, reasons=codes)
                await self.table.put_off(taken, f"refused: {', '.join(codes)}", pause)
                return
            log.warning("deadline_refused", deadline=str(deadline.id), name=deadline.name, reasons=codes)
            await self.table.settle(taken, f"refused: {', '.join(codes)}")
        except Exception as error:  # noqa: BLE001  one that cannot be fired must not hold up the others
            pause = min(timedelta(seconds=2.0 ** min(taken.attempts, 16)), LONGEST_PAUSE)
            log.error("deadline_not_fired", deadline=str(deadline.id), name=deadline.name, error=repr(error))
            await self.table.put_off(taken, repr(error), pause)
        else:
            log.info("deadline_fired", deadline=str(deadline.id), name=deadline.name)
            await self.table.settle(taken)

    async def count_anew(self) -> int:
        """Count running deadlines again that another calendar counted; how many came out differently.

        A whole pass is made when this process's calendar is new, and now and then for those that a process with an
        older calendar started since. Where a later calendar is known than ours, it is left to those who have it.
        """
        calendar = self.calendar()
        version = self.known(calendar) if self.known is not None else calendar.version
        now = asyncio.get_running_loop().time()
        if version == self._counted_under and now < self._next_pass:
            return 0
        entry = await self.table.adopt_calendar(version)
        if entry is None:
            self._counted_under, self._next_pass = version, now + self.pass_every
            return 0
        moved = 0
        after: tuple[str, UUID] = ("", FIRST)
        while keys := await self.table.under_other_calendar(version, after):
            same: list[RunningDeadline] = []
            for deadline in await self.table.load(keys):
                if deadline.state != "running":
                    continue
                again, what = await self._again(deadline, calendar)
                if not moves(deadline.counted, again):
                    same.append(deadline)
                    continue
                cause = moving_id(deadline.id, deadline.counted.due_at, entry)
                order = move_order(deadline, again, what, self.clock.now())
                try:
                    await self.give(deadline, order, cause)
                except Exception as error:  # noqa: BLE001  the next pass tries it again, the others go on
                    log.error("deadline_not_moved", deadline=str(deadline.id), error=repr(error))
                else:
                    moved += 1
                    log.info("deadline_moved", deadline=str(deadline.id), to=str(again.due_on))
            await self.table.unchanged([(one.tenant, one.id) for one in same], version)
            after = keys[-1]
        self._counted_under, self._next_pass = version, now + self.pass_every
        return moved

    async def _again(self, deadline: RunningDeadline, calendar: Calendar) -> tuple[Counted, Cause]:
        if self.recount is None:
            return recounted(deadline.counted, calendar), "calendar"
        return await self.recount(deadline, calendar)
