"""The log as data: search, one matter with its chain, and the live tail."""

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, BaseModel

from chancery.events.parts import Key
from chancery.refusal import Reason, Refused, not_found
from chancery.rules.rulebook import NoRules, Rules
from chancery.web import DeskDep, WebDesk
from chancery.web.running import Running, running_of
from eventlog_svc.reading import Filter, Follower, Place, counts, following, matters, newest, of_matter
from eventlog_svc.showing import LogEntry, shown

router = APIRouter(prefix="/v1", tags=["event log 事件日志"])
OPERATORS = ("operator", "auditor", "audit", "system")
LOOK = 0.25
WORD = Query(max_length=200, pattern="^[^\\x00]*$")


async def rules_of(desk: WebDesk) -> Rules | None:
    """The rules in force for the tenant, None where it has none now."""
    try:
        return await desk.rules()
    except NoRules:
        return None


class LogPage(BaseModel):
    """Events, newest first. ``next`` is the cursor of older ones, None at the end."""

    items: list[LogEntry]
    next: str | None = None


@router.get("/log", operation_id="search_log", summary="搜索事件 Search the log")
async def search_log(
    request: Request,
    desk: DeskDep,
    q: Annotated[str, WORD] = "",
    matter: UUID | None = None,
    source: Annotated[str | None, Query(pattern="^[a-z]{1,40}$")] = None,
    type_: Annotated[str | None, Query(alias="type", pattern="^[a-z_.]{1,80}$")] = None,
    person: Key | None = None,
    clause: Annotated[str | None, Query(pattern="^[A-Za-z0-9-]{1,40}$")] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> LogPage:
    """All words of ``q`` have to occur. Operators and auditors only."""
    desk.requires(*OPERATORS)
    wanted = Filter(matter, source, type_, person, clause, tuple(q.split()[:8]), since, until)
    place = place_of(cursor)
    async with desk.query() as connection:
        lines = await newest(connection, wanted, place, limit + 1)
    entries = shown(lines[:limit], running_of(request).room.shelf, await rules_of(desk))
    more = cursor_of(lines[limit - 1]) if len(lines) > limit else None
    return LogPage(items=entries, next=more)


def cursor_of(line: Any) -> str:
    place = [line.recorded_at.isoformat(), line.source, line.pos]
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def place_of(cursor: str | None) -> Place | None:
    """Where a cursor points.

    Raises:
        Refused: it is not one this list gave (``malformed``).
    """
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        at, source, pos = orjson.loads(raw)
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not isinstance(source, str) or "\x00" in source or not 0 <= int(pos) < 2**62:
            raise ValueError("not a place")
        return Place(moment, source, int(pos))
    except (ValueError, TypeError, binascii.Error) as error:
        raise Refused(Reason("bad_cursor", subject="cursor"), kind="malformed") from error


class MatterLine(BaseModel):
    matter: UUID
    title: str
    events: int
    last_type: str
    last_at: datetime


@router.get("/matters", operation_id="list_matters", summary="事项 Matters, newest first")
async def list_matters(desk: DeskDep) -> list[MatterLine]:
    desk.requires(*OPERATORS)
    async with desk.query() as connection:
        return [MatterLine.model_validate(line, from_attributes=True) for line in await matters(connection)]


class Chain(BaseModel):
    """One matter end to end, in the order in which it was recorded; ``cause`` of each entry leads to another.

    ``services`` are those that took part, by name: which of two is heard first is chance.
    """

    matter: UUID
    title: str
    entries: list[LogEntry]
    services: list[str]
    clauses: list[str]


@router.get("/matters/{matter_id}", operation_id="get_matter_chain", summary="一件事的全过程 One matter, end to end")
async def get_matter_chain(matter_id: UUID, request: Request, desk: DeskDep) -> Chain:
    desk.requires(*OPERATORS)
    return await chain_of(desk, running_of(request), matter_id)


async def chain_of(desk: WebDesk, running: Running, matter_id: UUID) -> Chain:
    """The chain of a matter.

    Raises:
        Refused: nothing is known of it in this tenant (``missing``).
    """
    async with desk.query() as connection:
        lines = await of_matter(connection, matter_id)
    if not lines:
        raise not_found("matter")
    entries = shown(lines, running.room.shelf, await rules_of(desk))
    title = next((t for t in (_title(entry.body) for entry in entries) if t), str(matter_id))
    return Chain(
        matter=matter_id,
        title=title,
        entries=entries,
        services=sorted({entry.source for entry in entries}),
        clauses=list(dict.fromkeys(clause for entry in entries for clause in entry.clauses)),
    )


def _title(body: dict[str, Any]) -> str | None:
    facts = body.get("facts")
    if isinstance(facts, dict):
        return str(facts.get("title") or "") or None  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
    return str(body["title"]) if "title" in body else None


@router.get("/log/live", include_in_schema=False)
async def live(request: Request, desk: DeskDep, last_event_id: Annotated[str, Header()] = "") -> StreamingResponse:
    """Server-sent events as they are told; a listener that comes back with ``Last-Event-ID`` misses none."""
    desk.requires(*OPERATORS)
    return StreamingResponse(
        tail(request, desk, running_of(request), last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def tail(request: Request, desk: WebDesk, running: Running, token: str) -> AsyncIterator[bytes]:
    """From where the listener was, or from now on where it is new."""
    follower = Follower.of(token)
    if not follower.seen:
        async with desk.query() as connection:
            follower = Follower({source: pos for source, (_, pos) in (await counts(connection)).items()})
    quiet = 0.0
    yield b": listening\n\n"
    while not await request.is_disconnected():
        async with desk.query() as connection:
            lines = await following(connection, follower)
        for line, entry in zip(lines, shown(lines, running.room.shelf, await rules_of(desk)), strict=True):
            follower = follower.passed(line)
            told = entry.model_dump(mode="json", exclude={"body"}) | {"at_local": entry.at_local}
            yield b"id: %b\nevent: told\ndata: %b\n\n" % (follower.token().encode(), orjson.dumps(told))
        if lines:
            quiet = 0.0
            continue
        quiet += LOOK
        if quiet >= 15:
            quiet = 0.0
            yield b": still here\n\n"
        await asyncio.sleep(LOOK)
