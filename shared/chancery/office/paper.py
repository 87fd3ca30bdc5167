"""What stands on a paper, said once: ``docx`` and ``pdf`` write the same, on a page as GB/T 9704 lays it out.

Nothing here is markup: text is text, whoever wrote it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from chancery.office.table import clean

Face = Literal["body", "hei", "kai", "song", "title"]
"""仿宋, 黑体, 楷体, 宋体, 小标宋."""
Align = Literal["left", "centre", "right", "justify"]

LEFT: Final = 28.0
RIGHT: Final = 26.0
TOP: Final = 37.0
BOTTOM: Final = 35.0
WIDE: Final = 156.0
"""The type area across, in millimetres; 225 down."""
LINE: Final = 28.95
"""Points from one line to the next: 22 lines in the type area."""
TRACKING: Final = -0.21
"""Points by which characters of 16 points stand closer, so that 28 of them make a line."""


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    face: Face = "body"
    red: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. ``size`` in points; ``indent`` is a first line two characters in; ``lead`` lets the size decide
    the distance of lines where small print stands closer.
    """

    runs: tuple[Run, ...]
    align: Align = "justify"
    indent: bool = True
    size: float = 16
    close: bool = False

    @classmethod
    def of(cls, text: str, face: Face = "body", **how: Any) -> "Line":
        return cls((Run(text, face),), **how)


@dataclass(frozen=True, slots=True)
class Title:
    """The title, 2号小标宋, centred; each part on a line of its own."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """The red mark of the issuer, the number two lines under it, and the red rule 4 mm below (发文机关标志).

    The mark stands ``down`` millimetres under the top of the type area; ``corner`` is printed above it, at the right.
    ``signers`` are those who signed a document that goes up (签发人): the number moves to the left then. ``joint`` are
    the issuers of a joint document, the lead first, one under the other, with ``text`` beside them. Without ``ruled``
    no rule follows: an order has none.
    """

    text: str
    number: str = ""
    right: str = ""
    corner: str = ""
    size: float = 36
    down: float = 35
    signers: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    ruled: bool = True
    left: str = ""
    """How urgent it is, above the mark at the left."""

    @property
    def fits(self) -> float:
        """The size at which it stays on one line."""
        across = len(self.text) + max((len(name) for name in self.joint), default=0)
        return min(self.size, float(440 // max(across, 1)))


@dataclass(frozen=True, slots=True)
class LetterMark:
    """The head of a letter (信函): the red mark 30 mm under the edge of the page, a red double rule of 170 mm under it,
    the number at the right under that; another double rule at the foot of the first page, which has no number.
    """

    text: str
    number: str = ""
    size: float = 36
    left: str = ""

    @property
    def fits(self) -> float:
        """The size at which it stays on one line."""
        return min(self.size, float(440 // max(len(self.text), 1)))


@dataclass(frozen=True, slots=True)
class Signed:
    """Whose it is and from which day (发文机关署名、成文日期).

    Under a seal the day ends four characters from the right edge and the issuer stands centred above it; without one
    the issuer ends two characters from the right and the day begins two characters right of where the issuer begins.
    ``post`` is that of whoever signs an order, with his name in ``issuer``.
    """

    issuer: str
    day: str
    sealed: bool = True
    post: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a form: a label in 黑体 or what was filled in. Line ends in the text stay."""

    text: str
    label: bool = False
    across: int = 1
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled form. ``widths`` in millimetres; ``top_rows`` come again on every page."""

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    top_rows: int = 0
    size: float = 12
    inset: float = 2.2


@dataclass(frozen=True, slots=True)
class Imprint:
    """The note at the foot of the last page between its rules (版记)."""

    copies: str
    issuer: str
    day: str
    ruled: bool = True
    """A letter's has no rules, no issuer and no day."""
    printed: str = ""
    """How many copies were printed, in a row of its own."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty lines."""

    lines: float = 1


Block = Line | Title | Mark | LetterMark | Signed | Grid | Imprint | Gap


