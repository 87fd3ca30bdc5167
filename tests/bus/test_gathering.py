"""What is gathered leaves the rows that the writes one by one would leave."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from chancery.bus.gathering import Gathering
from chancery.thing import Erase, Patch, Upsert, Write

Table = list[dict[str, Any]]
IDS = (UUID(int=1), str(UUID(int=1)), UUID(int=2))
ids, letters, numbers = st.sampled_from(IDS), st.sampled_from("ab"), st.integers(0, 2)


@st.composite
def writes(draw: st.DrawFn) -> list[tuple[str, Write]]:
    told: list[tuple[str, Write]] = []
    for _ in range(draw(st.integers(0, 14))):
        table = draw(st.sampled_from(("docket", "sittings")))
        tenant = draw(st.sampled_from(("jia", "yi")))
        some: dict[str, Any] = {name: draw(numbers) for name in draw(st.sampled_from(("x", "y", "xy")))}
        found: dict[str, Any] = {"id": draw(ids)}
        if draw(st.integers(0, 4)) == 0:
            found = {"x": draw(numbers)}
            some = {"y": draw(numbers)}
        kind = draw(st.sampled_from(("upsert", "patch", "patch", "erase")))
        if kind == "upsert" and "id" in found:
            told.append((tenant, Upsert(table, ("id",), {**found, **some})))
        elif kind == "erase":
            told.append((tenant, Erase(table, found)))
        else:
            told.append((tenant, Patch(table, found, some)))
    return told


def apply(rows: Table, op: str, key: Sequence[str], row: dict[str, Any]) -> None:
    """One row of one statement, as the database would take it."""
    hit = [one for one in rows if all(str(one.get(name)) == str(row[name]) for name in key)]
    if op == "erase":
        for one in hit:
            rows.remove(one)
        return
    for one in hit:
        one.update(row)
    if op == "upsert" and not hit:
        rows.append(dict(row))


def op_of(write: Write) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    if isinstance(write, Upsert):
        return "upsert", write.key, dict(write.row)
    if isinstance(write, Patch):
        return "patch", tuple(write.where), {**write.where, **write.row}
    return "erase", tuple(write.where), dict(write.where)


def shown(tables: dict[str, Table]) -> dict[str, list[str]]:
    return {
        name: sorted(str(sorted((key, str(value)) for key, value in row.items())) for row in rows)
        for name, rows in tables.items()
        if rows
    }


@given(writes())
def test_gathered_writes_leave_the_same_rows(told: list[tuple[str, Write]]) -> None:
    one_by_one: dict[str, Table] = {}
    for tenant, write in told:
        op, key, row = op_of(write)
        apply(one_by_one.setdefault(write.table, []), op, ("tenant", *key), {**row, "tenant": tenant})
    gathering = Gathering()
    for tenant, write in told:
        gathering.add(tenant, write)
    gathered: dict[str, Table] = {}
    for group in gathering.end():
        table, op, columns, key = group.shape
        seen = [tuple(str(row[name]) for name in key) for row in group.rows]
        assert len(set(seen)) == len(seen), "no row comes twice in one statement"
        for row in group.rows:
            assert set(row) == set(columns)
            apply(gathered.setdefault(table, []), op, key, row)
    assert shown(gathered) == shown(one_by_one)


def test_a_row_put_and_changed_again_and_again_is_put_once() -> None:
    gathering = Gathering()
    gathering.add("jia", Upsert("docket", ("id",), {"id": IDS[0], "x": 0}))
    for number in range(50):
        gathering.add("jia", Patch("docket", {"id": IDS[number % 2]}, {"x": number}))
    (group,) = gathering.end()
    assert group.shape == ("docket", "upsert", ("id", "tenant", "x"), ("tenant", "id"))
    assert [row["x"] for row in group.rows] == [49]
