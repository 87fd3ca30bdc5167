"""Whatever bytes come: text, or one clear refusal; and the right text of every form."""

import io
import json
import zipfile
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ContentStream, DecodedStreamObject, DictionaryObject, NameObject

from chancery.office import pdf
from chancery.office.paper import Line, Paper
from chancery.refusal import Refused
from document_svc.intake.importer import import_text
from document_svc.intake.readers import Limits, read
from document_svc.intake.secrecy import refuse_secrets

LINES = ["某财〔2022〕7号", "关于拨付样稿经费的请示", "某某县人民政府：", "样稿一句。", "某某县财政局", "2022年3月1日"]
TEXT = "\n".join(LINES)


def refused(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Refused) as no:
        read(content, limits or Limits())
    assert no.value.kind == "malformed"
    [reason] = no.value.reasons
    return reason.code


def read_or_refused(content: bytes) -> str | None:
    """The text, None where one reason says why there is none; anything else fails the test."""
    kinds: list[str] = []
    try:
        text = read(content).text
    except Refused as no:
        kinds = [no.kind] * len(no.reasons)
        text = None
    assert kinds == ([] if text is not None else ["malformed"])
    assert text is None or text.strip()
    return text


def document(lines: list[str] = LINES, header: str | None = None) -> Any:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    if header is not None:
        made.sections[0].header.paragraphs[0].text = header
    return made


