"""The whole house on one machine: PostgreSQL, NATS, and each service as a process of its own."""

import asyncio
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, Literal

from chancery.bus.streams import connect
from chancery.clock import SimulatedClock
from chancery.launch.nats import Nats
from chancery.launch.part import Part, PartFailed, end_left_behind, kept_port, kept_secret
from chancery.launch.postgres import Postgres, ServiceDatabase, provision
from chancery.web.issuer import LocalIssuer

SERVICES: Final = ("attendance", "meeting", "document", "supervision", "disclosure", "eventlog")
HANDED_ON: Final = frozenset(
    f"CHANCERY_{name}"
    for name in ("PACKS", "GOVERNMENTS", "HOLIDAYS", "MOST_BYTES", "PATIENCE", "LOG_LEVEL", "OTLP_ENDPOINT")
)
"""What the caller's environment says to every service; the rest the house says itself."""
Say = Callable[[str], None]


class ServiceProcess(Part):
    """One service, started as ``python -m <name>_svc``."""

    def __init__(self, name: str, port: int, settings: Mapping[str, str], log: Path) -> None:
        super().__init__(log)
        self.name = name
        self.port = port
        self._settings = dict(settings)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", f"{self.name}_svc"]

    def environment(self) -> Mapping[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_") or name in HANDED_ON
        }
        return kept | self._settings

    def stop_signal(self) -> signal.Signals:
        return signal.SIGTERM

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=2) as answer:  # noqa: S310  our own address
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


