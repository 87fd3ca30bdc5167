"""Meeting over HTTP, on real PostgreSQL and real NATS: what is stored, what repeats, what is refused."""

import asyncio
from io import BytesIO
from typing import Any, cast

import pytest
from openpyxl import load_workbook

from meeting_svc.wiring import SERVICE
from tests.hongkou import at
from tests.replay import alike, all_events, projected, stored_rows
from tests.small_house import TENANT, SmallHouse
from tests.web.contract import contract_of

QIAN = "office_clerk_qian"


async def matter_with_reviews(house: SmallHouse, title: str) -> str:
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
    return matter["id"]


async def accepted_item(house: SmallHouse, title: str) -> str:
    matter = await matter_with_reviews(house, title)
    item = await house.done("meeting.submit_agenda_item", {"matter_id": matter, "body": "executive"}, by="justice_head")
    await house.done("meeting.take_agenda_step", {"id": item["id"]}, by="yan")
    await house.done("meeting.take_agenda_step", {"id": item["id"]}, by="kong")
    await house.done("meeting.accept_agenda_item", {"id": item["id"]}, by="tao")
    return item["id"]


def a_sitting(*items: str, **more: Any) -> dict[str, Any]:
    return {
        "body": "executive",
        "starts_at": "2022-01-19T14:00:00+08:00",
        "place": "第一会议室",
        "items": list(items),
        **more,
    }


async def test_a_submission_without_reviews_names_every_clause_in_both_languages(house: SmallHouse) -> None:
    matter = await house.done(
        "meeting.open_matter",
        {"title": "无审查的草案", "kind": "normative_document", "lead_unit": "justice_bureau"},
        by="justice_head",
    )
    submission = {"matter_id": matter["id"], "body": "executive"}
    problem = await house.refused("meeting.submit_agenda_item", submission, by="justice_head")
    assert {clause["id"] for clause in problem["clauses"]} == {"HK-57-2", "HK-18-4"}
    assert {reason["code"] for reason in problem["reasons"]} == {
        "needs_legality_review",
        "needs_fair_competition_review",
        "needs_public_participation",
    }
    assert not any(reason["says"] == reason["code"] for reason in problem["reasons"])
    english = await house.refused("meeting.submit_agenda_item", submission, by="justice_head", Accept_Language="en")
    assert "legality review" in english["detail"]
    listed = await house.done("meeting.list_agenda_items", {"matter": matter["id"]}, by="yan")
    assert listed["items"] == []


async def test_the_item_follows_its_sitting(house: SmallHouse) -> None:
    await house.clock(at("2022-01-17"))
    first, second = await accepted_item(house, "甲规则"), await accepted_item(house, "乙规则")
    sitting = await house.done("meeting.convene_sitting", a_sitting(first, second), by=QIAN)
    await house.settle()
    found = await house.done("meeting.get_agenda_item", {"id": first}, by="tao")
    assert (found["stage"], found["sitting_id"]) == ("scheduled", sitting["id"])
    await house.refused("meeting.convene_sitting", a_sitting(first), by=QIAN)
    await house.refused("meeting.withdraw_agenda_item", {"id": first, "reason": "重拟"}, by="justice_head")

    await house.clock(at("2022-01-19", 14))
    here = {"id": sitting["id"]}
    await house.done("meeting.open_sitting", here | {"present": [{"person": "tao"}, {"person": "yan"}]}, by=QIAN)
    adopted = {"item_id": first, "outcome": "adopted", "text": "通过。"}
    await house.done("meeting.record_decision", here | adopted, by=QIAN)
    problem = await house.refused("meeting.close_sitting", here, by=QIAN)
    assert [reason["code"] for reason in problem["reasons"]] == ["item_undecided"]
    await house.done(
        "meeting.record_decision", here | {"item_id": second, "outcome": "deferred", "text": "缓议。"}, by=QIAN
    )
    await house.done("meeting.close_sitting", here, by=QIAN)
    await house.settle()
    stages = {
        one["id"]: (one["stage"], one["outcome"])
        for one in (await house.done("meeting.list_agenda_items", {"body": "executive"}, by="tao"))["items"]
    }
    assert stages[first] == ("decided", "adopted")
    assert stages[second] == ("held_over", None)
    wanted = await house.done("meeting.list_minutes", {"stage": "not_seen", "sitting": sitting["id"]}, by="tao")
    assert [one["id"] for one in wanted["items"]] == [None]


