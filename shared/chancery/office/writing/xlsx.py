"""Tables as XLSX: a bilingual header that stays in sight, dates as dates, and text that is never a formula."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from copy import copy
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final, cast
from unicodedata import east_asian_width

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from chancery.calendar import LOCAL
from chancery.office.table import LONGEST, MOST_ROWS, Column, Formula, ReadTable, Table, Value, clean, letter, rows_of
from chancery.refusal import Fault, Reason, Refused

FACE: Final = "宋体"
MOST_COLUMNS: Final = 200
MOST_UNPACKED: Final = 256 * 1024 * 1024
FORMATS: Final = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "whole": "0"}
WIDTHS: Final = {"day": 12, "moment": 17, "whole": 10, "number": 12, "yes_no": 8, "text": 14}
ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
LINE: Final = Side(style="thin", color="BBBBBB")
BORDER: Final = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
TO_HEAD: Final = PatternFill("solid", start_color="F1ECE2")


def write(table: Table, *, made_at: datetime) -> bytes:
    """The table as a workbook of one sheet. The same table made at the same moment gives the same cells."""
    book = Workbook()
    book.properties.title = clean(table.title)
    book.properties.creator = "chancery"
    book.properties.created = book.properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    sheet = cast("Worksheet", book.active)
    sheet.title = re.sub(r"[\[\]:*?/\\']", " ", clean(table.title)).strip()[:31] or "Sheet"
    for index, column in enumerate(table.columns, 1):
        head = _cell(sheet, 1, index)
        _put_text(head, f"{column.zh}\n{column.en}")
        head.font = Font(name=FACE, bold=True)
        head.fill, head.border = TO_HEAD, BORDER
        head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[letter(index)].width = _width(column, table)
    styles: dict[bool, Any] = {}  # looked up for each cell anew, a style costs more than all the rest of the cell
    for number, row in enumerate(table.rows, 2):
        for index, column in enumerate(table.columns, 1):
            cell: Any = _cell(sheet, number, index)
            wraps = column.kind == "text"
            if wraps in styles:
                cell._style = copy(styles[wraps])
            else:
                cell.font, cell.border = Font(name=FACE), BORDER
                cell.alignment = Alignment(wrap_text=wraps, vertical="top")
                styles[wraps] = copy(cell._style)
            _put(cell, column, row.get(column.key))
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 32
    if table.columns:
        sheet.auto_filter.ref = f"A1:{letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes, columns: Sequence[Column], *, most_rows: int = MOST_ROWS) -> ReadTable:
    """The first sheet of a workbook, row by row.

    Raises:
        Refused: it is no workbook, or one that would be too large once unpacked; see ``rows_of`` (``malformed``).
    """
    _look_inside(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            sheet: Any = book.worksheets[0]
            sheet.reset_dimensions()
            return rows_of(columns, _lines(sheet), most_rows)
        finally:
            book.close()
    except Refused:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        SyntaxError,
    ) as error:
        # openpyxl has no error of its own for a workbook with broken parts; an lxml error is a SyntaxError
        raise Refused(Reason("file_not_xlsx"), kind="malformed") from error


def _lines(sheet: Any) -> Iterator[list[object]]:
    for row in sheet.iter_rows(max_col=MOST_COLUMNS):
        yield [_read(cell) for cell in row]


def _read(cell: Any) -> object:
    value: object = cell.value
    if cell.data_type == "f":
        return Formula(value)
    if isinstance(value, str):
        return ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    return value


def _look_inside(content: bytes) -> None:
    """Refuse what is no archive, unpacks to too much, or declares entities."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            inside = parts.infolist()
            if sum(part.file_size for part in inside) > MOST_UNPACKED or len(inside) > 2000:
                raise Refused(Reason("file_too_large_unpacked"), kind="malformed")
            for part in inside:
                if part.filename.endswith((".xml", ".rels")):
                    with parts.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(4096):
                            raise Refused(Reason("file_not_xlsx"), kind="malformed")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise Refused(Reason("file_not_xlsx"), kind="malformed") from error


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    return cast("Cell", sheet.cell(row, column))


def _put(cell: Cell, column: Column, value: Value) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        _put_text(cell, "是" if value else "否")
    elif isinstance(value, datetime):
        cell.value = value.astimezone(LOCAL).replace(tzinfo=None)
        cell.number_format = FORMATS["moment"]
    elif isinstance(value, date):
        cell.value = value
        cell.number_format = FORMATS["day"]
    elif isinstance(value, int | float | Decimal):
        cell.value = value
        cell.number_format = FORMATS.get(column.kind, "General")
    else:
        _put_text(cell, value)


def _put_text(cell: Cell, text: str) -> None:
    """As text whatever it begins with; the quote prefix keeps it text after somebody has edited the cell."""
    written = ESCAPE.sub("_x005F_", clean(text))
    if len(written) > LONGEST:
        raise Fault(f"a cell holds {LONGEST} characters, not {len(written)}")
    cell.value = written
    cell.data_type = "s"
    styled: Any = cell
    styled.quotePrefix = written[:1] in tuple("=+-@＝＋－＠\t'")


def _width(column: Column, table: Table) -> int:
    if column.width is not None:
        return column.width
    least = max(WIDTHS[column.kind], *(_wide(part) + 2 for part in (column.zh, column.en)))
    if column.kind != "text":
        return least
    texts = (row.get(column.key) for row in table.rows[:500])
    return (
        min(max((_wide(text) + 2 for text in texts if isinstance(text, str)), default=least), 48)
        if least < 48
        else least
    )


def _wide(text: str) -> int:
    """The widest line in half-width characters."""
    return max((sum(1 + (east_asian_width(c) in "WF") for c in line) for line in text.split("\n")), default=0)
