"""A draft among units, over HTTP, real PostgreSQL and real NATS: answered, silent, late; several workers at once."""

import asyncio
import hashlib
from collections import Counter
from contextlib import suppress
from typing import Any

from chancery.clock import SimulatedClock
from chancery.deadlines.hands import hands
from chancery.deadlines.worker import DeadlineWorker
from document_svc.wiring import SERVICE
from tests.hongkou import at
from tests.replay import alike, all_events, projected, stored_rows
from tests.small_house import TENANT, SmallHouse

TEXT = "关于经费安排的通知（征求意见稿）\n".encode()
HASH = hashlib.sha256(TEXT).hexdigest()
PAPER = {"kind": "text", "name": "draft.txt", "sha256": HASH, "size": len(TEXT), "media_type": "text/plain"}
COUNTERSIGN = "countersignature"


async def draft_of(house: SmallHouse, title: str, **more: Any) -> dict[str, Any]:
    matter = await house.done("meeting.open_matter", {"title": title, "lead_unit": "justice_bureau"}, by="justice_head")
    await house.settle()
    form = {
        "matter_id": matter["id"],
        "kind": "notice",
        "title": title,
        "in_name_of": "district_office",
        "direction": "downward",
        "lead_unit": "justice_bureau",
        "units_involved": ["finance_bureau", "audit_bureau"],
    }
    draft = await house.done("document.draft_document", form | more, by="justice_head")
    await house.done("document.put_file", {"sha256": HASH, "content": TEXT}, by="justice_head")
    await house.done("document.attach_text", {"id": draft["id"], **PAPER}, by="justice_head")
    return {"id": draft["id"]}


