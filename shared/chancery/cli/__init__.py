"""``chancery``: start the house, rehearse, follow events, look after projections, deadlines, rules and the clock."""

import logging
import sys

import asyncpg
import httpx
import structlog
from nats.errors import Error as NatsError

from chancery.cli.main import app
from chancery.refusal import Fault

AWAY = (OSError, TimeoutError, httpx.HTTPError, asyncpg.PostgresError, asyncpg.InterfaceError, NatsError)


def main() -> None:
    """The entry point of the command. What is away or refuses us is told in a sentence, not in a traceback."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        app()
    except (Fault, *AWAY) as error:
        sys.stderr.write(f"没有完成 Not done: {error or repr(error)}\n")
        raise SystemExit(1) from None
