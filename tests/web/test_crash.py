"""A service is killed in the middle of its work: what was acknowledged is there, what is repeated is done once."""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from chancery.settings import Settings
from tests.web.conftest import Trial

ROOT = Path(__file__).parents[2]
TOGETHER, EACH, KILLS = 12, 25, 4


class Process:
    """The trial service on a port, started again after each kill."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_")},
            "CHANCERY_MODE": "house",
            "CHANCERY_DATABASE_URL": settings.database_url.get_secret_value(),
            "CHANCERY_RELAY_DATABASE_URL": settings.relay_database_url.get_secret_value(),
            "CHANCERY_ISSUER": settings.issuer,
            "CHANCERY_KEYS": settings.keys,
            "CHANCERY_PACKS": str(settings.packs),
            "CHANCERY_GOVERNMENTS": str(settings.governments),
            "CHANCERY_PORT": str(self.port),
        }
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.running = subprocess.Popen(
            [sys.executable, "-m", "tests.web.serve_trial"],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()


@pytest.mark.crash
async def test_no_acknowledged_command_is_lost_and_none_is_done_twice(trial: Trial) -> None:
    process = Process(trial.running.settings)
    process.start()
    answers: dict[str, dict[str, Any]] = {}
    left = {"commands": TOGETHER * EACH}

    async def one(client: httpx.AsyncClient, caller: int) -> None:
        """The same command under the same key until it is answered, as a patient caller does it."""
        for number in range(EACH):
            key = f"crash-{caller}-{number}"
            while True:
                try:
                    answer = await client.post(
                        f"http://127.0.0.1:{process.port}/v1/files",
                        json={"title": key},
                        headers=trial.headers(Idempotency_Key=key),
                    )
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)
                    continue
                if answer.status_code == 201:
                    answers[key] = answer.json()
                    left["commands"] -= 1
                    break
                assert answer.status_code == 503, answer.text

    async def killer() -> None:
        for part in range(KILLS):
            while left["commands"] > TOGETHER * EACH * (KILLS - part) // (KILLS + 1):  # noqa: ASYNC110  a count, no event
                await asyncio.sleep(0.005)
            process.kill()
            process.start()

    try:
        async with httpx.AsyncClient(timeout=10) as client:
            await asyncio.wait_for(asyncio.gather(killer(), *(one(client, caller) for caller in range(TOGETHER))), 120)
    finally:
        process.kill()

    stored: dict[str, list[str]] = {}
    after = 0
    while True:
        page = await trial.running.store.read(after, 1000)
        if not page.events:
            break
        for event in page.events:
            title = getattr(getattr(event.recorded().event, "facts", None), "title", "")
            if title.startswith("crash-"):
                stored.setdefault(title, []).append(str(event.stream))
        after = page.events[-1].position
    assert {key: [answer["id"]] for key, answer in answers.items()} == stored
    assert len(stored) == TOGETHER * EACH
    for key, first in list(answers.items())[:5]:
        again = await trial.post("/v1/files", {"title": key}, Idempotency_Key=key)
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json() == first
