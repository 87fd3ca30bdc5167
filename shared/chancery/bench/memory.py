"""The whole house on this machine: how soon it is ready, and what it takes while nothing is asked of it."""

import asyncio
import time

from chancery.bench.context import Context
from chancery.bench.report import Result
from chancery.launch.house import House

READY = 15.0
"""Seconds from the command to six ready services, the second time."""
IDLE = 900 * 1024 * 1024
"""Bytes of everything together, shared pages counted once per process that shares them (PSS)."""


async def run(ctx: Context) -> list[Result]:
    """Start twice, since the first start makes the cluster; measure the second."""
    return await asyncio.to_thread(_measure, ctx)


def _measure(ctx: Context) -> list[Result]:
    folder = ctx.folder / "house"
    first = House(folder)
    began = time.monotonic()
    first.start()
    cold = time.monotonic() - began
    first.stop()
    house = House(folder)
    began = time.monotonic()
    house.start()
    warm = time.monotonic() - began
    time.sleep(5)
    parts = house.memory()
    house.stop()
    total = sum(parts.values())
    found = [
        Result("first start to six ready services 首次启动", cold, "s"),
        Result("start to six ready services 启动就绪", warm, "s", warm / READY, 1.0, None, ceiling=True),
        Result("whole house idle 整套空闲内存", total / 2**20, "MB", total / IDLE, 1.0, None, ceiling=True),
    ]
    found += [Result(f"… {name}", size / 2**20, "MB") for name, size in parts.items()]
    return found
