"""The week of the leaders: who is away, who acts, from when to when (一周领导外出与代行)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from attendance_svc.absence.state import Stage
from attendance_svc.acting.start import Nobody, fitting, row_for, why_nobody
from attendance_svc.projections.tables import ABSENCES, ACTINGS
from attendance_svc.views.words import LEAVING, NOBODY, STAGES, Words
from chancery.calendar import LOCAL, WORDS, DayKind
from chancery.events.parts import utc
from chancery.roster import Absence
from chancery.rules.wording import Said

DAYS = 7
SHOWN = (Stage.ANNOUNCED.value, Stage.STANDS.value, Stage.RETURNED.value)


class ActingSpan(BaseModel):
    """Somebody acts, or will: ``planned`` where the mandate is there and the absence has not begun.

    ``ends_at`` is when it ended, or is to end as things stand.
    """

    actor: str
    name: str
    starts_at: datetime
    ends_at: datetime | None
    planned: bool


class AwaySpan(BaseModel):
    """One absence of a leader. ``ends_at`` is the return where that was earlier; ``decided``: it stands.

    ``nobody`` says why nobody acts, None where somebody does or the question is not open any more.
    """

    absence_id: UUID
    cause: Said
    leaving: Said
    destination: str
    starts_at: datetime
    ends_at: datetime
    stage: Stage
    says: Said
    decided: bool
    acting: list[ActingSpan]
    nobody: Nobody | None
    nobody_says: Said | None


class LeaderWeek(BaseModel):
    """One person's week; no absence means in the office."""

    person: str
    name: str
    post: Said
    away: list[AwaySpan]


class DayOfWeek(BaseModel):
    on: date
    works: bool
    says: Said


class Week(BaseModel):
    """Monday to Sunday, Beijing time, as known at ``as_of``."""

    first_on: date
    last_on: date
    as_of: datetime
    days: list[DayOfWeek]
    leaders: list[LeaderWeek]


@dataclass(frozen=True, slots=True)
class Rows:
    """What is stored of a week. Whoever acts still has ``until``, when that is to end, None where nothing sets it."""

    absences: Sequence[Mapping[str, Any]]
    actings: Sequence[dict[str, Any]]


def monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


async def rows_of_week(connection: AsyncConnection, first_on: date, people: Iterable[str]) -> Rows:
    """The absences that touch the week, and whoever acted in one of them."""
    starts, ends = midnight(first_on), midnight(first_on + timedelta(days=DAYS))
    touching = select(ABSENCES).where(
        ABSENCES.c.person_id.in_(list(people)),
        ABSENCES.c.stage.in_(SHOWN),
        ABSENCES.c.starts_at < ends,
        func.least(func.coalesce(ABSENCES.c.returned_at, ABSENCES.c.ends_at), ABSENCES.c.ends_at) > starts,
    )
    found = (await connection.execute(touching.order_by(ABSENCES.c.starts_at))).mappings().all()
    ids = [str(row["absence_id"]) for row in found]
    acted = select(ACTINGS).where(ACTINGS.c.absence_id.in_(ids)).order_by(ACTINGS.c.started_at)
    actings = (await connection.execute(acted)).mappings().all()
    return Rows([dict(row) for row in found], [{**row, "until": None} for row in actings])


def week_of(words: Words, first_on: date, people: Sequence[str], rows: Rows) -> Week:
    """The week from what is stored; who will act is worked out by the rules as they stand."""
    calendar, then = words.rules.calendar, moment_of(first_on, words.rules.at)
    days: list[DayOfWeek] = []
    for number in range(DAYS):
        day = calendar.day(first_on + timedelta(days=number))
        zh, en = WORDS[day.kind]
        plain = day.kind in (DayKind.WORKDAY, DayKind.WEEKEND)
        days.append(DayOfWeek(on=day.on, works=day.works, says=Said(zh="" if plain else zh, en="" if plain else en)))
    leaders = [
        LeaderWeek(
            person=person,
            name=words.name(person),
            post=words.post(next(iter(words.posts_of(person, then)), "")),
            away=[_away(words, row, rows.actings) for row in rows.absences if row["person_id"] == person],
        )
        for person in people
    ]
    return Week(
        first_on=first_on,
        last_on=first_on + timedelta(days=DAYS - 1),
        as_of=words.rules.at,
        days=days,
        leaders=leaders,
    )


def moment_of(first_on: date, now: datetime) -> datetime:
    """The moment as of which a week's people are asked: now, or the end of the week nearer to it."""
    last = midnight(first_on + timedelta(days=DAYS)) - timedelta(microseconds=1)
    return min(max(now, midnight(first_on)), last)


def _away(words: Words, row: Mapping[str, Any], actings: Sequence[Mapping[str, Any]]) -> AwaySpan:
    ends_at = min(row["returned_at"] or row["ends_at"], row["ends_at"])
    acting = [
        ActingSpan(
            actor=one["actor_id"],
            name=words.name(one["actor_id"]),
            starts_at=one["started_at"],
            ends_at=one["ended_at"] or one["until"],
            planned=False,
        )
        for one in actings
        if str(one["absence_id"]) == str(row["absence_id"])
    ]
    nobody: Nobody | None = None
    known = words.rules.roster.absences.get(str(row["absence_id"]))
    if known is not None and known.stands and words.rules.at < ends_at:
        if words.rules.at < known.starts_at:
            planned, nobody = _to_come(words, known, ends_at)
            acting += [planned] if planned is not None else []
        else:
            nobody = why_nobody(words.rules, known, words.rules.at)
    return AwaySpan(
        absence_id=row["absence_id"],
        cause=words.cause(row["cause"]),
        leaving=LEAVING.get(row["leaving"]) or words.cause(row["leaving"]),
        destination=row["destination"],
        starts_at=row["starts_at"],
        ends_at=ends_at,
        stage=Stage(row["stage"]),
        says=STAGES[row["stage"]],
        decided=row["stage"] != Stage.ANNOUNCED.value,
        acting=acting,
        nobody=nobody,
        nobody_says=NOBODY[nobody] if nobody else None,
    )


def _to_come(words: Words, absence: Absence, ends_at: datetime) -> tuple[ActingSpan | None, Nobody | None]:
    """Who will act in an absence that stands and is to come, by the mandates given so far; or why nobody will."""
    then = replace(words.rules, at=absence.starts_at)
    ruling = row_for(then, absence)
    found = fitting(then, absence, ruling)
    if found is None:
        return None, "nobody_named" if ruling.regulated else "not_regulated"
    mandate = then.roster.entrustments.get(found.mandate or "")
    until = min(ends_at, mandate.ends_at) if mandate is not None and mandate.ends_at is not None else ends_at
    span = {"starts_at": utc(absence.starts_at), "ends_at": utc(until)}
    return ActingSpan(actor=found.deputy, name=words.name(found.deputy), planned=True, **span), None


def halves(first_on: date, starts_at: datetime, ends_at: datetime) -> tuple[int, int]:
    """The half days of the week that something touches: the first, counted from 1, and the one after the last."""
    origin = midnight(first_on)
    noon = timedelta(hours=12)
    first = max((starts_at - origin) // noon, 0)
    last = min(-((origin - ends_at) // noon), DAYS * 2)
    return first + 1, max(last, first + 1) + 1


def midnight(on: date) -> datetime:
    return datetime.combine(on, time(), LOCAL)