@dataclass(slots=True)
class House:
    """Everything below one data folder; started again there, it goes on where it was.

    ``clock`` is *system*, or *simulated* for rehearsals and the demonstration. ``extra`` are more settings of every
    service, ``each`` of single ones. External parts are used where ``CHANCERY_PG_ADMIN_URL`` and ``CHANCERY_NATS_URL``
    name them; ``prefix`` then goes before each database's name.
    """

    folder: Path
    clock: Literal["system", "simulated"] = "system"
    services: tuple[str, ...] = SERVICES
    say: Say = lambda _: None
    extra: Mapping[str, str] = field(default_factory=dict[str, str])
    each: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    prefix: str = ""
    external_postgres: str | None = field(default_factory=lambda: os.environ.get("CHANCERY_PG_ADMIN_URL"))
    external_nats: str | None = field(default_factory=lambda: os.environ.get("CHANCERY_NATS_URL"))
    postgres: Postgres | None = None
    nats: Nats | None = None
    databases: dict[str, ServiceDatabase] = field(default_factory=dict[str, ServiceDatabase])
    processes: dict[str, ServiceProcess] = field(default_factory=dict[str, ServiceProcess])
    _lock: IO[str] | None = None
    _issuer: LocalIssuer | None = None

    @property
    def issuer(self) -> LocalIssuer:
        if self._issuer is None:
            self._issuer = LocalIssuer.at(self.folder / "issuer")
        return self._issuer

    @property
    def admin_url(self) -> str:
        if self.external_postgres:
            return self.external_postgres
        if self.postgres is None:
            raise PartFailed("the house is not started")
        return self.postgres.admin_url

    @property
    def nats_url(self) -> str:
        if self.external_nats:
            return self.external_nats
        if self.nats is None:
            raise PartFailed("the house is not started")
        return self.nats.url

    def address(self, service: str) -> str:
        return self.processes[service].address

    @property
    def addresses(self) -> dict[str, str]:
        return {name: process.address for name, process in self.processes.items()}

    def start(self) -> None:
        """Start and migrate everything, and wait until every service is ready.

        Raises:
            PartFailed: some part does not start, or the house of this folder runs already; nothing is left running.
        """
        self.folder = self.folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = take_folder(self.folder)
        let_signals_interrupt()
        try:
            self._start_parts()
            self.say("数据库迁移 migrating the databases")
            self._migrate()
            self.say("启动服务 starting the services")
            self._start_services()
        except BaseException:
            self.stop()
            raise

    def _start_parts(self) -> None:
        if not self.external_postgres:
            self.say("启动 PostgreSQL starting PostgreSQL")
            self.postgres = Postgres(self.folder / "postgres")
            self.postgres.start()
        if not self.external_nats:
            self.say("启动 NATS JetStream starting NATS JetStream")
            self.nats = Nats(self.folder / "nats")
            self.nats.start()
        if self.clock == "simulated":
            asyncio.run(self._begin_clock())

    async def _begin_clock(self) -> None:
        """A simulated clock that nobody has set yet begins now."""
        client = await connect(self.nats_url, "house")
        await SimulatedClock(client).begin(datetime.now(UTC))
        await client.close()

    def _migrate(self) -> None:
        secret = kept_secret(self.folder / "services.secret")

        async def make() -> dict[str, ServiceDatabase]:
            return {name: await provision(self.admin_url, f"{self.prefix}{name}", secret) for name in self.services}

        self.databases = asyncio.run(make())
        own = not self.external_postgres
        marks = self.folder / "migrated"
        marks.mkdir(exist_ok=True)
        heads = {name: _head_of(name) for name in self.services}
        behind = [name for name in self.services if not own or heads[name] != _mark(marks / name)]
        if not behind:
            return
        done = subprocess.run(
            [sys.executable, "-m", "chancery.launch.migrating"],
            input=json.dumps({name: self.databases[name].owner_url for name in behind}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise PartFailed(f"数据库迁移失败 the migrations failed:\n{done.stdout[-2000:]}")
        if own:
            for name in behind:
                (marks / name).write_text(heads[name])

    def _start_services(self) -> None:
        issuer = self.issuer
        logs = {name: self.folder / "log" / f"{name}.log" for name in self.services}
        for log in logs.values():
            end_left_behind(log.with_suffix(".pid"))
        ports = {name: kept_port(self.folder / "ports" / name) for name in self.services}
        feeds = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        for name in self.services:
            database = self.databases[name]
            feed_token = issuer.mint("", client=f"{name}-svc", roles=("feed",), ttl=30 * 24 * 3600)
            settings = {
                "CHANCERY_MODE": "house",
                "CHANCERY_DATABASE_URL": database.app_url,
                "CHANCERY_RELAY_DATABASE_URL": database.relay_url,
                "CHANCERY_NATS_URL": self.nats_url,
                "CHANCERY_ISSUER": issuer.issuer,
                "CHANCERY_AUDIENCE": issuer.audience,
                "CHANCERY_KEYS": str(issuer.jwks),
                "CHANCERY_CLOCK": self.clock,
                "CHANCERY_PORT": str(ports[name]),
                "CHANCERY_FEEDS": json.dumps(feeds),
                "CHANCERY_FEED_TOKEN": feed_token,
                "CHANCERY_FILES": str(self.folder / "files"),
                **self.extra,
                **self.each.get(name, {}),
            }
            self.processes[name] = ServiceProcess(name, ports[name], settings, logs[name])
        for process in self.processes.values():
            process.launch()
        for process in self.processes.values():
            process.watch(60.0)

    def kill(self, name: str) -> None:
        """``kill -9`` one part; it is started again by itself."""
        self.part(name).kill()

    def part(self, name: str) -> Part:
        parts: dict[str, Part | None] = {"postgres": self.postgres, "nats": self.nats, **self.processes}
        found = parts.get(name)
        if found is None:
            raise PartFailed(f"the house has no part {name} of its own")
        return found

    def memory(self) -> dict[str, int]:
        """Resident bytes of each part of our own with its children, shared pages counted once per part (PSS)."""
        parts: dict[str, Part | None] = {"postgres": self.postgres, "nats": self.nats, **self.processes}
        return {name: _pss(part.pid) for name, part in parts.items() if part is not None}

    def stop(self) -> None:
        """Stop the services, then what they stand on."""
        for process in self.processes.values():
            process.stop_soon()
        for process in self.processes.values():
            process.stop()
        for part in (self.nats, self.postgres):
            if part is not None:
                part.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def mint(self, tenant: str, person: str | None, roles: tuple[str, ...] = ()) -> str:
        return self.issuer.mint(tenant, person=person, client=None if person else "rehearsal", roles=roles)


def take_folder(folder: Path) -> IO[str]:
    """Hold a data folder until the answer is closed: two houses in one would end each other's parts.

    Raises:
        PartFailed: another process holds it.
    """
    lock = (folder / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        who = lock.read().strip()
        lock.close()
        raise PartFailed(
            f"已在运行:{folder} 由进程 {who} 使用。 It runs already: process {who} uses {folder}."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def clear_folder(folder: Path) -> None:
    """Remove a house's data, and end whatever a killed starter left running there.

    Raises:
        PartFailed: the house of this folder runs, or what lies there is not a house's: nothing is removed.
    """
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / "lock").exists():
        raise PartFailed(
            f"不是数据目录，未动:{folder} Not a house's data, left as it is: {folder}. Name another folder."
        )
    with take_folder(folder.resolve()):
        for file in (*sorted(folder.glob("log/*.pid")), *sorted(folder.glob("*/*.pid"))):
            end_left_behind(file)
        shutil.rmtree(folder, ignore_errors=True)


ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def let_signals_interrupt() -> None:
    """Being told to end while starting stops what has started so far, as Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        for ending in ENDINGS:
            if signal.getsignal(ending) is signal.SIG_DFL:
                signal.signal(ending, interrupt)


def wait_for_interrupt() -> None:
    """Sleep until Ctrl-C, SIGTERM, or the end of the terminal; further ones do not disturb the stopping."""
    ended = threading.Event()

    def end(*_: object) -> None:
        ended.set()

    for ending in ENDINGS:
        signal.signal(ending, end)
    while not ended.wait(0.5):
        pass


def _head_of(service: str) -> str:
    """What stands in a service's migrations, in one word: unchanged, they need not be looked at again."""
    import hashlib

    from chancery.store.migrate import KERNEL, folder_of

    digest = hashlib.sha256()
    for file in (*sorted((folder_of(service) / "versions").glob("*.py")), *KERNEL):
        if file.exists():
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _mark(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def _pss(pid: int) -> int:
    total = 0
    for process in (pid, *_children(pid)):
        try:
            text = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0) * 1024
    return total


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path("/proc").iterdir():
        if not task.name.isdigit():
            continue
        try:
            parent = int((task / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == pid:
            found += [int(task.name), *_children(int(task.name))]
    return found


def throwaway_prefix() -> str:
    """For tests that share one PostgreSQL: databases of their own."""
    return f"h{secrets.token_hex(4)}_"
