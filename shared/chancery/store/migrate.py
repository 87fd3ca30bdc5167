"""Migrations of one service, by Alembic, under the owner's role.

``python -m chancery.store.migrate SERVICE`` reads ``CHANCERY_OWNER_URL``. A service keeps its history in
``services/<name>-svc/migrations``; its first step is the kernel, the next ones its read models.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from sqlalchemy import pool
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from chancery.store.store import connector

HERE = Path(__file__).resolve().parents[1]
ROOT = HERE.parents[1]
ROLES = "chancery_roles"
KERNEL = (
    HERE / "store" / "sql" / "events.sql",
    HERE / "bus" / "sql" / "bus.sql",
    HERE / "deadlines" / "sql" / "deadlines.sql",
)


def folder_of(service: str) -> Path:
    """Where a service's migrations lie."""
    return ROOT / "services" / f"{service}-svc" / "migrations"


def upgrade(
    service: str,
    owner_url: str,
    revision: str = "head",
    *,
    app_role: str | None = None,
    relay_role: str | None = None,
) -> None:
    """Bring a service's database to a revision; safe to repeat.

    The roles that serve and that publish are ``<database>_app`` and ``<database>_relay`` where none are named.
    """
    database = urlsplit(owner_url).path.lstrip("/")
    config = Config()
    config.set_main_option("script_location", str(folder_of(service)).replace("%", "%%"))
    config.attributes["owner_url"] = owner_url
    config.attributes["roles"] = {"app": app_role or f"{database}_app", "relay": relay_role or f"{database}_relay"}
    command.upgrade(config, revision)


def run_env() -> None:
    """The whole of a service's ``env.py``: connect as the owner, never wait long for a lock, run."""
    import asyncio

    url = str(context.config.attributes["owner_url"])
    roles = context.config.attributes["roles"]

    def run(connection: Connection) -> None:
        connection.execute(sa.text("set lock_timeout = '5s'"))
        connection.commit()
        context.configure(
            connection=connection, version_table_schema="public", transaction_per_migration=True, **{ROLES: roles}
        )
        with context.begin_transaction():
            context.run_migrations()

    async def main() -> None:
        engine = create_async_engine("postgresql+asyncpg://", async_creator=connector(url), poolclass=pool.NullPool)
        async with engine.connect() as connection:
            await connection.run_sync(run)
        await engine.dispose()

    asyncio.run(main())


def _roles(op: Any) -> dict[str, str]:
    """The roles that serve this database."""
    found: dict[str, str] = op.get_context().opts[ROLES]
    return found


def install_kernel(op: Any) -> None:
    """The event table, the append function, and what the bus and the deadlines keep."""
    for file in KERNEL:
        if file.exists():
            run_sql(op, file.read_text(encoding="utf-8"))


def run_sql(op: Any, text: str) -> None:
    """Run a script in which ``{app}`` and ``{relay}`` stand for the roles; literal braces are doubled."""
    for statement in statements(text.format(**_roles(op))):
        op.get_bind().exec_driver_sql(statement)


def statements(text: str) -> list[str]:
    """Split a script at semicolons that stand outside of ``$$ … $$`` and of comments."""
    found: list[str] = []
    current: list[str] = []
    inside = False
    for line in text.splitlines():
        if not inside and line.lstrip().startswith("--"):
            continue
        current.append(line)
        if line.count("$$") % 2:
            inside = not inside
        if not inside and line.rstrip().endswith(";"):
            found.append("\n".join(current).rstrip().rstrip(";"))
            current = []
    if any(part.strip() for part in current):
        found.append("\n".join(current))
    return found


def read_model(
    op: Any, name: str, version: int, *columns: Any, key: Sequence[str], indexes: Sequence[str] = ()
) -> None:
    """A read model's table ``<name>_v<version>``, walled by tenant, and the view ``<name>`` everybody uses.

    ``columns`` are SQLAlchemy columns and constraints without the tenant; ``indexes`` are column lists.

    Where an older version serves and there are events already, the new table stays empty beside it until the projection
    is rebuilt (``chancery projections``), which fills it and lets it take the old one's place.
    """
    table = f"{name}_v{version}"
    roles = _roles(op)
    op.create_table(
        table,
        sa.Column("tenant", sa.Text, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("tenant", *key, name=f"{table}_key"),
    )
    bind = op.get_bind()
    for number, names in enumerate(indexes):
        bind.exec_driver_sql(f'create index "{table}_{number}" on "{table}" (tenant, {names})')
    bind.exec_driver_sql(f'alter table "{table}" enable row level security')
    wall = "using (tenant = any ((select kernel.tenants())::text[]))"
    bind.exec_driver_sql(f'create policy tenant on "{table}" to "{roles["app"]}" {wall}')
    bind.exec_driver_sql(f'grant select, insert, update, delete on "{table}" to "{roles["app"]}"')
    if bind.exec_driver_sql(f"select to_regclass('public.\"{name}\"') is not null").scalar_one():
        heard = "exists (select from kernel.event) or exists (select from kernel.consumer)"
        if bind.exec_driver_sql(f"select {heard}").scalar_one():
            return
        bind.exec_driver_sql(f'drop view "{name}"')
    bind.exec_driver_sql(f'create view "{name}" with (security_invoker = true) as select * from "{table}"')
    bind.exec_driver_sql(f'grant select, insert, update, delete on "{name}" to "{roles["app"]}"')
    bind.exec_driver_sql(
        f"insert into kernel.projection (name, version) values ('{name}', {version}) "
        f"on conflict (name) do update set version = {version}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m chancery.store.migrate", description="Migrate one service.")
    parser.add_argument("service", help="meeting, document, …")
    parser.add_argument("--url", default=os.environ.get("CHANCERY_OWNER_URL"), help="the database, as its owner")
    parser.add_argument("--revision", default="head")
    parser.add_argument("--app-role", help="the role that serves; <database>_app where none is named")
    parser.add_argument("--relay-role", help="the role that publishes; <database>_relay where none is named")
    chosen = parser.parse_args(arguments)
    if not chosen.url:
        print("Set CHANCERY_OWNER_URL (or --url) to the database address of the service's owner role.", file=sys.stderr)
        return 2
    if not folder_of(chosen.service).is_dir():
        print(f"There is no service {chosen.service}: {folder_of(chosen.service)} is not there.", file=sys.stderr)
        return 2
    upgrade(chosen.service, chosen.url, chosen.revision, app_role=chosen.app_role, relay_role=chosen.relay_role)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
