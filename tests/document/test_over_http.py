"""From the submitted draft to the issued document, over HTTP, real PostgreSQL and real NATS."""

import asyncio
import hashlib
from typing import Any
from uuid import UUID

from chancery.desk import Caller, Desk, uuid7
from chancery.names import PersonId, TenantId
from chancery.service import stream_of
from document_svc.register.assign import AssignNumber, assign
from document_svc.register.number_form import number_form
from document_svc.register.state import REGISTER
from document_svc.wiring import SERVICE
from tests.hongkou import at
from tests.replay import alike, all_events, projected, stored_rows
from tests.small_house import TENANT, SmallHouse
from tests.web.contract import contract_of

TEXT = "虹口区人民政府工作规则（样稿）\n第一条 为示范而写。\n".encode()
HASH = hashlib.sha256(TEXT).hexdigest()


async def decided_matter(house: SmallHouse, title: str, *, day: str = "2022-01-19") -> dict[str, Any]:
    """A matter carried up to issued minutes that order a document."""
    matter = await house.done(
        "meeting.open_matter",
        {"title": title, "kind": "normative_document", "lead_unit": "justice_bureau"},
        by="justice_head",
    )
    for evidence in (
        {"evidence": "legality_review", "attrs": {"result": "passed"}},
        {"evidence": "fair_competition_review", "attrs": {"result": "outside_scope"}},
        {"evidence": "public_participation"},
    ):
        await house.done("meeting.file_evidence", {"id": matter["id"], **evidence}, by="justice_clerk")
    item = await house.done(
        "meeting.submit_agenda_item",
        {"matter_id": matter["id"], "body": "executive", "sitting_on": day, "papers": ["declaration"]},
        by="justice_head",
    )
    await house.done("meeting.take_agenda_step", {"id": item["id"], "opinion": "已核"}, by="yan")
    await house.done("meeting.take_agenda_step", {"id": item["id"]}, by="kong")
    await house.done("meeting.accept_agenda_item", {"id": item["id"]}, by="tao")
    sitting = await house.done(
        "meeting.convene_sitting",
        {"body": "executive", "starts_at": f"{day}T14:00:00+08:00", "place": "第一会议室", "items": [item["id"]]},
        by="office_clerk_qian",
    )
    await house.done(
        "meeting.open_sitting",
        {"id": sitting["id"], "present": [{"person": "tao"}, {"person": "kong"}, {"person": "yan"}]},
        by="office_clerk_qian",
    )
    await house.done(
        "meeting.record_decision",
        {
            "id": sitting["id"],
            "item_id": item["id"],
            "outcome": "adopted",
            "text": "会议审议通过。",
            "orders_document": "normative_document",
        },
        by="office_clerk_qian",
    )
    await house.done("meeting.close_sitting", {"id": sitting["id"]}, by="office_clerk_qian")
    minutes = await house.done("meeting.draft_minutes", {"sitting_id": sitting["id"]}, by="office_clerk_qian")
    await house.done("meeting.sign_minutes", {"id": minutes["id"]}, by="tao")
    await house.done("meeting.issue_minutes", {"id": minutes["id"]}, by="office_clerk_qian")
    await house.settle()
    return {"matter": matter, "item": item, "sitting": sitting, "minutes": minutes}


async def ordered_document(house: SmallHouse, matter: str) -> dict[str, Any]:
    found = await house.done("document.list_documents", {"matter": matter}, by="office_clerk_qian")
    assert len(found["items"]) == 1
    return found["items"][0]