def saved(made: Any) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def blank_pdf(pages: int, password: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def printed_pdf(pages: int) -> bytes:
    """Pages with a line of Latin text each, which needs no font file."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for at in range(pages):
        page = writer.add_blank_page(200, 200)
        stream = DecodedStreamObject()
        stream.set_data(b"BT /F1 12 Tf 20 100 Td (page %d) Tj ET" % at)
        page[NameObject("/Contents")] = ContentStream(stream, writer)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# -- the right text --------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_whatever_it_is_written(encoding: str) -> None:
    sheet = read(TEXT.replace("\n", "\r\n").encode(encoding))
    assert (sheet.form, sheet.text.strip("\ufeff ")) == ("txt", TEXT)


def test_a_page_is_read_line_by_line_without_its_scripts() -> None:
    page = "<!DOCTYPE html><html><head><title>x</title><script>var a=1</script></head><body><table><tr><td>文号</td>"
    page += "<td>某财〔2022〕7号</td></tr></table>" + "".join(f"<p>{line}</p>" for line in LINES[1:])
    sheet = read((page + "<p>四个&ldquo;能力&rdquo;</p></body></html>").encode())
    assert sheet.form == "html"
    assert sheet.text.split("\n") == ["文号   某财〔2022〕7号", *LINES[1:], "四个“能力”"]


def test_a_word_file_is_read_with_tables_heads_and_boxes() -> None:
    made = document(header="某某县财政局文件")
    table = made.add_table(1, 2)
    table.cell(0, 0).text = "项目"
    table.cell(0, 1).text = "金额"
    box = (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:pict><w:txbxContent><w:p><w:r>'
        "<w:t>框内文字</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    )
    made.paragraphs[-1]._p.append(parse_xml(box))
    sheet = read(saved(made))
    assert sheet.form == "docx"
    assert sheet.text.split("\n") == ["某某县财政局文件", *LINES, "框内文字", "项目   金额"]
    [found] = import_text(sheet.text)
    assert found.number is not None
    assert found.number.value.whole == LINES[0]
    assert [said.value for said in found.issuers] == ["某某县财政局"]


def test_a_mark_of_secrecy_in_a_box_or_head_is_seen() -> None:
    with pytest.raises(Refused, match="state_secret_refused"):
        refuse_secrets(read(saved(document(header="机密★1年"))).text)


def test_a_pdf_is_read_page_by_page() -> None:
    sheet = read(printed_pdf(3))
    assert (sheet.form, sheet.pages) == ("pdf", 3)
    assert sheet.text.split() == ["page", "0", "page", "1", "page", "2"]


def test_a_pdf_of_our_own_is_read_back_into_its_fields() -> None:
    paper = Paper("样稿", date(2022, 3, 1), tuple(Line.of(line) for line in LINES))
    sheet = read(pdf.write(paper))
    [found] = import_text(sheet.text)
    assert found.signed is not None
    assert [said.value for said in found.issuers] == ["某某县财政局"]


# -- one byte, two hundred pages, and what is broken ------------------------------------


def test_one_byte_is_a_document_of_one_character() -> None:
    assert read(b"a").text == "a"
    [found] = import_text("a")
    assert found.title is None
    assert {"kind", "number", "title", "issuers", "signed"} <= {one.reason.subject for one in found.doubts}


@pytest.mark.parametrize("content", [b"", b" ", b"\n\n\t"])
def test_nothing_is_told_to_be_nothing(content: bytes) -> None:
    assert refused(content) == "document_empty"


def test_two_hundred_pages_are_read() -> None:
    assert read(printed_pdf(200)).pages == 200
    long = document([*LINES, *(f"第{at}段样稿。" for at in range(4_000))])
    assert len(read(saved(long)).text.split("\n")) == 4_000 + len(LINES)


def test_scans_encrypted_and_broken_files_are_told_apart() -> None:
    assert refused(blank_pdf(2)) == "document_without_text"
    assert refused(blank_pdf(1, password="x")) == "document_old_or_encrypted"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600) == "document_old_or_encrypted"
    assert refused(b"%PDF-1.7\ngarbage") == "document_broken"
    assert refused(printed_pdf(2)[:300]) == "document_broken"
    assert refused(saved(document())[:800]) == "document_broken"
    assert refused(b"\x89PNG\r\n\x1a\n" + b"\x00" * 60) == "document_unreadable"
    assert refused(blank_pdf(3), Limits(pages=2)) == "document_too_many_pages"
    assert refused(TEXT.encode(), Limits(letters=10)) == "document_too_long"


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_an_archive_that_unpacks_without_end_is_stopped_before_it_does() -> None:
    bomb = zipped({"word/document.xml": b"<a>" + b" " * 80_000_000})
    assert len(bomb) < 200_000
    assert refused(bomb) == "file_too_large_unpacked"
    many = zipped({"word/document.xml": b"<a/>"} | {f"word/{at}.xml": b"x" for at in range(5_000)})
    assert refused(many) == "file_too_large_unpacked"
    assert refused(zipped({"readme.txt": b"x"})) == "document_unreadable"
    assert refused(zipped({"word/document.xml": b"<a/>"})) == "document_broken"


def test_an_archive_that_lies_about_its_size_is_no_document() -> None:
    honest = bytearray(zipped({"word/document.xml": b" " * 1_000_000}))
    at = honest.index(b"PK\x01\x02") + 24
    honest[at : at + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(honest)) in ("document_broken", "file_too_large_unpacked")


def test_entities_that_grow_are_not_unfolded() -> None:
    grown = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "' + "x" * 1_000 + '">'
    grown += "".join(f'<!ENTITY a{at} "{("&a" + (str(at - 1) if at else "") + ";") * 10}">' for at in range(9)) + "]>"
    made = dict.fromkeys(["[Content_Types].xml", "_rels/.rels"], b"<a/>")
    content = zipped(made | {"word/document.xml": (grown + "<d>&a8;</d>").encode()})
    assert refused(content) == "document_broken"
    page = read(("<html>" + grown + "<body>样稿&a8;</body></html>").encode())
    assert len(page.text) < 100_000


STARTS = [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<html>", b"<?xml ", b"\xff\xfe", "机密".encode()]


@given(st.sampled_from(STARTS), st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(start: bytes, rest: bytes) -> None:
    text = read_or_refused(start + rest)
    assert text is None or import_text(text)


@given(st.binary(min_size=1, max_size=3), st.integers(min_value=0), st.sampled_from(["docx", "pdf"]))
@settings(max_examples=120, deadline=None)
def test_a_file_with_a_few_bytes_gone_wrong_is_read_or_refused(noise: bytes, where: int, form: str) -> None:
    whole = bytearray(DOCX if form == "docx" else PDF)
    at = where % len(whole)
    whole[at : at + len(noise)] = noise
    text = read_or_refused(bytes(whole))
    assert text is None or import_text(text)


DOCX, PDF = saved(document()), printed_pdf(2)
SIGNS = "〔 〕 2022 号 年 月 日 第 经 会议 通过 《 》 （ ） ： 抄送： 印发 机密 ★ 文号： 签发人： 二〇二二 关于 令"
WORDS = st.sampled_from([*LINES, *SIGNS.split(" "), "\n", "\u3000", "附件：", "—1—", "共印50份", "十百"])


@given(
    st.lists(WORDS, max_size=60).map("".join), st.dictionaries(st.sampled_from(["文号", "名称", "成文日期"]), st.text())
)
@settings(max_examples=300, deadline=None)
@example("", {})
def test_any_text_is_imported_and_every_place_lies_within_it(text: str, page: dict[str, str]) -> None:
    for found in import_text(text, page):
        said = [found.kind, found.number, found.title, found.signed, found.disclosure, found.signer, found.adopted]
        many = [*found.issuers, *found.addressees, *found.copy_to, *found.references]
        for one in [*said, *many]:
            for place in one.places if one else ():
                assert 0 <= place.start <= place.end <= len(text)
                assert place.line == 0 or place.line == text.count("\n", 0, place.start) + 1


@given(st.text(max_size=600))
@settings(max_examples=300, deadline=None)
def test_no_text_at_all_trips_the_importer(text: str) -> None:
    assert import_text(text)
    json.dumps([str(one) for one in import_text(text)])


def test_what_is_built_to_be_slow_is_not() -> None:
    for piece in (
        "《",
        "（",
        "中",
        "1",
        "一",
        "名 ",
        "—1— ",
        "时间: x ",
        "经某会议",
        "某局\n2022年1月2日\n",
        "某府发〔2022〕3号\n",
    ):
        assert import_text(piece * 20_000)


def test_the_pdf_made_for_these_tests_is_one() -> None:
    assert len(PdfReader(io.BytesIO(PDF)).pages) == 2
