"""What holds for every part: it is started again, not over and over, and nothing of it stays."""

import os
import signal
import stat
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from chancery.launch.part import EPHEMERAL, Part, end_left_behind, free_port, kept_port, kept_secret
from tests.launch.conftest import alive


class Sleeper(Part):
    """Lives as long as it is told to; serves as soon as it has written its file."""

    name = "sleeper"

    def __init__(self, folder: Path, lives: float = 60.0) -> None:
        super().__init__(folder / "sleeper.log")
        self._ready = folder / "ready"
        self._lives = lives

    def command(self) -> Sequence[str]:
        script = f"import pathlib, time; pathlib.Path({str(self._ready)!r}).touch(); time.sleep({self._lives})"
        return [sys.executable, "-I", "-S", "-c", script]

    def answers(self) -> bool:
        return self._ready.exists()


def test_a_part_that_dies_is_started_again(folder: Path) -> None:
    part = Sleeper(folder)
    part.start()
    try:
        first = part.pid
        part.kill()
        part.wait()
        assert part.pid != first
        assert (part.restarts, alive(first), alive(part.pid)) == (1, False, True)
    finally:
        part.stop()


def test_a_part_that_keeps_dying_is_not_started_over_and_over(folder: Path) -> None:
    part = Sleeper(folder, lives=0.05)
    part.start()
    time.sleep(3)
    part.stop()
    assert 2 <= part.restarts <= 6


def test_a_stopped_part_stays_stopped(folder: Path) -> None:
    part = Sleeper(folder)
    part.start()
    pid = part.pid
    part.stop()
    time.sleep(0.3)
    assert not alive(pid)
    assert (part.running, part.restarts) == (False, 0)
    part.stop()


def test_one_that_ignores_the_request_is_ended_by_force(folder: Path) -> None:
    part = Sleeper(folder)
    part.start()
    os.kill(part.pid, signal.SIGSTOP)
    pid = part.pid
    part.stop(patience=0.2)
    assert not alive(pid)


def test_only_the_process_with_our_words_is_ended(folder: Path) -> None:
    part = Sleeper(folder)
    part.start()
    try:
        file = folder / "other.pid"
        file.write_text(f"{part.pid}\n{signal.SIGKILL.value}\nnot the words of this command")
        end_left_behind(file)
        assert alive(part.pid)
        file.write_text("not a number")
        end_left_behind(file)
        assert (alive(part.pid), part.restarts) == (True, 0)
    finally:
        part.stop()


def test_ports_are_none_that_outgoing_connections_are_given() -> None:
    low, high = map(int, EPHEMERAL.read_text().split())
    assert not any(low <= free_port() <= high for _ in range(50))


def test_a_port_and_a_secret_are_kept(folder: Path) -> None:
    port, secret = kept_port(folder / "port"), kept_secret(folder / "secret")
    assert (kept_port(folder / "port"), kept_secret(folder / "secret")) == (port, secret)
    assert len(secret) >= 32
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_request_to_stop_is_the_parts_own(folder: Path, how: signal.Signals) -> None:
    class Listener(Sleeper):
        def command(self) -> Sequence[str]:
            told = folder / "told"
            script = (
                "import pathlib, signal, sys, time\n"
                f"def told(number, _): pathlib.Path({str(told)!r}).write_text(str(number)); sys.exit()\n"
                "signal.signal(signal.SIGTERM, told); signal.signal(signal.SIGINT, told)\n"
                f"pathlib.Path({str(folder / 'ready')!r}).touch(); time.sleep(60)"
            )
            return [sys.executable, "-I", "-S", "-c", script]

        def stop_signal(self) -> signal.Signals:
            return how

    part = Listener(folder)
    part.start()
    part.stop()
    assert (folder / "told").read_text() == str(how.value)
