# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# python-docx leaves part of its own types open.
"""Papers as DOCX: margins, character grid and East Asian fonts as GB/T 9704 has them.

The fonts are named, not embedded: an office's own machines have them, another shows what it puts in their place.
"""

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any, Final, cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from chancery.calendar import LOCAL
from chancery.office.paper import (
    BOTTOM,
    LEFT,
    LINE,
    RIGHT,
    TOP,
    TRACKING,
    WIDE,
    Align,
    Cell,
    Face,
    Gap,
    Grid,
    Imprint,
    LetterMark,
    Line,
    Mark,
    Paper,
    Signed,
    Title,
)
from chancery.office.table import clean

NAMES: Final[dict[Face, str]] = {
    "body": "仿宋_GB2312",
    "hei": "黑体",
    "kai": "楷体_GB2312",
    "song": "宋体",
    "title": "方正小标宋简体",
}
ALIGN: Final[dict[Align, WD_ALIGN_PARAGRAPH]] = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
RED: Final = RGBColor(0xD7, 0x00, 0x0F)


def write(paper: Paper) -> bytes:
    """The paper as a document that Word and WPS open."""
    document = Document()
    _page(document, numbered=paper.numbered, letter=paper.letter)
    document.core_properties.title = clean(paper.title)[:255]
    document.core_properties.author = "chancery"
    made = datetime.combine(paper.made_on, time(), LOCAL).astimezone(UTC).replace(tzinfo=None)
    document.core_properties.created = document.core_properties.modified = made
    for block in paper.blocks:
        match block:
            case Line():
                _line(document, block)
            case Title():
                _title(document, block)
            case Mark():
                _mark(document, block)
            case LetterMark():
                _letter(document, block)
            case Signed():
                _signed(document, block)
            case Grid():
                _grid(document, block)
            case Imprint():
                _imprint(document, block)
            case Gap():
                for _ in range(round(block.lines)):
                    _paragraph(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _page(document: DocumentObject, *, numbered: bool, letter: bool = False) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.footer_distance = Mm(25.5)
    properties = section._sectPr  # pyright: ignore[reportPrivateUsage]  python-docx has no grid of its own
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    _under(properties, "w:docGrid", type="lines", linePitch=579)
    normal: Any = document.styles["Normal"]
    normal.font.size = Pt(16)
    _faced(normal.element.get_or_add_rPr(), "body")
    if letter:
        section.footer_distance = Mm(20)
        section.different_first_page_header_footer = True
        foot = section.first_page_footer.paragraphs[0]
        _set(foot, "centre", LINE)
        _double(foot, bottom=True)
    if not numbered:
        return
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = ALIGN[cast("Align", side)]
        if letter:
            paragraph.paragraph_format.space_after = Mm(5.5)
        if side == "right":
            paragraph.paragraph_format.right_indent = Pt(14)
        else:
            paragraph.paragraph_format.left_indent = Pt(14)
        _run(paragraph, "— ", "song", 14)
        _number(paragraph)
        _run(paragraph, " —", "song", 14)


def _number(paragraph: Paragraph) -> None:
    for kind in ("begin", None, "end"):
        run = _run(paragraph, "", "song", 14)
        if kind is None:
            said = _under(run, "w:instrText")
            said.text = "PAGE"
        else:
            _under(run, "w:fldChar", fldCharType=kind)


def _paragraph(holder: Any, align: Align = "justify", *, line: float | None = LINE) -> Paragraph:
    paragraph = cast("Paragraph", holder.add_paragraph())
    _set(paragraph, align, line)
    return paragraph


def _set(paragraph: Paragraph, align: Align, line: float | None) -> None:
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    if line is not None:
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        form.line_spacing = Pt(line)
    paragraph.alignment = ALIGN[align]


def _run(paragraph: Paragraph, text: str, face: Face, size: float, *, red: bool = False) -> Any:
    """A run of text; a line end within it stays one. Gives its element."""
    run = paragraph.add_run(clean(text))
    run.font.size = Pt(size)
    if red:
        run.font.color.rgb = RED
    element: Any = run._r  # pyright: ignore[reportPrivateUsage]  the East Asian face has no other way in
    properties = element.get_or_add_rPr()
    _faced(properties, face)
    if size == 16:
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), str(round(TRACKING * 20)))  # 28 characters a line, on any reader's grid or none
        properties.insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:u")
    return element


