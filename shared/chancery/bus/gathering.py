"""Gather the writes of many events so that each row is written once, and nothing changes by it. Pure.

Where a rebuild writes thousands of events at a time, most rows of a page are put and changed again within it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from chancery.thing import Patch, Upsert, Write

AN_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Shape = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""Table, operation, columns, and those of them that find the row."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one shape, none of them twice: one statement."""

    shape: Shape
    rows: list[dict[str, Any]]

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
    """What is to become of rows of one table, found by one set of columns; ``ops`` and ``rows`` by the key's values."""

    key: frozenset[str]
    ops: dict[tuple[Any, ...], str] = field(default_factory=dict[tuple[Any, ...], str])
    rows: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict[tuple[Any, ...], dict[str, Any]])


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
            op, names, found = "upsert", write.key, write.row
            row = dict(write.row)
        elif isinstance(write, Patch):
            op, names, found = "patch", tuple(write.where), write.where
            row = {**write.where, **write.row}
            if len(row) != len(write.where) + len(write.row):
                raise ValueError(f"{write.table}: a column cannot both find the row and be changed")
        else:
            op, names, found = "erase", tuple(write.where), write.where
            row = dict(write.where)
        row["tenant"] = tenant
        rows = self._tables.get(write.table)
        if rows is None or rows.key != frozenset(names):
            self._close(write.table)
            rows = self._tables[write.table] = _Rows(frozenset(names))
        if len(names) == 1:
            values: tuple[Any, ...] = (tenant, _plain(found[names[0]]))
        else:
            values = (tenant, *(_plain(found[name]) for name in sorted(names)))
        before = rows.ops.get(values)
        if before is not None and op != "erase" and (before, op) in _ONE:
            rows.rows[values].update(row)
            return
        if before is not None:
            self._close(write.table)
            rows = self._tables[write.table] = _Rows(frozenset(names))
        rows.ops[values] = op
        rows.rows[values] = row

    def end(self) -> list[Group]:
        """All groups, in the order in which they are to be written."""
        for table in list(self._tables):
            self._close(table)
        done, self._done = self._done, []
        return done

    def _close(self, table: str) -> None:
        rows = self._tables.pop(table, None)
        if rows is None:
            return
        key = ("tenant", *sorted(rows.key))
        groups: dict[tuple[str, frozenset[str]], list[dict[str, Any]]] = {}
        for values, row in rows.rows.items():
            groups.setdefault((rows.ops[values], frozenset(row)), []).append(row)
        for (op, columns), of_shape in groups.items():
            self._done.append(Group((table, op, tuple(sorted(columns)), key), of_shape))


_ONE = frozenset((("upsert", "upsert"), ("upsert", "patch"), ("patch", "patch")))
"""What can be said as one write of the first kind."""


def _plain(value: object) -> str:
    """One spelling for one value, whether it came as text or as what the text means."""
    if isinstance(value, UUID):
        return f"{value.int:032x}"
    if isinstance(value, str):
        return value.replace("-", "").lower() if len(value) == 36 and AN_ID.fullmatch(value) else value
    return value.isoformat() if isinstance(value, date) else str(value)
