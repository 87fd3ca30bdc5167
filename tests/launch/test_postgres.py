"""A real PostgreSQL of our own: as root and not, killed and left behind, and it keeps what it was given."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from chancery.launch.part import PartFailed
from chancery.launch.postgres import Postgres
from tests.launch.conftest import a_starter, alive

pytestmark = pytest.mark.crash
NOBODY_BUT_FOLDERS = 1 << 1
"""CAP_DAC_OVERRIDE: the one right a lesser user keeps where the folder is closed."""


@pytest.fixture
def server(folder: Path) -> Iterator[Postgres]:
    made = Postgres(folder / "pg")
    made.start()
    yield made
    made.stop()


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url, timeout=20)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_chinese_is_compared_the_same_whatever_the_environment_says(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "no_SUCH.locale")
    monkeypatch.setenv("LC_ALL", "POSIX")
    monkeypatch.setenv("PGDATA", "/nowhere")
    server = Postgres(folder / "pg")
    server.start()
    try:
        found = await ask(
            server.admin_url, "select datlocprovider::text || datlocale from pg_database where datname='postgres'"
        )
        assert found == "bC.UTF-8"
        assert await ask(server.admin_url, "select '虹口区' ~ '^\\w+$'") is True
        assert await ask(server.admin_url, "show server_encoding") == "UTF8"
    finally:
        server.stop()


async def test_what_is_written_is_flushed_and_nobody_enters_without_the_password(server: Postgres) -> None:
    for setting, value in (("fsync", "on"), ("synchronous_commit", "on"), ("full_page_writes", "on")):
        assert await ask(server.admin_url, f"show {setting}") == value
    assert await ask(server.admin_url, "show password_encryption") == "scram-sha-256"
    stranger = f"postgresql://postgres:guessed@127.0.0.1:{server.port}/postgres"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(stranger, "select 1")
    methods = await ask(server.admin_url, "select array_agg(distinct auth_method) from pg_hba_file_rules")
    assert methods == ["scram-sha-256"]


def test_the_password_is_kept_for_its_owner_alone(server: Postgres, folder: Path) -> None:
    kept = folder / "pg" / "superuser"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text() in server.admin_url
    assert not (folder / "pg" / "handed-over").exists()
    assert all(kept.read_text() not in word for word in server.command())


async def test_a_killed_server_is_back_on_its_port_with_every_committed_row(server: Postgres) -> None:
    await ask(server.admin_url, "create table kept (n int)")
    port = server.port
    for number in range(1, 4):
        await ask(server.admin_url, f"insert into kept values ({number})")
        server.kill()
        server.wait()
        assert await ask(server.admin_url, "select array_agg(n order by n) from kept") == [*range(1, number + 1)]
    assert (server.restarts, server.port) == (3, port)


async def test_a_killed_session_resets_all_and_the_server_goes_on(server: Postgres) -> None:
    await ask(server.admin_url, "create table kept as select 1 as n")
    connection = await asyncpg.connect(server.admin_url)
    backend = int(await connection.fetchval("select pg_backend_pid()"))
    os.kill(backend, signal.SIGKILL)
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)):
        await connection.fetchval("select pg_sleep(10)")
    connection.terminate()
    await asyncio.to_thread(server.wait)
    assert await ask(server.admin_url, "select n from kept") == 1
    assert server.restarts == 0


async def test_after_a_killed_starter_the_next_one_finds_port_and_data(folder: Path) -> None:
    with a_starter(folder) as first:
        await ask(first.said["admin_url"], "create table kept as select 7 as n")
        first.process.kill()
        first.process.wait()
        assert all(alive(pid) for pid in first.parts)
        with a_starter(folder) as second:
            assert second.said["admin_url"] == first.said["admin_url"]
            assert second.said["nats_url"] == first.said["nats_url"]
            assert not any(alive(pid) for pid in first.parts)
            assert await ask(second.said["admin_url"], "select n from kept") == 7
    assert not any(alive(pid) for pid in second.parts)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_leaves_nothing_running(folder: Path, how: signal.Signals) -> None:
    with a_starter(folder) as starter:
        assert all(alive(pid) for pid in starter.parts)
        starter.process.send_signal(how)
        assert starter.process.wait(30) == 0
        assert not any(alive(pid) for pid in starter.parts)
        assert not list(folder.rglob("*.pid"))


def test_a_pid_file_whose_number_is_somebody_elses_by_now_stops_nobody(folder: Path) -> None:
    server = Postgres(folder / "pg")
    server.start()
    server.stop()
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (Path(server.mark()) / "postmaster.pid").write_text(f"{bystander.pid}\n{server.mark()}\n")
        (folder / "pg" / "postgres.pid").write_text(f"{bystander.pid}\n{signal.SIGINT.value}\n{server.mark()}")
        again = Postgres(folder / "pg")
        again.start()
        again.stop()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


async def test_it_starts_for_a_user_who_is_not_root(folder: Path) -> None:
    with a_starter(folder / "theirs", lesser=True) as starter:
        assert starter.said["user"] != 0
        assert await ask(starter.said["admin_url"], "select 1") == 1
        assert (folder / "theirs" / "pg" / "data").stat().st_uid == starter.said["user"]


@pytest.mark.skipif(os.geteuid() != 0, reason="asks what root's server runs as")
@pytest.mark.parametrize("closed", [False, True])
def test_root_starts_it_as_nobody_even_where_only_root_may_enter(folder: Path, closed: bool) -> None:
    inner = folder / "inner"
    inner.mkdir()
    if closed:
        folder.chmod(0o700)
    server = Postgres(inner / "pg")
    server.start()
    try:
        said = dict(
            line.split(":\t", 1)
            for line in Path(f"/proc/{server.pid}/status").read_text().splitlines()
            if ":\t" in line
        )
        assert "0" not in said["Uid"].split()
        assert int(said["CapEff"], 16) & ~NOBODY_BUT_FOLDERS == 0
        if closed:
            assert int(said["CapEff"], 16) == NOBODY_BUT_FOLDERS
        assert folder.stat().st_mode & 0o077 == (0 if closed else 0o055)
    finally:
        server.stop()


def test_one_that_cannot_start_says_why(folder: Path) -> None:
    server = Postgres(folder / "pg")
    server.start()
    server.stop()
    (Path(server.mark()) / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(PartFailed, match=r"9\.6"):
        server.start()
    assert not list(folder.rglob("*.pid"))


def test_without_binaries_it_says_what_to_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chancery.launch.postgres.WHEELS", ())
    monkeypatch.delenv("CHANCERY_PG_BIN", raising=False)
    with pytest.raises(PartFailed, match="CHANCERY_PG_BIN"):
        Postgres(folder / "pg").start()
