"""From issued minutes to the closed task and the public entry, over HTTP, real PostgreSQL and real NATS."""

from typing import Any

from chancery.names import TenantId
from disclosure_svc.wiring import SERVICE as DISCLOSURE
from supervision_svc.reactions.on_minutes_issued import ON_MINUTES_ISSUED
from supervision_svc.wiring import SERVICE
from tests.document.test_over_http import HASH, TEXT, decided_matter, ordered_document
from tests.hongkou import at, rules
from tests.recorded import recorded
from tests.replay import alike, all_events, projected, stored_rows
from tests.small_house import TENANT, SmallHouse
from tests.supervision.examples import decision, minutes
from tests.web.contract import contract_of

INTERPRETATION = {
    "title": "《区政府工作规则》解读",
    "paper": {
        "kind": "interpretation",
        "name": "jiedu.txt",
        "sha256": HASH,
        "size": len(TEXT),
        "media_type": "text/plain",
    },
}


async def task_of(house: SmallHouse, matter: str) -> dict[str, Any]:
    [line] = (await house.done("supervision.list_tasks", {"matter": matter}, by="yan"))["items"]
    return await house.done("supervision.get_task", {"id": line["id"]}, by="yan")


async def issued_document(house: SmallHouse, matter: str, *, next_seq: int | None = None) -> str:
    """The ordered document, signed, numbered and issued at the house's present moment."""
    document = {"id": (await ordered_document(house, matter))["id"]}
    paper = {"kind": "text", "name": "rules.txt", "sha256": HASH, "size": len(TEXT), "media_type": "text/plain"}
    await house.done("document.put_file", {"sha256": HASH, "content": TEXT}, by="justice_head")
    await house.done("document.attach_text", document | paper, by="justice_head")
    await house.done("document.propose_attribute", document | {"attribute": "proactive"}, by="justice_head")
    await house.done("document.sign_document", document, by="tao")
    if next_seq is not None:
        register = {"in_name_of": "district_government", "year": 2022, "next_seq": next_seq}
        await house.done("document.open_document_register", register, by="office_clerk_qian")
    await house.done("document.number_document", document, by="office_clerk_qian")
    await house.done("document.issue_document", document, by="office_clerk_qian")
    await house.settle()
    return document["id"]


async def test_a_decision_is_followed_up_until_its_document_is_out_and_public(house: SmallHouse) -> None:
    """虹口2022 十八, 二十七, 三十一, 五十二: nobody types anything twice."""
    await house.clock(at("2022-01-19", 16))
    carried = await decided_matter(house, "区政府工作规则")
    matter = carried["matter"]["id"]

    task = await task_of(house, matter)
    assert (task["supervisor"], task["lead"], task["closes_on"]) == (
        "district_office",
        "justice_bureau",
        "document_issued",
    )
    assert (task["due"]["due_on"], task["due"]["clauses"], task["light"]) == ("2022-01-28", ["HK-52-4"], "green")
    assert task["lacking"] == ["waits_for_the_document"]

    await house.clock(at("2022-01-21", 10))
    document = await issued_document(house, matter, next_seq=3)
    closed = await task_of(house, matter)
    assert (closed["stage"], closed["light"], closed["overdue"]) == ("closed", "done", False)

    listed = await house.done("disclosure.list_catalogue_entries", {"document": document}, by="yan")
    [line] = listed["items"]
    entry = {"id": line["id"]}
    assert (line["index_number"], line["stage"]) == ("AD2022-00001", "prepared")
    problem = await house.refused("disclosure.publish_entry", entry, by="office_clerk_qian")
    assert {reason["code"] for reason in problem["reasons"]} == {"needs_secrecy_review", "needs_interpretation"}
    assert {"HK-27-1", "HK-31-1"} <= {clause["id"] for clause in problem["clauses"]}
    await house.done("disclosure.review_secrecy", entry | {"passed": True}, by="justice_head")
    await house.done("disclosure.attach_interpretation", entry | INTERPRETATION, by="justice_head")
    published = await house.done("disclosure.publish_entry", entry, by="office_clerk_qian")
    assert published["matter"] == matter
    found = await house.call("disclosure.list_public_entries", {"tenant": TENANT, "q": "工作规则"})
    [public] = found.json()["items"]
    assert (public["number"], public["published_on"]) == ("虹府发〔2022〕3号", "2022-01-21")


