"""Tables as XLSX: a bilingual header that stays in sight, dates as dates, and text that is never a formula."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chancery.office.table import MOST_ROWS, Column, ReadTable, Table

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write(table: Table, *, made_at: datetime) -> bytes:
    """The table as a workbook of one sheet. The same table made at the same moment gives the same cells."""
    from chancery.office.writing import xlsx

    return xlsx.write(table, made_at=made_at)


def read(content: bytes, columns: Sequence[Column], *, most_rows: int = MOST_ROWS) -> ReadTable:
    """The first sheet of a workbook, row by row.

    Raises:
        Refused: it is no workbook, or one that would be too large once unpacked; see ``rows_of`` (``malformed``).
    """
    from chancery.office.writing import xlsx

    return xlsx.read(content, columns, most_rows=most_rows)
