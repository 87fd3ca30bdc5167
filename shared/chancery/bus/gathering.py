"""Gather the writes of many events so that each row is written once, and nothing changes by it. Pure.

Where a rebuild writes thousands of events at a time, most rows of a page are put and changed again within it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from chancery.thing import Patch, Upsert, Write

AN_ID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Shape = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""Table, operation, columns, and those of them that find the row."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one shape, none of them twice: one statement."""

    shape: Shape
    rows: list[Row]

    def to_json(self) -> dict[str, Any]:
        """As ``kernel.write_rows`` takes it; all rows are of one command."""
        table, op, columns, key = self.shape
        changes = [name for name in columns if name not in key]
        commands = [1] * len(self.rows)
        return {
            "table": table,
            "op": op,
            "columns": columns,
            "changes": changes,
            "key": key,
            "commands": commands,
            "rows": self.rows,
        }


@dataclass(slots=True)
class _Rows:
    """What is to become of rows of one table, found by one set of columns: operation and row, by the key's values.

    ``names`` are these columns as they were named first, ``key`` the same in one order.
    """

    names: tuple[str, ...]
    key: tuple[str, ...]
    rows: dict[tuple[Any, ...], tuple[str, Row]] = field(default_factory=dict[tuple[Any, ...], tuple[str, Row]])


@dataclass(slots=True)
class Gathering:
    """Writes in order, and what they come to.

    A row put and then changed is put as changed; one changed twice is changed once. Whatever cannot be said as one
    write of the row (changed and then put, taken away, found by other columns) is kept in its order.
    """

    _tables: dict[str, _Rows] = field(default_factory=dict[str, _Rows])
    _done: list[Group] = field(default_factory=list[Group])

    def add(self, tenant: str, write: Write) -> None:
        """One more write, behind all that came before."""
        found: Mapping[str, Any]
        if isinstance(write, Upsert):
            op, names = "upsert", write.key
            found = changed = write.row
        else:
            found = write.where
            names = tuple(found)
            if isinstance(write, Patch):
                op, changed = "patch", write.row
                if not found.keys().isdisjoint(changed):
                    raise ValueError(f"{write.table}: a column cannot both find the row and be changed")
            else:
                op, changed = "erase", _NOTHING
        rows = self._tables.get(write.table)
        if rows is None or (rows.names != names and rows.key != tuple(sorted(names))):
            rows = self._anew(write.table, names)
        if len(names) == 1:
            values: tuple[Any, ...] = (tenant, _plain(found[names[0]]))
        else:
            values = (tenant, *[_plain(found[name]) for name in rows.key])
        before = rows.rows.get(values)
        if before is not None:
            if (before[0], op) in _ONE:
                before[1].update(changed)
                return
            rows = self._anew(write.table, names)
        row = dict(found)
        row.update(changed)
        row["tenant"] = tenant
        rows.rows[values] = (op, row)

    def end(self) -> list[Group]:
        """All groups, in the order in which they are to be written."""
        for table in list(self._tables):
            self._close(table)
        done, self._done = self._done, []
        return done

    def _anew(self, table: str, names: tuple[str, ...]) -> _Rows:
        self._close(table)
        rows = self._tables[table] = _Rows(names, tuple(sorted(names)))
        return rows

    def _close(self, table: str) -> None:
        rows = self._tables.pop(table, None)
        if rows is None:
            return
        key = ("tenant", *rows.key)
        groups: dict[tuple[str, frozenset[str]], list[Row]] = {}
        for op, row in rows.rows.values():
            groups.setdefault((op, frozenset(row)), []).append(row)
        for (op, columns), of_shape in groups.items():
            self._done.append(Group((table, op, tuple(sorted(columns)), key), of_shape))


_NOTHING: Final[Row] = {}
_ONE: Final = frozenset((("upsert", "upsert"), ("upsert", "patch"), ("patch", "patch")))
"""What can be said as one write of the first kind."""


def _plain(value: object) -> str | int:
    """One spelling for one value, whether it came as text or as what the text means."""
    if isinstance(value, UUID):
        return value.int
    if isinstance(value, str):
        return int(value.replace("-", ""), 16) if len(value) == 36 and AN_ID.fullmatch(value) else value
    return value.isoformat() if isinstance(value, date) else str(value)
