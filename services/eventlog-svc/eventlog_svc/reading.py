"""Questions asked of the log. Each takes a connection that already stands inside one tenant's wall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from eventlog_svc.tables import log_entry

Line = Row[Any]
ESCAPE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; None or empty means any. ``words`` all have to occur, in any order."""

    matter: UUID | None = None
    source: str | None = None
    type: str | None = None
    person: str | None = None
    clause: str | None = None
    words: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        exact = {"matter": self.matter, "source": self.source, "type": self.type, "person": self.person}
        found += [log_entry.c[name] == value for name, value in exact.items() if value]
        if self.clause:
            found.append(log_entry.c.clauses.any(self.clause))  # pyright: ignore[reportUnknownMemberType]
        if self.since:
            found.append(log_entry.c.business_at >= self.since)
        if self.until:
            found.append(log_entry.c.business_at < self.until)
        for word in self.words:
            like = f"%{word.translate(ESCAPE)}%"
            found.append(
                or_(
                    log_entry.c.words.ilike(like),
                    log_entry.c.type.ilike(like),
                    log_entry.c.person.ilike(like),
                    log_entry.c.clauses.any(word),  # pyright: ignore[reportUnknownMemberType]
                )
            )
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the moment and, within one moment, source and position."""

    recorded_at: datetime
    source: str
    pos: int


async def newest(connection: AsyncConnection, wanted: Filter, before: Place | None, limit: int) -> Sequence[Line]:
    """Matching events, newest first, from before a place on."""
    query = select(log_entry).where(*wanted.conditions())
    if before is not None:
        query = query.where(
            or_(
                log_entry.c.recorded_at < before.recorded_at,
                and_(
                    log_entry.c.recorded_at == before.recorded_at,
                    or_(
                        log_entry.c.source < before.source,
                        and_(log_entry.c.source == before.source, log_entry.c.pos < before.pos),
                    ),
                ),
            )
        )
    order = (log_entry.c.recorded_at.desc(), log_entry.c.source.desc(), log_entry.c.pos.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def of_matter(connection: AsyncConnection, matter: UUID, limit: int = 2000) -> Sequence[Line]:
    """All that belongs to one matter, in the order in which it was recorded."""
    query = (
        select(log_entry)
        .where(log_entry.c.matter == matter)
        .order_by(log_entry.c.recorded_at, log_entry.c.source, log_entry.c.pos)
        .limit(limit)
    )
    return (await connection.execute(query)).all()


async def matters(connection: AsyncConnection, limit: int = 50) -> Sequence[Line]:
    """Matters with a title, newest first: title, number of events, last step and when."""
    titled = text(
        """
        select m.matter, m.title, n.events, l.type as last_type, l.business_at as last_at
        from (select distinct on (matter) matter,
                     coalesce(body #>> '{facts,title}', body ->> 'title') as title, recorded_at
              from log_entry
              where type in ('meeting.matter_opened', 'meeting.agenda_submitted', 'document.drafted')
              order by matter, recorded_at) m
        cross join lateral (select count(*) as events from log_entry e where e.matter = m.matter) n
        cross join lateral (select type, business_at from log_entry e where e.matter = m.matter
                            order by recorded_at desc, source desc, pos desc limit 1) l
        order by l.business_at desc limit :limit
        """
    )
    return (await connection.execute(titled, {"limit": limit})).all()


async def counts(connection: AsyncConnection) -> Mapping[str, tuple[int, int]]:
    """Per source: how many events of this tenant, and the last position heard."""
    query = select(log_entry.c.source, func.count(), func.max(log_entry.c.pos)).group_by(log_entry.c.source)
    return {source: (events, pos) for source, events, pos in (await connection.execute(query)).all()}


@dataclass(frozen=True, slots=True)
class Follower:
    """How far a live reader has come, per source. Positions have no gaps, so nothing can slip in behind it."""

    seen: Mapping[str, int] = field(default_factory=dict[str, int])

    def token(self) -> str:
        """The form a browser sends back: ``document:12,meeting:40``."""
        return ",".join(f"{source}:{pos}" for source, pos in sorted(self.seen.items()))

    @classmethod
    def of(cls, token: str) -> "Follower":
        """Read a token back; parts that make no sense are left out, which only repeats events."""
        seen: dict[str, int] = {}
        for part in token.split(","):
            source, _, pos = part.partition(":")
            if source.isalpha() and pos.isdigit() and len(pos) < 19:
                seen[source] = int(pos)
        return cls(seen)

    def passed(self, line: Line) -> "Follower":
        return Follower({**self.seen, line.source: max(line.pos, self.seen.get(line.source, 0))})


async def following(connection: AsyncConnection, follower: Follower, limit: int = 200) -> Sequence[Line]:
    """What came in after a follower's place, per source in order of position."""
    clauses = [and_(log_entry.c.source == source, log_entry.c.pos > pos) for source, pos in follower.seen.items()]
    clauses.append(log_entry.c.source.notin_(list(follower.seen)))
    query = (
        select(log_entry)
        .where(or_(*clauses))
        .order_by(log_entry.c.recorded_at, log_entry.c.source, log_entry.c.pos)
        .limit(limit)
    )
    return (await connection.execute(query)).all()