async def test_a_decision_becomes_a_document_with_its_number(house: SmallHouse) -> None:
    """虹口2022 五十二, 五十八: adopted on the 19th, signed by the mayor, no. 3, out on the second working day."""
    await house.clock(at("2022-01-19", 16))
    carried = await decided_matter(house, "区政府工作规则")
    drafted = await ordered_document(house, carried["matter"]["id"])
    assert (drafted["stage"], drafted["due_on"]) == ("drafted", "2022-01-28")
    document = {"id": drafted["id"]}

    await house.clock(at("2022-01-21", 10))
    deadlines = await house.done("document.list_deadlines", {}, by="office_clerk_qian")
    assert [one["name"] for one in deadlines["items"]] == ["ordered_document_issue"]

    problem = await house.refused("document.issue_document", document, by="office_clerk_qian")
    codes = {reason["code"] for reason in problem["reasons"]}
    assert codes == {"needs_signature", "needs_number", "needs_text", "needs_attribute"}

    paper = {"kind": "text", "name": "rules.txt", "sha256": HASH, "size": len(TEXT), "media_type": "text/plain"}
    await house.refused("document.attach_text", document | paper, by="justice_head")
    kept = await house.done("document.put_file", {"sha256": HASH, "content": TEXT}, by="justice_head")
    assert kept == {"sha256": HASH, "size": len(TEXT), "new": True}
    await house.done("document.attach_text", document | paper, by="justice_head")
    await house.done("document.propose_attribute", document | {"attribute": "proactive"}, by="justice_head")
    await house.refused("document.sign_document", document, by="kong", status=403)
    signed = await house.done("document.sign_document", document, by="tao")
    assert {"HK-58-1", "HK-18-4"} <= {clause["id"] for clause in signed["clauses"]}

    await house.done(
        "document.open_document_register",
        {"in_name_of": "district_government", "year": 2022, "next_seq": 3},
        by="office_clerk_qian",
    )
    await house.done("document.number_document", document, by="office_clerk_qian")
    issued = await house.done("document.issue_document", document, by="office_clerk_qian")
    assert issued["matter"] == carried["matter"]["id"]

    found = await house.done("document.get_document", document, by="tao")
    assert (found["stage"], found["number"], found["edition"]) == ("issued", "虹府发〔2022〕3号", 1)
    assert {one["evidence"] for one in found["evidence"]} == {
        "legality_review",
        "fair_competition_review",
        "public_participation",
        "meeting_decision",
    }
    events = (await house.done("document.read_events", {"after": 0}, roles=("feed",)))["events"]
    [last] = [event for event in events if event["type"] == "document.issued"]
    assert last["data"]["working_day"] == 2
    same = await house.call("document.get_file", {"sha256": HASH}, by="tao")
    assert same.content == TEXT


async def test_what_is_not_issued_in_time_is_told_by_itself_once(house: SmallHouse) -> None:
    """虹口2022 五十二: in principle within seven working days."""
    await house.clock(at("2022-02-16", 16))
    carried = await decided_matter(house, "逾期的规则", day="2022-02-16")
    drafted = await ordered_document(house, carried["matter"]["id"])
    assert drafted["due_on"] == "2022-02-25"
    await house.clock(at("2022-02-28", 9))
    found = await house.done("document.get_document", {"id": drafted["id"]}, by="tao")
    assert found["overdue"] is True
    late = await house.done("document.list_documents", {"overdue": True}, by="tao")
    assert [one["id"] for one in late["items"]] == [drafted["id"]]


async def test_many_documents_numbered_at_once_get_numbers_without_gap(house: SmallHouse) -> None:
    matter = await house.done(
        "meeting.open_matter", {"title": "日常事务", "lead_unit": "district_office"}, by="office_clerk_qian"
    )
    await house.settle()
    await house.done("document.put_file", {"sha256": HASH, "content": TEXT}, by="office_clerk_qian")
    paper = {"kind": "text", "name": "n.txt", "sha256": HASH, "size": len(TEXT), "media_type": "text/plain"}

    async def signed(number: int) -> str:
        draft = await house.done(
            "document.draft_document",
            {
                "matter_id": matter["id"],
                "kind": "notice",
                "title": f"第{number}份通知",
                "in_name_of": "district_office",
                "direction": "downward",
                "lead_unit": "justice_bureau",
            },
            by="office_clerk_qian",
        )
        await house.done("document.attach_text", {"id": draft["id"], **paper}, by="office_clerk_qian")
        await house.done("document.sign_document", {"id": draft["id"]}, by="kong")
        return draft["id"]

    drafts = [await signed(number) for number in range(8)]
    asked = drafts + drafts[:4]
    answers = await asyncio.gather(
        *(house.call("document.number_document", {"id": one}, by="office_clerk_qian") for one in asked)
    )
    assert {answer.status_code for answer in answers} == {200}
    numbers = [(await house.done("document.get_document", {"id": one}, by="tao"))["number"] for one in drafts]
    assert sorted(numbers) == sorted(f"虹府办发〔2022〕{seq}号" for seq in range(1, 9))
    registers = await house.done("document.list_document_registers", {"year": 2022}, by="tao")
    of_office = next(one for one in registers["items"] if one["code"] == "虹府办发")
    found = await house.done("document.get_document_register", {"id": of_office["id"]}, by="tao")
    assert [one["seq"] for one in found["given"]] == list(range(1, 9))