async def lines(house: SmallHouse, document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = await house.done("document.list_consultations", {"document": document["id"]}, by="justice_head")
    return {one["unit"]: one for one in found["items"]}


async def test_one_answers_one_is_silent_and_answers_late(house: SmallHouse) -> None:
    """虹口2022 五十六: five working days; silence is no objection, and a late objection changes nothing."""
    await house.clock(at("2022-02-14", 9))
    document = await draft_of(house, "关于经费安排的通知")
    units = ["finance_bureau", "audit_bureau"]
    receipt = await house.done(
        "document.consult_units", document | {"units": units, "asks": COUNTERSIGN}, by="justice_head"
    )
    assert {"HK-56-3", "HK-56-4"} <= {one["id"] for one in receipt["clauses"]}
    asked = await lines(house, document)
    assert {unit: (one["stands"], one["due_on"]) for unit, one in asked.items()} == dict.fromkeys(
        units, ("asked", "2022-02-21")
    )
    deadlines = await house.done("document.list_deadlines", {}, by="office_clerk_qian")
    assert [one["name"] for one in deadlines["items"]] == ["consult_reply", "consult_reply"]
    answer = {"unit": "finance_bureau", "asks": COUNTERSIGN, "answer": "agrees"}
    await house.refused("document.reply_to_consultation", document | answer, by="justice_head", status=403)
    await house.clock(at("2022-02-16", 9))
    await house.done("document.reply_to_consultation", document | answer, by="finance_head")

    await house.clock(at("2022-02-22", 9))
    now = await lines(house, document)
    assert {unit: one["stands"] for unit, one in now.items()} == {
        "finance_bureau": "answered",
        "audit_bureau": "deemed",
    }
    seen = await house.done("document.get_document", document, by="justice_head")
    assert {(one["by"], one["deemed"]) for one in seen["evidence"]} == {
        ("finance_bureau", False),
        ("audit_bureau", True),
    }
    events = (await house.done("document.read_events", {"after": 0}, roles=("feed",)))["events"]
    [deemed] = [one for one in events if one["type"] == "document.consent_deemed"]
    assert deemed["time"][:19] == "2022-02-21T16:00:00"
    late = {"unit": "audit_bureau", "asks": COUNTERSIGN, "answer": "objection", "grounds": "须先审计"}
    await house.done("document.reply_to_consultation", document | late, by="audit_head")
    afterwards = (await lines(house, document))["audit_bureau"]
    assert (afterwards["stands"], afterwards["late"], afterwards["after_deemed"]) == ("deemed", True, True)


async def test_several_workers_tell_each_silence_once(house: SmallHouse) -> None:
    """Three processes' worth of clocks run out together: one event a unit."""
    await house.clock(at("2022-03-07", 9))
    documents = [await draft_of(house, f"关于第{number}项安排的通知") for number in range(4)]
    for document in documents:
        await house.done(
            "document.consult_units",
            document | {"units": ["finance_bureau", "audit_bureau"], "asks": COUNTERSIGN},
            by="justice_head",
        )
    running = house.running("document")
    fire, give = hands(running.house, SERVICE.due)
    assert isinstance(running.clock, SimulatedClock)
    workers = [DeadlineWorker(running.deadlines, running.clock, running.room.calendars, fire, give) for _ in range(2)]
    for worker in workers:
        running.clock.on_move(worker.nudge)
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        await house.clock(at("2022-03-15", 9))
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    events = (await house.done("document.read_events", {"after": 0}, roles=("feed",)))["events"]
    mine = {document["id"] for document in documents}
    told = Counter(
        (one["data"]["document_id"], one["data"]["unit"])
        for one in events
        if one["type"] == "document.consent_deemed" and one["data"]["document_id"] in mine
    )
    assert told == Counter({(one, unit): 1 for one in mine for unit in ("finance_bureau", "audit_bureau")})


async def test_more_time_moves_the_moment_of_silence(house: SmallHouse) -> None:
    await house.clock(at("2022-04-11", 9))
    document = await draft_of(house, "关于延期反馈的通知")
    await house.done(
        "document.consult_units", document | {"units": ["finance_bureau"], "asks": COUNTERSIGN}, by="justice_head"
    )
    of_finance = {"unit": "finance_bureau", "asks": COUNTERSIGN}
    await house.done(
        "document.ask_more_time", document | of_finance | {"by": 2, "reason": "须集体研究"}, by="finance_head"
    )
    await house.done("document.give_more_time", document | of_finance, by="justice_head")
    await house.clock(at("2022-04-19", 9))
    found = (await lines(house, document))["finance_bureau"]
    assert (found["stands"], found["due_on"]) == ("asked", "2022-04-20")
    await house.clock(at("2022-04-21", 9))
    assert (await lines(house, document))["finance_bureau"]["stands"] == "deemed"


async def test_an_objection_goes_up_and_is_settled(house: SmallHouse) -> None:
    await house.clock(at("2022-05-09", 9))
    document = await draft_of(house, "关于分歧事项的通知")
    await house.done(
        "document.consult_units", document | {"units": ["finance_bureau"], "asks": COUNTERSIGN}, by="justice_head"
    )
    objection = {"unit": "finance_bureau", "asks": COUNTERSIGN, "answer": "objection", "grounds": "年度预算未列"}
    await house.done("document.reply_to_consultation", document | objection, by="finance_head")
    await house.done("document.open_disagreement", document, by="justice_head")
    for part, unit, by in (
        ("head_negotiation", "justice_bureau", "justice_head"),
        ("grounds_of_parties", "justice_bureau", "justice_head"),
        ("grounds_of_parties", "finance_bureau", "finance_head"),
        ("host_proposal", "justice_bureau", "justice_head"),
        ("countersignature", "finance_bureau", "finance_head"),
    ):
        filled = document | {"part": part, "unit": unit, "text": "见附件"}
        await house.done("document.fill_disagreement", filled, by=by)
    for by in ("justice_head", "finance_head", "justice_head"):
        await house.done("document.take_disagreement_step", document, by=by)
    seen = await house.done("document.get_document", document, by="tao")
    assert seen["disagreement"]["up_to"] == ["tao"]
    decision = document | {"decision": "按主办部门意见办理"}
    await house.refused("document.settle_disagreement", decision, by="kong", status=403)
    await house.done("document.settle_disagreement", decision, by="tao")


async def test_all_consultations_folded_again_give_the_same_rows(house: SmallHouse) -> None:
    running = house.running("document")
    [mine] = [one for one in SERVICE.projections if one.name == "consultations"]
    rows = projected(await all_events(running), [mine])["consultations"]
    stored = await stored_rows(running, "consultations", TENANT)
    assert len(stored) == len(rows) > 10
    for row in rows.values():
        assert any(alike(one, row) for one in stored), row


async def test_answers_and_deemed_consents_lie_on_the_matters_file(house: SmallHouse) -> None:
    """What units said about the draft counts for the matter itself, each once; an objection is no evidence."""
    await house.clock(at("2022-03-14", 9))
    document = await draft_of(house, "关于场地安排的通知")
    found = await house.done("document.get_document", document, by="justice_head")
    matter = {"id": found["draft"]["matter_id"]}
    units = ["finance_bureau", "audit_bureau"]
    await house.done("document.consult_units", document | {"units": units, "asks": COUNTERSIGN}, by="justice_head")
    answer = document | {"unit": "finance_bureau", "asks": COUNTERSIGN, "answer": "objection", "grounds": "经费未落实"}
    await house.done("document.reply_to_consultation", answer, by="finance_head")
    await house.settle()
    assert (await house.done("meeting.get_matter", matter, by="justice_head"))["evidence"] == []
    await house.done("document.reply_to_consultation", answer | {"answer": "agrees"}, by="finance_head")
    await house.clock(at("2022-03-22", 9))
    await house.settle()
    filed = (await house.done("meeting.get_matter", matter, by="justice_head"))["evidence"]
    assert {(one["evidence"], one["by"], one["deemed"]) for one in filed} == {
        (COUNTERSIGN, "finance_bureau", False),
        (COUNTERSIGN, "audit_bureau", True),
    }
    assert len(filed) == 2
