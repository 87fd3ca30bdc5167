"""Soft rules over HTTP, on real PostgreSQL and NATS: excused, claimed, called for, answered; clocks moved."""

from typing import Any

from tests.hongkou import at
from tests.rules.small import write
from tests.small_house import SmallHouse
from tests.soft.soft import FILES_OF_THE_PACK
from tests.web.contract import contract_of

EXCUSE = {"table": "gates", "row": "purse-first", "what": "purse_opinion", "body": "council", "reason": "先行抢修"}


async def matter(house: SmallHouse, *features: str, kind: str = "plan") -> str:
    facts = {"title": "修桥方案", "kind": kind, "lead_unit": "works", "features": list(features)}
    return (await house.done("meeting.open_matter", facts, by="gus"))["id"]


def to_council(matter_id: str, **more: Any) -> dict[str, Any]:
    return {"matter_id": matter_id, "body": "council", "sitting_on": "2024-03-20", "papers": ["draft"], **more}


async def events(house: SmallHouse, service: str, type_: str) -> list[dict[str, Any]]:
    feed = await house.done(f"{service}.read_events", {"limit": 1000}, roles=("feed",))
    return [event for event in feed["events"] if event["type"].endswith(type_)]


async def test_a_requirement_is_excused_by_whoever_may_and_the_clause_set_aside_is_cited(house: SmallHouse) -> None:
    costly = await matter(house, "costly")
    problem = await house.refused("meeting.submit_agenda_item", to_council(costly), by="ed")
    [reason] = problem["reasons"]
    assert reason["code"] == "needs_purse_opinion"
    [way] = reason["excusable"]
    assert way == {"table": "gates", "row": "purse-first", "what": "purse_opinion", "of": None, "by": ["ann"]}
    wrong = await house.refused("meeting.excuse_requirement", {"id": costly, **EXCUSE}, by="bo", status=403)
    assert "Ann" in wrong["detail"]
    hard = {"id": costly, **EXCUSE, "row": "heard-first", "what": "hearing"}
    assert (await house.refused("meeting.excuse_requirement", hard, by="ann"))["reasons"][0]["code"] == "not_excusable"
    given = await house.done("meeting.excuse_requirement", {"id": costly, **EXCUSE}, by="ann")
    assert [clause["id"] for clause in given["clauses"]] == ["MP-1-1"]
    await house.done("meeting.submit_agenda_item", to_council(costly), by="ed")
    file = await house.done("meeting.get_matter", {"id": costly}, by="ed")
    assert [(one["row"], one["by"], one["reason"]) for one in file["excuses"]] == [("purse-first", "ann", "先行抢修")]


async def test_an_exception_is_claimed_with_its_reason(house: SmallHouse) -> None:
    wide = await matter(house, "wide")
    await house.refused("meeting.submit_agenda_item", to_council(wide), by="ed")
    unknown = {"id": wide, "exception": "haste", "reason": "急"}
    problem = await house.refused("meeting.claim_exception", unknown, by="gus")
    assert "flood" in problem["detail"]
    await house.done("meeting.claim_exception", {"id": wide, "exception": "flood", "reason": "汛情"}, by="gus")
    await house.done("meeting.submit_agenda_item", to_council(wide), by="ed")