async def test_a_number_whose_call_broke_off_reaches_its_document_by_itself(house: SmallHouse) -> None:
    """Killed between the register's number and the document's: the register's event carries on."""
    matter = await house.done(
        "meeting.open_matter", {"title": "断电", "lead_unit": "district_office"}, by="office_clerk_qian"
    )
    await house.settle()
    await house.done("document.put_file", {"sha256": HASH, "content": TEXT}, by="office_clerk_qian")
    draft = await house.done(
        "document.draft_document",
        {
            "matter_id": matter["id"],
            "kind": "notice",
            "title": "断电时的通知",
            "in_name_of": "district_office",
            "direction": "downward",
            "lead_unit": "justice_bureau",
        },
        by="office_clerk_qian",
    )
    paper = {"kind": "text", "name": "n.txt", "sha256": HASH, "size": len(TEXT), "media_type": "text/plain"}
    await house.done("document.attach_text", {"id": draft["id"], **paper}, by="office_clerk_qian")
    await house.done("document.sign_document", {"id": draft["id"]}, by="kong")
    running = house.running("document")
    rules = await running.room.rules(TenantId(TENANT), running.clock.now())
    form = number_form(rules, "district_office")
    desk = Desk(running.kernel, Caller(TenantId(TENANT), PersonId("office_clerk_qian"), None, frozenset(), ""), uuid7())
    register = stream_of(TENANT, "document_register", form.register_key(2022))
    await desk.handle(REGISTER, assign, AssignNumber(form, 2022, UUID(draft["id"])), stream=register)
    await house.settle()
    found = await house.done("document.get_document", {"id": draft["id"]}, by="tao")
    assert found["number"] is not None
    await house.done("document.number_document", {"id": draft["id"]}, by="office_clerk_qian")
    again = await house.done("document.get_document", {"id": draft["id"]}, by="tao")
    assert again["number"] == found["number"]


async def test_files_are_what_their_hash_says(house: SmallHouse) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    problem = await house.refused("document.put_file", {"sha256": other, "content": TEXT}, by="tao")
    assert [reason["code"] for reason in problem["reasons"]] == ["file_differs"]
    await house.refused("document.put_file", {"sha256": other, "content": b"x" * 100_001}, by="tao", status=413)
    missing = await house.refused("document.get_file", {"sha256": other}, by="tao", status=404)
    assert missing["type"].endswith("missing")
    assert (await house.call("document.get_file", {"sha256": "../secret"}, by="tao")).status_code in (404, 422)


async def test_another_government_sees_nothing_of_it(house: SmallHouse) -> None:
    found = await house.done("document.list_documents", {}, by="tao")
    some = found["items"][0]["id"]
    for operation in ("document.get_document", "document.issue_document", "document.number_document"):
        answer = await house.call(operation, {"id": some}, by="tao", tenant="try-hongkou-2022-x")
        assert answer.status_code == 404, answer.text
    other = await house.done("document.list_documents", {}, by="tao", tenant="try-hongkou-2022-x")
    assert other["items"] == []


async def test_all_events_folded_again_give_the_same_read_models(house: SmallHouse) -> None:
    """Promise 2: replaying all events gives the same state; what was heard of meetings included."""
    running = house.running("document")
    own = projected(await all_events(running), [one for one in SERVICE.projections if one.name != "deadline"])
    heard = projected(await all_events(house.running("meeting")), SERVICE.heard["meeting"])
    assert set(own) | set(heard) == {"documents", "registers", "numbers_given", "heard_matters", "heard_evidence"}
    for table, rows in {**own, **heard}.items():
        stored = await stored_rows(running, table, TENANT)
        assert len(stored) == len(rows), table
        for row in rows.values():
            assert any(alike(one, row) for one in stored), (table, row)


async def test_the_service_answers_as_its_document_says(house: SmallHouse) -> None:
    token = house.issuer.mint(TENANT, person="office_clerk_qian")
    assert await contract_of(house.apps["document"], {"Authorization": f"Bearer {token}"}) == []
