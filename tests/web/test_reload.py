"""Packs read again while a service runs: by command, by signal; the old ones stay where the new do not load."""

import asyncio
import shutil
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from chancery.settings import Settings
from chancery.web.app import create_app
from chancery.web.issuer import LocalIssuer
from tests.web.conftest import HERE, Trial
from tests.web.test_crash import Process
from tests.web.trial import SERVICE

OPERATOR = {"roles": ("operator",)}
GRAVE = {"title": "重大事项", "kind": "grave"}


@pytest.fixture
async def own(settings: Settings, issuer: LocalIssuer, tmp_path: Path) -> AsyncGenerator[Trial]:
    """The trial service on packs of its own, which an example may change."""
    folder = tmp_path / "rules"
    shutil.copytree(HERE / "rules", folder)
    changed = settings.model_copy(update={"packs": folder, "governments": folder / "governments.yaml"})
    app = create_app(SERVICE, changed)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://trial") as http,
    ):
        yield Trial(app, issuer, http)


def gates(trial: Trial) -> Path:
    return trial.running.settings.packs / "trial-2024" / "gates.yaml"


async def test_packs_are_read_again_by_command_and_bind_from_then_on(own: Trial) -> None:
    assert (await own.post("/v1/files", GRAVE)).status_code == 409
    gates(own).write_text("[]\n", "utf-8")
    assert (await own.post("/v1/files", GRAVE)).status_code == 409
    assert (await own.post("/v1/operations/rules:reload")).status_code == 403
    reloaded = await own.post("/v1/operations/rules:reload", **OPERATOR)
    assert (reloaded.status_code, reloaded.json()["packs"]) == (200, ["trial-2020@2020.1", "trial-2024@2024.1"])
    assert (await own.post("/v1/files", GRAVE)).status_code == 201
    assert 'chancery_rules_reloads_total{outcome="loaded"} 1.0' in (await own.http.get("/metrics")).text


async def test_packs_that_do_not_load_are_told_and_the_old_ones_go_on(own: Trial) -> None:
    mended = gates(own).read_text("utf-8")
    gates(own).write_text(mended + "- {id: bad, when: {colour: [red]}}\n- {id: worse}\n", "utf-8")
    refused = await own.post("/v1/operations/rules:reload", **OPERATOR)
    assert refused.status_code == 409
    said = [reason["says"] for reason in refused.json()["reasons"]]
    assert any(line.startswith("trial-2024/gates.yaml:6: gates has no fact colour") for line in said), said
    assert any(line.startswith("trial-2024/gates.yaml:7: the row has no clauses") for line in said), said
    assert (await own.post("/v1/files", GRAVE)).status_code == 409
    assert await own.opened() != ""
    figures = (await own.http.get("/metrics")).text
    assert "chancery_rules_stale 1.0" in figures
    assert 'chancery_rules_reloads_total{outcome="refused"} 1.0' in figures
    status = (await own.get("/v1/operations/status", **OPERATOR)).json()
    assert any("gates.yaml:6" in line for line in status["rules_problems"])
    gates(own).write_text(mended, "utf-8")
    assert (await own.post("/v1/operations/rules:reload", **OPERATOR)).status_code == 200
    assert "chancery_rules_stale 0.0" in (await own.http.get("/metrics")).text
    assert (await own.get("/v1/operations/status", **OPERATOR)).json()["rules_problems"] == []


async def test_a_case_goes_on_only_under_the_rules_it_began_under(own: Trial) -> None:
    """The version it began under is gone: it waits, readable; put back beside its successor, it goes on under it."""
    file = await own.opened("旧案")
    packs = own.running.settings.packs
    head = packs / "trial-2024" / "pack.yaml"
    head.write_text(head.read_text("utf-8").replace('"2024.1"', '"2024.2"'), "utf-8")
    assert (await own.post("/v1/operations/rules:reload", **OPERATOR)).status_code == 200
    paper = {"paper": "expert_opinion"}
    waits = await own.post(f"/v1/files/{file}:add-paper", paper)
    assert waits.status_code == 503
    assert waits.json()["reasons"][0]["code"] == "case_rules_gone"
    assert "trial-2024@2024.1" in waits.json()["detail"]
    assert "trial-2024@2024.2" in waits.json()["detail"]
    assert (await own.get(f"/v1/files/{file}")).status_code == 200
    fresh = await own.post("/v1/files", {"title": "新案"})
    assert fresh.json()["pack"] == {"id": "trial-2024", "version": "2024.2"}

    shutil.copytree(packs / "trial-2024", packs / "trial-2024-first")
    first = packs / "trial-2024-first" / "pack.yaml"
    first.write_text(first.read_text("utf-8").replace('"2024.2"', '"2024.1"'), "utf-8")
    unsaid = await own.post("/v1/operations/rules:reload", **OPERATOR)
    assert "is here in 2 versions" in unsaid.json()["detail"]
    adopted = own.running.settings.governments
    adopted.write_text(adopted.read_text("utf-8").replace("{pack: trial-2024, ", "{pack: trial-2024@2024.2, "), "utf-8")
    assert (await own.post("/v1/operations/rules:reload", **OPERATOR)).status_code == 200
    goes_on = await own.post(f"/v1/files/{file}:add-paper", paper)
    assert (goes_on.status_code, goes_on.json()["pack"]) == (200, {"id": "trial-2024", "version": "2024.1"})


@pytest.mark.crash
async def test_a_hangup_signal_reads_them_again(own: Trial) -> None:
    process = Process(own.running.settings)
    process.start()
    address = f"http://127.0.0.1:{process.port}"
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            await _until(client, f"{address}/healthz", "alive")
            gates(own).write_text("- {id: bad}\n", "utf-8")
            assert process.running is not None
            process.running.send_signal(signal.SIGHUP)
            await _until(client, f"{address}/metrics", "chancery_rules_stale 1.0")
            gates(own).write_text("[]\n", "utf-8")
            process.running.send_signal(signal.SIGHUP)
            await _until(client, f"{address}/metrics", "chancery_rules_stale 0.0")
            answer = await client.post(f"{address}/v1/files", json=GRAVE, headers=own.headers())
            assert answer.status_code == 201, answer.text
    finally:
        process.kill()


async def _until(client: httpx.AsyncClient, address: str, text: str) -> None:
    for _ in range(300):
        try:
            if text in (await client.get(address)).text:
                return
        except httpx.HTTPError:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError(f"{address} never said {text}")
