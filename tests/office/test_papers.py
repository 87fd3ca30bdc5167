"""Papers as PDF and DOCX: the page of GB/T 9704, text that stays text, and no box instead of a character."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from chancery.office import docx, pdf
from chancery.office.fonts import type_in
from chancery.office.paper import Cell, Grid, Imprint, Line, Mark, Paper, Run, Title, numeral, texts
from chancery.refusal import Refused

ON = date(2022, 2, 14)
POINTS = 72 / 25.4
MARKUP = (
    "#strong[x]",
    '#read("/etc/passwd")',
    "$1+1$ *a* _b_ `c`",
    "@ref <label> // no /* no */",
    '") #sys.inputs ("',
    "\\u{41} \\ #let a = 1",
)


def paper(*blocks: Any, **how: Any) -> Paper:
    return Paper("外出请假审批单", ON, blocks, **how)


def pages(content: bytes) -> list[list[tuple[float, float, str]]]:
    """Every piece of text of each page: millimetres from the left, from the top, and what it says."""
    found: list[list[tuple[float, float, str]]] = []
    for page in PdfReader(BytesIO(content)).pages:
        pieces: list[tuple[float, float, str]] = []

        def seen(text: str, page: Any, matrix: Any, _font: Any, _size: float, *, into: Any = pieces) -> None:
            if text.strip():
                across = matrix[4] * page[0] + matrix[5] * page[2] + page[4]
                up = matrix[4] * page[1] + matrix[5] * page[3] + page[5]
                into.append((across / POINTS, 297 - up / POINTS, text.strip()))

        page.extract_text(visitor_text=seen)
        found.append(pieces)
    return found


def said(content: bytes) -> str:
    """The text, without spaces: where a reader parts words is its own affair."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages)


def test_the_page_is_that_of_the_standard() -> None:
    """GB/T 9704: 28 characters a line, 22 lines a page, the type area 156 by 225 mm, page numbers below it."""
    text = "字" * 28 * 30
    content = pdf.write(paper(Line.of(text, indent=False)))
    reader = PdfReader(BytesIO(content))
    assert [round(float(side) / POINTS) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    lines = [line for line in reader.pages[0].extract_text().splitlines() if "字" in line]
    assert len(lines) == 22
    assert {len(line.strip()) for line in lines} == {28}
    first, second = pages(content)
    tops = sorted({round(top, 1) for _, top, piece in first if "字" in piece})
    assert min(left for left, _, _ in first) == pytest.approx(28, abs=0.1)
    assert tops[0] == pytest.approx(37 + 0.8 * 16 / POINTS, abs=0.3)
    assert tops[-1] < 297 - 35
    assert (tops[-1] - tops[0]) / 21 == pytest.approx(28.95 / POINTS, abs=0.02)
    odd, even = (max(page, key=lambda piece: piece[1]) for page in (first, second))
    assert odd[0] > 150
    assert even[0] == pytest.approx(28 + 14 / POINTS, abs=1)
    assert 297 - 35 + 6 < odd[1] < 297 - 35 + 12


def test_the_red_mark_stands_where_it_should() -> None:
    """Its top 35 mm under that of the type area, the number two lines below it, on one line however long it is."""
    [page] = pages(
        pdf.write(paper(Mark("某某区人民政府常务会议纪要", "〔2022〕第3次", corner="草稿"), Line.of("正文")))
    )
    tops = {piece: top for _, top, piece in page}
    assert tops["草稿"] == pytest.approx(37 + 0.8 * 16 / POINTS, abs=0.5)
    size = 440 // 13
    assert tops["某某区人民政府常务会议纪要"] == pytest.approx(37 + 35 + 0.8 * size / POINTS, abs=0.6)
    lines = (tops["〔2022〕第3次"] - tops["某某区人民政府常务会议纪要"]) * POINTS / 28.95
    assert 2.5 < lines < 3.5


def test_text_is_data_in_a_pdf_and_never_markup() -> None:
    content = pdf.write(
        paper(
            Mark(MARKUP[0], MARKUP[2]),
            Title((MARKUP[1],)),
            *(Line.of(text) for text in MARKUP),
            Grid((156,), tuple((Cell(text),) for text in MARKUP)),
            Imprint(MARKUP[3], MARKUP[4], MARKUP[5]),
        )
    )
    found = said(content)
    for text in MARKUP:
        assert found.count("".join(text.split())) >= 2


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(st.sampled_from("#$*_`@<>/\\[](){}\"'=+-~^&%;:,.!? 字abc\n"), min_size=1, max_size=60))
def test_whatever_is_typed_is_printed(text: str) -> None:
    found = said(pdf.write(paper(Line.of(text, indent=False), Grid((156,), ((Cell(text),),)), numbered=False)))
    # a reader may give a ligature or a hyphen at a line's end in its own way; the letters and their order stay
    kept = "".join(text.split())
    assert found == kept * 2


