"""Logs as names and keys, one JSON object a line. Bodies, tokens and people's names have no key."""

import logging
import sys
from pathlib import Path
from typing import Any, Final

import orjson
import structlog

NEVER: Final = frozenset(("token", "authorization", "password", "secret", "body", "key", "url", "dsn", "name"))


def _without_secrets(_: Any, __: str, entry: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for key in NEVER & entry.keys():
        entry[key] = "…"
    return entry


def _line(_: Any, __: str, entry: structlog.typing.EventDict) -> bytes:
    return orjson.dumps(entry, default=repr)


def set_up(service: str, level: str = "info", file: Path | None = None) -> None:
    """Log to stdout, or to a file. Libraries' own loggers speak through the same mouth, warnings and worse only."""
    out = file.open("ab", buffering=0) if file else sys.stdout.buffer
    at = getattr(logging, level.upper())
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
        logger_factory=structlog.BytesLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)

    class Through(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log = structlog.get_logger(record.name)
            log.log(record.levelno, "library", logger=record.name, says=record.getMessage(), exc_info=record.exc_info)

    logging.basicConfig(handlers=[Through()], level=max(at, logging.WARNING), force=True)
