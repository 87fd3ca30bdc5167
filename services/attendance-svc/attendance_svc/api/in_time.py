"""What takes somebody's time goes two steps: the time is set aside first, then the absence is put forward.

All times of one person are one stream, so the store itself lets only one of two that meet at the same instant have it.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from attendance_svc.absence.state import ABSENCE, Absence, Stage
from attendance_svc.time_away.keep import FreeTime, KeepTime, free_time, keep_time
from attendance_svc.time_away.state import TIME_AWAY, times_of
from chancery.desk import Decide, seen_from, uuid7
from chancery.events.attendance import TimeAwayKept
from chancery.refusal import Refused
from chancery.web import Receipt, WebDesk

STRANDED: Final = timedelta(minutes=1)
"""After how long a time set aside for an absence that never came is free again: its process died in between."""
OVER: Final = (Stage.NOT_SEEN, Stage.REFUSED, Stage.WITHDRAWN)


async def tell_in_time(
    desk: WebDesk,
    decide: "Decide[Any, Absence]",
    command: Any,
    wanted: KeepTime,
    *,
    before: KeepTime | None = None,
) -> Receipt:
    """Handle a command that gives an absence its time. ``before`` is the time it had; None: it is new.

    Everything in the way is named before any time is set aside; where the command is refused after all, the times are
    as they were.
    """
    stream, existing = UUID(wanted.absence_id), before is not None
    store = desk.kernel.store
    if desk.key_given and (await store.load(desk.tenant, stream, desk.command_id)).known is not None:
        return await desk.tell(ABSENCE, decide, command, stream=stream, existing=existing)
    tried = replace(desk, dry_run=True, commands=0)
    await tried.handle(ABSENCE, decide, command, stream=stream, existing=existing)
    await keep(desk, wanted)
    try:
        return await desk.tell(ABSENCE, decide, command, stream=stream, existing=existing)
    except Refused:
        await (keep(desk, before) if before is not None else free(desk, wanted.person_id, wanted.absence_id))
        raise


async def keep(desk: WebDesk, wanted: KeepTime) -> None:
    """Set the time aside.

    Raises:
        Refused: another absence of the person has a moment of it.
    """
    try:
        await _handle(desk, keep_time, wanted)
    except Refused:
        if not await _freed_the_stranded(desk, wanted):
            raise
        await _handle(desk, keep_time, wanted)


async def free(desk: WebDesk, person: str, absence: str) -> None:
    """The absence needs its time no more."""
    await _handle(desk, free_time, FreeTime(person, absence))


async def _handle(desk: WebDesk, decide: Any, command: KeepTime | FreeTime) -> None:
    """A command beside the one that was asked for: its own id, and no version that the caller saw."""
    aside = replace(desk, command_id=uuid7(), if_match=None, commands=0)
    stream = times_of(desk.tenant, command.person_id)
    await aside.handle(TIME_AWAY, decide, command, stream=stream, matter=UUID(command.absence_id))


async def _freed_the_stranded(desk: WebDesk, wanted: KeepTime) -> bool:
    """Free times of absences that never came to be, or are no more; whether there were any."""
    store = desk.kernel.store
    loaded = await store.load(desk.tenant, times_of(desk.tenant, wanted.person_id))
    times = seen_from(TIME_AWAY, times_of(desk.tenant, wanted.person_id), loaded.events).state
    since: dict[str, datetime] = {}
    for stored in loaded.events:
        event = stored.recorded().event
        if isinstance(event, TimeAwayKept):
            since[event.absence_id] = stored.recorded_at
    freed = False
    for absence in times.kept:
        if absence == wanted.absence_id or since[absence] > datetime.now(UTC) - STRANDED:
            continue
        stream = UUID(absence)
        found = seen_from(ABSENCE, stream, (await store.load(desk.tenant, stream)).events).state
        if found.stage in OVER:
            await free(desk, wanted.person_id, absence)
            freed = True
    return freed
