"""Tables as XLSX and CSV: what was written is read back, and no text is ever a formula."""

import csv as plain_csv
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from chancery.calendar import LOCAL
from chancery.office import csv, xlsx
from chancery.office.table import Column, ReadTable, Table, Value, clean
from chancery.office.writing.xlsx import MOST_UNPACKED
from chancery.refusal import Refused

MADE = datetime(2022, 2, 14, 1, 30, tzinfo=UTC)
COLUMNS = (
    Column("person", "姓名", "Name", needed=True),
    Column("reason", "事由", "Reason"),
    Column("days", "天数", "Days", "whole"),
    Column("money", "金额", "Money", "number"),
    Column("from_day", "起始日", "From", "day"),
    Column("left_at", "离岗时间", "Left at", "moment"),
    Column("urgent", "紧急", "Urgent", "yes_no"),
)
TRICKS = (
    "=1+1",
    "+8613800000000",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    "'=1",
    " =1",
    "|cmd",
    "%x",
    "_x0041_",
    "#N/A",
    "1E5",
)
TEXTS = st.one_of(
    st.sampled_from(TRICKS),
    st.text(min_size=1, max_size=40),
    st.tuples(st.sampled_from("=+-@＝＋－＠'\t |%"), st.text(max_size=20)).map("".join),
).filter(lambda text: bool(clean(text).strip()))
MINUTES = st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=LOCAL)
)
ROW = st.fixed_dictionaries(
    {
        "person": TEXTS,
        "reason": st.one_of(st.none(), TEXTS),
        "days": st.one_of(st.none(), st.integers(-10_000, 10**9)),
        "money": st.one_of(st.none(), st.decimals(-(10**9), 10**9, places=2)),
        "from_day": st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2199, 12, 31))),
        "left_at": st.one_of(st.none(), MINUTES),
        "urgent": st.one_of(st.none(), st.booleans()),
    }
)
Write = Callable[[Table], bytes]
Read = Callable[[bytes], ReadTable]
WAYS: dict[str, tuple[Write, Read]] = {
    "xlsx": (lambda table: xlsx.write(table, made_at=MADE), lambda content: xlsx.read(content, COLUMNS)),
    "csv": (csv.write, lambda content: csv.read(content, COLUMNS)),
}


def told(value: Value) -> Value:
    return clean(value) if isinstance(value, str) else value


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROW, max_size=6))
@example(
    rows=[
        dict.fromkeys(("reason", "days", "money", "from_day", "left_at", "urgent")) | {"person": trick}
        for trick in TRICKS
    ]
)
def test_what_was_written_is_read_back(way: str, rows: list[dict[str, Value]]) -> None:
    write, read = WAYS[way]
    found = read(write(Table("请销假台账", COLUMNS, rows)))
    assert found.problems == ()
    assert [dict(row.values) for row in found.rows] == [
        {key: told(value) for key, value in row.items()} for row in rows
    ]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=8))
@example(texts=list(TRICKS))
def test_no_text_of_a_workbook_is_a_formula(texts: list[str]) -> None:
    content = xlsx.write(Table("t", COLUMNS[:1], [{"person": text} for text in texts]), made_at=MADE)
    sheet: Any = load_workbook(BytesIO(content)).active
    cells: list[Any] = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    for cell, text in zip(cells, texts, strict=True):
        assert cell.quotePrefix or clean(text)[0] not in "=+-@＝＋－＠\t'"
    with zipfile.ZipFile(BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=8))
@example(texts=list(TRICKS))
def test_no_text_of_a_csv_begins_as_a_formula_does(texts: list[str]) -> None:
    content = csv.write(Table("t", COLUMNS[:1], [{"person": text} for text in texts]))
    assert content.startswith(b"\xef\xbb\xbf")
    cells = [row[0] for row in plain_csv.reader(StringIO(content.decode("utf-8-sig"), newline="")) if row]
    assert all(cell.lstrip()[:1] not in set("=+-@＝＋－＠|%") for cell in cells)


def test_a_workbook_is_ready_to_be_read_by_people() -> None:
    row: dict[str, Value] = {
        "person": "陶启明",
        "from_day": date(2022, 2, 14),
        "left_at": datetime(2022, 2, 14, 0, 30, tzinfo=UTC),
        "money": Decimal("12.50"),
        "urgent": True,
    }
    sheet: Any = load_workbook(BytesIO(xlsx.write(Table("请销假/台账", COLUMNS, [row]), made_at=MADE))).active
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("请销假 台账", "A2", "A1:G2")
    assert [cell.value for cell in sheet[1]][:2] == ["姓名\nName", "事由\nReason"]
    assert (sheet["E2"].is_date, sheet["E2"].number_format) == (True, "yyyy-mm-dd")
    assert sheet["F2"].value == datetime(2022, 2, 14, 8, 30)  # noqa: DTZ001  a cell knows no zone; it is Beijing's
    assert sheet["G2"].value == "是"
    assert sheet.column_dimensions["F"].width >= 17


