"""Every form of paper is made in both formats and read back; what is otherwise than laid down is found."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from chancery.office import docx, pdf
from chancery.office.fonts import type_in
from chancery.office.layout_check import look_at_docx, look_at_pdf
from chancery.office.paper import Block, Imprint, LetterMark, Line, Mark, Paper, Run, Signed, Title
from chancery.refusal import Refused

DAY = date(2022, 1, 21)
TEXT = "各单位要按照分工切实做好春季农村人居环境整治工作，坚持因地制宜、分类施策，确保取得实效。"
BODY: list[Block] = [Line.of("一、总体要求", "hei"), *[Line.of(TEXT * 4) for _ in range(8)]]
SIGNED = Signed("某某市某某区人民政府", "2022年1月21日")
IMPRINT = Imprint(
    "抄送：区委办公室，区政协办公室。", "某某区人民政府办公室", "2022年1月21日印发", printed="（共印50份）"
)
TITLE = Title(("关于做好春季农村人居环境整治的通知",))
NAME = "某某市某某区人民政府"
FORMS: dict[str, list[Block]] = {
    "downward": [Mark(f"{NAME}文件", "某政发〔2022〕12号", left="特急"), TITLE, *BODY, SIGNED, IMPRINT],
    "upward": [Mark(f"{NAME}文件", "某政发〔2022〕13号", signers=("陶启明", "李立")), TITLE, *BODY, SIGNED, IMPRINT],
    "joint": [Mark("文件", "某政发〔2022〕14号", joint=(f"中共{NAME[:6]}委员会", NAME)), TITLE, *BODY, SIGNED, IMPRINT],
    "letter": [
        LetterMark(NAME, "某政函〔2022〕3号"),
        TITLE,
        *BODY,
        SIGNED,
        Imprint("抄送：某局。", "", "", ruled=False),
    ],
    "order": [
        Mark(f"{NAME}令", "第7号", down=20, ruled=False),
        Line.of("现予公布，自2022年3月1日起施行。"),
        Signed("陶启明", "2022年1月21日", sealed=False, post="区长"),
        IMPRINT,
    ],
    "minutes": [
        Mark(f"{NAME}常务会议纪要", "〔2022〕第3次"),
        *BODY,
        Line((Run("出席：", "hei"), Run("陶启明、韩思源"))),
        IMPRINT,
    ],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_keeps_the_layout_in_both_formats(form: str) -> None:
    paper = Paper("关于做好春季农村人居环境整治的通知", DAY, FORMS[form])
    made = pdf.write(paper)
    looked = look_at_pdf(made, paper, type_in(()).stands_in)
    assert [one.what for one in looked.deviations] == ["face_stands_in"] * len(type_in(()).stands_in)
    assert (looked.wide, looked.high) == (210.0, 297.0)
    assert looked.fonts
    assert all(looked.fonts.values())
    if form != "order":
        assert looked.left == 28.0
        assert looked.lines == 22
        assert looked.across == 28
        assert looked.pitch == pytest.approx(28.95, abs=0.06)  # pyright: ignore[reportUnknownMemberType]
    written = look_at_docx(docx.write(paper), paper)
    assert written.deviations == ()
    assert (written.left, written.right, written.top, written.bottom) == (28.0, 26.0, 37.0, 35.0)
    assert (written.lines, written.across) == (22, 28)
    assert "仿宋_GB2312" in written.fonts


def test_what_is_not_there_is_found_to_be_missing() -> None:
    short = Paper("通知", DAY, [Line.of("各镇：")])
    longer = Paper("通知", DAY, [Line.of("各镇、街道：")])
    looked = look_at_pdf(pdf.write(short), longer)
    assert [one.what for one in looked.deviations] == ["text"]
    assert set(looked.deviations[0].found) == set("、街道")
    assert [one.what for one in look_at_docx(docx.write(short), longer).deviations] == ["text"]


def test_another_page_and_another_margin_are_found() -> None:
    paper = Paper("通知", DAY, [Line.of(TEXT * 20)])
    reader = PdfReader(BytesIO(pdf.write(paper)))
    writer = PdfWriter()
    page = reader.pages[0]
    page.mediabox = RectangleObject((0, 0, 612, 792))
    writer.add_page(page)
    out = BytesIO()
    writer.write(out)
    found = {one.what for one in look_at_pdf(out.getvalue(), paper).deviations}
    assert {"page_size", "top_margin"} <= found
    wide = Paper("通知", DAY, [Line((Run("字" * 60),), size=16, close=True)])
    assert "pitch" in {one.what for one in look_at_pdf(pdf.write(wide), wide).deviations}


def test_a_character_without_a_glyph_is_named_and_nothing_is_printed() -> None:
    with pytest.raises(Refused) as refused:
        pdf.write(Paper("通知", DAY, [Line.of("字𪚥")]))
    [reason] = refused.value.reasons
    assert reason.code == "no_glyph"
    assert "U+2A6A5" in str(reason.params["characters"])
