"""Documents that come in, over HTTP, real PostgreSQL and real NATS: entered, sent back, circulated, handed over."""

import asyncio
import hashlib
import io
from typing import Any

import httpx
from openpyxl import load_workbook

from document_svc.wiring import SERVICE
from tests.hongkou import at
from tests.replay import alike, all_events, projected, stored_rows
from tests.small_house import TENANT, SmallHouse

CLERK, OTHER_CLERK = "office_clerk_qian", "office_clerk_sun"
WHOLE = ["kind", "addressee", "signer", "seal", "attachments"]
GOOD: dict[str, Any] = {
    "sender": "区司法局",
    "sender_unit": "justice_bureau",
    "in_name_of": "department",
    "kind": "request",
    "number": "虹司〔2022〕7号",
    "title": "关于增加法律援助经费的请示",
    "addressees": ["虹口区人民政府"],
    "fields": WHOLE,
}
FINE = ("single_matter", "level_not_skipped")


async def entered(house: SmallHouse, **more: Any) -> dict[str, Any]:
    receipt = await house.done("document.receive_incoming", GOOD | more, by=CLERK)
    return {"incoming_id": receipt["id"]}


async def taken_up(house: SmallHouse, **more: Any) -> dict[str, Any]:
    one = await entered(house, **more)
    for question in FINE:
        await house.done("document.answer_incoming_question", one | {"question": question, "yes": True}, by=CLERK)
    await house.done("document.accept_incoming", one, by=CLERK)
    return one


async def looked(house: SmallHouse, one: dict[str, Any], by: str = CLERK) -> dict[str, Any]:
    return await house.done("document.get_incoming", one, by=by)


def codes(problem: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in problem["reasons"]]


async def box(house: SmallHouse, name: str, by: str) -> list[str]:
    found = await house.done("document.list_todos", {"box": name, "limit": 200}, by=by)
    return [one["what"] for one in found["items"]]


async def test_what_is_wrong_is_told_at_once_and_printed(house: SmallHouse) -> None:
    """虹口2022 五十五: two addressees, two matters and no signer go back with all three, and come again."""
    await house.clock(at("2022-04-07", 9))
    one = await entered(
        house,
        number="虹司〔2022〕1号",
        addressees=["虹口区人民政府", "中共虹口区委"],
        fields=["kind", "addressee", "seal", "attachments"],
    )
    await house.done(
        "document.answer_incoming_question",
        one | {"question": "single_matter", "yes": False, "note": "一文两事"},
        by=CLERK,
    )
    problem = await house.refused("document.accept_incoming", one, by=CLERK)
    clauses = {clause for reason in problem["reasons"] for clause in reason["clauses"]}
    assert {"HK-55-1", "HK-55-3", "HK-55-4"} <= clauses
    await house.refused("document.propose_handling", one | {"text": "拟请分管领导阅示"}, by=CLERK)
    await house.refused("document.return_incoming", one, by="justice_head", status=403)
    await house.done("document.return_incoming", one | {"again_by": "2022-04-12"}, by=CLERK)
    seen = await looked(house, one)
    assert seen["stage"] == "returned"
    assert {clause for line in seen["lacking"] for clause in line["clauses"]} == {"HK-55-1", "HK-55-3", "HK-55-4"}
    assert await box(house, "to_do", "justice_head") == ["resubmit"]
    for form, begins in (("docx", b"PK"), ("pdf", b"%PDF-")):
        answer = await house.call("document.print_return_notice", one | {"form": form}, by="justice_head")
        assert answer.status_code == 200
        assert answer.content.startswith(begins)

    again = await entered(house, number="虹司〔2022〕1号", resubmits=one["incoming_id"])
    first = await looked(house, one)
    assert first["again"] == again["incoming_id"]
    second = await looked(house, again)
    assert second["received"]["matter_id"] == first["received"]["matter_id"]
    assert await box(house, "to_do", "justice_head") == []
    refused = await house.refused("document.receive_incoming", GOOD | {"resubmits": one["incoming_id"]}, by=CLERK)
    assert codes(refused) == ["nothing_to_resubmit"]


async def test_what_does_not_come_again_is_told_at_its_moment(house: SmallHouse) -> None:
    await house.clock(at("2022-04-13", 9))
    one = await entered(house, number="虹司〔2022〕2号", addressees=["虹口区人民政府", "中共虹口区委"])
    await house.done("document.return_incoming", one | {"again_by": "2022-04-15"}, by=CLERK)
    await house.clock(at("2022-04-16", 9))
    events = (await house.done("document.read_events", {"after": 0}, roles=("feed",)))["events"]
    [overdue] = [one for one in events if one["type"] == "document.resubmission_overdue"]
    assert overdue["time"][:19] == "2022-04-15T16:00:00"


