"""Logs as names and keys, one JSON object a line. Bodies, tokens and people's names have no key."""

import asyncio
import atexit
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import orjson
import structlog

NEVER: Final = frozenset(("token", "authorization", "password", "secret", "body", "key", "url", "dsn", "name"))


def _without_secrets(_: Any, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for key in NEVER & entry.keys():
        entry[key] = "…"
    return entry


def _line(_: Any, __: str, entry: structlog.typing.EventDict) -> bytes:
    return orjson.dumps(entry, default=repr)


class Lines:
    """Lines on their way to a file: info is written some twenty times a second, anything worse at once.

    What a process that dies at once has not written are at most the last 50 ms of what went well.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._held: list[bytes] = []
        self._waits = False
        atexit.register(self.drain)

    def write(self, line: bytes) -> int:
        self._held.append(line)
        if self._waits and len(self._held) < 1000 and b'"level":"info"' in line:
            return len(line)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.drain()
            return len(line)
        if b'"level":"info"' not in line or len(self._held) >= 1000:
            self.drain()
        elif not self._waits:
            self._waits = True
            loop.call_later(0.05, self.drain)
        return len(line)

    def flush(self) -> None:
        """Asked for after every line; the lines are written when it is time."""

    def drain(self) -> None:
        self._waits = False
        if self._held:
            text = b"".join(self._held)
            self._held.clear()
            self._out.write(text)
            self._out.flush()


_lines: list[Lines] = []
_service: list[str] = []


def answered(entry: dict[str, Any]) -> None:
    """One line for one answered request: written so often that it goes past the processors, in their form."""
    if not _lines:
        structlog.get_logger("chancery.web").info("answered", **entry)
        return
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    line = {"event": "answered", "service": _service[0], "level": "info", "timestamp": at, **entry}
    _lines[0].write(orjson.dumps(line) + b"\n")


def set_up(service: str, level: str = "info", file: Path | None = None) -> None:
    """Log to stdout, or to a file. Libraries' own loggers speak through the same mouth, warnings and worse only."""
    out = cast("BinaryIO", file.open("ab", buffering=0) if file else sys.stdout.buffer)
    at = getattr(logging, level.upper())
    lines = Lines(out)
    _lines[:] = [lines] if at <= logging.INFO else []
    _service[:] = [service]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_secrets,
            _line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(at),
        logger_factory=structlog.BytesLoggerFactory(cast("BinaryIO", lines)),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)

    class Through(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log = structlog.get_logger(record.name)
            log.log(record.levelno, "library", logger=record.name, says=record.getMessage(), exc_info=record.exc_info)

    logging.basicConfig(handlers=[Through()], level=max(at, logging.WARNING), force=True)
