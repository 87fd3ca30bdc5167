"""Bring several services' databases to their newest shape, in one process, for most of the time goes into starting.

Reads ``{"meeting": "postgresql://…", …}`` from its input, so that no password stands in a list of processes.
"""

import json
import sys
from typing import cast

from chancery.store.migrate import upgrade


def main() -> None:
    owners = cast("dict[str, str]", json.load(sys.stdin))
    for service, owner_url in owners.items():
        upgrade(service, owner_url)


if __name__ == "__main__":
    main()
