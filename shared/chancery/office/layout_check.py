"""Read a paper that was made back, and say where it is otherwise than GB/T 9704 lays it out (版式自检).

What is measured stands in the file itself: the size of the page, where its characters are, the faces within, the text.
"""

import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree

from chancery.office.paper import BOTTOM, LEFT, LINE, RIGHT, TOP, WIDE, Paper, texts
from chancery.office.table import clean

if TYPE_CHECKING:  # loaded when the first paper is looked at
    from pypdf import PdfReader

A4: Final = (210.0, 297.0)
LINES: Final = 22
ACROSS: Final = 28
DOWN: Final = 225.0
BODY: Final = 16.0
POINT: Final = 25.4 / 72
EDGE: Final = 1.0
"""Millimetres by which a margin may be off, as the standard lets top and left be."""
MARKS: Final = frozenset("，。、；：！？）》”’〕」』")
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is otherwise than laid down: what, on which page, what was wanted and what was found."""

    what: str
    zh: str
    en: str
    wanted: str
    found: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What was read back. ``lines`` are those of body text on the fullest page, ``across`` characters of the fullest
    line; margins in millimetres, from the characters; ``fonts`` the families within, True where they are embedded.
    """

    form: str
    pages: int
    wide: float
    high: float
    left: float | None
    right: float | None
    top: float | None
    bottom: float | None
    lines: int | None
    across: int | None
    pitch: float | None
    fonts: Mapping[str, bool]
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class _Glyph:
    x: float
    y: float
    wide: float
    size: float
    text: str = ""

    @property
    def end(self) -> float:
        """Where it ends; a mark at the end of a line takes half of its place."""
        return self.x + (self.wide / 2 if self.text in MARKS else self.wide)


def look_at_pdf(content: bytes, paper: Paper, substitutes: Mapping[str, str] | None = None) -> Looked:
    """The paper as PDF. ``substitutes`` are faces printed in another family for want of their own."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(content))
    found: list[Deviation] = []
    wide, high = (round(float(side) * POINT, 1) for side in reader.pages[0].mediabox[2:])
    for number, page in enumerate(reader.pages, 1):
        size = tuple(round(float(side) * POINT, 1) for side in page.mediabox[2:])
        if any(abs(have - want) > 0.3 for have, want in zip(size, A4, strict=True)):
            found.append(_page_size(size, number))
    fonts = _fonts(reader)
    found += [
        Deviation("font_not_embedded", f"字体{name}没有嵌入", f"the face {name} is not embedded", "embedded", name)
        for name, embedded in fonts.items()
        if not embedded
    ]
    found += [
        Deviation("face_stands_in", f"{face}以{used}代替", f"{used} stands in for {face}", face, used)
        for face, used in (substitutes or {}).items()
    ]
    glyphs = {number: list(_glyphs(page)) for number, page in enumerate(reader.pages, 1)}
    body = {number: [one for one in of_page if abs(one.size - BODY) < 0.01] for number, of_page in glyphs.items()}
    measures = _measured(body, high / POINT)
    found += list(_margins(measures))
    read = "".join(page.extract_text() for page in reader.pages)
    found += _text_missing(paper, read)
    return Looked("pdf", len(reader.pages), wide, high, **measures, fonts=fonts, deviations=tuple(found))


def look_at_docx(content: bytes, paper: Paper) -> Looked:
    """The paper as DOCX: what its page is set to. Its faces are named and never within: machines have their own."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314  our own file, made just now
        more = [
            ElementTree.fromstring(archive.read(name))  # noqa: S314
            for name in archive.namelist()
            if re.fullmatch(r"word/(header|footer)\d+\.xml", name)
        ]
    section = next(root.iter(f"{W}sectPr"))
    size, margins, grid = (_attributes(section, name) for name in ("pgSz", "pgMar", "docGrid"))
    wide, high = _mm(size["w"]), _mm(size["h"])
    found: list[Deviation] = []
    if abs(wide - A4[0]) > 0.3 or abs(high - A4[1]) > 0.3:
        found.append(_page_size((wide, high), None))
    sides = {name: _mm(margins[name]) for name in ("left", "right", "top", "bottom")}
    pitch = round(int(grid.get("linePitch", "0")) / 20, 2)
    lines = int(DOWN / POINT / pitch + 0.001) if pitch else None
    across = int(WIDE / POINT / (BODY - 0.21) + 0.001)
    measures: dict[str, Any] = {**sides, "lines": lines, "across": across, "pitch": pitch}
    found += list(_margins(measures))
    said = "".join(node.text or "" for tree in (root, *more) for node in tree.iter(f"{W}t"))
    found += _text_missing(paper, said)
    names = sorted(
        {
            fonts.get(f"{W}eastAsia", "")
            for tree in (root, *more)
            for fonts in tree.iter(f"{W}rFonts")
            if fonts.get(f"{W}eastAsia")
        }
    )
    return Looked("docx", 0, wide, high, **measures, fonts=dict.fromkeys(names, False), deviations=tuple(found))


