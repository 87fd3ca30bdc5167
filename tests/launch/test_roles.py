"""What the roles of a service may do, and above all what not. Also on a PostgreSQL of somebody's."""

import secrets
from collections.abc import AsyncIterator

import asyncpg
import pytest

from chancery.launch.part import PartFailed
from chancery.launch.postgres import LIMITS, ServiceDatabase, discard, password_of, provision

Urls = tuple[str, str, str]


@pytest.fixture(scope="module")
async def pair(postgres: str) -> AsyncIterator[tuple[ServiceDatabase, ServiceDatabase]]:
    """The databases of two services, provisioned and empty."""
    names = [f"{service}_t{secrets.token_hex(5)}" for service in ("meeting", "document")]
    one, other = [await provision(postgres, name, "one secret for both") for name in names]
    yield one, other
    for name in names:
        await discard(postgres, name)


async def ask(url: str, *questions: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        answer: object = None
        for question in questions:
            answer = await connection.fetchval(question)
        return answer
    finally:
        await connection.close()


def entering(database: ServiceDatabase) -> Urls:
    return database.owner_url, database.app_url, database.relay_url


async def test_no_role_is_more_than_a_role(pair: tuple[ServiceDatabase, ServiceDatabase]) -> None:
    rights = "rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication"
    for url in entering(pair[0]):
        assert await ask(url, f"select {rights} from pg_roles where rolname = current_user") is False


async def test_no_role_enters_another_services_database(pair: tuple[ServiceDatabase, ServiceDatabase]) -> None:
    one, other = pair
    for url in entering(one):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
            await ask(url.rpartition("/")[0] + f"/{other.name}", "select 1")


async def test_no_role_becomes_another_or_more(pair: tuple[ServiceDatabase, ServiceDatabase]) -> None:
    one, other = pair
    for role in (f"{one.name}_owner", one.relay_role, other.app_role):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(one.app_url, f'set role "{role}"')
    for change in ("bypassrls", "superuser", "createrole"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(one.app_url, f'alter role "{one.app_role}" {change}')
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(one.owner_url, f'alter role "{one.app_role}" {change}')


async def test_the_application_role_sees_no_row_behind_the_wall_however_it_asks(
    pair: tuple[ServiceDatabase, ServiceDatabase],
) -> None:
    one, _ = pair
    await ask(
        one.owner_url,
        "create table walled (tenant text, said text)",
        "alter table walled enable row level security",
        f'create policy tenant on walled to "{one.app_role}" '
        "using (tenant = current_setting('chancery.tenants', true))",
        f'grant select, insert on walled to "{one.app_role}"',
        "insert into walled values ('east', 'theirs')",
    )
    assert await ask(one.app_url, "select count(*) from walled") == 0
    assert await ask(one.app_url, "set chancery.tenants = 'east'", "select count(*) from walled") == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await ask(one.app_url, "set row_security = off", "select count(*) from walled")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(one.app_url, "set chancery.tenants = 'west'", "insert into walled values ('east', 'slipped in')")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="owner"):
        await ask(one.app_url, "alter table walled disable row level security")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(one.app_url, "create table public.mine (n int)")


async def test_limits_live_on_the_roles_that_serve(pair: tuple[ServiceDatabase, ServiceDatabase]) -> None:
    for url in (pair[0].app_url, pair[0].relay_url):
        for limit, value in LIMITS.items():
            assert await ask(url, f"show {limit}") == value


async def test_one_roles_password_opens_no_other_role(pair: tuple[ServiceDatabase, ServiceDatabase]) -> None:
    one, other = pair
    passwords = {
        url.partition("//")[2].partition("@")[0].partition(":")[2] for url in (*entering(one), *entering(other))
    }
    assert len(passwords) == 6
    borrowed = one.relay_url.replace(f"{one.relay_role}:", f"{one.app_role}:", 1)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(borrowed, "select 1")


async def test_provisioning_twice_changes_nothing(postgres: str, pair: tuple[ServiceDatabase, ServiceDatabase]) -> None:
    assert await provision(postgres, pair[0].name, "one secret for both") == pair[0]
    assert await ask(pair[0].app_url, "select current_user::text") == pair[0].app_role


async def test_a_role_that_could_pass_the_wall_is_refused(postgres: str) -> None:
    name = f"meeting_t{secrets.token_hex(5)}"
    try:
        await ask(postgres, f'create role "{name}_app" login bypassrls')
        with pytest.raises(PartFailed, match="row-level security"):
            await provision(postgres, name, "secret")
    finally:
        await discard(postgres, name)


async def test_an_administrator_who_is_no_superuser_is_enough(postgres: str) -> None:
    name = f"meeting_t{secrets.token_hex(5)}"
    steward = f"steward_{secrets.token_hex(4)}"
    await ask(postgres, f"create role {steward} login createrole createdb password '{password_of('s', steward)}'")
    url = f"postgresql://{steward}:{password_of('s', steward)}@{postgres.rpartition('@')[2]}"
    try:
        made = await provision(url, name, "secret")
        assert await provision(url, name, "secret") == made
        assert await ask(made.owner_url, "create table mine (n int)", "select count(*) from mine") == 0
        assert await ask(made.app_url, "show lock_timeout") == LIMITS["lock_timeout"]
    finally:
        await discard(url, name)
        await ask(postgres, f"drop role {steward}")


async def test_a_name_too_long_for_its_roles_is_refused_at_once(postgres: str) -> None:
    with pytest.raises(PartFailed, match="too long"):
        await provision(postgres, "m" * 60, "secret")
