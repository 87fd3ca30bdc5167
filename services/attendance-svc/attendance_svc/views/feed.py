"""Absences as a calendar that programs subscribe to: one entry an absence, for ever under the same id."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Select, select

from attendance_svc.absence.state import Stage
from attendance_svc.projections.tables import ABSENCES
from attendance_svc.views.words import MODES, STAGES, Words
from chancery.calendar import LOCAL
from chancery.office.calendar import Entry, write

MOST: Final = 5_000
SHOWN: Final = (Stage.ANNOUNCED.value, Stage.STANDS.value, Stage.RETURNED.value, Stage.WITHDRAWN.value)
"""What was refused never took place; what was withdrawn stays, cancelled, so that calendars drop it."""


def query(people: Iterable[str]) -> Select[Any]:
    """The latest absences of these people."""
    of_them = ABSENCES.c.person_id.in_(list(people))
    found = select(ABSENCES).where(of_them, ABSENCES.c.stage.in_(SHOWN))
    return found.order_by(ABSENCES.c.starts_at.desc(), ABSENCES.c.absence_id).limit(MOST)


def calendar_of(name: str, tenant: str, words: Words, rows: Iterable[Mapping[str, Any]]) -> bytes:
    return write(name, [_entry(tenant, words, row) for row in rows])


def _entry(tenant: str, words: Words, row: Mapping[str, Any]) -> Entry:
    ends_at = min(row["returned_at"] or row["ends_at"], row["ends_at"])
    starts, ends = row["starts_at"].astimezone(LOCAL), ends_at.astimezone(LOCAL)
    cause, stage = words.cause(row["cause"]), STAGES[row["stage"]]
    pending = "" if row["stage"] != Stage.ANNOUNCED.value else f"（{stage.zh}）"
    return Entry(
        uid=f"{row['absence_id']}@{tenant}.absences.chancery",
        title=f"{words.name(row['person_id'])} {cause.zh}{pending}",
        starts=starts,
        ends=max(ends, starts),
        version=row["version"],
        stamped_at=words.rules.at,
        place=row["destination"],
        says=f"{words.post(row['post']).zh}；{MODES[row['mode']].zh}；{stage.zh} {stage.en}",
        cancelled=row["stage"] == Stage.WITHDRAWN.value,
        busy=row["stage"] != Stage.ANNOUNCED.value,
    )