async def decided(house: SmallHouse) -> tuple[str, str]:
    """A plan through the council: checklist answered, a consultation called for; the document and task it orders."""
    plain = await matter(house)
    item = (await house.done("meeting.submit_agenda_item", to_council(plain), by="ed"))["id"]
    await house.done("meeting.call_agenda_step", {"id": item, "step": "consult", "reason": "涉及财政"}, by="di")
    await house.done("meeting.take_agenda_step", {"id": item}, by="di")
    await house.refused("meeting.accept_agenda_item", {"id": item}, by="ann")
    for question in ("one_thing", "short_enough"):
        await house.refused(
            "meeting.answer_agenda_question", {"id": item, "question": question, "yes": True}, by="ed", status=403
        )
        await house.done("meeting.answer_agenda_question", {"id": item, "question": question, "yes": True}, by="di")
    before = await house.refused("meeting.accept_agenda_item", {"id": item}, by="ann")
    assert before["reasons"][0]["code"] == "steps_before_the_last"
    await house.done("meeting.take_agenda_step", {"id": item}, by="flo")
    await house.done("meeting.accept_agenda_item", {"id": item}, by="ann")
    seen = await house.done("meeting.get_agenda_item", {"id": item}, by="ed")
    assert [one["step"] for one in seen["called"]] == ["consult"]
    assert all(line["answer"]["yes"] for line in seen["checklist"])
    sitting = (
        await house.done(
            "meeting.convene_sitting",
            {"body": "council", "starts_at": "2024-03-20T14:00:00+08:00", "place": "会议室", "items": [item]},
            by="ann",
        )
    )["id"]
    await house.clock(at("2024-03-20", 14))
    await house.done("meeting.open_sitting", {"id": sitting, "present": [{"person": "ann"}]}, by="di")
    decision = {"item_id": item, "outcome": "adopted", "text": "通过。", "lead": "works", "orders_document": "plan"}
    await house.done("meeting.record_decision", {"id": sitting, **decision}, by="di")
    await house.done("meeting.close_sitting", {"id": sitting}, by="di")
    minutes = (await house.done("meeting.draft_minutes", {"sitting_id": sitting}, by="di"))["id"]
    await house.done("meeting.take_minutes_step", {"id": minutes}, by="di")
    await house.done("meeting.sign_minutes", {"id": minutes}, by="ann")
    await house.done("meeting.issue_minutes", {"id": minutes}, by="di")
    await house.settle()
    [document] = (await house.done("document.list_documents", {"matter": plain}, by="di"))["items"]
    [task] = (await house.done("supervision.list_tasks", {"matter": plain}, by="di"))["items"]
    return document["id"], task["id"]


async def test_clocks_stop_go_on_and_are_extended_by_command_and_told_day_by_day(house: SmallHouse) -> None:
    document, task = await decided(house)
    here = {"id": document}
    began = await house.done("document.get_document", here, by="di")
    assert began["due"]["due_on"] == "2024-03-29"
    await house.clock(at("2024-03-22"))
    await house.refused("document.suspend_document_clock", here | {"cause": "等批复"}, by="gus", status=403)
    await house.done("document.suspend_document_clock", here | {"cause": "等批复"}, by="di")
    [line] = (await house.done("document.list_documents", {"title": "修桥"}, by="di"))["items"]
    assert line["due_on"] is None
    await house.clock(at("2024-03-26"))
    await house.done("document.resume_document_clock", here, by="di")
    await house.refused("document.extend_document_clock", here | {"by": 2, "reason": "核对"}, by="di", status=403)
    extended = await house.done("document.extend_document_clock", here | {"by": 2, "reason": "核对"}, by="ann")
    assert [clause["id"] for clause in extended["clauses"]] == ["MP-2-1"]
    [deadline] = (await house.done("document.list_deadlines", {"thing": document}, by="di"))["items"]
    account = await house.done("document.get_deadline", {"id": deadline["id"]}, by="di")
    assert (account["due_on"], account["counted"]["extended_from"]) == ("2024-04-07", "2024-04-02")
    stood = [day["on"] for day in account["days"] if "中止计算：等批复" in day["says"]]
    assert stood == ["2024-03-22", "2024-03-23", "2024-03-24", "2024-03-25"]
    assert [day["number"] for day in account["days"] if day["number"]][-1] == 9

    await house.refused("supervision.suspend_task", {"id": task, "cause": "停工"}, by="ed", status=403)
    await house.done("supervision.suspend_task", {"id": task, "cause": "停工"}, by="di")
    await house.refused("supervision.suspend_task", {"id": task, "cause": "停工"}, by="di")
    await house.done("supervision.resume_task", {"id": task}, by="di")
    await house.done("supervision.extend_task", {"id": task, "to": "2024-04-30", "reason": "复核"}, by="di")
    found = await house.done("supervision.get_task", {"id": task}, by="di")
    assert (found["due"]["due_on"], found["due"]["extended_from"]) == ("2024-04-30", "2024-04-03")


