"""A process that writes notes and says of each, on its standard output, that it was acknowledged.

``python -m tests.store.writer APP_URL RELAY_URL CALLERS COMMANDS [STREAM …]``: with streams named, all callers write
those and try again on a conflict; without, each begins new ones. COMMANDS is per caller; 0: until killed.
"""

import asyncio
import os
import sys
from itertools import count
from uuid import UUID, uuid4

from chancery.store.api import Outcome
from chancery.store.store import PostgresStore
from tests.store.notes import EAST, WEST, note


async def main(app_url: str, relay_url: str, callers: int, commands: int, shared: list[UUID]) -> None:
    store = await PostgresStore.open("test", app_url, relay_url, patience=30)

    async def caller(number: int) -> None:
        tenant = EAST if shared or number % 2 else WEST
        for n in count():
            if commands and n >= commands:
                return
            stream = shared[n % len(shared)] if shared else uuid4()
            command_id = uuid4()
            while True:
                expected = (await store.load(tenant, stream)).version if shared else 0
                append = note(stream, expected, tenant=tenant, command_id=command_id, events=1 + n % 2)
                verdict = await store.append(append)
                if verdict.outcome is Outcome.APPENDED:
                    break
                assert verdict.outcome is Outcome.CONFLICT, verdict
            os.write(1, f"{command_id} {verdict.position} {len(append.events)}\n".encode())

    await asyncio.gather(*(caller(number) for number in range(callers)))
    await store.close()


if __name__ == "__main__":
    app, relay, how_many, how_often, *streams = sys.argv[1:]
    asyncio.run(main(app, relay, int(how_many), int(how_often), [UUID(stream) for stream in streams]))
