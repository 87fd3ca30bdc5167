"""Every service's database can be made, made again, and is walled in every table that holds a tenant's data."""

import asyncio
import secrets

import asyncpg
import pytest

from chancery.launch.postgres import discard, provision
from chancery.store.migrate import main, statements, upgrade
from tests.conftest import FreshDatabase

SERVICES = ("attendance", "meeting", "document", "supervision", "disclosure", "eventlog")

UNWALLED = """
select c.oid::regclass::text from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped
where c.relkind in ('r', 'p') and n.nspname in ('kernel', 'public')
  and (not c.relrowsecurity or not exists (select from pg_policy p where p.polrelid = c.oid))
"""
OPEN_VIEWS = """
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v' and n.nspname in ('kernel', 'public')
  and not coalesce(c.reloptions @> array['security_invoker=true'], false)
"""
FOR_EVERYBODY = """
select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname = 'kernel' and p.prosecdef and has_function_privilege('public', p.oid, 'execute')
"""
UNSERVED = """
select p.name from kernel.projection p where not exists (
  select from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'r' and c.relname = p.name || '_v' || p.version)
"""


@pytest.mark.parametrize("service", SERVICES)
async def test_every_table_with_a_tenant_is_walled(fresh_database: FreshDatabase, service: str) -> None:
    database = await fresh_database(service)
    owner = await asyncpg.connect(database.owner_url)
    try:
        for question in (UNWALLED, OPEN_VIEWS, FOR_EVERYBODY, UNSERVED):
            assert [row[0] for row in await owner.fetch(question)] == []
        assert await owner.fetchval("select count(*) from kernel.projection") > 0
    finally:
        await owner.close()
    await asyncio.to_thread(upgrade, service, database.owner_url)  # again: nothing to do, no error


async def test_roles_may_have_other_names(postgres: str) -> None:
    name = f"other_{secrets.token_hex(4)}"
    served, other = await provision(postgres, name, "secret"), await provision(postgres, f"{name}_2", "secret")
    try:
        await asyncio.to_thread(
            upgrade, "meeting", served.owner_url, "0001", app_role=other.app_role, relay_role=other.relay_role
        )
        owner = await asyncpg.connect(served.owner_url)
        can = "select has_table_privilege($1, 'kernel.event', $2)"
        assert await owner.fetchval(can, other.app_role, "insert")
        assert await owner.fetchval(can, other.relay_role, "select")
        assert not await owner.fetchval(can, served.app_role, "select")
        await owner.close()
    finally:
        await discard(postgres, name)
        await discard(postgres, f"{name}_2")


def test_a_script_is_split_outside_of_bodies_and_comments() -> None:
    script = "-- a; comment\ncreate table a (\n  b int\n);\ncreate function f() as $$\nbegin\n  x;\nend $$;\nselect 1"
    assert statements(script) == [
        "create table a (\n  b int\n)",
        "create function f() as $$\nbegin\n  x;\nend $$",
        "select 1",
    ]


def test_the_command_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("CHANCERY_OWNER_URL", raising=False)
    assert main(["meeting"]) == 2
    assert "CHANCERY_OWNER_URL" in capsys.readouterr().err
    assert main(["weather", "--url", "postgresql://nobody@localhost/weather"]) == 2
    assert "weather" in capsys.readouterr().err
