"""The edge itself: both ways of a command alike, one write an answer, slow bodies, traces."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import uvicorn
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from starlette.types import Message, Receive, Scope, Send

from chancery.web import edge
from chancery.web.server import OneWrite
from chancery.web.shortway import ShortWay, command_of
from tests.web.conftest import Trial
from tests.web.trial import router

JSON = {"Content-Type": "application/json"}
REQUESTS: list[tuple[str, bytes, dict[str, str]]] = [
    ("/v1/files", b'{"title": "x"}', JSON),
    ("/v1/files?dry_run=true", b'{"title": "x"}', JSON),
    ("/v1/files?dry_run=True", b'{"title": "x"}', JSON),
    ("/v1/files", b'{"title": "x", "kind": "grave"}', JSON),
    ("/v1/files", b'{"title": "", "money": "1", "tags": "a", "more": 1}', JSON),
    ("/v1/files", b"[1]", JSON),
    ("/v1/files", b"", JSON),
    ("/v1/files", b"", {}),
    ("/v1/files", b'{"title": "x"}', {"Content-Type": "application/merge-patch+json"}),
    ("/v1/files", b"title=x", {"Content-Type": "application/x-www-form-urlencoded"}),
    ("/v1/files", b'{"title": "x"}', JSON | {"If-Match": "none"}),
    ("/v1/files", b'{"title": "x"}', JSON | {"Authorization": "Bearer x"}),
    ("/v1/files/1:add-paper", b'{"paper": "UPPER"}', JSON),
    ("/v1/files/0197a0f0-7b1c-7cc0-8000-000000000000:add-paper", b'{"paper": "letter"}', JSON),
    ("/v1/files/", b'{"title": "x"}', JSON),
    ("/v1/filesx", b'{"title": "x"}', JSON),
    ("/v1/files", b'{"title": "x", "kind": "grave"}', JSON | {"Accept-Language": "en"}),
]


def told(answer: httpx.Response) -> tuple[int, str | None, Any]:
    """An answer without what differs from one call to the next."""
    kept = answer.json()
    for name in ("id", "matter", "at", "position", "instance", "version"):
        kept.pop(name, None)
    for event in kept.get("events", ()):
        event.pop("id")
    return answer.status_code, answer.headers.get("content-type"), kept


@pytest.mark.parametrize("number", range(len(REQUESTS)))
async def test_both_ways_of_a_command_give_the_same_answer(
    trial: Trial, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, body, more = REQUESTS[number]
    headers = trial.headers() | more
    short = await trial.http.post(path, content=body, headers=headers)
    monkeypatch.setattr(ShortWay, "find", _nowhere)
    long = await trial.http.post(path, content=body, headers=headers)
    assert told(short) == told(long)


def _nowhere(_: ShortWay, __: Scope) -> None:
    """No command takes the short way."""


def test_every_command_of_the_trial_takes_the_short_way() -> None:
    commands = [route for route in router.routes if "POST" in getattr(route, "methods", ())]
    assert len(commands) == 4
    assert all(command_of(route) is not None for route in commands)  # pyright: ignore[reportArgumentType]


@asynccontextmanager
async def served(app: Any) -> AsyncGenerator[int]:
    """An application on a real socket, by the server every service runs on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, http=OneWrite, lifespan="off", log_config=None))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  the server tells it in no other way
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await running


async def test_a_streams_head_does_not_wait_for_its_body() -> None:
    go_on = asyncio.Event()

    async def streaming(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-first", b"1")]})
        await go_on.wait()
        await send({"type": "http.response.body", "body": b"part one, ", "more_body": True})
        await send({"type": "http.response.body", "body": b"part two"})

    async with served(streaming) as port, httpx.AsyncClient() as client:
        async with client.stream("GET", f"http://127.0.0.1:{port}/") as answer:
            assert answer.headers["x-first"] == "1"
            go_on.set()
            assert await answer.aread() == b"part one, part two"
        assert (await client.head(f"http://127.0.0.1:{port}/")).status_code == 200


async def test_head_and_body_arrive_in_one_piece_and_connections_are_kept() -> None:
    async def plain(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"5")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"hello"})

    async with served(plain) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            piece = await reader.read(65536)
            assert piece.startswith(b"HTTP/1.1 200")
            assert piece.endswith(b"\r\n\r\nhello")
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (await reader.read()).endswith(b"hello")
        writer.close()


async def test_a_body_that_never_ends_is_not_waited_for(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "SLOWEST", 0.05)

    async def slow() -> AsyncGenerator[bytes]:
        yield b"{"
        await asyncio.sleep(0.2)
        yield b"}"

    answer = await trial.http.post("/v1/files", content=slow(), headers=trial.headers() | JSON)
    assert (answer.status_code, answer.json()["reasons"][0]["code"]) == (408, "body_too_slow")


async def test_a_caller_who_hangs_up_halfway_stores_nothing(trial: Trial) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    before = await trial.running.store.last_position()
    headers = [(k.lower().encode(), v.encode()) for k, v in (trial.headers() | JSON).items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/files",
        "raw_path": b"/v1/files",
        "query_string": b"",
        "headers": headers,
    }
    await trial.app(scope, receive, send)
    assert sent == []
    assert await trial.running.store.last_position() == before


async def test_spans_reach_into_the_events(trial: Trial) -> None:
    """With a tracer the event carries the id of the span under way, which continues the caller's trace."""
    tracer = TracerProvider().get_tracer("test")
    with tracer.start_as_current_span("caller") as span:
        answer = await trial.post("/v1/files", {"title": "带踪"})
        wanted = trace.format_trace_id(span.get_span_context().trace_id)
    stored = (await trial.running.store.load("trial", _id(answer))).events[0]  # pyright: ignore[reportArgumentType]
    assert json.loads(stored.meta)["trace"].split("-")[1] == wanted
    strange = await trial.post("/v1/files", {"title": "怪踪"}, traceparent=f"00-{uuid4()}")
    kept = (await trial.running.store.load("trial", _id(strange))).events[0]  # pyright: ignore[reportArgumentType]
    assert "trace" not in json.loads(kept.meta)


def _id(answer: httpx.Response) -> UUID:
    return UUID(answer.json()["id"])
