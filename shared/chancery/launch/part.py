"""One part of the house that runs as a process: started by us, reaped by us, started again when it dies."""

import atexit
import os
import pwd
import secrets
import signal
import socket
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from chancery.refusal import Fault


class PartFailed(Fault):
    """A part did not start, and why, as far as its own log says."""


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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


def lesser_user() -> pwd.struct_passwd | None:
    """Whom a part runs as that refuses to run as root; None when we are not root ourselves."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def end_orphan(pid: int, mark: str, how: signal.Signals, patience: float = 10.0) -> None:
    """End a process left behind by a starter that was killed; ``mark`` must stand in its command line."""

    def alive() -> bool:
        try:
            return mark.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    end = time.monotonic() + patience
    while alive():
        os.kill(pid, how if time.monotonic() < end else signal.SIGKILL)
        time.sleep(0.1)


class Part(ABC):
    """A process we own. ``keep()`` watches it and starts it again on the same port and data when it dies."""

    name: str

    def __init__(self, log: Path) -> None:
        self._log = log
        self._pid_file = log.with_suffix(".pid")
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = False
        self._lock = threading.RLock()
        self._watch: threading.Thread | None = None
        self.restarts = 0
        atexit.register(self.stop)

    @abstractmethod
    def command(self) -> Sequence[str]: ...

    @abstractmethod
    def answers(self) -> bool:
        """Whether it serves."""
        ...

    def environment(self) -> Mapping[str, str]:
        return os.environ

    def user(self) -> pwd.struct_passwd | None:
        return None

    def mark(self) -> str:
        """Something of the command line by which an orphan of this part is known."""
        return str(self.command()[-1])

    def stop_signal(self) -> signal.Signals:
        return signal.SIGINT

    @property
    def pid(self) -> int:
        if self._process is None:
            raise PartFailed(f"{self.name} is not running")
        return self._process.pid

    def start(self, patience: float = 30.0) -> None:
        """Start it and wait until it serves; watch it from then on.

        Raises:
            PartFailed: it does not serve in time; carries the end of its log.
        """
        self.launch()
        self.watch(patience)

    def launch(self) -> None:
        """Start it, without waiting."""
        self._wanted = True
        if self._pid_file.exists():
            end_orphan(int(self._pid_file.read_text() or 0), self.mark(), signal.SIGTERM)
        self._spawn()

    def watch(self, patience: float = 30.0) -> None:
        """Wait until it serves, and start it again whenever it dies from then on."""
        self.wait(patience)
        if self._watch is None:
            self._watch = threading.Thread(target=self._keep, name=f"keep-{self.name}", daemon=True)
            self._watch.start()

    def wait(self, patience: float = 30.0) -> None:
        end = time.monotonic() + patience
        while not self.answers():
            with self._lock:
                dead = self._process is not None and self._process.poll() is not None
            if (dead and self._watch is None) or time.monotonic() > end:
                tail = self._log.read_text(errors="replace")[-1500:] if self._log.exists() else ""
                self.stop()
                raise PartFailed(f"{self.name} did not start. The end of its log {self._log}:\n{tail}")
            time.sleep(0.02)

    def stop(self, patience: float = 20.0) -> None:
        """Ask it to stop, wait, and end it by force when it does not."""
        self._wanted = False
        with self._lock:
            process, self._process = self._process, None
        self._pid_file.unlink(missing_ok=True)
        if process is None or process.poll() is not None:
            return
        process.send_signal(self.stop_signal())
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def stop_soon(self) -> None:
        """Ask it to stop, without waiting; ``stop`` waits."""
        self._wanted = False
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._process.send_signal(self.stop_signal())

    def kill(self) -> None:
        """``kill -9``; the watch starts it again."""
        with self._lock:
            if self._process is not None:
                self._process.send_signal(signal.SIGKILL)

    def _spawn(self) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        user = self.user()
        out: IO[bytes]
        with self._lock, self._log.open("ab") as out:
            self._process = subprocess.Popen(
                list(self.command()),
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=dict(self.environment()),
                cwd="/",
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                start_new_session=True,
            )
            self._pid_file.write_text(str(self._process.pid))

    def _keep(self) -> None:
        while self._wanted:
            with self._lock:
                process = self._process
            if process is not None and process.poll() is not None and self._wanted:
                self.restarts += 1
                self._spawn()
            time.sleep(0.05)
