"""Every no as a problem document (RFC 9457), in the caller's language, with its clauses."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, cast

import orjson
import structlog
from asyncpg import DataError, PostgresError
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from chancery.desk import cited
from chancery.files.store import FilesAway
from chancery.refusal import Citation, Reason, Refused
from chancery.rules.pack import BadFacts
from chancery.store.errors import OutdatedProcess, PoisonedAppend, StoreUnavailable
from chancery.texts.saying import Language, Sayings, field_sayings, kinds
from chancery.web.answers import PROBLEM
from chancery.web.auth import IssuerAway
from chancery.web.desk import NotModified, language_of

log = structlog.get_logger(__name__)

OF_STATUS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("unreadable", "bad_json"),
    404: ("missing", "no_such_address"),
    405: ("wrong_method", "method_not_allowed"),
    413: ("too_large", "body_too_large"),
    415: ("wrong_kind", "wrong_media_type"),
}
MOST_FIELDS: Final = 100
TONGUE: Final[Mapping[Language, str]] = {"zh": "zh-CN", "en": "en"}


class Problems:
    """Makes the problem documents of one service."""

    def __init__(self, sayings: Sayings) -> None:
        self.sayings = sayings

    def of_refusal(self, refused: Refused, language: Language, request_id: str) -> Response:
        """The answer to a refusal: every reason, and every clause once."""
        clauses: dict[tuple[str, str], Citation] = {}
        for reason in refused.reasons:
            for cite in reason.cites:
                clauses.setdefault((cite.clause, cite.row), cite)
        reasons = [
            {"code": reason.code, "says": self.sayings.say(reason, language), "subject": reason.subject}
            | ({"clauses": [cite.clause for cite in reason.cites]} if reason.cites else {})
            | ({"excusable": [asdict(one) for one in reason.excusable]} if reason.excusable else {})
            for reason in refused.reasons
        ]
        headers: dict[str, str] = {}
        if refused.kind == "unknown":
            codes = [reason.code for reason in refused.reasons]
            headers["WWW-Authenticate"] = 'Bearer realm="chancery"' + (
                "" if codes == ["needs_token"] else ', error="invalid_token"'
            )
        elif refused.kind == "busy":
            headers["Retry-After"] = "1"
        shown = [cited(cite, language) for cite in clauses.values()]
        return self.document(refused.kind, reasons, language, request_id, shown, headers)

    def of_code(
        self,
        kind: str,
        code: str,
        language: Language,
        request_id: str,
        headers: Mapping[str, str] | None = None,
        **params: Any,
    ) -> Response:
        """The answer where one plain thing is wrong."""
        reason = Reason(code, params=params)
        says = [{"code": code, "says": self.sayings.say(reason, language), "subject": None}]
        return self.document(kind, says, language, request_id, headers=headers)

    def of_fields(self, errors: Sequence[Mapping[str, Any]], language: Language, request_id: str) -> Response:
        """The answer to a malformed request: every field, each with a hint. What was sent is not repeated."""
        known = field_sayings()
        reasons: list[dict[str, Any]] = []
        for error in errors[:MOST_FIELDS]:
            saying = known.get(error["type"], known["other"])
            context = {key: _plain(value) for key, value in cast("dict[str, Any]", error.get("ctx") or {}).items()}
            subject = ".".join(_plain(part) for part in error["loc"])
            reasons.append({"code": error["type"], "says": saying.fill(language, context), "subject": subject})
        return self.document("malformed", reasons, language, request_id)

    def document(
        self,
        kind: str,
        reasons: Sequence[Mapping[str, Any]],
        language: Language,
        request_id: str,
        clauses: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        of_kind = kinds()[kind]
        stop = "；" if language == "zh" else "; "
        body = {
            "type": f"urn:chancery:problem:{kind}",
            "title": of_kind.title.fill(language, {}),
            "status": of_kind.status,
            "detail": stop.join(
                f"{reason['subject']}: {reason['says']}" if reason.get("subject") else str(reason["says"])
                for reason in reasons
            ),
            "instance": f"urn:chancery:request:{request_id}",
            "reasons": reasons,
            "clauses": clauses,
        }
        more = {"Content-Language": TONGUE[language], **(headers or {})}
        return Response(orjson.dumps(body), of_kind.status, more, PROBLEM)


def _plain(value: object) -> str:
    """Text that any writer can write: at most 200 characters, no half characters."""
    return str(value)[:200].encode("utf-8", "replace").decode()


def request_id_of(request: Request) -> str:
    return cast("str", request.scope.get("chancery.request_id", "-"))


def handle_problems(app: FastAPI, problems: Problems) -> None:
    """Answer every error of the app with a problem document."""

    def language(request: Request) -> Language:
        return language_of(request.headers.get("accept-language", "").encode("latin-1"))

    def said(
        request: Request, kind: str, code: str, headers: Mapping[str, str] | None = None, **params: Any
    ) -> Response:
        return problems.of_code(kind, code, language(request), request_id_of(request), headers, **params)

    async def refused(request: Request, error: Exception) -> Response:
        return problems.of_refusal(cast("Refused", error), language(request), request_id_of(request))

    async def malformed(request: Request, error: Exception) -> Response:
        errors = cast("RequestValidationError", error).errors()
        sent = request.headers.get("content-type", "")
        if any(one["loc"] == ("body",) for one in errors) and await request.body() and "json" not in sent:
            return said(request, "wrong_kind", "wrong_media_type")
        return problems.of_fields(errors, language(request), request_id_of(request))

    async def misshapen(request: Request, error: Exception) -> Response:
        """A value the form let pass and the event does not take: the request's fault, but ours to tighten."""
        found = cast("ValidationError", error)
        log.warning("event_does_not_take_it", event_type=found.title, fields=[e["loc"] for e in found.errors()])
        return problems.of_fields(
            cast("list[Mapping[str, Any]]", found.errors()), language(request), request_id_of(request)
        )

    async def http(request: Request, error: Exception) -> Response:
        found = cast("HTTPException", error)
        kind, code = OF_STATUS.get(found.status_code, ("malformed", "bad_request"))
        if found.status_code >= 500:
            kind, code = "away", "away"
        return said(request, kind, code, found.headers, detail=found.detail)

    async def away(request: Request, error: Exception) -> Response:
        log.warning("away", error=repr(error), request_id=request_id_of(request))
        return said(request, "away", "away", {"Retry-After": "2"})

    async def poisoned(request: Request, error: Exception) -> Response:
        log.error("cannot_be_stored", error=repr(error), request_id=request_id_of(request))
        return said(request, "malformed", "cannot_be_stored")

    async def database(request: Request, error: Exception) -> Response:
        cause = _driver_error(error)
        if isinstance(cause, DataError):
            return said(request, "malformed", "bad_request", detail=type(cause).__name__)
        state = getattr(cause, "sqlstate", None) or "08"
        if isinstance(error, PoolTimeout) or isinstance(cause, OSError) or str(state)[:2] in ("08", "53", "57"):
            return await away(request, error)
        raise error

    async def unknown_word(request: Request, error: Exception) -> Response:
        return said(request, "malformed", "unknown_word", detail=_plain(error))

    async def unchanged(_: Request, error: Exception) -> Response:
        return Response(status_code=304, headers={"ETag": cast("NotModified", error).etag})

    for kind, handler in (
        (Refused, refused),
        (RequestValidationError, malformed),
        (ValidationError, misshapen),
        (HTTPException, http),
        (StoreUnavailable, away),
        (FilesAway, away),
        (OutdatedProcess, away),
        (IssuerAway, away),
        (PoisonedAppend, poisoned),
        (DBAPIError, database),
        (SQLAlchemyError, database),
        (PostgresError, database),
        (NotModified, unchanged),
        (BadFacts, unknown_word),
    ):
        app.add_exception_handler(kind, handler)


def _driver_error(error: BaseException) -> BaseException:
    """The driver's own error below what the layers above made of it."""
    found = getattr(error, "orig", None) or error
    return found.__cause__ or found