async def test_it_goes_round_is_handed_over_and_finished(house: SmallHouse) -> None:
    """Where the rules give no order the office's own stands; every turn stands in its box, and moves."""
    await house.clock(at("2022-04-18", 9))
    one = await taken_up(house, number="虹司〔2022〕3号")
    before = await box(house, "to_do", OTHER_CLERK)
    assert "propose" in before
    form = {"text": "拟请志强、启明同志阅示。", "readers": ["kong", "tao"], "read_by": "2022-04-18T17:00:00+08:00"}
    await house.done("document.propose_handling", one | form, by=CLERK)
    assert await box(house, "to_read", "kong") == ["read"]
    assert await box(house, "to_read", "tao") == []
    await house.refused("document.read_incoming", one, by="tao", status=403)
    await house.done("document.sign_for_incoming", one, by="kong")
    await house.done("document.urge_incoming", one | {"note": "请今日阅"}, by=CLERK)
    await house.clock(at("2022-04-18", 18))
    events = (await house.done("document.read_events", {"after": 0}, roles=("feed",)))["events"]
    [late] = [each for each in events if each["type"] == "document.circulation_overdue"]
    assert late["time"][:19] == "2022-04-18T09:00:00"
    assert late["data"]["waits_for"] == ["kong"]
    await house.done("document.read_incoming", one | {"mark": "circle", "opinion": "同意，请财政研究"}, by="kong")
    assert await box(house, "to_read", "kong") == []
    assert await box(house, "read", "kong") == ["read"]
    await house.done("document.read_incoming", one, by="tao")
    seen = await looked(house, one)
    assert (seen["stage"], [each["person"] for each in seen["readers"]]) == ("circulated", ["kong", "tao"])
    assert [turn["unit"] for turn in seen["turns"]] == ["district_office"]
    await house.refused("document.hand_over_incoming", one | {"lead_unit": "no_such_bureau"}, by=CLERK)
    due = {"lead_unit": "finance_bureau", "due_at": "2022-04-20T12:00:00+08:00"}
    await house.done("document.hand_over_incoming", one | due, by=CLERK)
    assert "handle" in await box(house, "to_do", "finance_head")
    await house.clock(at("2022-04-20", 13))
    events = (await house.done("document.read_events", {"after": 0}, roles=("feed",)))["events"]
    [late] = [each for each in events if each["type"] == "document.handling_overdue"]
    assert (late["time"][:19], late["data"]["waits_for"]) == ("2022-04-20T04:00:00", ["finance_bureau"])
    await house.refused("document.finish_handling", one | {"result": "已研究"}, by="audit_head", status=403)
    await house.done("document.finish_handling", one | {"result": "已列入年度预算"}, by="finance_head")
    assert (await looked(house, one))["finished"]["late"] is True
    assert "handle" in await box(house, "done", "finance_head")
    await house.done("document.close_incoming", one, by=CLERK)
    assert (await looked(house, one))["turns"] == []


async def test_twenty_clerks_at_once_leave_no_gap(house: SmallHouse) -> None:
    numbers = [f"虹司〔2022〕{100 + n}号" for n in range(20)]
    await asyncio.gather(*(entered(house, number=number, register_of="telegrams") for number in numbers))
    await house.settle()
    asked = {"register_of": "telegrams", "column": ["entry", "number"], "limit": 50}
    found = await house.done("document.list_incoming", asked, by=CLERK)
    assert sorted(one["entry"] for one in found["items"]) == [f"2022-{n:04d}" for n in range(1, 21)]


async def test_the_very_same_paper_is_entered_once(house: SmallHouse) -> None:
    text = "虹司〔2022〕9号\n关于报送工作总结的报告\n虹口区人民政府：\n现将情况报告如下。\n区司法局\n2022年4月1日\n"
    form = {"source": {"text": text}, "in_name_of": "department", "register_of": "reports"}
    one = {"incoming_id": (await house.done("document.receive_incoming", form, by=CLERK))["id"]}
    seen = await looked(house, one)
    received = seen["received"]
    assert (received["sender"], received["sender_unit"], received["kind"]) == ("区司法局", "justice_bureau", "report")
    assert (received["number"], received["title"]) == ("虹司〔2022〕9号", "关于报送工作总结的报告")
    assert received["content"] == hashlib.sha256(text.encode()).hexdigest()
    kept = await house.call("document.get_file", {"sha256": received["content"]}, by=CLERK)
    assert kept.content.decode() == text
    refused = await house.refused("document.receive_incoming", form, by=OTHER_CLERK)
    assert codes(refused) == ["incoming_entered_before"]
    alike = await entered(house, sender="区司法局", number="虹司〔2022〕9号", register_of="reports")
    assert (await looked(house, alike))["received"]["like"] == [one["incoming_id"]]