async def test_a_deferred_item_may_be_called_again(house: SmallHouse) -> None:
    held = (await house.done("meeting.list_agenda_items", {"stage": "held_over"}, by="tao"))["items"]
    sitting = await house.done("meeting.convene_sitting", a_sitting(held[0]["id"]), by="tao")
    await house.settle()
    found = await house.done("meeting.get_agenda_item", {"id": held[0]["id"]}, by="tao")
    assert found["sitting_id"] == sitting["id"]


async def test_sittings_called_at_once_are_numbered_without_gap(house: SmallHouse) -> None:
    items = [await accepted_item(house, f"第{number}项") for number in range(6)]
    calls = [a_sitting(one, series="试序列") for one in items]
    refusals = [a_sitting(series="试序列"), a_sitting(items[0], items[0], series="试序列")]
    answers = await asyncio.gather(
        *(house.call("meeting.convene_sitting", one, by=QIAN) for one in [*calls, *refusals])
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 6 + [409] * 2
    numbers = [
        one["number"] for one in (await house.done("meeting.list_sittings", {"series": "试序列"}, by="tao"))["items"]
    ]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    series = await house.done("meeting.get_sitting_series", {"body": "executive", "series": "试序列"}, by="tao")
    assert (series["next_number"], len(series["given"])) == (7, 6)


async def test_a_repeat_under_its_key_gets_the_first_receipt(house: SmallHouse) -> None:
    item = await accepted_item(house, "重复的请求")
    call = a_sitting(item, series="重复")
    first = await house.done("meeting.convene_sitting", call, by=QIAN, key="convene-once")
    await house.settle()
    again = await house.call("meeting.convene_sitting", call, by=QIAN, key="convene-once")
    assert again.json() == first
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await house.call("meeting.convene_sitting", call | {"place": "别处"}, by=QIAN, key="convene-once")
    assert other.status_code == 422


async def test_who_saw_an_older_version_is_told_so(house: SmallHouse) -> None:
    matter = await matter_with_reviews(house, "版本")
    item = await house.done("meeting.submit_agenda_item", {"matter_id": matter, "body": "executive"}, by="justice_head")
    here = {"id": item["id"]}
    await house.done("meeting.take_agenda_step", here, by="yan", If_Match='"1"')
    stale = await house.call("meeting.take_agenda_step", here, by="kong", If_Match='"1"')
    assert stale.status_code == 412
    seen = await house.call("meeting.get_agenda_item", here, by="kong")
    assert seen.headers["ETag"] == '"2"'


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("meeting.open_matter", {"title": "", "lead_unit": "justice_bureau"}),
        ("meeting.open_matter", {"title": "甲", "lead_unit": "justice_bureau", "major": 1}),
        ("meeting.open_matter", {"title": "甲", "lead_unit": "justice_bureau", "no_such_field": 1}),
        ("meeting.submit_agenda_item", {"matter_id": "no uuid", "body": "executive"}),
        ("meeting.convene_sitting", {"body": "executive", "starts_at": 5, "place": "甲", "items": []}),
        ("meeting.convene_sitting", {"body": "executive", "starts_at": "2022-01-19", "place": "甲", "items": []}),
        ("meeting.record_decision", {"id": "019a0000-0000-7000-8000-000000000001", "outcome": "liked"}),
        ("meeting.list_agenda_items", {"stage": "no_such_stage"}),
        ("meeting.list_sittings", {"cursor": "bm9uZQ"}),
    ],
)
async def test_a_malformed_request_is_422(house: SmallHouse, operation: str, given: dict[str, Any]) -> None:
    answer = await house.call(operation, given, by="justice_head")
    assert answer.status_code == 422, answer.text
    assert answer.json()["reasons"]


async def test_what_is_not_there_is_404(house: SmallHouse) -> None:
    nothing = "019a0000-0000-7000-8000-00000000dead"
    for operation in ("get_matter", "get_agenda_item", "get_sitting", "get_minutes"):
        await house.refused(f"meeting.{operation}", {"id": nothing}, by="tao", status=404)
    await house.refused("meeting.close_sitting", {"id": nothing}, by=QIAN, status=404)
    submission = {"matter_id": nothing, "body": "executive"}
    await house.refused("meeting.submit_agenda_item", submission, by="justice_head", status=404)


