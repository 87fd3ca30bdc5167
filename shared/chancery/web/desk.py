"""The desk a route gets: who asks, with which key, having seen which version; and the receipt it gives."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final, TypeVar, cast
from uuid import UUID, uuid5

import orjson
from fastapi import Depends, Request, Response

from chancery.desk import Decide, Desk, Language, uuid7
from chancery.envelope import PackRef
from chancery.events.base import Event
from chancery.refusal import Reason, Refused
from chancery.service import HOUSE
from chancery.thing import Handled, Thing
from chancery.web.answers import Receipt
from chancery.web.form import Form
from chancery.web.running import running_of
from chancery.web.tracing import traceparent

S = TypeVar("S")
C = TypeVar("C")
E = TypeVar("E", bound=Event)

KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
TAG: Final = re.compile(r'"(\d{1,9})"')
TRACE: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))


class NotModified(Exception):
    """The caller has this version already."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


class Reply(Response):
    """A receipt on its way out: the stored bytes, completed by what the store added."""

    media_type = "application/json"


@dataclass(slots=True, kw_only=True)
class WebDesk(Desk):
    """The desk of one HTTP request."""

    request: Request
    response: Response

    async def tell(
        self,
        thing: Thing[S, E],
        decide: "Decide[C, S]",
        command: C,
        *,
        stream: UUID,
        matter: UUID | None = None,
        pack: PackRef | None = None,
        existing: bool = False,
    ) -> Receipt:
        """Handle the command and give its receipt; see ``Desk.handle``."""
        return self.receipt(
            await self.handle(thing, decide, command, stream=stream, matter=matter, pack=pack, existing=existing)
        )

    def receipt(self, handled: Handled) -> Receipt:
        """The receipt of what was handled.

        It goes out as the stored bytes with an ``ETag``, not through a model: what is annotated is what it looks like.
        """
        body = b'%b,"version":%d,"position":%d}' % (handled.answer[:-1], handled.version, handled.position)
        headers = {"ETag": f'"{handled.version}"'}
        if handled.repeated:
            headers["Idempotency-Replayed"] = "true"
        status = 200 if self.dry_run else cast("int | None", self.request.scope["route"].status_code) or 200
        return cast("Receipt", Reply(body, status, headers))

    def etag(self, version: int) -> None:
        """Say which version of the thing is answered; a caller who has it already gets 304.

        Raises:
            NotModified: the caller named this version in ``If-None-Match``.
        """
        tag = f'"{version}"'
        self.response.headers["ETag"] = tag
        if self.request.headers.get("if-none-match") == tag:
            raise NotModified(tag)


@lru_cache(256)
def language_of(accepted: str | None) -> Language:
    """Chinese, unless English is liked better."""
    if not accepted:
        return "zh"
    likes: dict[str, float] = {}
    for part in accepted[:500].lower().split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            likes.setdefault(name[:2], float(quality) if quality else 1.0)
        except ValueError:
            continue
    return "en" if likes.get("en", 0.0) > likes.get("zh", 0.0) else "zh"


def version_seen(tag: str | None) -> int | None:
    """The version of an ``If-Match``.

    Raises:
        Refused: it is not a version this house gave.
    """
    if tag is None or tag.strip() == "*":
        return None
    found = TAG.fullmatch(tag.strip())
    if found is None:
        raise Refused(Reason("bad_if_match", subject="If-Match"), kind="malformed")
    return int(found[1])


async def asked(request: Request) -> bytes:
    """A hash of what is asked: the operation, where, and the body, however its JSON was laid out."""
    scope = request.scope
    parsed = scope.get("chancery.json")
    body = await request.body() if parsed is None else orjson.dumps(parsed, option=orjson.OPT_SORT_KEYS)
    head = f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}\n"
    return hashlib.sha256(head.encode() + body).digest()


async def desk_of(request: Request, response: Response) -> WebDesk:
    """The desk of this request.

    Raises:
        Refused: no valid token, a token without a tenant, or a key or version that cannot be read.
    """
    running = running_of(request)
    caller = await running.caller(request)
    request.scope["chancery.tenant"] = caller.tenant
    if not caller.tenant:
        raise Refused(Reason("needs_tenant"), kind="forbidden")
    headers = request.headers
    trace = headers.get("traceparent")
    desk = WebDesk(
        kernel=running.kernel,
        caller=caller,
        command_id=uuid7(),
        language=language_of(headers.get("accept-language")),
        trace=traceparent(trace if trace and TRACE.fullmatch(trace) else None),
        request=request,
        response=response,
    )
    if request.method in SAFE:
        return desk
    desk.if_match = version_seen(headers.get("if-match"))
    desk.dry_run = request.query_params.get("dry_run") in ("true", "1")
    key = headers.get("idempotency-key")
    if key is not None:
        if not KEY.fullmatch(key):
            raise Refused(Reason("bad_idempotency_key", subject="Idempotency-Key"), kind="malformed")
        operation = request.scope["route"].name
        desk.command_id = uuid5(HOUSE, f"{caller.tenant}/{caller.actor}/{operation}/{key}")
        desk.key_given = True
    desk.fingerprint = await asked(request)
    return desk


DeskDep = Annotated[WebDesk, Depends(desk_of)]
"""``desk: DeskDep`` in a route."""

__all__ = ["DeskDep", "Form", "NotModified", "WebDesk", "asked", "desk_of", "language_of", "version_seen"]
