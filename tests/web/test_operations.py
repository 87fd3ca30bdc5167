"""Health, figures, the feed, and how far everything is."""

import asyncio
import time

from tests.web.conftest import Trial


async def test_health_and_readiness_are_open_and_real(trial: Trial) -> None:
    assert (await trial.http.get("/healthz")).json() == {"service": "trial", "alive": True}
    ready = await trial.http.get("/readyz")
    assert (ready.status_code, ready.json()["parts"]["database"]) == (200, "ok")
    failing = trial.running.beside
    failing.start("broken", _broken)
    for _ in range(100):
        if "broken" in failing.failing:
            break
        await asyncio.sleep(0.01)
    answer = await trial.http.get("/readyz")
    del failing.jobs["broken"]
    assert (answer.status_code, answer.json()["parts"]["work"]) == (503, "broken")


async def _broken() -> None:
    raise ValueError("as if the bus had gone")


async def test_figures_count_requests_and_commands(trial: Trial) -> None:
    await trial.opened()
    await trial.post("/v1/files", {"title": "x", "kind": "grave"})
    text = (await trial.http.get("/metrics")).text
    assert 'chancery_requests_total{method="POST",operation="open_a_file",status="201"}' in text
    assert 'chancery_commands_total{outcome="told",thing="file"}' in text
    assert 'chancery_commands_total{outcome="refused",thing="file"}' in text
    assert "chancery_append_batches" in text
    assert "trial-tenant" not in text
    assert "tao" not in text


async def test_the_feed_gives_every_event_in_order_and_waits_for_the_next(trial: Trial) -> None:
    await trial.opened()
    how = {"person": None, "tenant": "", "roles": ("feed",)}
    after = 0
    seen: list[int] = []
    while True:
        page = (await trial.get(f"/v1/events?after={after}&limit=7", **how)).json()
        seen += [event["position"] for event in page["events"]]
        after = page["next"]
        if not page["events"]:
            break
    assert seen == list(range(1, seen[-1] + 1))
    assert page["last"] == after == seen[-1]

    waiting = asyncio.create_task(trial.get(f"/v1/events?after={after}&wait=5", **how))
    await asyncio.sleep(0.05)
    began = time.perf_counter()
    file = await trial.opened("被等待的")
    heard = (await waiting).json()["events"]
    assert [event["subject"] for event in heard] == [file]
    assert heard[0]["data"]["facts"]["title"] == "被等待的"
    assert time.perf_counter() - began < 2


async def test_a_long_poll_for_nothing_ends_in_time(trial: Trial) -> None:
    after = await trial.running.store.last_position()
    began = time.perf_counter()
    page = (await trial.get(f"/v1/events?after={after}&wait=0.3", person=None)).json()
    assert page["events"] == []
    assert 0.25 < time.perf_counter() - began < 2
    assert (await trial.get(f"/v1/events?after={2**62 + 1}", person=None)).status_code == 422


async def test_the_feed_is_not_for_everybody(trial: Trial) -> None:
    assert (await trial.get("/v1/events")).status_code == 403
    assert (await trial.get("/v1/events", roles=("auditor",))).status_code == 200
    assert (await trial.get("/v1/events", person=None, tenant="", roles=("system",))).status_code == 403


async def test_the_status_says_how_far_everything_is(trial: Trial) -> None:
    assert (await trial.get("/v1/operations/status")).status_code == 403
    status = (await trial.get("/v1/operations/status", person=None, tenant="", roles=("operator",))).json()
    assert status["position"] == await trial.running.store.last_position()
    assert status["relayed"] == status["position"]
    assert status["packs"] == ["trial-2020@2020.1", "trial-2024@2024.1"]
    assert {work["name"]: work["state"] for work in status["work"]}["tail"] == "running"


async def test_work_that_fails_begins_again(trial: Trial) -> None:
    times: list[int] = []

    async def stumbling() -> None:
        times.append(1)
        if len(times) < 3:
            raise ConnectionError(f"stumble {len(times)}")
        await asyncio.sleep(60)

    beside = trial.running.beside
    beside.start("stumbling", stumbling)
    for _ in range(200):
        if len(times) == 3:
            break
        await asyncio.sleep(0.01)
    job = beside.jobs.pop("stumbling")
    assert (len(times), job.restarts, job.state) == (3, 2, "running")
