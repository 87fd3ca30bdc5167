"""What goes out, over HTTP on real PostgreSQL and NATS: numbers, papers, printing, receipts, the archive, volume."""

import hashlib
import io
import zipfile
from datetime import date
from typing import Any

import httpx
import orjson
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from chancery.office import docx
from chancery.office.paper import Line, Paper
from tests.hongkou import at
from tests.small_house import TENANT, SmallHouse

OFFICE = "office_clerk_qian"
HEAD = "justice_head"
TITLE = "关于开展档案整理工作的通知"


async def put(house: SmallHouse, content: bytes, by: str = HEAD) -> dict[str, Any]:
    sha256 = hashlib.sha256(content).hexdigest()
    await house.done("document.put_file", {"sha256": sha256, "content": content}, by=by)
    return {"sha256": sha256, "size": len(content)}


async def drafted(house: SmallHouse, content: bytes, title: str = TITLE, **more: Any) -> dict[str, Any]:
    """A notice of the office with its text and attribute, not signed."""
    matter = await house.done(
        "meeting.open_matter", {"title": title, "kind": "other", "lead_unit": "justice_bureau"}, by=HEAD
    )
    await house.settle()
    form = {
        "matter_id": matter["id"],
        "kind": "other",
        "title": title,
        "in_name_of": "district_office",
        "direction": "downward",
        "to": ["departments", "streets"],
        "nature": "routine",
        "lead_unit": "justice_bureau",
    }
    draft = await house.done("document.draft_document", form | more, by=HEAD)
    document = {"id": draft["id"]}
    kept = await put(house, content)
    paper = {"kind": "text", "name": "正文.txt", "media_type": "text/plain", **kept}
    await house.done("document.attach_text", document | paper, by=HEAD)
    await house.done("document.propose_attribute", document | {"attribute": "proactive"}, by=HEAD)
    return document


async def signed(house: SmallHouse, content: bytes, title: str = TITLE, **more: Any) -> dict[str, Any]:
    document = await drafted(house, content, title, **more)
    await house.done("document.sign_document", document, by="kong")
    return document


@pytest.fixture(scope="module")
async def issued(house: SmallHouse) -> dict[str, Any]:
    await house.clock(at("2022-02-10", 10))
    text = f"{TITLE}\n各部门、各街道办事处：\n一、总体要求\n" + "请认真整理二〇二一年度文书档案，按时移交。\n" * 30
    document = await signed(house, text.encode())
    await house.done("document.number_document", document, by=OFFICE)
    await house.done("document.issue_document", document, by=OFFICE)
    return document


async def test_a_number_is_set_aside_given_and_called_void(house: SmallHouse, issued: dict[str, Any]) -> None:
    del issued
    form = {"in_name_of": "district_office", "year": 2022, "reason": "留给联合发文"}
    await house.refused("document.reserve_document_number", form, by=HEAD, status=403)
    first = await house.done("document.reserve_document_number", form, by=OFFICE)
    second = await house.done("document.reserve_document_number", form, by=OFFICE)
    assert first["id"] == second["id"]
    register = {"id": first["id"]}
    shown = await house.done("document.get_document_register", register, by=OFFICE)
    reserved = [one["seq"] for one in shown["given"] if one["stands"] == "reserved"]
    assert reserved == [reserved[0], reserved[0] + 1]

    other = await signed(house, "各部门：\n另一件。\n".encode(), "关于另一件事的通知")
    problem = await house.refused("document.number_document", other | {"reserved": 9_999}, by=OFFICE)
    assert [one["code"] for one in problem["reasons"]] == ["number_not_reserved"]
    await house.done("document.number_document", other | {"reserved": reserved[0]}, by=OFFICE)
    found = await house.done("document.get_document", other, by=OFFICE)
    assert found["number"] == f"虹府办发〔2022〕{reserved[0]}号"

    void = register | {"seq": reserved[1], "reason": "联合发文改由对方编号"}
    await house.done("document.cancel_document_number", void, by=OFFICE)
    again = await house.refused("document.cancel_document_number", void, by=OFFICE)
    assert [one["code"] for one in again["reasons"]] == ["number_void_already"]

    await house.done("document.give_document_number_up", other | {"reason": "并入另一件"}, by=OFFICE)
    await house.settle()
    await house.done("document.number_document", other, by=OFFICE)
    found = await house.done("document.get_document", other, by=OFFICE)
    assert found["number"] == f"虹府办发〔2022〕{reserved[1] + 1}号"
    assert [one["reason"] for one in found["given_up"]] == ["并入另一件"]
    shown = await house.done("document.get_document_register", register, by=OFFICE)
    stands = {one["seq"]: one["stands"] for one in shown["given"]}
    assert stands[reserved[0]] == stands[reserved[1]] == "void"
    assert sorted(stands) == list(range(1, shown["next_seq"]))
    used = {one["seq"]: one["reason"] for one in shown["given"]}
    assert used[reserved[0]] == "并入另一件"
    await house.done("document.issue_document", other, by=OFFICE)
    kept = await house.refused("document.give_document_number_up", other | {"reason": "晚了"}, by=OFFICE)
    assert [one["code"] for one in kept["reasons"]] == ["document_issued_already"]


