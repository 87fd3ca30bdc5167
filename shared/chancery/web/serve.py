"""One service as a process: ``python -m meeting_svc`` is ``serve(SERVICE)``."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Sequence
from typing import NoReturn

import structlog
import uvicorn
from fastapi import FastAPI

from chancery.rules.loader import PackRefused
from chancery.rules.rulebook import RuleShelf
from chancery.service import Service
from chancery.settings import Settings, SettingsRefused
from chancery.web.app import create_app
from chancery.web.logs import set_up
from chancery.web.running import Running
from chancery.web.server import OneWrite
from chancery.web.tracing import trace_to

log = structlog.get_logger(__name__)


class _Server(uvicorn.Server):
    """A server that, once started, leaves what was imported out of every later look for garbage.

    Walking all of it over and over costs 40 ms at the worst moment; frozen, it costs nothing.
    """

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        running: Running | None = getattr(getattr(self.config.app, "state", None), "running", None)
        if running is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, _reload, running)
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 50, 50)


_RELOADS: set["asyncio.Task[object]"] = set()


def _reload(running: Running) -> None:
    """SIGHUP: read the rule packs again."""
    task: asyncio.Task[object] = asyncio.ensure_future(running.reload_rules())
    _RELOADS.add(task)
    task.add_done_callback(_RELOADS.discard)


def _refuse(service: Service, sentences: Sequence[str]) -> NoReturn:
    """Say everything that stands in the way of a start, and do not start."""
    sys.stderr.write(f"{service.name}-svc does not start:\n" + "\n".join(sentences) + "\n")
    raise SystemExit(2)


def serve(service: Service, settings: Settings | None = None) -> None:
    """Run until told to stop (SIGTERM, SIGINT): requests under way are finished, then the work beside them ends."""
    try:
        found = settings.check() if settings else Settings.read()
    except SettingsRefused as refused:
        _refuse(service, refused.sentences)
    try:
        RuleShelf.load(found.packs, found.governments)
    except PackRefused as refused:
        _refuse(service, [f"Mend {problem}" for problem in refused.problems])
    set_up(service.name, found.log_level, found.log_file)
    if found.otlp_endpoint:
        trace_to(found.otlp_endpoint, service.name)
    log.info("starting", port=found.port or service.port, mode=found.mode)
    if not run(create_app(service, found), found, found.port or service.port):
        raise SystemExit(3)


def run(app: FastAPI, found: Settings, port: int) -> bool:
    """Answer requests until told to stop; whether it ever began."""
    config = uvicorn.Config(
        app,
        host=found.host,
        port=port,
        loop="uvloop",
        http=OneWrite,
        proxy_headers=False,
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=65,
        lifespan="on",
    )
    server = _Server(config)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve())
    return server.started