async def test_lists_go_on_where_the_last_page_ended(house: SmallHouse) -> None:
    every = [one["id"] for one in (await house.done("meeting.list_matters", {"limit": 200}, by="tao"))["items"]]
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await house.done("meeting.list_matters", {"limit": 3, **cursor}, by="tao")
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == every
    named = await house.done("meeting.list_matters", {"title": "甲规", "unit": "justice_bureau"}, by="tao")
    assert [one["title"] for one in named["items"]] == ["甲规则"]


async def test_the_service_answers_as_its_document_says(house: SmallHouse) -> None:
    token = house.issuer.mint(TENANT, person=QIAN)
    assert await contract_of(house.apps["meeting"], {"Authorization": f"Bearer {token}"}) == []


async def test_a_leave_a_check_in_and_a_decision_reach_each_other(house: SmallHouse) -> None:
    """A granted leave is noted on its sitting, whoever checked in is there, and the decision lies on the file."""
    await house.clock(at("2022-02-14"))
    item = await accepted_item(house, "签到事项")
    sitting = await house.done("meeting.convene_sitting", a_sitting(item, series="签到"), by=QIAN)
    here = {"id": sitting["id"]}
    leave = await house.done("meeting.ask_meeting_leave", {"sitting_id": sitting["id"], "reason": "赴市开会"}, by="cao")
    waiting = await house.done("meeting.get_meeting_leave", {"id": leave["id"]}, by="tao")
    assert (waiting["stage"], waiting["waits_for"]) == ("asked", ["tao"])
    await house.refused("meeting.take_leave_step", {"id": leave["id"]}, by="kong", status=403)
    await house.done("meeting.take_leave_step", {"id": leave["id"], "opinion": "同意"}, by="tao")
    await house.settle()
    for person in ("tao", "kong", "yan"):
        await house.done("meeting.check_in_to_sitting", here, by=person)
    await house.done("meeting.deliver_papers", here, by=QIAN)
    await house.done("meeting.confirm_papers", here, by="kong")
    await house.done("meeting.open_sitting", here, by=QIAN)
    seen = await house.done("meeting.get_sitting", here, by="tao")
    assert {one["person"]: one["why"] for one in seen["missing"]}["cao"] == "leave"
    assert {one["person"] for one in seen["present"]} == {"tao", "kong", "yan"}
    assert seen["papers_received"] == ["kong"]
    adopted = {"item_id": item, "outcome": "adopted", "text": "通过。"}
    await house.done("meeting.record_decision", here | adopted, by=QIAN)
    await house.settle()
    found = await house.done("meeting.get_agenda_item", {"id": item}, by="tao")
    matter = await house.done("meeting.get_matter", {"id": found["matter_id"]}, by="tao")
    [decision] = [one for one in matter["evidence"] if one["evidence"] == "meeting_decision"]
    assert (decision["of"], decision["reference"]) == ("executive", sitting["id"])
    await house.done("meeting.leave_sitting", here, by="kong")
    await house.done("meeting.close_sitting", here, by=QIAN)


async def test_the_board_the_rhythm_and_what_was_decided_are_looked_at(house: SmallHouse) -> None:
    await house.clock(at("2022-02-15"))
    board = await house.done("meeting.get_agenda_board", {"body": "executive"}, by="tao")
    matter = await matter_with_reviews(house, "看板事项")
    item = await house.done("meeting.submit_agenda_item", {"matter_id": matter, "body": "executive"}, by="justice_head")
    now = await house.done("meeting.get_agenda_board", {"body": "executive"}, by="tao")
    assert len(now["pool"]) == len(board["pool"]) + 1
    [card] = [one for one in now["pool"] if one["id"] == item["id"]]
    assert "yan" in card["waits_for"]
    assert (card["missing"], now["more"]) == ([], False)
    rhythm = {one["body"]: one for one in await listed(house, "meeting.get_rhythm")}
    assert (rhythm["executive"]["pace"], rhythm["executive"]["clauses"][0]) == ("drifted", "HK-46-1")
    assert (rhythm["executive"]["last_on"], rhythm["executive"]["next_by"]) == ("2022-01-19", "2022-02-02")
    assert rhythm["working"]["pace"] == "too_early"
    found = (await house.done("meeting.list_decisions", {"body": "executive", "outcome": "adopted"}, by="tao"))["items"]
    assert {"甲规则", "签到事项"} <= {one["title"] for one in found}
    book = await house.call("meeting.export_decisions", {"decided_from": "2022-01-19"}, by="tao")
    sheet = load_workbook(BytesIO(book.content)).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert len(rows) - 1 == len((await house.done("meeting.list_decisions", {}, by="tao"))["items"])
    assert any("签到事项" in row and "通过" in row for row in rows)
    feed = await house.call("meeting.get_body_calendar", {"body": "executive"}, by="tao")
    assert feed.content.count(b"BEGIN:VEVENT") == len(
        (await house.done("meeting.list_sittings", {"body": "executive"}, by="tao"))["items"]
    )
    missing = await house.call("meeting.get_body_calendar", {"body": "nothing"}, by="tao")
    assert missing.status_code == 404


