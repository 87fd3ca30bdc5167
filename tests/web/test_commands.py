"""Commands over HTTP: receipts, repeats, versions, dry runs, refusals."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx

from chancery.web.app import create_app
from tests.web.conftest import Trial
from tests.web.trial import SERVICE


async def test_a_command_gives_a_receipt_with_its_events_and_its_version(trial: Trial) -> None:
    answer = await trial.post("/v1/files", {"title": "甲事项"})
    receipt = answer.json()
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    assert [event["type"] for event in receipt["events"]] == ["meeting.matter_opened"]
    assert receipt["events"][0]["title"] == "立卷"
    assert receipt["version"] == 1
    assert receipt["matter"] == receipt["id"]
    stored = (await trial.get("/v1/events?limit=1000", roles=("auditor",))).json()["events"]
    mine = [event for event in stored if event["subject"] == receipt["id"]]
    assert [(event["position"], event["id"]) for event in mine] == [(receipt["position"], receipt["events"][0]["id"])]


async def test_the_read_model_is_current_when_the_command_returns(trial: Trial) -> None:
    file = await trial.opened("乙事项")
    await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"})
    found = await trial.get(f"/v1/files/{file}")
    assert found.json()["papers"] == 1
    assert found.headers["etag"] == '"2"'
    assert (await trial.get(f"/v1/files/{file}", If_None_Match='"2"')).status_code == 304


async def test_a_repeat_under_the_same_key_gets_the_first_answer(trial: Trial) -> None:
    key = uuid4().hex
    first = await trial.post("/v1/files", {"title": "一次"}, Idempotency_Key=key)
    again = await trial.post("/v1/files", {"title": "一次"}, Idempotency_Key=key)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.content) == (first.status_code, first.content)


async def test_json_laid_out_otherwise_is_the_same_body(trial: Trial) -> None:
    headers = trial.headers(Idempotency_Key=uuid4().hex, Content_Type="application/json")
    first = await trial.http.post("/v1/files", content='{"title":"次序","kind":"plain"}', headers=headers)
    again = await trial.http.post("/v1/files", content='{ "kind": "plain",\n "title": "次序" }', headers=headers)
    assert again.content == first.content


async def test_the_same_key_with_another_body_is_refused(trial: Trial) -> None:
    key = uuid4().hex
    await trial.post("/v1/files", {"title": "原文"}, Idempotency_Key=key)
    other = await trial.post("/v1/files", {"title": "另文"}, Idempotency_Key=key)
    assert other.status_code == 422
    assert other.json()["reasons"][0]["code"] == "key_reused"


async def test_a_key_belongs_to_its_caller(trial: Trial) -> None:
    key = uuid4().hex
    mine = await trial.post("/v1/files", {"title": "同键"}, Idempotency_Key=key)
    theirs = await trial.post("/v1/files", {"title": "同键"}, person="lu", Idempotency_Key=key)
    elsewhere = await trial.post("/v1/files", {"title": "同键"}, tenant="neighbour", Idempotency_Key=key)
    assert len({answer.json()["id"] for answer in (mine, theirs, elsewhere)}) == 3


async def test_a_repeat_is_answered_even_if_it_would_be_refused_by_now(trial: Trial) -> None:
    file = await trial.opened()
    how = {"Idempotency_Key": uuid4().hex}
    first = await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter", "most": 1}, **how)
    assert first.status_code == 200
    refused = await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter", "most": 1})
    assert refused.json()["reasons"] == [{"code": "file_full", "says": "已有1份材料", "subject": None}]
    again = await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter", "most": 1}, **how)
    assert again.content == first.content


async def test_thirty_repeats_at_once_store_one_command(trial: Trial) -> None:
    key = uuid4().hex
    answers = await asyncio.gather(
        *(trial.post("/v1/files", {"title": "并发"}, Idempotency_Key=key) for _ in range(30))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1


async def test_thirty_commands_on_one_thing_all_count(trial: Trial) -> None:
    file = await trial.opened()
    answers = await asyncio.gather(*(trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"}) for _ in range(30)))
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 32))
    assert (await trial.get(f"/v1/files/{file}")).json()["papers"] == 30


async def test_what_another_process_wrote_in_between_is_decided_anew(trial: Trial) -> None:
    file = await trial.opened()
    await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"})
    kernel = trial.running.kernel
    kept = dict(kernel._kept)  # pyright: ignore[reportPrivateUsage]
    await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"})
    kernel._kept.clear()  # pyright: ignore[reportPrivateUsage]
    kernel._kept.update(kept)  # pyright: ignore[reportPrivateUsage]  this process now believes in version 2
    answer = await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"})
    assert answer.json()["version"] == 4


async def test_two_processes_on_one_thing_lose_nothing_to_each_other(trial: Trial) -> None:
    """Two apps on one database stand for two processes: each believes what it saw last."""
    other = create_app(SERVICE, trial.running.settings)
    async with (
        other.router.lifespan_context(other),
        httpx.AsyncClient(transport=httpx.ASGITransport(other), base_url="http://other") as http,
    ):
        beside = Trial(other, trial.issuer, http)
        file = await trial.opened("两处同办")
        answers = await asyncio.gather(
            *(
                house.post(f"/v1/files/{file}:add-paper", {"paper": "letter"})
                for _ in range(20)
                for house in (trial, beside)
            )
        )
        assert {answer.status_code for answer in answers} == {200}
        assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 42))
        assert (await beside.get(f"/v1/files/{file}")).json()["papers"] == 40


async def test_a_stale_version_is_not_written_over(trial: Trial) -> None:
    file = await trial.opened()
    ok = await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"}, If_Match='"1"')
    assert ok.status_code == 200
    stale = await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"}, If_Match='"1"')
    assert stale.status_code == 412
    assert stale.json()["reasons"][0]["code"] == "stale_version"
    assert (await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"}, If_Match="mine")).status_code == 422


async def test_a_dry_run_says_what_would_happen_and_stores_nothing(trial: Trial) -> None:
    file = await trial.opened()
    before = await trial.running.store.last_position()
    answer = await trial.post(f"/v1/files/{file}:add-paper?dry_run=true", {"paper": "letter"})
    assert answer.json()["dry_run"] is True
    assert [event["type"] for event in answer.json()["events"]] == ["meeting.evidence_filed"]
    assert await trial.running.store.last_position() == before
    assert (await trial.get(f"/v1/files/{file}")).json()["papers"] == 0


async def test_a_word_that_might_mean_a_dry_run_stores_nothing(trial: Trial) -> None:
    file = await trial.opened()
    before = await trial.running.store.last_position()
    for word in ("True", "yes", "", "false&dry_run=TRUE"):
        answer = await trial.post(f"/v1/files/{file}:add-paper?dry_run={word}", {"paper": "letter"})
        assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (422, "bad_dry_run"), word
    assert await trial.running.store.last_position() == before


async def test_a_decision_that_tells_nothing_stores_nothing(trial: Trial) -> None:
    file = await trial.opened()
    before = await trial.running.store.last_position()
    answer = await trial.post(f"/v1/files/{file}:add-paper", {"paper": "nothing"})
    assert (answer.status_code, answer.json()["events"], answer.json()["version"]) == (200, [], 1)
    assert await trial.running.store.last_position() == before


async def test_a_refusal_names_every_clause_in_the_callers_language(trial: Trial) -> None:
    refused = await trial.post("/v1/files", {"title": "丙事项", "kind": "grave"})
    problem = refused.json()
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert [clause["id"] for clause in problem["clauses"]] == ["TR-2-1"]
    assert problem["clauses"][0]["says"] == "重大事项须先经论证。"
    assert problem["title"] == "不予办理"
    assert [(reason["code"], reason["says"]) for reason in problem["reasons"]] == [
        ("needs_expert_opinion", "缺少专家论证意见")
    ]
    english = await trial.post("/v1/files", {"title": "丙事项", "kind": "grave"}, Accept_Language="en-GB,zh;q=0.5")
    assert english.json()["clauses"][0]["says"] == "A grave matter needs an expert opinion first."
    assert english.headers["content-language"] == "en"


async def test_a_request_of_two_commands_is_repeated_as_a_whole(trial: Trial) -> None:
    key = uuid4().hex
    first = await trial.post("/v1/files-with-paper", {"title": "双令"}, Idempotency_Key=key)
    again = await trial.post("/v1/files-with-paper", {"title": "双令"}, Idempotency_Key=key)
    assert first.json()["version"] == 2
    assert again.content == first.content


async def test_a_stream_of_another_kind_is_not_this_thing(trial: Trial) -> None:
    person = await trial.post("/v1/persons", {"person": f"p{uuid4().hex[:8]}", "name": "张三"})
    answer = await trial.post(f"/v1/files/{person.json()['id']}:add-paper", {"paper": "letter"})
    assert answer.status_code == 404
    unknown = await trial.post(f"/v1/files/{uuid4()}:add-paper", {"paper": "letter"})
    assert unknown.status_code == 404


async def test_the_meta_says_who_acted_under_which_rules_and_why(trial: Trial) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = await trial.post("/v1/files", {"title": "溯源"}, traceparent=trace)
    stored = (await trial.running.store.load("trial", UUID(answer.json()["id"]))).events[0]  # pyright: ignore[reportArgumentType]
    meta = stored.recorded().meta
    assert (meta.actor.person, meta.actor.capacity.value, meta.trace) == ("tao", "own", trace)
    assert meta.pack is not None
    assert meta.pack.id == "trial-2024"
    assert meta.causation == stored.command_id


async def test_a_case_keeps_the_rules_under_which_it_began(trial: Trial) -> None:
    file = await trial.opened("旧案")
    running = trial.running
    clock, running.room.clock = running.room.clock, _At(datetime(2022, 5, 1, tzinfo=UTC))
    try:
        old = await trial.opened("更旧的案")
    finally:
        running.room.clock = clock
    running.kernel._kept.clear()  # pyright: ignore[reportPrivateUsage]
    then = await trial.post(f"/v1/files/{old}:add-paper", {"paper": "letter"})
    now = await trial.post(f"/v1/files/{file}:add-paper", {"paper": "letter"})
    assert (then.json()["pack"]["id"], now.json()["pack"]["id"]) == ("trial-2020", "trial-2024")


class _At:
    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment
