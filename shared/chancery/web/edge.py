"""The outermost skin of every service: ids, limits, plain dangers, headers, figures, one log line."""

import asyncio
import os
import re
import time
from collections.abc import Callable
from typing import Any, Final

import orjson
import structlog
from fastapi import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chancery.web.desk import Reply, language_of
from chancery.web.logs import answered
from chancery.web.problems import Problems
from chancery.web.shortway import ShortWay

log = structlog.get_logger("chancery.web")

SAFE_ID: Final = re.compile(r"[A-Za-z0-9_.-]{8,128}")
DEEPEST: Final = 64
SLOWEST: Final = 30.0
"""Seconds within which a body has to be there."""
HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
UNLESS_SET: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
ALWAYS: Final = HEADERS + UNLESS_SET
WRITES: Final = frozenset(("POST", "PUT", "PATCH", "DELETE"))


class TooDeep(ValueError):
    """JSON nested beyond what anybody means."""


class TooLarge(Exception):
    """The body is larger than this house takes."""


class Gone(Exception):
    """The caller hung up before the request was whole."""


class Edge:
    """Reads the body whole, up to ``most`` bytes, before anything else sees it.

    Text that no database takes (NUL, half characters) and JSON that is none is refused here once, for every route.
    ``observed(operation, method, status, seconds)`` is told of each answer. What is put to an address that begins with
    one of ``uploads`` is not read here: the route takes it piece by piece and counts it.
    """

    def __init__(
        self,
        app: ASGIApp,
        problems: Problems,
        most: int,
        observed: Callable[[str, str, int, float], None],
        short: ShortWay,
        uploads: tuple[str, ...] = (),
    ) -> None:
        self.app = app
        self.uploads = uploads
        self.short = short
        self.problems = problems
        self.most = most
        self.observed = observed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        sent_id = headers.get(b"x-request-id", b"").decode("latin-1")
        request_id = sent_id if sent_id and SAFE_ID.fullmatch(sent_id) else os.urandom(16).hex()
        scope["chancery.request_id"] = request_id
        scope["chancery.headers"] = headers
        scope["chancery.body"] = b""
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                found: list[tuple[bytes, bytes]] = list(message["headers"])
                names = {name.lower() for name, _ in found}
                found.extend(HEADERS)
                found.extend(pair for pair in UNLESS_SET if pair[0] not in names)
                found.append((b"x-request-id", request_id.encode()))
                message["headers"] = found
            await send(message)

        try:
            early = await self._take(scope, headers, receive)
            if isinstance(early, Response):
                await early(scope, receive, answer)
                return
            command = self.short.find(scope) if scope["method"] == "POST" else None
            if command is None:
                await self.app(scope, early, answer)
                return
            reply = await self.short.take(command, scope, early)
            if isinstance(reply, Reply):
                status = reply.status_code
                reply.raw_headers += (*ALWAYS, (b"x-request-id", request_id.encode()))
                await send({"type": "http.response.start", "status": status, "headers": reply.raw_headers})
                await send({"type": "http.response.body", "body": reply.body})
            else:
                await reply(scope, early, answer)
        except Gone:
            return
        except Exception as error:
            log.exception("fault", request_id=request_id, path=scope["path"], error=type(error).__name__)
            if status:
                raise
            language = language_of(headers.get(b"accept-language"))
            response = self.problems.of_code("fault", "fault", language, request_id, reference=request_id)
            await response(scope, receive, answer)
        finally:
            self._note(scope, status, time.perf_counter() - began, request_id)

    def _note(self, scope: Scope, status: int, seconds: float, request_id: str) -> None:
        route: Any = scope.get("route")
        operation = getattr(route, "name", None) or "none"
        self.observed(operation, scope["method"], status, seconds)
        if operation not in ("healthz", "readyz", "metrics", "operations_status"):
            answered(
                {
                    "operation": operation,
                    "method": scope["method"],
                    "status": status,
                    "ms": round(seconds * 1000, 2),
                    "tenant": scope.get("chancery.tenant"),
                    "request_id": request_id,
                }
            )

    async def _take(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Receive | Response:
        """The body, read and looked at, ready to be received again; or the answer that ends it here."""

        def no(kind: str, code: str, **params: Any) -> Response:
            language = language_of(headers.get(b"accept-language"))
            close = {"Connection": "close"} if kind in ("too_large", "too_slow") else None
            return self.problems.of_code(kind, code, language, scope["chancery.request_id"], close, **params)

        if "\x00" in scope["path"] or b"%00" in scope["query_string"] or b"\x00" in scope["query_string"]:
            return no("malformed", "nul_character")
        if scope["method"] not in WRITES or (scope["method"] == "PUT" and scope["path"].startswith(self.uploads)):
            return receive
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self.most:
            return no("too_large", "body_too_large", most=self.most)
        try:
            body = await self._body(receive)
        except TooLarge:
            return no("too_large", "body_too_large", most=self.most)
        except TimeoutError:
            return no("too_slow", "body_too_slow", seconds=SLOWEST)
        scope["chancery.body"] = body
        if body and b"json" in headers.get(b"content-type", b"").lower():
            try:
                parsed = orjson.loads(body)
            except orjson.JSONDecodeError:
                return no("unreadable", "bad_json")
            try:
                if body.count(b"[") + body.count(b"{") > DEEPEST:
                    _look_deep(parsed)
            except TooDeep:
                return no("unreadable", "too_deep")
            if b"\\u0000" in body and _holds_nul(parsed):
                return no("malformed", "nul_character")
            scope["chancery.json"] = parsed
        return _again(body, receive)

    async def _body(self, receive: Receive) -> bytes:
        """The whole body. Most come in one piece; of others, no piece may let us wait for long.

        Raises:
            TooLarge, TimeoutError, Gone
        """
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        body: bytes = message.get("body", b"")
        if not message.get("more_body", False):
            if len(body) > self.most:
                raise TooLarge
            return body
        pieces = [body]
        size = len(body)
        async with asyncio.timeout(SLOWEST):
            while message.get("more_body", False):
                message = await receive()
                if message["type"] != "http.request":
                    raise Gone
                piece: bytes = message.get("body", b"")
                pieces.append(piece)
                size += len(piece)
                if size > self.most:
                    raise TooLarge
        return b"".join(pieces)


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _look_deep(parsed: Any) -> None:
    level: list[Any] = [parsed]
    for _ in range(DEEPEST):
        level = [
            part
            for value in level
            if isinstance(value, (dict, list))
            for part in (value.values() if isinstance(value, dict) else value)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        ]
        if not level:
            return
    raise TooDeep


def _holds_nul(parsed: Any) -> bool:
    waiting: list[Any] = [parsed]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if "\x00" in value:
                return True
        elif isinstance(value, dict):
            waiting.extend(value.keys())  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            waiting.extend(value.values())  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        elif isinstance(value, list):
            waiting.extend(value)  # pyright: ignore[reportUnknownArgumentType]
    return False
