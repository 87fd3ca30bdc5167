"""Turn a file into plain text with its lines (读取): paste and TXT, HTML, DOCX, PDF. Pure: bytes in, text out.

A file that is broken, encrypted, too large once unpacked or of no known form is refused with one reason; no file,
however made, brings anything else.
"""

import importlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chancery.refusal import Reason, Refused

if TYPE_CHECKING:  # loaded when the first of its kind is read
    from docx.document import Document as DocxDocument
    from docx.table import Table
    from docx.text.paragraph import Paragraph

ETREE: Final[Any] = importlib.import_module("lxml.etree")
"""lxml says nothing of its types."""
MOST_LETTERS: Final = 4_000_000
MOST_UNPACKED: Final = 64 * 1_048_576
MOST_PARTS: Final = 4_000
MOST_PAGES: Final = 2_000
HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6", "title")
TABLES: Final = ("table", "thead", "tbody", "tr")
LISTS: Final = ("li", "ul", "ol", "dl", "dt", "dd")
PARTS: Final = ("p", "div", "br", "hr", "pre", "section", "article", "header", "footer", "body")
BLOCKS: Final = frozenset((*HEADINGS, *TABLES, *LISTS, *PARTS))
SILENT: Final = frozenset(("script", "style", "noscript", "template", "head", "svg"))
ENCODINGS: Final = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a file may be once it is unpacked."""

    letters: int = MOST_LETTERS
    unpacked: int = MOST_UNPACKED
    parts: int = MOST_PARTS
    pages: int = MOST_PAGES


USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read. ``form`` is txt, html, docx or pdf; pages are parted by a form feed at the start of a line."""

    text: str
    form: str
    pages: int | None = None


def read(content: bytes, limits: Limits = USUAL) -> Sheet:
    """The text of a file, told by its bytes and not by its name.

    Raises:
        Refused: (malformed) nothing is in it, it is broken, encrypted, too large or no form known here.
    """
    if not content.strip():
        raise _no(Reason("document_empty"))
    sheet = _read(content, limits)
    if len(sheet.text) > limits.letters:
        raise _no(Reason("document_too_long", params={"most": limits.letters}))
    if not sheet.text.strip():
        raise _no(Reason("document_without_text", params={"form": sheet.form}))
    return sheet


def _read(content: bytes, limits: Limits) -> Sheet:
    if content.startswith(b"%PDF-"):
        return _pdf(content, limits)
    if content.startswith(b"PK\x03\x04"):
        return _docx(content, limits)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _no(Reason("document_old_or_encrypted"))
    text = _decoded(content)
    if re.match(r"\s*(?:<!doctype html|<html|<head|<body|<\?xml|<!--|<div|<p[ >]|<table)", text[:400], re.IGNORECASE):
        return Sheet(_html(text), "html")
    return Sheet(settled(text), "txt")


def settled(text: str) -> str:
    """Line ends of one kind; characters no text should hold become spaces, so that no offset moves."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufeff]", " ", text)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _no(Reason("document_unreadable"))


def _html(text: str) -> str:
    parser = ETREE.HTMLParser(encoding="utf-8", recover=True, remove_comments=True, no_network=True, huge_tree=False)
    try:
        tree = ETREE.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode(), parser)
        raw = "".join(_spoken(tree)) if tree is not None else ""
    except (ValueError, SyntaxError, RecursionError) as error:  # lxml's own is a SyntaxError
        raise _no(Reason("document_broken", params={"form": "html"})) from error
    lines = (re.sub(r"\xa0", " ", line).strip() for line in settled(raw).split("\n"))
    return "\n".join(line for line in lines if line)


def _spoken(tree: Any) -> Iterator[str]:
    """The words of a page in order; blocks and rows begin a line, cells of a row stand apart by spaces."""
    stack: list[tuple[Any, bool]] = [(tree, False)]
    while stack:
        node, left = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else None
        if left:
            if tag in BLOCKS:
                yield "\n"
            elif tag in ("td", "th"):
                yield "   "
            yield _flat(node.tail)
            continue
        stack.append((node, True))
        if tag is None or tag in SILENT:
            continue
        if tag in BLOCKS:
            yield "\n"
        yield _flat(node.text)
        stack += [(child, False) for child in reversed(list(node))]


def _flat(text: str | None) -> str:
    """Line ends within a page's source are only spaces."""
    return re.sub(r"[\r\n\t]+", "", text or "")


def _docx(content: bytes, limits: Limits) -> Sheet:
    import docx

    _unpacks(content, limits)
    try:
        document = docx.Document(io.BytesIO(content))
        lines = list(_lines_of(document))
    except Exception as error:  # python-docx and lxml raise whatever a damaged part makes of them
        raise _no(Reason("document_broken", params={"form": "docx"})) from error
    return Sheet(settled("\n".join(lines)), "docx")


def _lines_of(document: "DocxDocument") -> Iterator[str]:
    """Head lines, text with its tables in order, foot lines: a marking may stand in any of them."""
    from docx.text.paragraph import Paragraph

    for section in document.sections:
        for part in (section.header, section.first_page_header):
            yield from (one.text for one in part.paragraphs if one.text.strip())
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block.text
            yield from _boxes(block)
        else:
            yield from _rows(block)
    for section in document.sections:
        for part in (section.footer, section.first_page_footer):
            yield from (one.text for one in part.paragraphs if one.text.strip())


def _boxes(paragraph: "Paragraph") -> Iterator[str]:
    """What stands in text boxes, which the text of a paragraph leaves out."""
    seen: set[str] = set()
    for box in paragraph._p.xpath(".//w:txbxContent//w:p"):  # pyright: ignore[reportPrivateUsage]
        text = "".join(piece.text or "" for piece in box.xpath(".//w:t"))
        if text.strip() and text not in seen:
            seen.add(text)
            yield text


def _rows(table: "Table") -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = " ".join(cell.text.split())
            if text and (not cells or cells[-1] != text):
                cells.append(text)
        if cells:
            yield "   ".join(cells)


def _unpacks(content: bytes, limits: Limits) -> None:
    """Look at the archive before anything unpacks it: how many parts, how large each says and proves to be."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if "word/document.xml" not in archive.namelist():
                raise _no(Reason("document_unreadable"))
            if any(part.flag_bits & 1 for part in parts):
                raise _no(Reason("document_old_or_encrypted"))
            if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
                raise _no(Reason("file_too_large_unpacked"))
            left = limits.unpacked
            for part in parts:
                with archive.open(part) as stream:
                    while piece := stream.read(1_048_576):
                        left -= len(piece)
                        if left < 0:
                            raise _no(Reason("file_too_large_unpacked"))
    except Refused:
        raise
    except Exception as error:  # zipfile raises what the damaged headers make of it
        raise _no(Reason("document_broken", params={"form": "docx"})) from error


def _pdf(content: bytes, limits: Limits) -> Sheet:
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _no(Reason("document_old_or_encrypted"))
        if len(reader.pages) > limits.pages:
            raise _no(Reason("document_too_many_pages", params={"most": limits.pages}))
        texts: list[str] = []
        left = limits.letters
        for page in reader.pages:
            texts.append(page.extract_text())
            left -= len(texts[-1])
            if left < 0:
                raise _no(Reason("document_too_long", params={"most": limits.letters}))
    except Refused:
        raise
    except Exception as error:  # pypdf raises whatever a damaged file makes of it
        raise _no(Reason("document_broken", params={"form": "pdf"})) from error
    return Sheet(settled("\n\f".join(texts)), "pdf", len(texts))


def _no(reason: Reason) -> Refused:
    return Refused(reason, kind="malformed")