@dataclass(frozen=True, slots=True)
class Paper:
    """``title`` and ``made_on`` are what the file says of itself. ``numbered``: pages carry their number."""

    title: str
    made_on: date
    blocks: Sequence[Block] = field(default_factory=tuple[Block, ...])
    numbered: bool = True

    @property
    def letter(self) -> bool:
        """Whether it has the head of a letter."""
        return any(isinstance(block, LetterMark) for block in self.blocks)


def texts(paper: Paper) -> Iterator[tuple[Face, str]]:
    """Everything that is printed, with the face it is printed in."""
    yield "title", paper.title
    if paper.numbered:
        yield "song", "— 0123456789 —"
    for block in paper.blocks:
        match block:
            case Line():
                for run in block.runs:
                    yield run.face, run.text
            case Title():
                for line in block.lines:
                    yield "title", line
            case Mark():
                yield "title", block.text
                yield "title", "".join(block.joint)
                yield "body", block.number + block.right + ("签发人：" if block.signers else "")
                yield "kai", "".join(block.signers)
                yield "hei", block.corner + block.left
            case LetterMark():
                yield "title", block.text
                yield "body", block.number
                yield "hei", block.left
            case Signed():
                yield "body", block.issuer + block.day + block.post
            case Grid():
                for cell in (cell for row in block.rows for cell in row):
                    yield "hei" if cell.label else "body", cell.text
            case Imprint():
                yield "body", block.copies + (block.issuer + block.day + block.printed if block.ruled else "")
            case Gap():
                pass


def as_data(paper: Paper) -> Mapping[str, Any]:
    """The paper as plain values, in the shape in which the layout reads it."""
    return {
        "title": _flat(paper.title),
        "made_on": [paper.made_on.year, paper.made_on.month, paper.made_on.day],
        "numbered": paper.numbered,
        "letter": paper.letter,
        "blocks": [
            _block(block) | ({"sticky": isinstance(then, Signed) and _short(block)} if isinstance(block, Line) else {})
            for block, then in zip(paper.blocks, (*paper.blocks[1:], None), strict=True)
        ],
    }


def _short(line: Line) -> bool:
    """Whether a paragraph may move to the next page as a whole, so that no signature stands on a page alone."""
    return sum(len(run.text) for run in line.runs) <= 8 * 28


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Line():
            runs = [{"text": clean(run.text), "face": run.face, "red": run.red} for run in block.runs]
            how = {"align": block.align, "indent": block.indent, "size": block.size, "close": block.close}
            return {"kind": "line", "runs": runs, **how}
        case Title():
            return {"kind": "title", "lines": [_flat(line) for line in block.lines]}
        case Mark():
            said = {"text": _flat(block.text), "number": _flat(block.number), "right": _flat(block.right)}
            where = {"size": block.fits, "down": block.down, "corner": _flat(block.corner), "left": _flat(block.left)}
            who = {"signers": [_flat(name) for name in block.signers], "joint": [_flat(name) for name in block.joint]}
            return {"kind": "mark", "ruled": block.ruled, **where, **said, **who}
        case LetterMark():
            said = {"text": _flat(block.text), "number": _flat(block.number), "size": block.fits}
            return {"kind": "letter", "left": _flat(block.left), **said}
        case Signed():
            said = {"issuer": _flat(block.issuer), "day": _flat(block.day), "post": _flat(block.post)}
            return {"kind": "signed", "sealed": block.sealed, **said}
        case Grid():
            rows = [
                [
                    {"text": clean(cell.text), "label": cell.label, "across": cell.across, "align": cell.align}
                    for cell in row
                ]
                for row in block.rows
            ]
            how = {"widths": list(block.widths), "top_rows": block.top_rows, "size": block.size, "inset": block.inset}
            return {"kind": "grid", "rows": rows, **how}
        case Imprint():
            said = {"copies": _flat(block.copies), "issuer": _flat(block.issuer), "day": _flat(block.day)}
            said["printed"] = _flat(block.printed)
            return {"kind": "imprint", "ruled": block.ruled, **said}
        case Gap():
            return {"kind": "gap", "lines": block.lines}


def _flat(text: str) -> str:
    return " ".join(clean(text).split("\n"))


def numeral(number: int) -> str:
    """A number from 1 to 99 as headings count: 一, 十, 二十一."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not 1 <= number <= 99:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")
