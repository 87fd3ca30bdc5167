"""A starter of its own: starts PostgreSQL and NATS in a folder, says where, and stops them when told to end."""

import json
import os
import signal
import sys
from pathlib import Path

from chancery.launch.house import ENDINGS, let_signals_interrupt, wait_for_interrupt
from chancery.launch.nats import Nats
from chancery.launch.postgres import Postgres


def main(folder: Path) -> None:
    for ending in ENDINGS:  # a run of tests behind nohup or in the background hands them down as ignored
        signal.signal(ending, signal.SIG_DFL)
    let_signals_interrupt()
    postgres, nats = Postgres(folder / "pg"), Nats(folder / "nats")
    try:
        postgres.start()
        nats.start()
        said = {
            "user": os.geteuid(),
            "admin_url": postgres.admin_url,
            "nats_url": nats.url,
            "pids": [postgres.pid, nats.pid],
        }
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        wait_for_interrupt()
    except KeyboardInterrupt:
        pass  # told to end before it waited for that
    finally:
        nats.stop()
        postgres.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