async def test_marked_secrets_are_turned_away_and_nothing_is_kept(house: SmallHouse) -> None:
    secret = "机密★1年\n虹司〔2022〕10号\n关于有关情况的报告\n虹口区人民政府：\n内容。\n区司法局\n2022年4月1日\n"
    content = secret.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    refused = await house.refused("document.receive_incoming", {"source": {"text": secret}}, by=CLERK)
    assert codes(refused) == ["state_secret_refused"]
    refused = await house.refused("document.put_file", {"sha256": sha256, "content": content}, by=CLERK)
    assert codes(refused) == ["state_secret_refused"]
    assert (await house.call("document.get_file", {"sha256": sha256}, by=CLERK)).status_code == 404
    refused = await house.refused("document.receive_incoming", GOOD | {"title": "机密★ 某事项的报告"}, by=CLERK)
    assert codes(refused) == ["state_secret_refused"]


async def test_the_register_is_filtered_and_the_sheet_has_the_same_columns(house: SmallHouse) -> None:
    columns = ["entry", "sender", "title", "stage", "holders", "due_on"]
    asked = {"column": columns, "words": "法律援助", "stage": "returned", "limit": 200}
    page = await house.done("document.list_incoming", asked, by=CLERK)
    assert [one["key"] for one in page["columns"]] == columns
    assert page["items"]
    answer = await house.call("document.export_incoming", asked | {"sheet": "xlsx"}, by=CLERK)
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    heads = ["收文号 Entry", "来文单位 Sender", "标题 Title", "办理状态 State", "在谁处 With", "办理期限 Due"]
    assert [" ".join(str(cell).split()) for cell in rows[0]] == heads
    assert len(rows) - 1 == len(page["items"])
    everything = await house.done("document.list_incoming", {"column": columns, "limit": 200}, by=CLERK)
    assert len(everything["items"]) > len(page["items"])
    refused = await house.refused("document.list_incoming", {"column": ["nonsense"]}, by=CLERK, status=422)
    assert codes(refused) == ["no_such_column"]
    counts = await house.done("document.count_todos", {}, by=CLERK)
    assert counts["done"] >= 1
    await house.refused("document.list_todos", {"person": CLERK}, by="justice_head", status=403)


async def test_the_pages_show_the_boxes_and_the_register(house: SmallHouse) -> None:
    """The same rows and columns as the sheet; nothing without signing in; text is text."""
    one = await entered(house, number="虹司〔2022〕77号", title="关于<b>标题</b>的请示")
    app = house.apps["document"]
    transport = httpx.ASGITransport(app=app)
    token = house.issuer.mint(TENANT, person=CLERK)
    async with httpx.AsyncClient(transport=transport, base_url="http://document") as browser:
        assert "令牌" in (await browser.get("/desk")).text
        assert (await browser.get("/desk/register.xlsx")).status_code == 401
        entered_by = await browser.post("/desk/sign-in", data={"token": token})
        assert entered_by.status_code == 303
        mine = await browser.get("/desk")
        assert mine.status_code == 200
        assert "待办" in mine.text
        assert "待阅" in mine.text
        found = await browser.get("/desk/register", params={"words": "标题", "stage": "", "column": ["entry", "title"]})
        assert found.status_code == 200
        assert "关于&lt;b&gt;标题&lt;/b&gt;的请示" in found.text
        assert "来文字号</" not in found.text.split("<tbody>")[0].split("<thead>")[1]
        sheet = await browser.get("/desk/register.xlsx", params={"words": "标题", "column": ["entry", "title"]})
        rows = load_workbook(io.BytesIO(sheet.content)).active
        assert rows is not None
        assert rows.max_row == 2
        assert (await browser.get("/desk/register", params={"stage": "nonsense"})).status_code == 404
        notice = await browser.get(f"/desk/{one['incoming_id']}/return-notice.pdf")
        assert notice.status_code == 404
        await browser.post("/desk/sign-out")
        assert (await browser.get("/desk/register.csv")).status_code == 401


async def test_the_read_models_come_out_the_same_from_the_events(house: SmallHouse) -> None:
    await house.settle()
    running = house.running("document")
    mine = [one for one in SERVICE.projections if one.name in ("incoming", "todos")]
    rows = projected(await all_events(running), mine)
    for table in ("incoming", "todos"):
        stored = await stored_rows(running, table, TENANT)
        assert len(stored) == len(rows[table])
        for row in rows[table].values():
            assert any(alike(one, row) for one in stored), row