@pytest.mark.parametrize("form", ["ordinary", "letter", "order", "minutes"])
async def test_every_form_is_printed_and_looked_at(house: SmallHouse, issued: dict[str, Any], form: str) -> None:
    answer = await house.call(
        "document.print_document", {"document_id": issued["id"], "kind": "pdf", "form": form}, by=HEAD
    )
    assert answer.status_code == 200
    read = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "虹府办发〔2022〕1号" in read
    word = await house.call(
        "document.print_document", {"document_id": issued["id"], "kind": "docx", "form": form}, by=HEAD
    )
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(word.content)).namelist()
    looked = await house.done("document.check_paper", issued | {"form": form}, by=HEAD)
    assert {one["what"] for one in looked["pdf"]["deviations"]} <= {"face_stands_in"}
    assert looked["docx"]["deviations"] == []
    assert (looked["pdf"]["wide"], looked["pdf"]["high"], looked["docx"]["lines"]) == (210.0, 297.0, 22)


async def test_the_printing_list_and_who_signed_for_it(house: SmallHouse, issued: dict[str, Any]) -> None:
    entries = [
        {"name": "各街道办事处", "part": "main", "copies": 8},
        {"name": "区司法局", "unit": "justice_bureau", "part": "copied", "copies": 2},
    ]
    early = await house.refused(
        "document.receive_document_copies", issued | {"name": "区司法局", "copies": 2}, by=OFFICE
    )
    assert [one["code"] for one in early["reasons"]] == ["needs_printing_list"]
    await house.done("document.set_printing_list", issued | {"entries": entries, "kept": 3}, by=OFFICE)
    move = await house.done("document.get_document_whereabouts", issued, by=HEAD)
    assert [one["names"] for one in move["moves"]] == [["各街道办事处"], ["区司法局"]]
    await house.refused(
        "document.receive_document_copies", issued | {"name": "区司法局", "copies": 3}, by="justice_clerk"
    )
    await house.done("document.receive_document_copies", issued | {"name": "区司法局", "copies": 2}, by="justice_clerk")
    outside = issued | {"name": "各街道办事处", "copies": 8}
    problem = await house.refused("document.receive_document_copies", outside, by=OFFICE)
    assert [one["code"] for one in problem["reasons"]] == ["receipt_needs_proof"]
    await house.done(
        "document.receive_document_copies", outside | {"proof": {"reference": "交换站签收单第7号"}}, by=OFFICE
    )
    gone = await house.refused("document.set_printing_list", issued | {"entries": entries[:1], "kept": 3}, by=OFFICE)
    assert [one["code"] for one in gone["reasons"]] == ["addressee_signed_for"]
    paper = await house.call("document.print_document", {"document_id": issued["id"], "kind": "pdf"}, by=HEAD)
    read = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "抄送：区司法局" in read
    assert "共印13份" in read


async def test_the_package_proves_itself_and_comes_as_it_was_put(house: SmallHouse, issued: dict[str, Any]) -> None:
    await house.refused("document.archive_document", issued, by=HEAD, status=403)
    await house.done("document.archive_document", issued, by=OFFICE)
    answer = await house.call("document.get_document_archive", issued, by=HEAD)
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    manifest = orjson.loads(archive.read("manifest.json"))
    assert {one["path"] for one in manifest["files"]} | {"manifest.json", "SHA256SUMS"} == set(archive.namelist())
    for one in manifest["files"]:
        assert hashlib.sha256(archive.read(one["path"])).hexdigest() == one["sha256"]
    record = orjson.loads(archive.read("04-办理过程/events.json"))
    assert [one["type"] for one in record][:2] == ["document.drafted", "document.text_attached"]
    [signature] = [one for one in record if one["type"] == "document.signed"]
    assert "HK-58-3" in signature["clauses"]
    found = await house.done("document.get_document", issued, by=OFFICE)
    assert hashlib.sha256(answer.content).hexdigest() == found["archived"]["package"]["sha256"]
    version = found["version"]
    await house.done("document.archive_document", issued, by=OFFICE)
    assert (await house.done("document.get_document", issued, by=OFFICE))["version"] == version


async def test_the_volume_is_told_before_the_act(house: SmallHouse, issued: dict[str, Any]) -> None:
    done = await house.done("document.get_document", issued, by=OFFICE)
    assert done["stage"] == "issued"
    waiting = await signed(house, ("长文。" * 900).encode(), "关于一件长文的通知")
    told = await house.done("document.get_document_volume", waiting, by=HEAD)
    assert told["pages"] == 5
    rows = {one["row"]: one for one in told["rules"]}
    papers = rows["number-of-papers"]
    assert papers["clauses"] == ["HK-59-2"]
    assert papers["with_this"] == papers["now"] + 1
    assert (papers["last_year"], papers["over"], papers["on_exceed"]) == (0, True, "show")
    year = await house.done("document.get_volume", {"year": 2022}, by=OFFICE)
    [unit] = [one for one in year["units"] if one["unit"] == "justice_bureau"]
    assert unit["documents"] == papers["now"]
    assert unit["pages"] > 0


