"""Asking the rules from the command line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from chancery.rules.loader import PackRefused, load_pack
from chancery.rules.pack import BadFacts, table_named
from chancery.rules.tables import Table as RuleTable


def ask_table(packs: Path, pack_id: str, name: str, written: Sequence[str], out: Console) -> None:
    """Rows that answered with their clauses, then rows that missed and by which fact.

    Raises:
        ValueError: no such pack or table, or facts it does not have.
    """
    folder = packs / pack_id
    if not (folder / "pack.yaml").exists():
        known = ", ".join(sorted(path.parent.name for path in packs.glob("*/pack.yaml")))
        raise ValueError(f"没有规则包 There is no pack {pack_id}; there are: {known}")
    try:
        pack = load_pack(folder)
        table = table_named(name)
        explanation = pack.explain(table, facts_of(table, written))
    except (PackRefused, BadFacts) as error:
        raise ValueError(str(error)) from error
    found = explanation.ruling
    if not found.regulated:
        silent = "（有意沉默 meant to be silent）" if explanation.silent else ""
        out.print(f"[yellow]未规定 not regulated[/yellow] {pack.head.id} {silent}")
    for hit in found.hits:
        out.print(f"[green]{hit.row}[/green] {hit.force}")
        for cite in hit.cites:
            out.print(f"   [cyan]{cite.clause}[/cyan] {cite.says_zh}\n   [dim]{cite.says_en}[/dim]")
        out.print(f"   {hit.outcome.model_dump(mode='json', exclude_none=True, exclude_defaults=True)}")
    if explanation.missed:
        missed = Table("未命中 missed", "条款 clauses", "事实 fact", "要求 wanted", "实际 found")
        for row in explanation.missed:
            missed.add_row(row.row, " ".join(row.clauses), row.fact, str(row.wanted), str(row.found))
        out.print(missed)


def facts_of(table: RuleTable[Any], written: Sequence[str]) -> dict[str, Any]:
    """``name=value`` by the table's types.

    Raises:
        BadFacts: a fact the table does not have, or a value of another type.
    """
    facts: dict[str, Any] = {}
    for part in written:
        name, sign, value = part.partition("=")
        fact = table.facts.get(name)
        if fact is None or not sign:
            raise BadFacts(f"{part}: 写作 write name=value with one of {', '.join(table.facts)}")
        match fact.kind:
            case "bool":
                facts[name] = value in ("true", "yes", "1")
            case "number":
                try:
                    facts[name] = float(value)
                except ValueError:
                    raise BadFacts(f"{name} is a number, {value!r} is none") from None
            case "set":
                facts[name] = frozenset(value.split(","))
            case _:
                facts[name] = value
    return facts
