"""What a measurement says, and how it is shown and kept."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

HEADER = ("", "measurement 项目", "value 数值", "ratio 比值", "bound 底线", "aim 目标")


@dataclass(frozen=True, slots=True)
class Result:
    """One figure.

    ``ratio`` sets it against the raw limit measured in the same run; None: a figure for information. ``bound`` is
    what the ratio must keep (at least; at most where ``ceiling``), ``aim`` what we would like.
    """

    name: str
    value: float
    unit: str
    ratio: float | None = None
    bound: float | None = None
    aim: float | None = None
    ceiling: bool = False

    @property
    def kept(self) -> bool | None:
        """Whether the bound is kept; None where there is none."""
        return self._within(self.bound)

    @property
    def reached(self) -> bool | None:
        """Whether the aim is reached; None where there is none."""
        return self._within(self.aim)

    def _within(self, limit: float | None) -> bool | None:
        if limit is None or self.ratio is None:
            return None
        return self.ratio <= limit if self.ceiling else self.ratio >= limit

    def cells(self) -> tuple[str, ...]:
        sign = "≤" if self.ceiling else "≥"
        mark = {None: "", True: "✓", False: "✗"}[self.kept]
        return (
            mark,
            self.name,
            f"{number(self.value)} {self.unit}",
            "" if self.ratio is None else f"{self.ratio:.2f}",
            "" if self.bound is None else f"{sign} {self.bound:g}",
            "" if self.aim is None else f"{sign} {self.aim:g}",
        )


def number(value: float) -> str:
    """Three figures that mean something."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def middle(values: Sequence[float]) -> float:
    """The median: what one busy neighbour on the machine cannot spoil."""
    return float(median(values))


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which ``part`` (0 to 1) of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def machine() -> dict[str, str]:
    """What is measured on, as far as it matters; asked before the run, for the load is then that of others."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def show(title: str, results: Sequence[Result], console: Console) -> None:
    """One part's figures on the terminal."""
    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False)
    for name in HEADER:
        table.add_column(name, justify="right" if name[:5] in ("value", "ratio", "bound", "aim 目") else "left")
    for result in results:
        style = "red" if result.kept is False else ""
        table.add_row(*result.cells(), style=style)
    console.print(table)
    console.print()


def keep(
    folder: Path, parts: Mapping[str, Sequence[Result]], at: datetime, quick: bool, about: Mapping[str, str]
) -> None:
    """Keep the figures of this run as JSON, and all parts' latest ones as a page to read.

    A run of some parts replaces those parts and leaves the others as they were.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "latest.json"
    kept: dict[str, Any] = orjson.loads(file.read_bytes()) if file.exists() else {}
    for part, results in parts.items():
        kept[part] = {
            "at": at.date().isoformat(),
            "quick": quick,
            "machine": dict(about),
            "results": [asdict(result) for result in results],
        }
    file.write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    (folder / "README.md").write_text(_page(kept), encoding="utf-8")


def _page(kept: Mapping[str, Any]) -> str:
    lines = [
        "# Speed 速度",
        "",
        "Written by `make bench`. 由 `make bench` 生成。",
        "",
        "Ratios count, not numbers: each figure is set against the raw limit of the same machine, measured in turns",
        "in the same run, medians. ✓ keeps its bound, ✗ does not; a figure without a ratio is for information.",
        "",
        "只看比值, 不看绝对数: 每项均与同一台机器、同一次运行中的原始极限轮流测得, 取中位数。",
        "✓ 为达到底线, ✗ 为未达到。",
    ]
    for part in sorted(kept):
        entry = kept[part]
        on = ", ".join(f"{name} {value}" for name, value in entry["machine"].items())
        lines += ["", f"## {part}", "", f"{entry['at']}; {on}{'; short run' if entry['quick'] else ''}", ""]
        lines += ["| " + " | ".join(HEADER) + " |", "|---|---|---:|---:|---:|---:|"]
        lines += ["| " + " | ".join(Result(**raw).cells()) + " |" for raw in entry["results"]]
    return "\n".join(lines) + "\n"