async def test_a_document_that_is_late_makes_its_task_overdue_once_and_closes_it_late(house: SmallHouse) -> None:
    await house.clock(at("2022-02-16", 16))
    carried = await decided_matter(house, "逾期的规则", day="2022-02-16")
    matter = carried["matter"]["id"]
    assert (await task_of(house, matter))["due"]["due_on"] == "2022-02-25"
    await house.clock(at("2022-02-23", 9))
    assert (await task_of(house, matter))["light"] == "yellow"
    await house.clock(at("2022-03-01", 9))
    assert (await task_of(house, matter))["light"] == "red"
    overdue = await house.done("supervision.list_tasks", {"overdue": True}, by="yan")
    assert [one["matter_id"] for one in overdue["items"]] == [matter]
    told = [event for event in await all_events(house.running("supervision")) if event.type.endswith("task_overdue")]
    assert len(told) == 1
    assert told[0].business_at == at("2022-02-26", 0)

    await issued_document(house, matter)
    [line] = (await house.done("supervision.list_tasks", {"matter": matter}, by="yan"))["items"]
    assert (line["stage"], line["late"], line["light"]) == ("closed", True, "done")


async def test_what_a_special_meeting_agreed_is_reported_on_and_closed_by_the_office(house: SmallHouse) -> None:
    """虹口2022 五十: heard twice it is opened once; the units concerned report, the office strikes it off."""
    heard = minutes(decision(no=1, orders_document=None), decision(no=2, orders_document=None), body="special")
    for _ in range(2):
        for order in ON_MINUTES_ISSUED.react(recorded(heard), rules(heard.issued_at)):
            desk = house.running("supervision").house
            await desk.carry_out(order, "open_tasks", tenant=TenantId(TENANT), cause=heard.minutes_id)
    asked = {"matter": str(heard.decisions[0].matter_id)}
    lines = (await house.done("supervision.list_tasks", asked, by="yan"))["items"]
    assert [(line["supervisor"], line["lead"], line["light"], line["clauses"]) for line in lines] == [
        ("district_office", "justice_bureau", "none", ["HK-50-5"])
    ] * 2
    first = await house.done("supervision.list_tasks", asked | {"limit": 1}, by="yan")
    rest = await house.done("supervision.list_tasks", asked | {"cursor": first["next"]}, by="yan")
    assert [line["id"] for line in (*first["items"], *rest["items"])] == [line["id"] for line in lines]

    task = {"id": lines[0]["id"]}
    problem = await house.refused("supervision.close_task", task | {"note": "销号"}, by="office_clerk_qian")
    assert [(reason["code"], reason["says"]) for reason in problem["reasons"]] == [
        ("not_reported_done", "牵头单位尚未反馈办结")
    ]
    assert [clause["id"] for clause in problem["clauses"]] == ["HK-50-5"]
    await house.refused("supervision.report_task", task | {"text": "代报"}, by="finance_head", status=403)
    await house.done("supervision.report_task", task | {"text": "已落实", "done": True}, by="justice_clerk")
    await house.refused("supervision.close_task", task | {"note": "自销"}, by="justice_head", status=403)
    seen = await house.call("supervision.get_task", task, by="yan")
    assert seen.json()["reported_done"] is True
    stale = {"If_Match": '"1"'}
    await house.refused("supervision.close_task", task | {"note": "销号"}, by="yan", status=412, **stale)
    fresh = {"If_Match": seen.headers["etag"]}
    await house.done("supervision.close_task", task | {"note": "销号"}, by="yan", **fresh)
    left = await house.done("supervision.list_tasks", asked | {"stage": "open"}, by="yan")
    assert [line["id"] for line in left["items"]] == [lines[1]["id"]]