def _faced(properties: Any, face: Face) -> None:
    """Name the face for Chinese and for digits alike; python-docx alone names it for Latin only."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), NAMES[face])


def _line(document: DocumentObject, line: Line) -> None:
    paragraph = _paragraph(document, line.align, line=line.size * 1.45 if line.close else LINE)
    if line.size != 16:
        _free(paragraph)
    if line.indent:
        _indent(paragraph, line.size)
    for run in line.runs:
        _run(paragraph, run.text, run.face, line.size, red=run.red)


def _indent(paragraph: Paragraph, size: float) -> None:
    """Two characters, counted as characters so that they stay two in another size."""
    paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    properties: Any = paragraph._p.get_or_add_pPr()  # pyright: ignore[reportPrivateUsage]
    properties.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")


def _title(document: DocumentObject, title: Title) -> None:
    _paragraph(document)
    for line in title.lines:
        heading = _paragraph(document, "centre", line=33)
        _free(heading)
        _run(heading, line, "title", 22)
    _paragraph(document)


def _mark(document: DocumentObject, mark: Mark) -> None:
    corner = _paragraph(document, "left" if mark.left else "right")
    corner.paragraph_format.space_after = max(Mm(mark.down) - Pt(LINE), Pt(0))
    if mark.left:
        corner.paragraph_format.tab_stops.add_tab_stop(Mm(WIDE), WD_TAB_ALIGNMENT.RIGHT)
    _run(corner, f"{mark.left}\t{mark.corner}" if mark.left else mark.corner, "hei", 16)
    if mark.joint:
        _joint(document, mark)
    else:
        red = _paragraph(document, "centre", line=mark.fits * 1.25)
        _free(red)
        _run(red, mark.text, "title", mark.fits, red=True)
    if not (mark.ruled or mark.number or mark.signers):
        return
    _paragraph(document)
    _paragraph(document)
    paragraph = _paragraph(document, "left" if mark.right or mark.signers else "centre")
    if mark.right or mark.signers:
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(WIDE) - Pt(16), WD_TAB_ALIGNMENT.RIGHT)
        _run(paragraph, f"　{mark.number}\t{mark.right}", "body", 16)
        if mark.signers:
            _run(paragraph, "签发人：", "body", 16)
            _run(paragraph, "　".join(mark.signers), "kai", 16)
    else:
        _run(paragraph, mark.number, "body", 16)
    if mark.ruled:
        _ruled(paragraph, bottom=(8, 11), colour="D7000F")
    _paragraph(document)


def _joint(document: DocumentObject, mark: Mark) -> None:
    """The issuers one under the other, each as wide as the longest, and what they issue beside them."""
    wide = max(len(name) for name in mark.joint)
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    size = mark.fits
    names, kind = table.rows[0].cells
    widths = Pt(size * wide + 14), Pt(size * len(mark.text) + 18)
    names.width, kind.width = widths
    table.columns[0].width, table.columns[1].width = widths
    kind.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for number, name in enumerate(mark.joint):
        line = names.paragraphs[0] if number == 0 else names.add_paragraph()
        _set(line, "centre", size * 1.3)
        _free(line)
        line.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.DISTRIBUTE
        _run(line, name, "title", size, red=True)
    beside = kind.paragraphs[0]
    _set(beside, "centre", size * 1.3)
    _free(beside)
    _run(beside, mark.text, "title", size, red=True)


def _letter(document: DocumentObject, mark: LetterMark) -> None:
    """The mark stands 30 mm under the edge of the page: 7 mm above the type area, so it goes into the header."""
    section = document.sections[0]
    section.header_distance = Mm(30)
    head = section.first_page_header.paragraphs[0]
    _set(head, "centre", mark.fits * 1.15)
    _free(head)
    _run(head, mark.text, "title", mark.fits, red=True)
    _double(head, bottom=False)
    number = _paragraph(document, "left" if mark.left else "right")
    if mark.left:
        number.paragraph_format.tab_stops.add_tab_stop(Mm(WIDE), WD_TAB_ALIGNMENT.RIGHT)
        _run(number, mark.left, "hei", 16)
    _run(number, f"\t{mark.number}" if mark.left else mark.number, "body", 16)
    _paragraph(document)


def _double(paragraph: Paragraph, *, bottom: bool) -> None:
    """A red double rule of 170 mm: seven millimetres wider than the type area at either side."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm((WIDE - 170) / 2)
    kind = "thinThickSmallGap" if bottom else "thickThinSmallGap"
    _ruled(paragraph, bottom=(18, 0 if bottom else 11), colour="D7000F", kind=kind)


def _signed(document: DocumentObject, signed: Signed) -> None:
    issuer = f"{signed.post}　{signed.issuer}" if signed.post else signed.issuer
    step = 16 + TRACKING
    wide, long = _across(issuer) * step, _across(signed.day) * step
    if not signed.sealed:
        days = wide - 2 * step - long
        own = max(2 * step, 2 * step - days)
        at = max(0.0, own + days)
    elif wide > long:
        own = 2 * step
        at = own + (wide - long) / 2
    else:
        at = 4 * step
        own = at + (long - wide) / 2
    _paragraph(document)
    for text, right in ((issuer, own), (signed.day, at)):
        line = _paragraph(document, "right")
        line.paragraph_format.right_indent = Pt(round(right, 1))
        line.paragraph_format.keep_together = True
        line.paragraph_format.keep_with_next = text == issuer
        _run(line, text, "body", 16)


