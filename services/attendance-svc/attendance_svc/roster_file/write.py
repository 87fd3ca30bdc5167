"""The roster as of a day as a table that can be read again. Pure."""

from collections.abc import Iterator
from datetime import datetime

from attendance_svc.roster_file.columns import COLUMNS, GROUP, PAIRING, PORTFOLIO, POST, UNIT
from chancery.calendar import local_day
from chancery.office.table import Table, Value
from chancery.roster import Roster

Line = dict[str, Value]


def written(roster: Roster, at: datetime, title: str) -> Table:
    """Units, who holds which post on that day, portfolios, pairings and groups in force."""
    people = (*_posts(roster, at), *_portfolios(roster, at), *_pairings(roster, at), *_groups(roster, at))
    return Table(title, COLUMNS, [*_units(roster), *people])


def _units(roster: Roster) -> Iterator[Line]:
    for unit in sorted(roster.units.values(), key=lambda one: one.id):
        names: Line = {"name": unit.name_zh, "name_en": unit.name_en}
        yield {"what": UNIT, "id": unit.id, **names, "kind": unit.kind, "parent": unit.parent}


def _posts(roster: Roster, at: datetime) -> Iterator[Line]:
    held = [one for one in roster.appointments if one.holds(local_day(at))]
    for one in sorted(held, key=lambda one: (one.unit or "", one.post, one.person)):
        where: Line = {"post": one.post, "unit": one.unit, "from": one.starts_on, "until": one.until}
        yield {"what": POST, "id": one.person, "name": roster.name(one.person), **where}


def _portfolios(roster: Roster, at: datetime) -> Iterator[Line]:
    for person in sorted(roster.portfolios):
        held = roster.portfolio(person, at)
        if held is not None:
            units, subjects = "、".join(sorted(held.units)), "、".join(sorted(held.subjects))
            yield {"what": PORTFOLIO, "id": person, "units": units, "subjects": subjects, "from": held.starts_on}


def _pairings(roster: Roster, at: datetime) -> Iterator[Line]:
    on = local_day(at)
    for one in sorted(roster.pairings, key=lambda one: (one.principal, one.assistant)):
        if one.starts_on <= on and (one.until is None or on <= one.until):
            times: Line = {"from": one.starts_on, "until": one.until}
            yield {"what": PAIRING, "id": one.assistant, "principal": one.principal, **times}


def _groups(roster: Roster, at: datetime) -> Iterator[Line]:
    for id_ in sorted(roster.groups):
        group = roster.group(id_, at)
        if group is not None:
            names: Line = {"name": group.name_zh, "name_en": group.name_en}
            members = "、".join(group.members)
            yield {"what": GROUP, "id": id_, **names, "members": members, "from": group.starts_on}
