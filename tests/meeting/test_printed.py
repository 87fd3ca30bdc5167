"""The agenda, the attendance sheet and the minutes on paper, from what was recorded and nothing else."""

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from tests.hongkou import at
from tests.meeting.test_over_http import QIAN, a_sitting, accepted_item
from tests.small_house import SmallHouse

MARKUP = "同意$1$#strong[甲]，按程序印发。"


async def said(house: SmallHouse, operation: str, where: dict[str, str]) -> str:
    """A paper's text as PDF, without its spaces."""
    answer = await house.call(operation, {**where, "kind": "pdf"}, by="yan")
    assert answer.headers["content-type"] == "application/pdf", answer.text
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(answer.content)).pages)


async def rows(house: SmallHouse, operation: str, where: dict[str, str]) -> list[list[str]]:
    """The form of a paper as DOCX."""
    answer = await house.call(operation, {**where, "kind": "docx"}, by="yan")
    table = Document(BytesIO(answer.content)).tables[0]
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.fixture(scope="module")
async def convened(house: SmallHouse) -> dict[str, Any]:
    """A sitting of two items, convened and not opened yet."""
    await house.clock(at("2022-01-17"))
    items = [
        await accepted_item(house, "关于行政规范性文件管理的规定"),
        await accepted_item(house, "关于<b>道路</b>的议题"),
    ]
    sitting = await house.done("meeting.convene_sitting", a_sitting(*items, series="2022"), by=QIAN)
    await house.settle()
    return {"sitting_id": sitting["id"], "items": items}


async def test_the_agenda_lists_the_items_in_order(house: SmallHouse, convened: dict[str, Any]) -> None:
    where = {"sitting_id": convened["sitting_id"]}
    found = await rows(house, "meeting.print_agenda", where)
    assert found[0] == ["序号", "议题", "汇报单位", "列席单位"]
    assert [row[:3] for row in found[1:]] == [
        ["1", "关于行政规范性文件管理的规定", "区司法局"],
        ["2", "关于<b>道路</b>的议题", "区司法局"],
    ]
    text = await said(house, "meeting.print_agenda", where)
    for part in (
        "上海市虹口区人民政府常务会议议程",
        "〔2022〕第1次",
        "时间：2022年1月19日14:00",
        "地点：第一会议室",
    ):
        assert part in text
    nobody = {"sitting_id": "00000000-0000-7000-8000-000000000000", "kind": "pdf"}
    await house.refused("meeting.print_agenda", nobody, by="yan", status=404)


async def test_the_sheet_has_room_to_sign_before_and_says_who_came_after(
    house: SmallHouse, convened: dict[str, Any]
) -> None:
    where = {"sitting_id": convened["sitting_id"]}
    before = await rows(house, "meeting.print_attendance_sheet", where)
    named = [row for row in before[1:] if row[1]]
    assert {row[1] for row in named} >= {"陶启明", "曹海宁", "孔志强"}
    assert {(row[4], row[5]) for row in named} == {("出席", "")}
    assert len([row for row in before if not row[1]]) == 5
    await house.clock(at("2022-01-19", 14))
    present = [{"person": "tao"}, {"person": "yan"}, {"person": "justice_head"}]
    await house.done("meeting.open_sitting", {"id": where["sitting_id"], "present": present}, by=QIAN)
    after = {row[1]: (row[4], row[5]) for row in await rows(house, "meeting.print_attendance_sheet", where)}
    assert after["陶启明"] == ("出席", "已到")
    assert after["曹海宁"] == ("出席", "缺席")
    assert after["韩思源"][1] == "已到"


async def test_minutes_are_printed_as_what_they_are(house: SmallHouse, convened: dict[str, Any]) -> None:
    """A draft says so; what is issued carries its number, its decisions, who was there, who signed, the imprint."""
    here = {"id": convened["sitting_id"]}
    first, second = convened["items"]
    adopted = {"item_id": first, "outcome": "adopted", "text": MARKUP, "lead": "justice_bureau", "due_on": "2022-03-01"}
    await house.done("meeting.record_decision", here | adopted, by=QIAN)
    deferred = {"item_id": second, "outcome": "deferred", "text": "缓议。"}
    await house.done("meeting.record_decision", here | deferred, by=QIAN)
    await house.done("meeting.close_sitting", here, by=QIAN)
    made = await house.done("meeting.draft_minutes", {"sitting_id": here["id"]}, by=QIAN)
    await house.settle()
    where = {"minutes_id": made["id"]}
    draft = await said(house, "meeting.print_minutes", where)
    assert "草稿未签发" in draft
    assert "签发：" not in draft

    seen: dict[str, Any] = {}
    for _ in range(6):
        seen = await house.done("meeting.get_minutes", {"id": made["id"]}, by="yan")
        if seen["stage"] != "drafted":
            break
        for person in ("yan", "kong", "tao"):
            for verb in ("sign_minutes", "take_minutes_step"):
                await house.call(f"meeting.{verb}", {"id": made["id"]}, by=person)
    assert seen["stage"] == "signed"
    assert "已签发未印发" in await said(house, "meeting.print_minutes", where)
    await house.done("meeting.issue_minutes", {"id": made["id"]}, by=QIAN)
    await house.settle()
    issued = await said(house, "meeting.print_minutes", where)
    for part in (
        "上海市虹口区人民政府常务会议纪要",
        "〔2022〕第1次",
        "2022年1月19日，区长陶启明在第一会议室主持召开第1次常务会议。纪要如下：",
        "一、关于行政规范性文件管理的规定",
        MARKUP,
        "（结果：通过；责任单位：区司法局；办理时限：2022年3月1日）",
        "二、关于<b>道路</b>的议题",
        "（结果：缓议；责任单位：区司法局）",
        "出席：陶启明",
        "签发：区长陶启明2022年1月19日",
        "抄送：区司法局。",
        "2022年1月19日印发",
    ):
        assert part in issued, part
    assert "未签发" not in issued
    word = await house.call("meeting.print_minutes", {**where, "kind": "docx"}, by="yan")
    lines = [paragraph.text for paragraph in Document(BytesIO(word.content)).paragraphs]
    assert "上海市虹口区人民政府常务会议纪要" in lines
    assert MARKUP in lines