def test_the_same_table_gives_the_same_cells() -> None:
    table = Table("t", COLUMNS, [{"person": "陶启明", "days": 3}])
    parts = [
        {name: archive.read(name) for name in archive.namelist()}
        for archive in (zipfile.ZipFile(BytesIO(xlsx.write(table, made_at=MADE))) for _ in range(2))
    ]
    assert parts[0]["xl/worksheets/sheet1.xml"] == parts[1]["xl/worksheets/sheet1.xml"]


def test_every_mistake_is_told_with_its_cell() -> None:
    book = Workbook()
    sheet = cast("Any", book.active)
    sheet.append(["请销假情况"[:0]])
    sheet.append(["天数", "Name", "起始日", "别的", "紧急"])
    sheet.append([2, "陶启明", "2022年2月14日", "?", "是"])
    sheet.append([2.5, None, "2022-02-30", "?", "也许"])
    sheet.append([None, None, None, None, None])
    sheet.append(["=1+1", "曹志远", 44606, "?", 1])
    out = BytesIO()
    book.save(out)
    found = xlsx.read(out.getvalue(), COLUMNS)
    assert [(row.number, row.values["from_day"], row.values["days"]) for row in found.rows] == [
        (3, date(2022, 2, 14), 2)
    ]
    assert [(reason.code, reason.subject) for reason in found.problems] == [
        ("cell_not_whole", "A4"),
        ("cell_empty", "B4"),
        ("cell_not_day", "C4"),
        ("cell_not_yes_no", "E4"),
        ("cell_with_formula", "A6"),
        ("cell_not_day", "C6"),
    ]
    assert found.place(3, "person") == "B3"


def test_csv_in_the_older_encoding_is_read() -> None:
    found = csv.read("姓名,天数\r\n喆,3\r\n".encode("gb18030"), COLUMNS)
    assert [dict(row.values) for row in found.rows] == [{"person": "喆", "days": 3}]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_not_xlsx"),
        (b"PK\x03\x04 nothing", "file_not_xlsx"),
        (csv.write(Table("t", COLUMNS, [])), "file_not_xlsx"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as no:
        xlsx.read(content, COLUMNS)
    assert [reason.code for reason in no.value.reasons] == [code]


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    out = BytesIO()
    content = xlsx.write(Table("t", COLUMNS, [{"person": "陶启明"}]), made_at=MADE)
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def test_a_workbook_with_entities_or_broken_parts_is_refused() -> None:
    def entities(name: str, part: bytes) -> bytes:
        bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'
        return bomb if name.endswith("sheet1.xml") else part

    def cut(name: str, part: bytes) -> bytes:
        return part[: len(part) // 2] if name.endswith("sheet1.xml") else part

    def gone(name: str, part: bytes) -> bytes:
        return b"" if name.endswith("workbook.xml") else part

    for change in (entities, cut, gone):
        with pytest.raises(Refused) as no:
            xlsx.read(repacked(change), COLUMNS)
        assert [reason.code for reason in no.value.reasons] == ["file_not_xlsx"]


def test_more_than_can_be_taken_is_refused_before_it_is_unpacked() -> None:
    big = repacked(lambda name, part: part + b" " * (MOST_UNPACKED + 1) if name.endswith("styles.xml") else part)
    assert len(big) < 2_000_000
    with pytest.raises(Refused) as no:
        xlsx.read(big, COLUMNS)
    assert [reason.code for reason in no.value.reasons] == ["file_too_large_unpacked"]
    rows = csv.write(Table("t", COLUMNS, [{"person": "陶启明"}] * 11))
    with pytest.raises(Refused) as no:
        csv.read(rows, COLUMNS, most_rows=10)
    assert [reason.code for reason in no.value.reasons] == ["file_with_too_many_rows"]
    assert len(csv.read(rows, COLUMNS, most_rows=11).rows) == 11


def test_a_file_without_what_is_needed_says_what() -> None:
    with pytest.raises(Refused) as no:
        csv.read("天数,天数\n1,2\n".encode(), COLUMNS)
    assert [(reason.code, reason.subject) for reason in no.value.reasons] == [
        ("column_stands_twice", "B1"),
        ("column_missing", "1"),
    ]


@settings(max_examples=200, deadline=None)
@given(moment=st.datetimes(datetime(1992, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_stands_in_beijing_time(moment: datetime) -> None:
    [row] = csv.read(csv.write(Table("t", COLUMNS, [{"person": "a", "left_at": moment}])), COLUMNS).rows
    read = cast("datetime", row.values["left_at"])
    assert timedelta() <= moment - read < timedelta(minutes=1)
