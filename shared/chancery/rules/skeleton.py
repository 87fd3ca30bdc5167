"""A new pack to begin from: every file, commented in Chinese and English, and clean for lint from the start. Pure.

The texts stand in ``first_files/``; what a table may say comes from its declaration, examples from the packs' README.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from chancery.rules.schema import README, fact_told, outcome_told
from chancery.rules.tables import TABLES, VOCABULARIES, Table
from chancery.rules.wording import table_title

TEXTS: Final = Path(__file__).parent / "first_files"
NAME: Final = re.compile(r"[a-z][a-z0-9]*-([0-9]{4})")
HITS: Final[Mapping[str, str]] = {
    "first": "首行为准，特殊在前 The first row that matches answers: the special row stands above the general one.",
    "collect": "凡符合的都算 All rows that match answer together.",
    "unique": "只许一行符合 Two rows that can both match are an error.",
    "by_name": "同名取首行 Of rows with one name the first that matches answers.",
    "by_id": "按 id 提问，不写 when Asked by the row's id; rows have no when.",
}
NEXT: Final = (
    ("clauses.yaml", "逐条写条款 every clause, in your own words"),
    ("pack.yaml", "包头、日期、有意沉默 the head, its dates, what is meant to be silent"),
    ("posts, units, groups", "职务、单位 posts and units"),
    ("bodies.yaml", "会议 the bodies that meet"),
    ("kinds, features, words", "文种、特征、其余用词 the other words"),
    ("agenda, gates, minutes, signing, clocks …", "按条写各表的行 rows of the tables, article by article"),
    ("cast.yaml", "演练名册 a sample roster"),
    ("scenarios/", "每条一个情景 a scenario for each duty"),
)
"""What to write, in the order that has proved itself."""


class BadName(ValueError):
    """The name cannot be a pack's."""


def skeleton(name: str) -> dict[str, str]:
    """The files of a new pack by their path in its folder.

    Raises:
        BadName: the name is not ``name-year``.
    """
    found = NAME.fullmatch(name)
    if found is None:
        raise BadName(f"{name!r}: 写成“名称-年份” write it as name-year, in small letters, like anbei-2025")
    letters = re.sub("[^A-Z]", "", name.upper())
    parts = {"NAME": name, "YEAR": found[1], "PREFIX": (letters + "X")[:2]}
    files = {f"{file}.yaml": _text(file, parts) for file in ("pack", "clauses", *VOCABULARIES, "cast")}
    files |= {f"{table}.yaml": _table(TABLES[table], parts) for table in TABLES}
    return files | {"scenarios/1-begin-here.yaml": _text("scenario", parts)}


def _text(file: str, parts: Mapping[str, str]) -> str:
    text = (TEXTS / f"{file}.yaml").read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda part: parts[part[1]], text)


def _table(table: Table[Any], parts: Mapping[str, str]) -> str:
    """A table's file: what it is, what its rows may say, an example to take from, and perhaps a first row."""
    title = table_title(table.name)
    lines = [f"# {title.zh} {title.en}", f"# {HITS[table.hit]}"]
    if table.facts:
        lines.append("# 事实 facts of when:")
        lines += [f"#   {name}: {fact_told(fact).replace('`', '')}" for name, fact in table.facts.items()]
    lines.append("# 结果 keys of the outcome (* 必填 required):")
    lines += [f"#   {key}{'*' if needed else ''}: {told.replace('`', '')}" for key, told, needed in outcome_told(table)]
    example = _example(table.name)
    if example:
        lines += ["# 样例 example:", *(f"#   {line}" for line in example.splitlines())]
    begun = (TEXTS / f"{table.name}.yaml").exists()
    return "\n".join(lines) + "\n" + (_text(table.name, parts) if begun else "")


def _example(table: str) -> str:
    """The example of a table in the packs' README; empty where it has none."""
    found = re.search(
        rf"<!-- table {table} -->.*?<!-- end -->\s*```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL
    )
    text = found[1] if found else ""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
