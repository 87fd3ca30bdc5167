"""What a lawyer should look at in packs, on the command line."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from rich.console import Console

from chancery.rules.against import Finding, findings
from chancery.rules.loader import PackRefused, load_folder
from chancery.rules.pack import Pack

LEVELS = {"finding": "待研究 to be looked at", "resolved": "已有取法 taken by a reading", "note": "注 note"}


def laws_of(packs: Iterable[Pack], folder: Path) -> list[Pack]:
    """The packs of higher law: among those at hand, or else of the folder where packs lie."""
    found = [pack for pack in packs if pack.head.tier == "national"]
    if found or not folder.is_dir():
        return found
    try:
        return [pack for pack in load_folder(folder).values() if pack.head.tier == "national"]
    except PackRefused:
        return []  # what is wrong with another pack is told when that one is linted


def tell_findings(packs: Mapping[str, Pack], folder: Path, on: date, out: Console) -> int:
    """Tell every finding of the packs on a day; how many are open."""
    laws = laws_of(packs.values(), folder)
    found = [one for pack in packs.values() for one in findings(pack, laws, on)]
    for one in found:
        _tell(one, out)
    return sum(one.level == "finding" for one in found)


def _tell(one: Finding, out: Console) -> None:
    clauses = " ".join(one.own) + (f" ↔ {' '.join(one.law)}" if one.law else "")
    out.print(f"{one.file}:{one.line}: {LEVELS[one.level]}: {clauses}", markup=False, highlight=False, soft_wrap=True)
    out.print(f"  {one.zh}\n  {one.en}", markup=False, highlight=False, soft_wrap=True)
    if one.reading:
        out.print(f"  取法 reading: {one.reading.zh} {one.reading.en}", markup=False, highlight=False, soft_wrap=True)
