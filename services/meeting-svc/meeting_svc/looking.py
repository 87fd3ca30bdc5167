"""Reading a sitting for those who look at it: its state, its record, its papers, in the words of its government."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fastapi import Request
from sqlalchemy import select

from chancery.envelope import PackRef
from chancery.events.meeting import SittingConvened
from chancery.refusal import Refused, not_found
from chancery.service import derived
from chancery.web import WebDesk
from chancery.web.running import running_of
from meeting_svc.agenda_item.state import AGENDA_ITEM
from meeting_svc.kept import TITLE
from meeting_svc.minutes.state import MINUTES, Minutes
from meeting_svc.printed.words import Words
from meeting_svc.projections.tables import MINUTES as MINUTES_TABLE
from meeting_svc.run_sheet import Paper, RunSheet, run_sheet
from meeting_svc.seeing import masked
from meeting_svc.sitting.state import SITTING, Sitting


@dataclass(frozen=True, slots=True)
class Looked:
    """A sitting as stored now. ``words`` are of its rules and of its people as of the sitting."""

    sitting: Sitting
    convened: SittingConvened
    version: int
    pack: PackRef | None
    words: Words


async def look(desk: WebDesk, request: Request, sitting_id: UUID) -> Looked:
    """The sitting.

    Raises:
        Refused: there is none of this id in this government (``missing``).
    """
    seen = await desk.seen(SITTING, sitting_id)
    convened = seen.state.convened
    if convened is None:
        raise not_found("sitting")
    words = await words_of(desk, request, seen.pack, as_of=min(convened.starts_at, desk.now()))
    sitting = await masked(desk, words.rules, seen.state)
    return Looked(sitting, sitting.convened or convened, seen.version, seen.pack, words)


async def words_of(desk: WebDesk, request: Request, pack: PackRef | None, as_of: datetime | None = None) -> Words:
    """The words of a pack, and the people as of a moment; now, where none is named."""
    government = running_of(request).room.shelf.government(desk.tenant)
    rules = await desk.rules(as_of, pack=pack, to_read=True)
    return Words(rules, government.zh if government else desk.tenant)


async def papers_of(desk: WebDesk, sitting: Sitting) -> Mapping[UUID, Paper]:
    """The papers of every item of the order of business."""
    found: dict[UUID, Paper] = {}
    for item in sitting.items:
        if item.facts.title == TITLE:
            continue  # not for the caller's eyes, and so its papers
        now = await desk.state(AGENDA_ITEM, item.item_id)
        if now.submitted is not None:
            found[item.item_id] = Paper(now.papers, now.submitted.on_paper)
    return found


async def sheet_of(desk: WebDesk, looked: Looked) -> RunSheet:
    """The run sheet as it stands."""
    stored = await desk.kernel.store.load(desk.tenant, looked.sitting.id)
    record = [event.recorded() for event in stored.events]
    return run_sheet(looked.words.rules, looked.sitting, record, await papers_of(desk, looked.sitting))


async def minutes_of(desk: WebDesk, sitting_id: UUID) -> Minutes | None:
    """The minutes of a sitting; None where nobody drafted them."""
    try:
        found = await desk.state(MINUTES, derived(sitting_id, "minutes"))
    except Refused:
        return None
    return found if found.draft is not None else None


async def issued_on(desk: WebDesk, sitting_id: UUID) -> date | None:
    day = select(MINUTES_TABLE.c.issued_on).where(MINUTES_TABLE.c.sitting_id == sitting_id)
    async with desk.query() as connection:
        return (await connection.execute(day)).scalar_one_or_none()
