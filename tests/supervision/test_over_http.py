"""From issued minutes to the closed task and the public entry, over HTTP, real PostgreSQL and real NATS."""

from typing import Any

from disclosure_svc.wiring import SERVICE as DISCLOSURE
from supervision_svc.wiring import SERVICE
from tests.document.test_over_http import HASH, TEXT, decided_matter, ordered_document
from tests.hongkou import at
from tests.replay import alike, all_events, projected, stored_rows
from tests.small_house import TENANT, SmallHouse
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
