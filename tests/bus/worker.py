"""A relay or a consumer as a process that can be killed: ``python -m tests.bus.worker relay|consumer NAME URL…``."""

import asyncio
import sys

from chancery.bus import Bus, Consumer, Hearing, Relay, connect
from chancery.store.store import PostgresStore
from document_svc.projections.heard_matters import HEARD_MATTERS


async def main(kind: str, name: str, app_url: str, relay_url: str, heard_url: str, nats_url: str) -> None:
    bus = Bus(await connect(nats_url, f"{kind}-{name}"))
    if kind == "relay":
        store = await PostgresStore.open(name, app_url, relay_url)
        await Relay(name, store, bus, lambda _: asyncio.sleep(0.01), largest=20).run()
    else:
        hearing = Hearing("heard_matters", name, HEARD_MATTERS.hears, HEARD_MATTERS.project)
        await Consumer(hearing, heard_url, bus, largest=20, patience=0.2).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