def test_a_character_without_a_glyph_is_named_and_nothing_is_printed() -> None:
    with pytest.raises(Refused) as no:
        pdf.write(paper(Line.of("王\U0003134f，ก"), Grid((156,), ((Cell("\U0003134f"),),))))
    [reason] = no.value.reasons
    assert reason.code == "no_glyph"
    assert reason.params["characters"] == "ก（U+0E01）、\U0003134f（U+3134F）"


def test_rare_characters_of_names_are_printed() -> None:
    assert "喆堃玥犇翀昇骉" in said(pdf.write(paper(Line.of("喆堃玥犇翀昇骉"))))


def test_a_substitute_is_called_one() -> None:
    """Without the office's own type the packaged one stands in, and the PDF says so."""
    content = pdf.write(paper(Line.of("字")))
    known: Any = PdfReader(BytesIO(content)).metadata
    keywords = str(known["/Keywords"])
    assert "仿宋: Noto Serif SC（替代字体 substitute）" in keywords
    assert set(type_in(()).stands_in) == {"仿宋", "黑体", "楷体", "宋体", "小标宋"}


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert pdf.write(paper(Line.of("字"))) == pdf.write(paper(Line.of("字")))


def test_a_folder_of_fonts_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    assert type_in((tmp_path / "none",)).used("body") == type_in(()).used("body")


def test_a_document_has_the_page_and_the_east_asian_fonts() -> None:
    document = Document(
        BytesIO(
            docx.write(
                paper(
                    Mark("某某区人民政府常务会议纪要", "〔2022〕第3次"),
                    Title(("关于某事的纪要",)),
                    Line((Run("出席：", "hei"), Run("陶启明"))),
                    Grid((28, 128), ((Cell("姓名", label=True), Cell("陶启明\n区长")), (Cell("=1+1", across=2),))),
                    Imprint("抄送：区委", "某某区人民政府办公室", "2022年2月16日印发"),
                )
            )
        )
    )
    section = document.sections[0]
    sides = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(side / Mm(1)) for side in sides if side is not None] == [37, 28, 26, 35]
    element: Any = document.element
    [grid] = element.iter(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579"
    faces = {
        "".join(text.text for text in run.iter(qn("w:t"))): run.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia"))
        for run in element.iter(qn("w:r"))
        if run.find(f".//{qn('w:rFonts')}") is not None
    }
    assert faces["出席："] == "黑体"
    assert faces["陶启明"] == "仿宋_GB2312"
    assert faces["关于某事的纪要"] == "方正小标宋简体"
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["姓名", "陶启明\n区长"],
        ["=1+1", "=1+1"],
    ]
    assert document.tables[1].cell(1, 0).text == "某某区人民政府办公室\t2022年2月16日印发"


@settings(max_examples=60, deadline=None)
@given(text=st.text(min_size=1, max_size=80))
def test_any_text_makes_a_document_that_opens(text: str) -> None:
    content = docx.write(
        paper(Line.of(text), Title((text,)), Grid((156,), ((Cell(text),),)), Imprint(text, text, text))
    )
    assert Document(BytesIO(content)).tables[0].cell(0, 0).text


def test_everything_that_is_printed_is_checked() -> None:
    """A block whose text the check did not see could print a box."""
    blocks: tuple[Callable[[str], Any], ...] = (
        Line.of,
        lambda text: Title((text,)),
        lambda text: Mark(text, text, text),
        lambda text: Mark("字", text),
        lambda text: Mark("字", "", text),
        lambda text: Mark("字", corner=text),
        lambda text: Grid((156,), ((Cell(text),),)),
        lambda text: Imprint(text, "", ""),
        lambda text: Imprint("", text, ""),
        lambda text: Imprint("", "", text),
    )
    for block in blocks:
        assert "ก" in "".join(text for _, text in texts(paper(block("ก"))))


def test_headings_count_as_people_do() -> None:
    assert [numeral(number) for number in (1, 9, 10, 11, 20, 21, 99, 100)] == [
        "一",
        "九",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
        "100",
    ]
