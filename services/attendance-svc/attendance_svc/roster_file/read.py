"""From the rows of a file to a roster to load, and everything wrong with them, cell by cell. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from pydantic import ValidationError

from attendance_svc.api.forms import RosterForm
from attendance_svc.roster_file.columns import GROUP, KINDS, PAIRING, PORTFOLIO, POST, UNIT
from chancery.office.table import ReadRow, ReadTable
from chancery.refusal import Reason
from chancery.rules.rulebook import Rules

BETWEEN = re.compile(r"[、，,;；\s]+")
NEEDED: Mapping[str, tuple[str, ...]] = {
    UNIT: ("name", "kind"),
    POST: ("post", "from"),
    PORTFOLIO: ("from",),
    PAIRING: ("principal", "from"),
    GROUP: ("name", "from"),
}
AT: Mapping[str, str] = {
    "unknown_person": "id",
    "unknown_post": "post",
    "unknown_unit": "unit",
    "seat_taken": "post",
}
"""In which column the flaw of a whole roster stands."""


@dataclass(frozen=True)
class Taken:
    """``rows`` says, for every list of the form, from which row of the file each entry came."""

    form: RosterForm
    problems: tuple[Reason, ...]
    rows: Mapping[str, Sequence[int]]
    table: ReadTable

    def placed(self, found: Reason) -> Reason:
        """A flaw of the roster (``appointments.3``) with the cell it stands in."""
        place, _, number = (found.subject or "").partition(".")
        rows = self.rows.get(place)
        if rows is None or not number.isdigit():
            return found
        column = AT.get(found.code, "id")
        if place == "pairings" and found.code == "unknown_person":
            column = "principal" if self.form.pairings[int(number)].principal == found.params.get("person") else "id"
        if place == "portfolios" and found.code == "unknown_unit":
            column = "units"
        if place == "groups":
            column = "members" if found.code == "unknown_person" else "id"
        return Reason(found.code, found.cites, found.params, self.table.place(rows[int(number)], column))


PLACES = ("units", "persons", "appointments", "portfolios", "pairings", "groups")


@dataclass
class _Building:
    units: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    persons: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    appointments: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    portfolios: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    pairings: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    groups: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    rows: dict[str, list[int]] = field(default_factory=lambda: {place: [] for place in PLACES})

    @property
    def whole(self) -> dict[str, Any]:
        return {
            "units": self.units,
            "persons": self.persons,
            "appointments": self.appointments,
            "portfolios": self.portfolios,
            "pairings": self.pairings,
            "groups": self.groups,
        }

    def leave_out(self, places: Mapping[str, set[int]]) -> None:
        """Take out entries by list and number, and the rows they came from."""
        for place, numbers in places.items():
            kept = [number for number in range(len(self.rows[place])) if number not in numbers]
            self.rows[place] = [self.rows[place][number] for number in kept]
            if place == "persons":
                names = list(self.persons)
                self.persons = {names[number]: self.persons[names[number]] for number in kept}
            else:
                entries: list[dict[str, Any]] = getattr(self, place)
                setattr(self, place, [entries[number] for number in kept])


def taken(table: ReadTable, rules: Rules) -> Taken:
    """The roster that a file means. Posts and units may be called by id or by Chinese title."""
    built, problems = _Building(), list(table.problems)
    posts, units = _by_title(rules, "posts"), _by_title(rules, "units")
    units |= {unit.name_zh: id_ for id_, unit in rules.roster.units.items()}
    for row in table.rows:
        if KINDS.get(_said(row, "what").casefold()) == UNIT and _said(row, "name"):
            units[_said(row, "name")] = _said(row, "id")
    for row in table.rows:
        found = list(_wrong(row, table))
        problems += found
        if not found:
            _take(row, built, posts, units)
    form, malformed = _formed(built, table)
    return Taken(form, (*problems, *malformed), built.rows, table)


def _by_title(rules: Rules, vocabulary: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for id_, term in rules.pack.words.get(vocabulary, {}).items():
        found.setdefault(term.zh, id_)
    return found


def _said(row: ReadRow, key: str) -> str:
    value = row.values.get(key)
    return "" if value is None else str(value).strip()


def _day(row: ReadRow, key: str) -> str | None:
    value = row.values.get(key)
    return value.isoformat() if isinstance(value, date) else None


def _wrong(row: ReadRow, table: ReadTable) -> Iterator[Reason]:
    what = KINDS.get(_said(row, "what").casefold())
    if what is None:
        yield Reason("row_of_no_kind", params={"what": _said(row, "what")}, subject=table.place(row.number, "what"))
        return
    for key in NEEDED[what]:
        if row.values.get(key) is None:
            place = table.place(row.number, key)
            yield Reason("row_lacks_a_cell", params={"what": what, "column": key}, subject=place)
    starts, until = row.values.get("from"), row.values.get("until")
    if starts is not None and until is not None and cast("Any", until) < cast("Any", starts):
        yield Reason("ends_before_it_starts", subject=table.place(row.number, "until"))


def _take(row: ReadRow, built: _Building, posts: Mapping[str, str], units: Mapping[str, str]) -> None:
    what, id_ = KINDS[_said(row, "what").casefold()], _said(row, "id")
    starts, until = _day(row, "from"), _day(row, "until")
    if what == UNIT:
        name = _said(row, "name")
        parent = _said(row, "parent")
        built.units.append(
            {
                "unit_id": id_,
                "kind": _said(row, "kind"),
                "name_zh": name,
                "name_en": _said(row, "name_en") or name,
                "parent": units.get(parent, parent) or None,
            }
        )
        built.rows["units"].append(row.number)
        return
    if what == GROUP:
        name = _said(row, "name")
        members = [one for one in BETWEEN.split(_said(row, "members")) if one]
        names = {"name_zh": name, "name_en": _said(row, "name_en") or name}
        built.groups.append({"group": id_, **names, "members": members, "from": starts})
        built.rows["groups"].append(row.number)
        return
    if _said(row, "name") and id_ not in built.persons:
        built.persons[id_] = {"name": _said(row, "name"), "name_en": _said(row, "name_en") or None}
        built.rows["persons"].append(row.number)
    if what == POST:
        post, unit = _said(row, "post"), _said(row, "unit")
        seat = {"person": id_, "post": posts.get(post, post), "unit": units.get(unit, unit) or None}
        built.appointments.append({**seat, "from": starts, "until": until})
        built.rows["appointments"].append(row.number)
    elif what == PORTFOLIO:
        held = [units.get(one, one) for one in BETWEEN.split(_said(row, "units")) if one]
        subjects = [one for one in BETWEEN.split(_said(row, "subjects")) if one]
        built.portfolios.append({"person": id_, "units": held, "subjects": subjects, "from": starts})
        built.rows["portfolios"].append(row.number)
    else:
        pair = {"assistant": id_, "principal": _said(row, "principal"), "from": starts, "until": until}
        built.pairings.append(pair)
        built.rows["pairings"].append(row.number)


COLUMN_OF: Mapping[str, str] = {
    "unit_id": "id",
    "name_zh": "name",
    "person": "id",
    "assistant": "id",
    "group": "id",
    "units": "units",
}
"""Which column a field of the form was read from, where it is called otherwise."""


def _formed(built: _Building, table: ReadTable) -> tuple[RosterForm, list[Reason]]:
    """The form, without the entries that no form takes; those are told with their cells."""
    problems: list[Reason] = []
    try:
        return RosterForm.model_validate(built.whole), problems
    except ValidationError as flawed:
        out: dict[str, set[int]] = {}
        persons = list(built.persons)
        for error in flawed.errors(include_url=False, include_context=False):
            place, which, *rest = (str(part) for part in (*error["loc"], "", ""))
            number = persons.index(which) if place == "persons" else int(which)
            key = "name" if place == "persons" and rest[0].startswith("name") else rest[0]
            key = "id" if place == "persons" and key != "name" else COLUMN_OF.get(key, key)
            found = Reason("cell_not_an_id", params={"found": str(error["input"])[:40]})
            problems.append(replace(found, subject=table.place(built.rows[place][number], key)))
            out.setdefault(place, set()).add(number)
    built.leave_out(out)
    return RosterForm.model_validate(built.whole), problems