def _across(text: str) -> float:
    """How many characters wide a text is: digits and Latin letters are half as wide."""
    return sum(0.5 if ord(character) < 0x2E80 and character not in "“”‘’…—" else 1 for character in text)


def _ruled(paragraph: Paragraph, *, colour: str = "000000", kind: str = "single", **sides: tuple[int, int]) -> None:
    """Rules above or below a paragraph: eighths of a point thick, so many points away."""
    properties: Any = paragraph._p.get_or_add_pPr()  # pyright: ignore[reportPrivateUsage]
    borders = OxmlElement("w:pBdr")
    for side, (thick, away) in sides.items():
        _under(borders, f"w:{side}", val=kind, sz=thick, space=away, color=colour)
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _grid(document: DocumentObject, grid: Grid) -> None:
    table = document.add_table(rows=len(grid.rows), cols=len(grid.widths))
    table.style = "Table Grid"
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, grid.widths, strict=True):
        column.width = Mm(width)
    for number, row in enumerate(grid.rows):
        properties: Any = table.rows[number]._tr.get_or_add_trPr()  # pyright: ignore[reportPrivateUsage]
        if number < grid.top_rows:
            _under(properties, "w:tblHeader")
        _under(properties, "w:cantSplit")
        place = 0
        for cell in row:
            held = table.cell(number, place)
            if cell.across > 1:
                held = held.merge(table.cell(number, place + cell.across - 1))
            held.width = Mm(sum(grid.widths[place : place + cell.across]))
            _filled(held, cell, grid)
            place += cell.across


def _filled(held: Any, cell: Cell, grid: Grid) -> None:
    held.vertical_alignment = 1
    paragraph = cast("Paragraph", held.paragraphs[0])
    _set(paragraph, cell.align, grid.size * 1.5)
    _free(paragraph)
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Mm(grid.inset / 2)
    _run(paragraph, cell.text, "hei" if cell.label else "body", grid.size)


def _imprint(document: DocumentObject, imprint: Imprint) -> None:
    """A table without side rules that stands at the foot of the last page."""
    if not imprint.ruled:
        if imprint.copies:
            line = _paragraph(document, "left", line=24)
            _free(line)
            line.paragraph_format.left_indent = Pt(14)
            _run(line, imprint.copies, "body", 14)
        return
    lines = [(imprint.copies, "")] if imprint.copies else []
    lines.append((imprint.issuer, imprint.day))
    if imprint.printed:
        lines.append(("", imprint.printed))
    table = document.add_table(rows=len(lines), cols=1)
    table.autofit = False
    table.columns[0].width = Mm(WIDE)
    properties = table._tbl.tblPr  # pyright: ignore[reportPrivateUsage]  python-docx has no word for a place
    borders = OxmlElement("w:tblBorders")
    for side, thick in (("top", 8), ("bottom", 8), ("insideH", 6)):
        _under(borders, f"w:{side}", val="single", sz=thick, space=0, color="000000")
    properties.append(borders)
    place = OxmlElement("w:tblpPr")
    where = {"vertAnchor": "margin", "horzAnchor": "margin", "tblpXSpec": "left", "tblpYSpec": "bottom"}
    for name, value in where.items():
        place.set(qn(f"w:{name}"), value)
    style: Any = properties.find(qn("w:tblStyle"))
    properties.insert(0 if style is None else 1, place)
    for number, (left, right) in enumerate(lines):
        cell = table.cell(number, 0)
        cell.width = Mm(WIDE)
        paragraph = cell.paragraphs[0]
        _set(paragraph, "left", 24)
        _free(paragraph)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(WIDE) - Pt(25), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.paragraph_format.left_indent = Pt(10)
        _run(paragraph, f"{left}\t{right}" if right else left, "body", 14)
    _paragraph(document, line=1)


def _free(paragraph: Paragraph) -> None:
    """Off the character grid, which is made for 16 points."""
    properties: Any = paragraph._p.get_or_add_pPr()  # pyright: ignore[reportPrivateUsage]
    free = OxmlElement("w:snapToGrid")
    free.set(qn("w:val"), "0")
    properties.insert_element_before(free, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")


def _under(parent: Any, tag: str, **attributes: object) -> Any:
    """A child element with its attributes, the last of its parent."""
    child: Any = OxmlElement(tag)
    for name, value in attributes.items():
        child.set(qn(f"w:{name}"), str(value))
    parent.append(child)
    return child
