"""``python -m chancery.bench [PART …] [--quick]``: measure, show, keep under ``docs/bench``."""

import argparse
import asyncio
import importlib
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast

from rich.console import Console

from chancery.bench.context import Context
from chancery.bench.report import Result, keep, machine, show
from chancery.launch.nats import Nats
from chancery.launch.postgres import Postgres

PARTS = {
    "append": "Appending 写入事件",
    "relay": "Relaying to the bus 向总线转发",
    "consumer": "Hearing from the bus 从总线接收",
    "http": "Commands over HTTP 接口命令",
    "rebuild": "Rebuilding a projection 重建视图",
    "latency": "From one service to another 跨服务可见",
    "chain": "From decision to task, from paper to catalogue 决定到立项、文件到目录",
    "memory": "Memory 内存",
    "rules": "Rulings 规则裁定",
    "year": "A year of a district 一个大区的一年",
}
KEPT_IN = Path("docs") / "bench"


class Part(Protocol):
    async def run(self, ctx: Context) -> list[Result]: ...


def present(names: Sequence[str]) -> list[str]:
    """The parts that can be measured, in their order."""
    here = Path(__file__).parent
    return [name for name in names if (here / f"{name}.py").exists()]


async def measure(names: Sequence[str], ctx: Context, console: Console) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for name in names:
        part = cast("Part", importlib.import_module(f"chancery.bench.{name}"))
        console.print(f"… {PARTS[name]}", style="dim")
        found[name] = await part.run(ctx)
        show(PARTS[name], found[name], console)
        await ctx.clear()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chancery.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"what to measure, of {', '.join(PARTS)}; all else")
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--forget", action="store_true", help=f"show only, keep nothing under {KEPT_IN}")
    chosen = parser.parse_args()
    unknown = sorted(set(chosen.parts) - PARTS.keys())
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    names, about = present(chosen.parts or list(PARTS)), machine()
    console = Console()
    folder = Path(tempfile.mkdtemp(prefix="chancery-bench-"))
    folder.chmod(0o711)
    postgres, nats = Postgres(folder / "pg", max_connections="400"), Nats(folder / "nats")
    try:
        postgres.start()
        nats.start()
        ctx = Context(postgres.admin_url, nats.url, folder, chosen.quick)
        found = asyncio.run(measure(names, ctx, console))
    finally:
        nats.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if not chosen.forget:
        keep(KEPT_IN, found, datetime.now(UTC), chosen.quick, about)
    return int(any(result.kept is False for results in found.values() for result in results))


if __name__ == "__main__":
    raise SystemExit(main())
