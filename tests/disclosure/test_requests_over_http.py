"""A request for information over HTTP: taken in, numbered, put on the register, answered, printed and counted."""

from uuid import UUID

from disclosure_svc.wiring import SERVICE
from tests.hongkou import at
from tests.replay import alike, all_events, projected, stored_rows
from tests.small_house import TENANT, SmallHouse
from tests.web.contract import contract_of

OFFICE = "office_clerk_qian"
FORM = {
    "applicant": "张某",
    "applicant_kind": "citizen",
    "contact": "某路1号",
    "wanted": "2021年道路养护经费安排",
    "channel": "in_person",
    "reached_at": "2022-01-20T10:00:00+08:00",
}


async def one(house: SmallHouse, **more: str) -> str:
    receipt = await house.done("disclosure.receive_request", {**FORM, **more}, by=OFFICE)
    await house.settle()
    return str(UUID(receipt["id"]))


async def test_where_the_rules_are_silent_it_says_so_and_lapses_or_is_answered_all_the_same(house: SmallHouse) -> None:
    """虹口2022 has no number for requests, and the baseline is not adopted: not regulated, the office sets the day."""
    first, second = await one(house), await one(house, applicant="某公司", applicant_kind="company")
    seen = await house.done("disclosure.get_disclosure_request", {"id": first}, by=OFFICE)
    assert (seen["number"], seen["regulated"], seen["due"], seen["account_zh"]) == ("2022-0001", False, None, [])
    await house.refused("disclosure.get_disclosure_request", {"id": first}, by="justice_head", status=403)
    await house.refused("disclosure.list_disclosure_requests", {}, by="justice_head", status=403)
    await house.done("disclosure.set_answer_day", {"id": first, "due_on": "2022-01-25"}, by=OFFICE)
    asked = {"id": second, "missing": "请写明哪一条道路", "by_on": "2022-01-24"}
    await house.done("disclosure.ask_correction", asked, by=OFFICE)
    await house.clock(at("2022-01-26", 9))
    late = await house.done("disclosure.get_disclosure_request", {"id": first}, by=OFFICE)
    assert (late["overdue"], late["due"]["due_on"]) == (True, "2022-01-25")
    assert any("2022" in line for line in late["account_zh"])
    lapsed = await house.done("disclosure.get_disclosure_request", {"id": second}, by=OFFICE)
    assert lapsed["stage"] == "lapsed"
    told = {"kind": "withheld", "text": "该信息属内部事务", "ground": "internal_affairs"}
    await house.done("disclosure.answer_request", {"id": first, **told}, by=OFFICE)
    await house.settle()
    listed = await house.done("disclosure.list_disclosure_requests", {"answered": "withheld"}, by=OFFICE)
    assert [(line["number"], line["late"]) for line in listed["items"]] == [("2022-0001", True)]
    figures = await house.done("disclosure.request_figures", {"year": 2022}, by=OFFICE)
    assert (figures["received"], figures["lapsed"], figures["late"], figures["open_at_end"]) == (2, 1, 1, 0)
    assert (figures["answered"]["withheld"], figures["by_applicant"]) == (1, {"citizen": 1, "company": 1})
    for form, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        letter = await house.call(
            "disclosure.request_letter", {"request_id": first, "kind": "answer", "form": form}, by=OFFICE
        )
        assert letter.status_code == 200
        assert letter.content.startswith(begins)
    missing = {"request_id": first, "kind": "extension"}
    assert (await house.call("disclosure.request_letter", missing, by=OFFICE)).status_code == 404
    running = house.running("disclosure")
    own = [projection for projection in SERVICE.projections if projection.name == "request"]
    rows = projected(await all_events(running), own)["request"]
    stored = {row["request_id"]: row for row in await stored_rows(running, "request", TENANT)}
    assert len(stored) == len(rows) == 2
    assert all(alike(stored[row["request_id"]], row) for row in rows.values())


async def test_the_service_answers_as_its_document_says(house: SmallHouse) -> None:
    token = house.issuer.mint(TENANT, person=OFFICE)
    assert await contract_of(house.apps["disclosure"], {"Authorization": f"Bearer {token}"}) == []