async def test_a_changed_closing_time_moves_running_clocks_as_an_event_with_both_moments(house: SmallHouse) -> None:
    assert house.government is not None
    changed = FILES_OF_THE_PACK["pack"].replace('closing_time: "17:30"', 'closing_time: "16:00"')
    assert changed != FILES_OF_THE_PACK["pack"]
    write(house.government.packs / "millpond-2024", {"pack": changed})
    for service in ("document", "supervision"):
        assert await house.running(service).reload_rules() == ()
    await house.settle(at("2024-03-26"))
    [moved] = [e for e in await events(house, "document", "deadline_moved") if e["data"]["cause"] == "rules"]
    assert moved["data"]["was"]["due_at"] == "2024-04-07T09:30:00Z"
    assert moved["data"]["now"]["due_at"] == "2024-04-07T08:00:00Z"
    assert moved["data"]["now"]["due_on"] == "2024-04-07"
    [also] = [e for e in await events(house, "supervision", "deadline_moved") if e["data"]["cause"] == "rules"]
    assert also["data"]["now"]["due_at"] == "2024-04-30T08:00:00Z"


async def test_a_document_is_checked_answered_excused_and_signed(house: SmallHouse) -> None:
    plain = await matter(house)
    await house.settle()
    draft = {
        "matter_id": plain,
        "kind": "plan",
        "title": "关于修桥的请示",
        "in_name_of": "council_name",
        "direction": "upward",
        "to": ["city", "bureaus"],
        "lead_unit": "works",
    }
    document = (await house.done("document.draft_document", draft, by="gus"))["id"]
    here = {"id": document}
    problem = await house.refused("document.take_document_step", here, by="di")
    assert [(one["code"], one["subject"]) for one in problem["reasons"]] == [("check_fails", "max_addressees")]
    excuse = {"table": "checks", "row": "one-addressee", "what": "max_addressees", "reason": "并报"}
    await house.refused("document.excuse_document_requirement", here | excuse, by="ann", status=403)
    await house.done("document.excuse_document_requirement", here | excuse, by="di")
    await house.done("document.call_document_step", here | {"step": "sign_off"}, by="di")
    await house.done("document.take_document_step", here, by="di")
    await house.done("document.claim_document_exception", here | {"exception": "flood", "reason": "汛情"}, by="gus")
    await house.refused("document.sign_document", here, by="ann")
    await house.done("document.take_document_step", here, by="bo")
    open_ = await house.refused("document.sign_document", here, by="ann")
    assert {one["code"] for one in open_["reasons"]} == {"check_open", "needs_text"}
    await house.done("document.answer_document_question", here | {"question": "single_matter", "yes": True}, by="di")
    view = await house.done("document.get_document", here, by="di")
    stands = {one["row"]: one["stands"] for one in view["checks"]}
    assert stands == {
        "one-addressee": "excused",
        "one-matter": "holds",
        "no-level": "holds",
        "not-personally": "holds",
        "calm": "open",
        "seen": "open",
    }
    left = await house.refused("document.sign_document", here, by="ann")
    assert {one["code"] for one in left["reasons"]} == {"needs_text"}


async def test_an_absence_at_short_notice_is_excused_before_it_is_announced(house: SmallHouse) -> None:
    trip = {
        "leaving": "district",
        "cause": "trip",
        "destination": "邻市",
        "reason": "开会",
        "starts_at": "2024-03-27T08:00:00+08:00",
        "ends_at": "2024-03-28T18:00:00+08:00",
    }
    problem = await house.refused("attendance.announce_absence", trip, by="flo")
    assert problem["reasons"][0]["excusable"][0]["by"] == ["ann"]
    excuse = {"person": "flo", "starts_on": "2024-03-27", "row": "leave-in-advance", "reason": "临时通知"}
    await house.refused("attendance.excuse_absence_requirement", excuse, by="bo", status=403)
    given = await house.done("attendance.excuse_absence_requirement", excuse, by="ann")
    absence = await house.done("attendance.announce_absence", trip | {"excused_as": given["id"]}, by="flo")
    assert absence["id"] == given["id"]
    await house.done("attendance.call_absence_step", {"id": absence["id"], "step": "consent"}, by="ann")
    await house.refused("attendance.take_absence_step", {"id": absence["id"]}, by="ann", status=403)
    await house.done("attendance.take_absence_step", {"id": absence["id"]}, by="bo")
    await house.done("attendance.take_absence_step", {"id": absence["id"]}, by="ann")
    assert (await house.done("attendance.get_absence", {"id": absence["id"]}, by="flo"))["stage"] == "stands"


async def test_the_services_answer_as_their_documents_say(house: SmallHouse) -> None:
    for service in ("meeting", "document", "supervision", "attendance"):
        headers = {"Authorization": f"Bearer {house.issuer.mint('millpond', person='di')}"}
        assert await contract_of(house.apps[service], headers) == [], service