def _page_size(size: Sequence[float], page: int | None) -> Deviation:
    found = f"{size[0]}×{size[1]} mm"
    return Deviation("page_size", "纸张不是A4", "the page is not A4", "210×297 mm", found, page)


def _measured(body: Mapping[int, Sequence[_Glyph]], high: float) -> dict[str, Any]:
    """Margins, lines and pitch, from where the characters of the body stand."""
    every = [glyph for of_page in body.values() for glyph in of_page]
    if not every:
        return dict.fromkeys(("left", "right", "top", "bottom", "lines", "across", "pitch"))
    rows = {number: _rows(of_page) for number, of_page in body.items()}
    ascent, descent = 0.8 * BODY, 0.2 * BODY
    steps = Counter(
        round(first - second, 1)
        for of_page in rows.values()
        for first, second in pairwise(sorted(of_page, reverse=True))
        if first - second < 2 * LINE - 1
    )
    fullest = [len(row) for of_page in rows.values() for row in of_page.values()]
    right = max(glyph.end for glyph in every)
    return {
        "left": round(min(glyph.x for glyph in every) * POINT, 1),
        "right": round(A4[0] - right * POINT, 1),
        "top": round((high - max(glyph.y for glyph in every) - ascent) * POINT, 1),
        "bottom": round((min(glyph.y for glyph in every) - descent) * POINT, 1),
        "lines": max(len(of_page) for of_page in rows.values()),
        "across": max(fullest),
        "pitch": steps.most_common(1)[0][0] if steps else None,
    }


