"""Writes are grouped into few statements, and what they leave behind is what one by one they would leave."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chancery.launch.postgres import ServiceDatabase
from chancery.store.store import PostgresStore
from chancery.store.writes import group_writes
from chancery.thing import Erase, Patch, Upsert, Write
from tests.store.notes import EAST, note, put, rows_of

A = UUID(int=1)
Row = dict[str, Any]
Tables = dict[tuple[str, str, str], Row]
"""(table, tenant, id) to row: what the writes of this file leave, kept without a database."""


def upsert(id_: str, **row: Any) -> Upsert:
    return Upsert("t", ("id",), {"id": id_, **row})


def patch(id_: str, **row: Any) -> Patch:
    return Patch("t", {"id": id_}, row)


def shape(writes: Iterable[tuple[int, str, Write]]) -> list[tuple[str, str, list[int]]]:
    return [(g["table"], g["op"], g["commands"]) for g in group_writes(writes)]


def test_the_same_write_of_many_commands_is_one_statement() -> None:
    writes = [(n, EAST, write) for n in (1, 2, 3) for write in (upsert(str(n), x=1), Erase("u", {"id": n}))]
    assert shape(writes) == [("t", "upsert", [1, 2, 3]), ("u", "erase", [1, 2, 3])]


def test_a_key_that_comes_again_begins_another_statement() -> None:
    assert shape([(1, EAST, upsert("a", x=1)), (2, EAST, upsert("a", x=2)), (3, EAST, upsert("b", x=3))]) == [
        ("t", "upsert", [1]),
        ("t", "upsert", [2, 3]),
    ]


def test_the_same_key_of_two_tenants_is_two_rows() -> None:
    assert shape([(1, "east", upsert("a", x=1)), (2, "west", upsert("a", x=2))]) == [("t", "upsert", [1, 2])]


def test_a_write_passes_others_only_where_they_touch_other_rows() -> None:
    put_a, patch_a, patch_b = (1, EAST, upsert("a", x=1)), (2, EAST, patch("a", x=2)), (2, EAST, patch("b", x=2))
    assert shape([put_a, patch_b, (3, EAST, upsert("c", x=3))]) == [("t", "upsert", [1, 3]), ("t", "patch", [2])]
    assert shape([put_a, patch_a, (3, EAST, upsert("a", x=3))]) == [
        ("t", "upsert", [1]),
        ("t", "patch", [2]),
        ("t", "upsert", [3]),
    ]


def test_rows_found_by_another_column_are_passed_by_nothing() -> None:
    swept = (2, EAST, Patch("t", {"stage": "old"}, {"x": 0}))
    assert [op for _, op, _ in shape([(1, EAST, upsert("a", x=1)), swept, (3, EAST, upsert("b", x=3))])] == [
        "upsert",
        "patch",
        "upsert",
    ]


def test_other_columns_are_another_statement() -> None:
    assert len(group_writes([(1, EAST, upsert("a", x=1)), (1, EAST, upsert("b", y=1))])) == 2


def test_one_value_spelled_as_text_or_not_is_one_key() -> None:
    writes = [
        (1, EAST, Upsert("t", ("id",), {"id": A, "x": 1})),
        (2, EAST, Upsert("t", ("id",), {"id": str(A), "x": 2})),
    ]
    assert len(group_writes(writes)) == 2


def test_a_patch_cannot_change_what_finds_its_row() -> None:
    with pytest.raises(ValueError, match="id cannot both"):
        group_writes([(1, EAST, Patch("t", {"id": "a"}, {"id": "b"}))])


# -- as one by one ------------------------------------------------------------------


ids = st.sampled_from("abc")
stages = st.sampled_from(["new", "old"])
numbers = st.integers(0, 9)


def put_new(id_: str, x: int) -> Write:
    return upsert(id_, x=x, stage="new")


def put_stage(id_: str, stage: str) -> Write:
    return upsert(id_, stage=stage)


def put_other(id_: str) -> Write:
    return Upsert("other", ("id",), {"id": id_})


def set_x(id_: str, x: int) -> Write:
    return patch(id_, x=x)


def set_stage(id_: str, stage: str) -> Write:
    return patch(id_, stage=stage)


def set_x_of_stage(stage: str, x: int) -> Write:
    return Patch("t", {"stage": stage}, {"x": x})


def erase(id_: str) -> Write:
    return Erase("t", {"id": id_})


def erase_stage(stage: str) -> Write:
    return Erase("t", {"stage": stage})


some_writes: st.SearchStrategy[Write] = st.one_of(
    st.builds(put_new, ids, numbers),
    st.builds(put_stage, ids, stages),
    st.builds(set_x, ids, numbers),
    st.builds(set_stage, ids, stages),
    st.builds(set_x_of_stage, stages, numbers),
    st.builds(erase, ids),
    st.builds(erase_stage, stages),
    st.builds(put_other, ids),
)
commands = st.lists(st.tuples(st.sampled_from(["east", "west"]), st.lists(some_writes, max_size=4)), max_size=6)


def one_by_one(tables: Tables, tenant: str, write: Write) -> None:
    if isinstance(write, Upsert):
        place = (write.table, tenant, str(write.row["id"]))
        tables[place] = {"x": None, "stage": None, **tables.get(place, {}), **write.row}
        return
    for place in [p for p, row in tables.items() if p[:2] == (write.table, tenant) and _found(row, write.where)]:
        if isinstance(write, Patch):
            tables[place] |= write.row
        else:
            del tables[place]


def _found(row: Row, where: Mapping[str, Any]) -> bool:
    return all(row[name] == value for name, value in where.items())


def by_groups(groups: list[dict[str, Any]]) -> Tables:
    tables: Tables = {}
    for group in groups:
        found = [tuple(row[name] for name in group["key"]) for row in group["rows"]]
        assert len(set(found)) == len(found), "a statement touches a row twice"
        for row in group["rows"]:
            where = {name: row[name] for name in group["key"] if name != "tenant"}
            change = {name: row[name] for name in group["changes"]}
            write: Write
            if group["op"] == "upsert":
                write = Upsert(group["table"], tuple(where), where | change)
            elif group["op"] == "patch":
                write = Patch(group["table"], where, change)
            else:
                write = Erase(group["table"], where)
            one_by_one(tables, row["tenant"], write)
    return tables


@given(commands)
def test_grouped_or_one_by_one_the_rows_are_the_same(given_commands: list[tuple[str, list[Write]]]) -> None:
    writes = [(n, tenant, write) for n, (tenant, its) in enumerate(given_commands, 1) for write in its]
    expected: Tables = {}
    for _, tenant, write in writes:
        one_by_one(expected, tenant, write)
    assert by_groups(group_writes(writes)) == expected


# -- in the database ------------------------------------------------------------------


def as_notes(write: Write) -> Write:
    """The same write, in terms of the notes' table."""

    def named(row: Mapping[str, Any]) -> Row:
        names = {"id": "note_id", "x": "seen"}
        return {names.get(k, k): UUID(int=ord(v)) if k == "id" else v for k, v in row.items()}

    if isinstance(write, Upsert):
        return Upsert("notes", ("note_id",), named(write.row) | {"title": "t"})
    if isinstance(write, Patch):
        return Patch("notes", named(write.where), named(write.row))
    return Erase("notes", named(write.where))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commands, st.sets(st.integers(1, 6)))