async def test_the_register_and_its_sheet_have_the_same_columns(house: SmallHouse, issued: dict[str, Any]) -> None:
    draft = await drafted(house, "各部门：\n待签。\n".encode(), "关于等待签发的通知")
    wanted = {"column": ["number", "title", "where", "move"], "text": "等待签发"}
    page = await house.done("document.list_outgoing", wanted, by=OFFICE)
    assert [one["key"] for one in page["columns"]] == wanted["column"]
    [row] = page["items"]
    assert (row["where"], row["number"]) == ("审签中", None)
    assert "签发" in row["move"]
    sheet = await house.call("document.export_outgoing", wanted | {"sheet": "xlsx"}, by=OFFICE)
    book = load_workbook(io.BytesIO(sheet.content)).active
    assert book is not None
    cells = [[cell.value for cell in line] for line in book.iter_rows()]
    assert [str(cell).split("\n")[0] for cell in cells[0]] == ["发文字号", "标题", "当前环节", "待谁办理"]
    assert cells[1:] == [[None, "关于等待签发的通知", "审签中", row["move"]]]
    wrong = await house.refused("document.list_outgoing", {"column": ["nothing"]}, by=OFFICE, status=422)
    assert [one["code"] for one in wrong["reasons"]] == ["no_such_column"]
    assert draft["id"] != issued["id"]


async def test_the_page_shows_the_register_and_gives_the_same_as_a_sheet(
    house: SmallHouse, issued: dict[str, Any]
) -> None:
    done = await house.done("document.get_document", issued, by=OFFICE)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(house.apps["document"]), base_url="http://document")
    async with client:
        assert "令牌" in (await client.get("/desk/outgoing")).text
        client.cookies.set("chancery_document", house.house.mint(TENANT, OFFICE, ()))
        page = await client.get("/desk/outgoing", params={"text": done["number"], "column": ["number", "where"]})
        assert page.status_code == 200
        assert done["number"] in page.text
        assert page.text.count("<th scope") == 2
        assert "没有符合条件" in (await client.get("/desk/outgoing", params={"text": "没有这件"})).text
        assert (await client.get("/desk/outgoing", params={"stage": "nothing"})).status_code == 404
        sheet = await client.get("/desk/outgoing.xlsx", params={"text": done["number"], "column": ["number", "where"]})
    book = load_workbook(io.BytesIO(sheet.content)).active
    assert book is not None
    assert [[cell.value for cell in line] for line in book.iter_rows()][1][0] == done["number"]


async def test_one_byte_and_two_hundred_pages_with_thirty_annexes_both_behave(house: SmallHouse) -> None:
    tiny = await signed(house, b"a", "关于一个字节的通知")
    await house.done("document.number_document", tiny, by=OFFICE)
    await house.done("document.issue_document", tiny, by=OFFICE)
    looked = await house.done("document.check_paper", tiny, by=HEAD)
    assert looked["pdf"]["pages"] == 1
    assert {one["what"] for one in looked["pdf"]["deviations"]} <= {"face_stands_in"}

    lines = [Line.of("这一段用来把文件写长，" * 11) for _ in range(875)]
    word = docx.write(Paper("关于一件很长的文件的通知", date(2022, 2, 10), lines))
    long = await drafted(house, word, "关于一件很长的文件的通知")
    annex: dict[str, Any] = {}
    for number in range(1, 31):
        kept = await put(house, f"附件{number}的内容".encode())
        annex = {"no": number, "kind": "annex", "name": f"附表{number}.txt", "media_type": "text/plain", **kept}
        await house.done("document.attach_annex", long | annex, by=HEAD)
    too_far = await house.refused("document.attach_annex", long | annex | {"no": 40}, by=HEAD)
    assert [one["code"] for one in too_far["reasons"]] == ["annex_left_out"]
    await house.done("document.sign_document", long, by="kong")
    late = await house.refused("document.remove_annex", long | {"no": 30}, by=HEAD)
    assert [one["code"] for one in late["reasons"]] == ["text_after_signature"]
    await house.done("document.number_document", long, by=OFFICE)
    await house.done("document.issue_document", long, by=OFFICE)
    looked = await house.done("document.check_paper", long, by=HEAD)
    assert looked["pdf"]["pages"] >= 200
    assert {one["what"] for one in looked["pdf"]["deviations"]} <= {"face_stands_in"}
    assert looked["pdf"]["lines"] == 22
    await house.done("document.archive_document", long, by=OFFICE)
    answer = await house.call("document.get_document_archive", long, by=OFFICE)
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert sum(name.startswith("03-附件/") for name in names) == 30
