"""A database of a service with nothing but the kernel in it."""

import pytest

from chancery.launch.postgres import ServiceDatabase
from tests.conftest import FreshDatabase


@pytest.fixture
async def database(fresh_database: FreshDatabase) -> ServiceDatabase:
    return await fresh_database("meeting", "0001")