async def test_the_database_keeps_the_rows_of_the_commands_that_were_done(
    database: ServiceDatabase, given_commands: list[tuple[str, list[Write]]], done: set[int]
) -> None:
    writes = [
        (n, tenant, write) for n, (tenant, its) in enumerate(given_commands, 1) for write in its if write.table == "t"
    ]
    expected: Tables = {}
    for number, tenant, write in writes:
        if number in done:
            one_by_one(expected, tenant, write)
    groups = orjson.dumps(group_writes((n, t, as_notes(w)) for n, t, w in writes), default=str).decode()
    connection = await asyncpg.connect(database.app_url)
    try:
        tx = connection.transaction()
        await tx.start()
        await connection.execute("select set_config('chancery.tenants', '{east,west}', true)")
        await connection.execute("delete from notes")
        await connection.execute("select kernel.write_rows($1::json, $2::int[])", groups, sorted(done))
        rows = await connection.fetch("select tenant, note_id, seen, stage from notes")
        await tx.rollback()
    finally:
        await connection.close()
    left = {(r["tenant"], r["note_id"].int): (r["seen"], r["stage"]) for r in rows}
    assert left == {(tenant, ord(i)): (row["x"], row["stage"]) for (_, tenant, i), row in expected.items()}


async def test_within_a_command_writes_come_in_their_order(store: PostgresStore, database: ServiceDatabase) -> None:
    stream, other = uuid4(), uuid4()
    writes: list[Write] = [
        put(stream, "first"),
        put(stream, "second"),
        Patch("notes", {"note_id": stream}, {"stage": "open"}),
        put(other, "gone"),
        Patch("notes", {"note_id": stream}, {"title": "third"}),
        Erase("notes", {"note_id": other}),
    ]
    await store.append(note(stream, writes=writes))
    rows = await rows_of(database, EAST)
    assert rows[stream] == ("third", "open")
    assert other not in rows


async def test_two_patches_that_find_by_each_others_column_are_two_statements(
    store: PostgresStore, database: ServiceDatabase
) -> None:
    """One session, the same columns, another key."""
    streams = [uuid4(), uuid4()]
    stage, title = f"stage {streams[0]}", f"title {streams[1]}"
    await store.append(note(streams[0], writes=[put(streams[0], "a", stage)]))
    await store.append(note(streams[1], writes=[put(streams[1], title, "b")]))
    await store.append(note(streams[0], 1, writes=[Patch("notes", {"stage": stage}, {"title": "found by stage"})]))
    await store.append(note(streams[1], 1, writes=[Patch("notes", {"title": title}, {"stage": "found by title"})]))
    rows = await rows_of(database, EAST)
    assert rows[streams[0]] == ("found by stage", stage)
    assert rows[streams[1]] == (title, "found by title")


async def test_a_table_can_be_exchanged_behind_its_name_under_a_running_writer(
    store: PostgresStore, database: ServiceDatabase
) -> None:
    """The prepared statements of the session follow the view."""
    before, after = uuid4(), uuid4()
    await store.append(note(before))
    owner = await asyncpg.connect(database.owner_url)
    try:
        await owner.execute("create table notes_v2 (like notes_v1 including all)")
        await owner.execute(f'grant select, insert, update, delete on notes_v2 to "{database.app_role}"')
        await owner.execute("create or replace view notes with (security_invoker = true) as select * from notes_v2")
        await store.append(note(after))
        assert await owner.fetchval("select array_agg(note_id) from notes_v2") == [after]
    finally:
        await owner.execute("create or replace view notes with (security_invoker = true) as select * from notes_v1")
        await owner.execute("drop table notes_v2")
        await owner.close()
    await store.append(note(uuid4()))
    assert before in await rows_of(database, EAST)
