"""Make the databases and roles of services on a PostgreSQL of yours, and bring them to their newest shape.

``python -m chancery.launch.provisioning FOLDER [SERVICE…]`` enters by ``CHANCERY_PG_ADMIN_URL`` (createrole and
createdb are enough) and writes each service's addresses below the folder, one file a setting, for its owner alone:
``FOLDER/meeting`` is then what ``CHANCERY_SECRETS`` of meeting-svc names. The owner's address lies beside, in
``FOLDER/owner``, where no service reads it. Safe to repeat; passwords stay as long as ``FOLDER/secret`` does.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chancery.launch.house import SERVICES
from chancery.launch.part import PartFailed, kept_secret
from chancery.launch.postgres import provision
from chancery.store.migrate import upgrade


def main(arguments: Sequence[str]) -> int:
    admin_url = os.environ.get("CHANCERY_PG_ADMIN_URL")
    unknown = [name for name in arguments[1:] if name not in SERVICES]
    if not arguments or unknown:
        sys.stderr.write(f"usage: python -m chancery.launch.provisioning FOLDER [{'|'.join(SERVICES)} …]\n")
        return 2
    if not admin_url:
        sys.stderr.write("Set CHANCERY_PG_ADMIN_URL to the address of a role with createrole and createdb.\n")
        return 2
    folder = Path(arguments[0])
    try:
        for service in arguments[1:] or SERVICES:
            make(folder, service, admin_url)
    except PartFailed as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    return 0


def make(folder: Path, service: str, admin_url: str) -> None:
    """One service's database, roles, tables and files."""
    database = asyncio.run(provision(admin_url, service, kept_secret(folder / "secret")))
    upgrade(service, database.owner_url)
    _keep(folder / "owner" / service, database.owner_url)
    _keep(folder / service / "chancery_database_url", database.app_url)
    _keep(folder / service / "chancery_relay_database_url", database.relay_url)
    sys.stdout.write(f"{service}: {folder / service}\n")


def _keep(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
