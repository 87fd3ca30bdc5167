"""A table of typed columns: described once, written as XLSX or CSV, read back with the place of every mistake."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Final, Literal

from chancery.calendar import LOCAL
from chancery.refusal import Reason, Refused

Kind = Literal["text", "whole", "number", "day", "moment", "yes_no"]
Value = str | int | float | Decimal | bool | date | datetime | None

YES: Final = frozenset({"是", "有", "true", "yes", "y", "1"})
NO: Final = frozenset({"否", "无", "false", "no", "n", "0"})
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
MOST_ROWS: Final = 50_000
MOST_PROBLEMS: Final = 200
LONGEST: Final = 32_767
"""Characters that one cell of a spreadsheet holds."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``key`` is its name in code, ``zh`` and ``en`` stand in the header, ``width`` counts characters."""

    key: str
    zh: str
    en: str
    kind: Kind = "text"
    width: int | None = None
    needed: bool = False

    @property
    def header(self) -> str:
        return f"{self.zh} {self.en}"

    def named(self, header: str) -> bool:
        """Whether a header means this column: its Chinese, its English, both, or its key."""
        said = _plain(header)
        return said in (_plain(self.header), _plain(self.zh), _plain(self.en), _plain(self.key))


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` give every column's value under its key; a moment is aware, and shown as Asia/Shanghai has it."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Value]]

    def picked(self, keys: Sequence[str]) -> "Table":
        """The same table with these columns, in this order."""
        known = {column.key: column for column in self.columns}
        return Table(self.title, tuple(known[key] for key in keys), self.rows)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of a file. ``number`` is the row as a spreadsheet numbers it: the header stands in row 1 or below."""

    number: int
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ReadTable:
    """What a file came to. Each problem's ``subject`` is the cell, ``B7``; rows with a problem are not among rows."""

    rows: tuple[ReadRow, ...]
    problems: tuple[Reason, ...]
    places: Mapping[str, str] = field(default_factory=dict[str, str])
    """Under which letter each column was found."""

    def place(self, row: int, key: str) -> str:
        """Where a value stands, for what a caller finds wrong with it: ``B7``."""
        return f"{self.places.get(key, '')}{row}"


class Formula(str):
    """A cell that holds a formula and not a value."""

    __slots__ = ()


def clean(text: str) -> str:
    """Text that any office file can hold: one kind of line end, and a visible mark for what cannot be printed."""
    return UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))


def letter(number: int) -> str:
    """The name of a column as spreadsheets count them from 1: A … Z, AA …"""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def rows_of(columns: Sequence[Column], lines: Iterable[Sequence[object]], most: int = MOST_ROWS) -> ReadTable:
    """Read the lines of a file: the first that holds anything is the header, empty ones are passed over.

    Raises:
        Refused: there is no header, a needed column is missing, a column stands twice, or there are too many rows
            (``malformed``); what is wrong with single cells is listed instead.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if any(not _empty(cell) for cell in line))
    head = next(numbered, None)
    if head is None:
        raise Refused(Reason("file_without_header"), kind="malformed")
    found = _found(columns, head)
    places = {column.key: letter(index + 1) for index, column in found.items()}
    rows: list[ReadRow] = []
    problems: list[Reason] = []
    taken = 0
    for number, line in islice(numbered, most + 1):
        taken += 1
        wrong = list(_wrong(found, number, line))
        if wrong:
            problems += wrong
        else:
            values = {column.key: _value(column, _at(line, index)) for index, column in found.items()}
            rows.append(ReadRow(number, values))
        if len(problems) >= MOST_PROBLEMS:
            break
    if taken > most:
        raise Refused(Reason("file_with_too_many_rows", params={"most": most}), kind="malformed")
    return ReadTable(tuple(rows), tuple(problems[:MOST_PROBLEMS]), places)


def _found(columns: Sequence[Column], head: tuple[int, Sequence[object]]) -> dict[int, Column]:
    number, line = head
    found: dict[int, Column] = {}
    problems: list[Reason] = []
    for index, cell in enumerate(line):
        meant = next((column for column in columns if isinstance(cell, str) and column.named(cell)), None)
        if meant is None:
            continue
        if meant in found.values():
            place = f"{letter(index + 1)}{number}"
            problems.append(Reason("column_stands_twice", params={"column": meant.header}, subject=place))
        found[index] = meant
    problems += [
        Reason("column_missing", params={"column": column.header}, subject=str(number))
        for column in columns
        if column.needed and column not in found.values()
    ]
    if problems or not found:
        raise Refused(*(problems or [Reason("file_without_header")]), kind="malformed")
    return found


def _wrong(found: Mapping[int, Column], number: int, line: Sequence[object]) -> Iterator[Reason]:
    for index, column in found.items():
        place, cell = f"{letter(index + 1)}{number}", _at(line, index)
        params = {"column": column.header}
        if isinstance(cell, Formula):
            yield Reason("cell_with_formula", params=params, subject=place)
        elif _empty(cell):
            if column.needed:
                yield Reason("cell_empty", params=params, subject=place)
        else:
            try:
                _value(column, cell)
            except (ValueError, OverflowError, InvalidOperation):
                said = params | {"found": str(cell)[:40]}
                yield Reason(f"cell_not_{column.kind}", params=said, subject=place)


def _value(column: Column, cell: object) -> Value:
    """A cell as its column means it.

    Raises:
        ValueError: it cannot be meant.
    """
    if _empty(cell):
        return None
    match column.kind:
        case "text":
            return _text(cell)
        case "whole":
            number = _number(cell)
            if number != number.to_integral_value():
                raise ValueError(cell)
            return int(number)
        case "number":
            return _number(cell)
        case "day":
            return _day(cell)
        case "moment":
            return _moment(cell)
        case "yes_no":
            return _yes_no(cell)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # spreadsheets keep every number as a float
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return clean(str(cell))


def _number(cell: object) -> Decimal:
    if isinstance(cell, bool):
        raise ValueError(cell)
    number = Decimal(str(cell).strip().replace(",", "").replace("，", ""))
    if not number.is_finite() or abs(number) > 10**15:
        raise ValueError(cell)
    return number


def _day(cell: object) -> date:
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise ValueError(cell)
        return cell.date()
    if isinstance(cell, date):
        return cell
    parts = re.fullmatch(
        r"\s*(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*日?\s*", str(cell), re.ASCII
    )
    if parts is None:
        raise ValueError(cell)
    return date(*(int(part) for part in parts.groups()))


def _moment(cell: object) -> datetime:
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=LOCAL)
    if isinstance(cell, date):
        return datetime.combine(cell, time(), LOCAL)
    said = str(cell).strip()
    try:
        read = datetime.fromisoformat(said)
    except ValueError:
        day, _, hour = said.rpartition(" ")
        read = datetime.combine(_day(day), time.fromisoformat(hour)) if day else datetime.combine(_day(said), time())
    return read if read.tzinfo else read.replace(tzinfo=LOCAL)


def _yes_no(cell: object) -> bool:
    if isinstance(cell, bool):
        return cell
    said = str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip().casefold()
    if said in YES or said in NO:
        return said in YES
    raise ValueError(cell)


def _at(line: Sequence[object], index: int) -> object:
    return line[index] if index < len(line) else None


def _empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not isinstance(cell, Formula) and not cell.strip())


def _plain(header: str) -> str:
    return "".join(header.split()).casefold().rstrip("*＊")
