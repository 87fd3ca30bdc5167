"""Tables as CSV for spreadsheets: UTF-8 with a mark that says so, and text that no spreadsheet takes for a formula."""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import StringIO
from typing import Final

from chancery.calendar import LOCAL
from chancery.office.table import MOST_ROWS, Column, ReadTable, Table, Value, clean, rows_of
from chancery.refusal import Reason, Refused

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
LIVE: Final = re.compile(r"'*\s*[=+\-@＝＋－＠|%]")
"""How a text begins that a spreadsheet would work out, be it after an apostrophe of ours."""


def write(table: Table) -> bytes:
    """The table with its bilingual header. Text that looks like a formula gets an apostrophe; ``read`` takes it off."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_safe(column.header) for column in table.columns])
    for row in table.rows:
        writer.writerow([_written(row.get(column.key)) for column in table.columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read(content: bytes, columns: Sequence[Column], *, most_rows: int = MOST_ROWS) -> ReadTable:
    """A CSV as people send it: UTF-8, with a mark or without, or GB 18030 as older Excel writes it.

    Raises:
        Refused: it is neither, or no CSV; see ``rows_of`` (``malformed``).
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise Refused(Reason("file_not_csv"), kind="malformed") from error
    try:
        return rows_of(columns, _lines(text), most_rows)
    except csv.Error as error:
        raise Refused(Reason("file_not_csv"), kind="malformed") from error


def _lines(text: str) -> Iterator[list[object]]:
    """Numbered as a spreadsheet numbers them: a cell with two lines is one row."""
    for row in csv.reader(StringIO(text, newline=""), strict=True):
        yield [cell[1:] if cell.startswith("'") and LIVE.match(cell) else cell for cell in row]


def _written(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _safe(value) if isinstance(value, str) else str(value)


def _safe(text: str) -> str:
    cleaned = clean(text)
    return f"'{cleaned}" if LIVE.match(cleaned) else cleaned
