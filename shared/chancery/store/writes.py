"""Group the writes of many commands so that each group is one statement, and nothing changes by it. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from chancery.thing import Patch, Upsert, Write

Group = dict[str, Any]


@dataclass(slots=True)
class _Gathering:
    """Writes of one table, operation and columns that touch rows of different keys."""

    table: str
    op: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    touched: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    commands: list[int] = field(default_factory=list[int])
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def to_json(self) -> Group:
        return {
            "table": self.table,
            "op": self.op,
            "columns": self.columns,
            "changes": [name for name in self.columns if name not in self.key],
            "key": self.key,
            "commands": self.commands,
            "rows": self.rows,
        }


def group_writes(writes: Iterable[tuple[int, str, Write]]) -> list[Group]:
    """From (command index, tenant, write) in order to groups for ``kernel.write_rows``.

    A write joins the last group of its table, operation and columns if it may pass everything that was written to
    the same table since: those found their rows by the same columns with other values. Tables do not depend on
    each other, so what lands in them is what the writes one by one would leave. The tenant is put into row and key
    here and nowhere else: no projection can write into another tenant.
    """
    order: list[_Gathering] = []
    tables: dict[str, list[_Gathering]] = {}
    for index, tenant, write in writes:
        op, key, row = _parts(write)
        row["tenant"] = tenant
        columns = _in_order(tuple(row))
        values = tuple([_plain(row[name]) for name in key])
        of_table = tables.setdefault(write.table, [])
        home: _Gathering | None = None
        for group in reversed(of_table):
            if group.key != key or values in group.touched:
                break
            if group.op == op and group.columns == columns:
                home = group
                break
        if home is None:
            home = _Gathering(write.table, op, columns, key)
            of_table.append(home)
            order.append(home)
        home.touched.add(values)
        home.commands.append(index)
        home.rows.append(row)
    return [group.to_json() for group in order]


@lru_cache(4096)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names))


def shape_of(group: Group) -> str:
    """The name of the statement that writes such a group: the same for the same table, operation, columns and key."""
    about = "\0".join((group["table"], group["op"], *group["columns"], "", *group["key"]))
    return f"rows_{hashlib.md5(about.encode(), usedforsecurity=False).hexdigest()}"


def _parts(write: Write) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """Operation, the columns that find the row (tenant among them, in one order), and the row."""
    if isinstance(write, Upsert):
        return "upsert", ("tenant", *_in_order(write.key)), dict(write.row)
    key = ("tenant", *sorted(write.where))
    if isinstance(write, Patch):
        both = write.where.keys() & write.row.keys()
        if both:
            raise ValueError(f"{write.table}: {', '.join(sorted(both))} cannot both find the row and be changed")
        return "patch", key, {**write.where, **write.row}
    return "erase", key, dict(write.where)


def _plain(value: object) -> str:
    """One spelling for one value, whether it came as text or as what the text means."""
    return value if type(value) is str else value.isoformat() if isinstance(value, date) else str(value)