def _rows(glyphs: Sequence[_Glyph]) -> dict[float, list[_Glyph]]:
    """Full-width characters by the line they stand on."""
    found: dict[float, list[_Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.wide > 0.75 * BODY:
            found[round(glyph.y, 1)].append(glyph)
    return found


def _margins(measures: Mapping[str, Any]) -> Iterator[Deviation]:
    """Nothing may stand outside of the type area, no page has more lines, no line more characters than it holds."""
    edges = {"left": (LEFT, "左"), "right": (RIGHT, "右"), "top": (TOP, "上"), "bottom": (BOTTOM, "下")}
    for side, (want, zh) in edges.items():
        have = measures[side]
        if have is not None and have < want - EDGE:
            yield Deviation(
                f"{side}_margin", f"{zh}边距过窄", f"the {side} margin is too narrow", f"{want} mm", f"{have} mm"
            )
    if measures["lines"] is not None and measures["lines"] > LINES:
        yield Deviation("lines", "一面超过22行", "a page has more than 22 lines", str(LINES), str(measures["lines"]))
    if measures["across"] is not None and measures["across"] > ACROSS:
        found = str(measures["across"])
        yield Deviation("across", "一行超过28字", "a line has more than 28 characters", str(ACROSS), found)
    pitch = measures["pitch"]
    if pitch is not None and abs(pitch - LINE) > 0.1:
        yield Deviation("pitch", "行距不符", "the distance of lines is off", f"{LINE} pt", f"{pitch} pt")


def _text_missing(paper: Paper, read: str) -> list[Deviation]:
    """Characters of the paper that are not in the file."""
    title, *rest = texts(paper)
    del title  # the file says it of itself; on the page it stands as its own block
    wanted = Counter(one for _, text in rest if text != "— 0123456789 —" for one in clean(text) if not one.isspace())
    wanted.subtract(one for one in _normal(read) if not one.isspace())
    gone = "".join(sorted(one for one, count in wanted.items() if count > 0))
    return [Deviation("text", "文字不全", "text is missing", "all of it", gone[:40])] if gone else []


def _normal(text: str) -> str:
    """As it was written: a reader may give a radical's code for a character that looks the same."""
    return text.translate(RADICALS)


RADICALS: Final = {
    code: chr(int(plain, 16))
    for code, plain in {
        0x2F00: "4E00", 0x2F08: "4EBA", 0x2F0A: "5165", 0x2F12: "529B", 0x2F1D: "53E3", 0x2F1F: "571F", 0x2F20: "58EB",
        0x2F24: "5927", 0x2F25: "5973", 0x2F26: "5B50", 0x2F29: "5C0F", 0x2F2D: "5C71", 0x2F2F: "5DE5", 0x2F31: "5DFE",
        0x2F3C: "5FC3", 0x2F3E: "6236", 0x2F3F: "624B", 0x2F42: "6587", 0x2F45: "65B9", 0x2F47: "65E5", 0x2F49: "6708",
        0x2F4A: "6728", 0x2F4F: "6B62", 0x2F54: "6C34", 0x2F55: "706B", 0x2F63: "751F", 0x2F64: "7528", 0x2F65: "7530",
        0x2F6C: "76EE", 0x2F6F: "77F3", 0x2F72: "79BE", 0x2F74: "7ACB", 0x2F83: "81EA", 0x2F8F: "884C", 0x2F92: "898B",
        0x2F94: "8A00", 0x2F9E: "8EAB", 0x2F9F: "8ECA", 0x2FA5: "91CC", 0x2FA6: "91D1", 0x2FA7: "9577", 0x2FAF: "9762",
        0x2FB3: "97F3", 0x2FBC: "9AD8", 0x2F00 + 0x0C: "5182",
    }.items()
}  # fmt: skip


def _fonts(reader: "PdfReader") -> dict[str, bool]:
    found: dict[str, bool] = {}
    for page in reader.pages:
        held: Any = page.get("/Resources", {})
        fonts: Any = held.get("/Font", {}) if held else {}
        for font in (one.get_object() for one in fonts.values()):
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            held_by: Any = inner.get("/FontDescriptor")
            described: Any = held_by.get_object() if held_by is not None else ()
            name = str(font.get("/BaseFont", "/?")).lstrip("/").partition("+")
            within = any(f"/FontFile{kind}" in described for kind in ("", "2", "3"))
            found[name[2] or name[0]] = within
    return found


def _glyphs(page: Any) -> Iterator[_Glyph]:
    """Every glyph with its place: of a page whose text is shown by codes of two bytes, as ours are."""
    from pypdf.generic import ContentStream

    contents = page.get_contents()
    if contents is None:
        return
    widths, said = _widths(page), _said(page)
    matrix, line, stack = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), list[Any]()
    place, font, size, spacing = line, "", 1.0, 0.0
    for operands, raw in ContentStream(contents, page.pdf).operations:
        match raw:
            case b"q":
                stack.append((matrix, font, size, spacing))
            case b"Q" if stack:
                matrix, font, size, spacing = stack.pop()
            case b"cm":
                matrix = _times(_six(operands), matrix)
            case b"BT":
                place = line = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
            case b"Tf":
                font, size = str(operands[0]), float(operands[1])
            case b"Tc":
                spacing = float(operands[0])
            case b"Tm":
                place = line = _six(operands)
            case b"Td" | b"TD":
                place = line = _times((1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1])), line)
            case b"Tj" | b"TJ":
                parts = operands[0] if raw == b"TJ" else [operands[0]]
                for part in parts:
                    if isinstance(part, (int, float)):
                        place = _times((1.0, 0.0, 0.0, 1.0, -float(part) / 1000 * size, 0.0), place)
                        continue
                    code = getattr(part, "original_bytes", None) or bytes(part)
                    for at in range(0, len(code), 2):
                        number = int.from_bytes(code[at : at + 2], "big")
                        wide = widths[font].get(number, 1000.0) / 1000 * size
                        shown = _times(place, matrix)
                        scale = (shown[0] ** 2 + shown[1] ** 2) ** 0.5
                        if wide and not said[font].get(number, "").isspace():
                            yield _Glyph(
                                shown[4], shown[5], wide * scale, round(size * scale, 2), said[font].get(number, "")
                            )
                        place = _times((1.0, 0.0, 0.0, 1.0, wide + spacing, 0.0), place)
            case _:
                pass


def _widths(page: Any) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for name, held in page["/Resources"].get("/Font", {}).items():
        font = held.get_object()
        widths: dict[int, float] = {}
        if "/DescendantFonts" in font:
            given = list(font["/DescendantFonts"][0].get_object().get("/W", []))
            while given:
                first = int(given.pop(0))
                then = given.pop(0).get_object()
                if isinstance(then, list):
                    widths |= {first + at: float(wide) for at, wide in enumerate(then)}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
                else:
                    widths |= dict.fromkeys(range(first, int(then) + 1), float(given.pop(0)))
        found[str(name)] = widths
    return found


def _said(page: Any) -> dict[str, dict[int, str]]:
    """What each code of each face stands for."""
    found: dict[str, dict[int, str]] = {}
    for name, held in page["/Resources"].get("/Font", {}).items():
        font = held.get_object()
        table = font["/ToUnicode"].get_object().get_data().decode("latin-1") if "/ToUnicode" in font else ""
        pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>\s*$", table, re.MULTILINE)
        found[str(name)] = {int(code, 16): chr(int(plain, 16)) for code, plain in pairs}
    return found


def _six(operands: Any) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = (float(one) for one in operands)
    return a, b, c, d, e, f


def _times(
    first: tuple[float, float, float, float, float, float], then: tuple[float, float, float, float, float, float]
) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _attributes(section: Any, name: str) -> dict[str, str]:
    found = section.find(f"{W}{name}")
    return {} if found is None else {key.removeprefix(W): value for key, value in found.attrib.items()}


def _mm(twips: str) -> float:
    return round(int(twips) / 20 * POINT, 1)