async def listed(house: SmallHouse, operation: str) -> list[dict[str, Any]]:
    answer = await house.call(operation, by="tao")
    assert answer.status_code == 200, answer.text
    return cast("list[dict[str, Any]]", answer.json())


async def test_a_meeting_is_asked_for_and_handled(house: SmallHouse) -> None:
    asked = {
        "title": "全区行政执法工作会议",
        "unit": "justice_bureau",
        "scope": "area_wide",
        "in_name_of": "district_government",
        "organiser": "department",
        "meets_on": "2022-04-20",
    }
    own = asked | {"scope": "own_line"}
    problem = await house.refused("meeting.request_meeting", own, by="justice_head")
    assert [reason["code"] for reason in problem["reasons"]] == ["meeting_not_held"]
    assert {clause["id"] for clause in problem["clauses"]} == {"HK-54-3"}
    request = await house.done("meeting.request_meeting", asked, by="justice_head")
    waiting = await house.done("meeting.get_meeting_request", {"id": request["id"]}, by="tao")
    assert QIAN in waiting["waits_for"]
    await house.refused("meeting.take_request_step", {"id": request["id"]}, by="justice_head", status=403)
    await house.done("meeting.take_request_step", {"id": request["id"]}, by=QIAN)
    held = await house.done("meeting.list_meeting_requests", {"unit": "justice_bureau"}, by="tao")
    assert [(one["stage"], one["meets_on"]) for one in held["items"]] == [("approved", "2022-04-20")]
    await house.done("meeting.cancel_meeting_request", {"id": request["id"], "reason": "改为书面"}, by="justice_head")


async def test_a_secret_matter_is_found_by_its_readers_alone(house: SmallHouse) -> None:
    """虹口2022 六十四."""
    secret = {"title": "工作秘密事项", "features": ["work_secret"], "lead_unit": "justice_bureau"}
    matter = await house.done("meeting.open_matter", secret, by="justice_head")
    given = {"id": matter["id"]}

    async def found_by(person: str) -> bool:
        listed = await house.done("meeting.list_matters", {"title": "工作秘密"}, by=person)
        return [one["id"] for one in listed["items"]] == [matter["id"]]

    assert (await found_by("justice_head"), await found_by("finance_head")) == (True, False)
    assert (await house.call("meeting.get_matter", given, by="finance_head")).status_code == 404
    await house.done("meeting.name_matter_reader", given | {"person": "finance_head"}, by="justice_head")
    assert await found_by("finance_head")
    seen = await house.done("meeting.get_matter", given, by="finance_head")
    assert seen["readers"] == ["finance_head"]
    await house.done("meeting.strike_matter_reader", given | {"person": "finance_head"}, by="justice_head")
    assert not await found_by("finance_head")


async def test_all_events_folded_again_give_the_same_states_and_read_models(house: SmallHouse) -> None:
    """Promise 2: replaying all events gives the same state."""
    running = house.running("meeting")
    events = await all_events(running)
    tables = projected(events, [one for one in SERVICE.projections if one.name != "deadline"])
    assert set(tables) == {
        "matters",
        "evidence_on_file",
        "docket",
        "sittings",
        "decisions",
        "minutes",
        "meeting_requests",
    }
    for table, rows in tables.items():
        stored = await stored_rows(running, table, TENANT)
        assert len(stored) == len(rows), table
        for row in rows.values():
            assert any(alike(one, row) for one in stored), (table, row)
    things = {event: thing for thing in SERVICE.things for event in thing.events}
    compared = 0
    for stream in {event.stream for event in events}:
        mine = [event.recorded() for event in events if event.stream == stream]
        thing = things[type(mine[0].event)]
        state = thing.start(stream)
        for recorded in mine:
            state = thing.evolve(state, recorded.event)
        kept = running.kernel.kept(mine[0].tenant, thing, stream)
        if kept is not None:  # a refusal makes a process forget what it had at hand
            assert (kept.version, kept.state) == (mine[-1].version, state)
            compared += 1
    assert compared > 10
