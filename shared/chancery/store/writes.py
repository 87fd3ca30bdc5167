"""Group the writes of many commands so that each group is one statement, and their order is kept. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from chancery.thing import Patch, Upsert, Write

Group = dict[str, Any]
RowKey = tuple[Any, ...]


def row_key(tenant: str, write: Write) -> RowKey:
    """What a write touches: table and key. Two commands that touch the same do not share a batch."""
    if isinstance(write, Upsert):
        return (write.table, tenant, *(str(write.row[name]) for name in write.key))
    return (write.table, tenant, *(str(value) for _, value in sorted(write.where.items())))


def group_writes(writes: Iterable[tuple[int, str, Write]]) -> list[Group]:
    """From (command index, tenant, write) in order to groups for ``kernel.write_rows``.

    Neighbouring writes of the same table, operation and columns share a group; a group is split when a key comes
    again, so that a later write of the same row is a later statement. The tenant is added to row and key here and
    nowhere else: no projection can write into another tenant.
    """
    groups: list[Group] = []
    shape: tuple[Any, ...] | None = None
    seen: set[RowKey] = set()
    for index, tenant, write in writes:
        if isinstance(write, Upsert):
            op, row, key = "upsert", {"tenant": tenant, **write.row}, ("tenant", *write.key)
        elif isinstance(write, Patch):
            op, row, key = "patch", {"tenant": tenant, **write.where, **write.row}, ("tenant", *sorted(write.where))
            _apart(write)
        else:
            op, row, key = "erase", {"tenant": tenant, **write.where}, ("tenant", *sorted(write.where))
        row["tenant"] = tenant
        this = (write.table, op, tuple(sorted(row)), key)
        touched = row_key(tenant, write)
        if this != shape or touched in seen:
            groups.append({"table": write.table, "op": op, "columns": sorted(row), "key": list(key), "rows": []})
            shape, seen = this, set()
        seen.add(touched)
        groups[-1]["rows"].append((index, row))
    return groups


def _apart(write: Patch) -> None:
    both = set(write.where) & set(write.row)
    if both:
        raise ValueError(f"{write.table}: {', '.join(sorted(both))} cannot both find the row and be changed")


def keys_of(tenant: str, writes: Sequence[Write]) -> set[RowKey]:
    return {row_key(tenant, write) for write in writes}