async def test_a_message_is_entered_given_back_assigned_and_seen_in_its_place(house: SmallHouse) -> None:
    """虹口2022 三十二: five working days; who entered it watches over it, and nobody else assigns it."""
    await house.clock(at("2022-03-01", 10))
    message = {
        "source": "message",
        "title": "路灯不亮",
        "text": "网友留言反映路灯连续三晚不亮。",
        "channel": "website_message",
        "lead": "finance_bureau",
    }
    entered = await house.done("supervision.enter_task", message, by="justice_clerk")
    assert entered["matter"] == entered["id"]
    task = {"id": entered["id"]}
    seen = await house.done("supervision.get_task", task, by="yan")
    assert (seen["due"]["due_on"], seen["due"]["clauses"]) == ("2022-03-08", ["HK-32-2"])
    assert (seen["supervisor"], seen["source"]["channel"], seen["stages"]) == ("justice_bureau", "website_message", [])
    unknown = message | {"source": "rumour", "lead": "no_bureau"}
    problem = await house.refused("supervision.enter_task", unknown, by="justice_clerk")
    assert [(reason["code"], reason["subject"]) for reason in problem["reasons"]] == [
        ("word_not_known", "source"),
        ("unit_not_known", "lead"),
    ]
    await house.done("supervision.give_back_task", task | {"reason": "非本单位职责"}, by="finance_head")
    to_housing = task | {"lead": "housing_bureau"}
    await house.refused("supervision.assign_task", to_housing, by="finance_head", status=403)
    await house.done("supervision.assign_task", to_housing, by="justice_head")
    await house.done("supervision.sign_for_task", task, by="housing_clerk")
    await house.done("supervision.urge_task", task | {"note": "请抓紧"}, by="justice_clerk")
    seen = await house.done("supervision.get_task", task, by="yan")
    assert (seen["lead"], seen["signed_at"], seen["urged"]) == ("housing_bureau", "2022-03-01T02:00:00Z", 1)
    [line] = (await house.done("supervision.list_tasks", {"lead": "housing_bureau"}, by="yan"))["items"]
    assert (line["id"], line["source"]) == (entered["id"], "message")


async def test_an_inspection_goes_through_its_stages(house: SmallHouse) -> None:
    """虹口2022 四十五: another source joins; a stage is passed by whom the row names, and the last comes last."""
    check = {"source": "special_inspection", "title": "专项督查", "text": "查进度。", "lead": "justice_bureau"}
    task = {"id": (await house.done("supervision.enter_task", check, by="office_clerk_qian"))["id"]}
    motion = {"source": "motion", "title": "议案", "text": "同一事项。", "lead": "justice_bureau", "reference": "第3号"}
    await house.done("supervision.join_task", task | motion, by="office_clerk_qian")
    early = task | {"stage": "verification", "note": "看过"}
    problem = await house.refused("supervision.pass_task_stage", early, by="office_clerk_qian")
    assert [clause["id"] for clause in problem["clauses"]] == ["HK-45-1"]
    first = task | {"stage": "report_by_deadline", "note": "已报"}
    await house.done("supervision.pass_task_stage", first, by="justice_head")
    seen = await house.done("supervision.get_task", task, by="yan")
    assert seen["stages"] == ["report_by_deadline", "verification", "rectification", "circular"]
    assert (seen["passed"], seen["joined"][0]["reference"]) == (["report_by_deadline"], "第3号")
    assert {"answer", "verified", "circular"} <= set(seen["lacking"])


async def test_another_government_sees_nothing_of_it(house: SmallHouse) -> None:
    some = (await house.done("supervision.list_tasks", {}, by="yan"))["items"][0]["id"]
    elsewhere: dict[str, Any] = {"by": "yan", "tenant": "try-hongkou-2022-x"}
    assert (await house.call("supervision.get_task", {"id": some}, **elsewhere)).status_code == 404
    closing = {"id": some, "note": "不该"}
    assert (await house.call("supervision.close_task", closing, **elsewhere)).status_code == 404
    assert (await house.done("supervision.list_tasks", {}, **elsewhere))["items"] == []


async def test_all_events_folded_again_give_the_same_read_models(house: SmallHouse) -> None:
    """Promise 2: replaying all events gives the same state."""
    for name, service in (("supervision", SERVICE), ("disclosure", DISCLOSURE)):
        running = house.running(name)
        own = [one for one in service.projections if one.name != "deadline"]
        for table, rows in projected(await all_events(running), own).items():
            stored = await stored_rows(running, table, TENANT)
            assert len(stored) == len(rows), table
            for row in rows.values():
                assert any(alike(one, row) for one in stored), (table, row)


async def test_the_services_answer_as_their_documents_say(house: SmallHouse) -> None:
    token = house.issuer.mint(TENANT, person="office_clerk_qian")
    for name in ("supervision", "disclosure"):
        assert await contract_of(house.apps[name], {"Authorization": f"Bearer {token}"}) == [], name
