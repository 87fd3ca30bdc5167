"""The desk a route gets: who asks, with which key, having seen which version; and the receipt it gives."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final, TypeVar, cast
from urllib.parse import parse_qsl
from uuid import UUID, uuid5

import orjson
from fastapi import Depends, Request, Response
from starlette.types import Scope

from chancery.desk import Decide, Desk, Language, uuid7
from chancery.envelope import PackRef
from chancery.events.base import Event
from chancery.refusal import Reason, Refused
from chancery.service import HOUSE
from chancery.thing import Handled, Thing
from chancery.web.answers import Receipt
from chancery.web.running import Running, running_of
from chancery.web.tracing import traceparent

S = TypeVar("S")
C = TypeVar("C")
E = TypeVar("E", bound=Event)

KEY: Final = re.compile(rb"[\x21-\x7e]{1,255}")
TAG: Final = re.compile(rb'"(\d{1,9})"')
TRACE: Final = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS"))


class NotModified(Exception):
    """The caller has this version already."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


class Reply(Response):
    """A receipt on its way out: the stored bytes, completed by what the store added."""

    def __init__(self, body: bytes, status: int, version: int, repeated: bool) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"etag", b'"%d"' % version),
        ]
        if repeated:
            self.raw_headers.append((b"idempotency-replayed", b"true"))


@dataclass(slots=True, kw_only=True)
class WebDesk(Desk):
    """The desk of one HTTP request. ``status`` is that of a command that went well."""

    status: int
    unless: bytes | None = None
    response: Response | None = None

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
        status = 200 if self.dry_run else self.status
        return cast("Receipt", Reply(body, status, handled.version, handled.repeated))

    def etag(self, version: int) -> None:
        """Say which version of the thing is answered; a caller who has it already gets 304.

        Raises:
            NotModified: the caller named this version in ``If-None-Match``.
        """
        tag = f'"{version}"'
        if self.response is not None:
            self.response.headers["ETag"] = tag
        if self.unless == tag.encode():
            raise NotModified(tag)


@lru_cache(256)
def language_of(accepted: bytes | None) -> Language:
    """Chinese, unless English is liked better."""
    if not accepted:
        return "zh"
    likes: dict[str, float] = {}
    for part in accepted[:500].decode("latin-1").lower().split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            likes.setdefault(name[:2], float(quality) if quality else 1.0)
        except ValueError:
            continue
    return "en" if likes.get("en", 0.0) > likes.get("zh", 0.0) else "zh"


def version_seen(tag: bytes | None) -> int | None:
    """The version of an ``If-Match``.

    Raises:
        Refused: it is not a version this house gave.
    """
    if tag is None or tag.strip() == b"*":
        return None
    found = TAG.fullmatch(tag.strip())
    if found is None:
        raise Refused(Reason("bad_if_match", subject="If-Match"), kind="malformed")
    return int(found[1])


TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


def asked(scope: Scope) -> bytes:
    """A hash of what is asked: the operation, where, and the body, however its JSON was laid out."""
    parsed = scope.get("chancery.json")
    body: bytes = scope["chancery.body"] if parsed is None else orjson.dumps(parsed, option=orjson.OPT_SORT_KEYS)
    head = f"{scope['method']} {scope['path']}?".encode() + scope["query_string"] + b"\n"
    return hashlib.sha256(head + body).digest()


def dry(query: bytes) -> bool:
    """Whether the caller only wants to know what would happen.

    Raises:
        Refused: a word that is neither yes nor no: it could mean a dry run, so nothing may be stored.
    """
    if b"dry_run" not in query:
        return False
    words = [word for name, word in parse_qsl(query.decode("latin-1"), keep_blank_values=True) if name == "dry_run"]
    if any(word not in TRUTH for word in words):
        raise Refused(Reason("bad_dry_run", subject="dry_run"), kind="malformed")
    return any(TRUTH[word] for word in words)


async def desk_for(running: Running, scope: Scope, response: Response | None = None) -> WebDesk:
    """The desk of a request that the edge has looked at.

    Raises:
        Refused: no valid token, a token without a tenant, or a key or version that cannot be read.
    """
    headers: dict[bytes, bytes] = scope["chancery.headers"]
    caller = await running.who(headers.get(b"authorization"))
    scope["chancery.tenant"] = caller.tenant
    if not caller.tenant:
        raise Refused(Reason("needs_tenant"), kind="forbidden")
    route = scope["route"]
    key = headers.get(b"idempotency-key")
    if key is None:
        command_id = uuid7()
    elif KEY.fullmatch(key):
        command_id = uuid5(HOUSE, f"{caller.tenant}/{caller.actor}/{route.name}/{key.decode()}")
    else:
        raise Refused(Reason("bad_idempotency_key", subject="Idempotency-Key"), kind="malformed")
    trace = headers.get(b"traceparent")
    desk = WebDesk(
        kernel=running.kernel,
        caller=caller,
        command_id=command_id,
        language=language_of(headers.get(b"accept-language")),
        trace=traceparent(trace.decode() if trace and TRACE.fullmatch(trace) else None),
        key_given=key is not None,
        status=route.status_code or 200,
        unless=headers.get(b"if-none-match"),
        response=response,
    )
    if scope["method"] not in SAFE:
        desk.if_match = version_seen(headers.get(b"if-match"))
        desk.dry_run = dry(scope["query_string"])
        desk.fingerprint = asked(scope)
    return desk


async def desk_of(request: Request, response: Response) -> WebDesk:
    """``desk_for`` as a dependency."""
    return await desk_for(running_of(request), request.scope, response)


DeskDep = Annotated[WebDesk, Depends(desk_of)]
"""``desk: DeskDep`` in a route."""
