"""One part of the house that runs as a process: started by us, reaped by us, started again when it dies."""

import atexit
import contextlib
import os
import random
import secrets
import signal
import socket
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from chancery.refusal import Fault

LOWEST_PORT: Final = 15_000
EPHEMERAL: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 5.0
SETTLED_AFTER: Final = 10.0
LONGEST_LOG: Final = 20_000_000


class PartFailed(Fault):
    """A part did not start, and why, as far as its own log says."""


def free_port() -> int:
    """A port of this machine that nobody listens on now.

    Never one of those the kernel gives to outgoing connections: while a part is down, a client that calls its port
    again and again could otherwise be given that very port, and the part would not get it back.
    """
    try:
        highest = int(EPHEMERAL.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        highest = 32_768
    for _ in range(200):
        port = random.randrange(LOWEST_PORT, highest) if highest > LOWEST_PORT else 0
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PartFailed("no free port on 127.0.0.1")


def kept_port(file: Path) -> int:
    """The port a part had last time if it is still free, else a new one; kept so that addresses stay."""
    if file.exists():
        port = int(file.read_text())
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                pass
            else:
                return port
    port = free_port()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(str(port))
    return port


def kept_secret(file: Path) -> str:
    """A password made once per data folder, readable by its owner alone."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(24))
    return file.read_text()


def is_running(pid: int, mark: str) -> bool:
    """Whether the process of that number is there and ``mark`` stands in its command line."""
    try:
        return mark.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def end_left_behind(pid_file: Path, patience: float = 15.0) -> None:
    """End the process a killed starter left behind, as the pid file knows it: number, signal, words of its command.

    A process of that number with other words is somebody else's and stays.
    """
    try:
        number, how, mark = pid_file.read_text().split("\n", 2)
        pid, asked = int(number), signal.Signals(int(how))
    except (OSError, ValueError):
        return
    end = time.monotonic() + patience
    if is_running(pid, mark):
        _signal(pid, asked)
    while is_running(pid, mark):
        if time.monotonic() > end:
            _signal(pid, signal.SIGKILL)
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def _signal(pid: int, how: signal.Signals) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        pass
    except PermissionError as error:
        raise PartFailed(f"process {pid} was left behind by another user and cannot be ended by us") from error


class Part(ABC):
    """A process we own, watched: when it dies it is started again on the same port and data."""

    name: str

    def __init__(self, log: Path) -> None:
        self._log = log.resolve()
        self._pid_file = self._log.with_suffix(".pid")
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = False
        self._lock = threading.RLock()
        self._watch: threading.Thread | None = None
        self._stopped = threading.Event()
        self.restarts = 0

    @abstractmethod
    def command(self) -> Sequence[str]: ...

    @abstractmethod
    def answers(self) -> bool:
        """Whether it serves."""
        ...

    def environment(self) -> Mapping[str, str]:
        return os.environ

    def clear_the_way(self) -> None:  # noqa: B027  most parts leave nothing behind
        """Take away what an earlier process of this part left behind, before each start."""

    def mark(self) -> str:
        """Something of the command line by which a process of this part is known when its starter was killed."""
        return str(self.command()[-1])

    def stop_signal(self) -> signal.Signals:
        return signal.SIGINT

    @property
    def pid(self) -> int:
        process = self._process
        if process is None:
            raise PartFailed(f"{self.name} is not running")
        return process.pid

    @property
    def running(self) -> bool:
        process = self._process
        return process is not None and process.poll() is None

    def start(self, patience: float = 30.0) -> None:
        """Start it and wait until it serves; watch it from then on.

        Raises:
            PartFailed: it does not serve in time; carries the end of its log.
        """
        self.launch()
        self.watch(patience)

    def launch(self) -> None:
        """Start it, without waiting."""
        end_left_behind(self._pid_file)
        atexit.register(self.stop)
        self._stopped.clear()
        with self._lock:
            self._wanted = True
            self._spawn()

    def watch(self, patience: float = 30.0) -> None:
        """Wait until it serves, and start it again whenever it dies from then on."""
        self.wait(patience)
        if self._watch is None:
            self._watch = threading.Thread(target=self._keep, name=f"keep-{self.name}", daemon=True)
            self._watch.start()

    def wait(self, patience: float = 30.0) -> None:
        """Wait until it serves.

        Raises:
            PartFailed: it does not in time, or ended at its first start; it is stopped.
        """
        end = time.monotonic() + patience
        while not (self.running and self.answers()):
            if (not self.running and self._watch is None) or time.monotonic() > end:
                tail = self._log.read_text(errors="replace")[-1500:] if self._log.exists() else ""
                self.stop()
                raise PartFailed(f"{self.name} did not start. The end of its log {self._log}:\n{tail}")
            time.sleep(0.02)

    def stop(self, patience: float = 20.0) -> None:
        """Ask it to stop, wait, and end it by force when it does not."""
        process = self._unwant()
        if process is not None and process.poll() is None:
            process.send_signal(self.stop_signal())
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._watch is not None and self._watch is not threading.current_thread():
            self._watch.join()
            self._watch = None
        with self._lock:
            self._process = None
        self._pid_file.unlink(missing_ok=True)
        atexit.unregister(self.stop)

    def stop_soon(self) -> None:
        """Ask it to stop, without waiting; ``stop`` waits."""
        process = self._unwant()
        if process is not None and process.poll() is None:
            process.send_signal(self.stop_signal())

    def kill(self) -> None:
        """``kill -9``; it is dead when this returns, and the watch starts it again."""
        process = self._process
        if process is not None:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def _unwant(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            self._wanted = False
            self._stopped.set()
            return self._process

    def _spawn(self) -> None:
        self.clear_the_way()
        self._log.parent.mkdir(parents=True, exist_ok=True)
        if self._log.exists() and self._log.stat().st_size > LONGEST_LOG:
            self._log.replace(self._log.with_suffix(".log.old"))
        out: IO[bytes]
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                list(self.command()),
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=dict(self.environment()),
                cwd="/",
                start_new_session=True,
            )
            self._pid_file.write_text(f"{self._process.pid}\n{self.stop_signal().value}\n{self.mark()}")

    def _keep(self) -> None:
        """Start it again when it dies, at once the first time, with growing pauses while it keeps dying."""
        pause, began = FIRST_PAUSE, time.monotonic()
        while not self._stopped.wait(0.05):
            if self.running:
                continue
            pause = FIRST_PAUSE if time.monotonic() - began > SETTLED_AFTER else min(pause * 2, LONGEST_PAUSE)
            if self._stopped.wait(pause):
                return
            with self._lock:
                if not self._wanted:
                    return
                self.restarts += 1
                began = time.monotonic()
                with contextlib.suppress(OSError, PartFailed):  # no room, no such file: tried again after the pause
                    self._spawn()
