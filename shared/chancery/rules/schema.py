"""``python -m chancery.rules.schema [FOLDER]``: the tables of the packs' README, and a pack's files as JSON Schema.

Both are made from the declarations in ``tables.py``, so that neither can say something else than the loader does. The
README is made anew; with a folder, one schema per file of a pack is written there for editors.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from chancery.calendar import Span
from chancery.rules.grammar import Closed, Fact, Route, Selector, Step
from chancery.rules.json_schema import schemas
from chancery.rules.predicates import REGISTRY, Params
from chancery.rules.tables import CHECKS, TABLES, Table

README: Final = Path(__file__).parent.parent / "packs" / "README.md"
BLOCK: Final = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)
TOLD: Final[Mapping[type, str]] = {
    str: "text", int: "whole number", float: "number", bool: "true or false", Selector: "selector", Route: "route",
    Step: "step", Span: "span", Params: "mapping, by the predicate",
}  # fmt: skip


# -- the README's reference ----------------------------------------------


def reference(table: Table[Any]) -> str:
    """What a table's rows may say, as Markdown: hit policy, facts, outcome."""
    told = [f"Hit: **{table.hit}**. {_first_paragraph(table.outcome)}", ""]
    if table.facts:
        told += ["| fact | values |", "|---|---|"]
        told += [f"| `{name}` | {fact_told(fact)} |" for name, fact in table.facts.items()]
        told.append("")
    told += ["| outcome key | value | if absent |", "|---|---|---|"]
    told += [f"| `{key}` | {_kind(found)} | {_absent(found)} |" for key, found in _keys(table.outcome).items()]
    if table is CHECKS:
        told += ["", "| `check` | `params` | a person may have to answer it |", "|---|---|---|"]
        told += [
            f"| `{name}` | {_params(named.params)} | {'yes' if named.question else ''} |"
            for name, named in REGISTRY.items()
        ]
    return "\n".join(told) + "\n"


def outcome_told(table: Table[Any]) -> list[tuple[str, str, bool]]:
    """The keys of a table's outcome, what each may hold, and whether a row must have it."""
    return [(key, _kind(found), found.is_required()) for key, found in _keys(table.outcome).items()]


def fact_told(fact: Fact) -> str:
    """The values of a fact in a few words."""
    match fact.words:
        case None:
            words = "any word" if fact.kind in ("enum", "set") else ""
        case str():
            words = f"words of `{fact.words}`"
        case listed:
            words = " ".join(f"`{word}`" for word in listed)
    return f"{fact.kind}: {words}" if words else fact.kind


def _params(model: type[Params]) -> str:
    """A predicate's parameters; one that may be left out stands in brackets."""
    parts = [
        f"{key}: {_kind(found)}" if found.is_required() else f"[{key}: {_kind(found)}]"
        for key, found in _keys(model).items()
    ]
    return ", ".join(parts) or "–"


def _first_paragraph(outcome: type[BaseModel]) -> str:
    doc = (outcome.__doc__ or "").strip()
    return "" if outcome.__doc__ == Closed.__doc__ else " ".join(doc.split("\n\n")[0].split())


def _keys(outcome: type[BaseModel]) -> dict[str, FieldInfo]:
    return {found.alias or name: found for name, found in outcome.model_fields.items()}


def _absent(found: FieldInfo) -> str:
    if found.is_required():
        return "required"
    default = found.get_default(call_default_factory=True)  # pyright: ignore[reportUnknownVariableType]
    if default in (None, (), {}) or isinstance(default, Params):
        return "–"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _kind(found: FieldInfo) -> str:
    told = _told(found.annotation)
    return "word" if told == "text" and any(hasattr(mark, "pattern") for mark in found.metadata) else told


def _told(kind: Any) -> str:
    """A type in the words of somebody who writes a pack."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return "word" if inner[0] is str else _told(inner[0])
    if origin in (Union, UnionType):
        return " or ".join(_told(part) for part in inner if part is not NoneType)
    if origin is Literal:
        return " ".join(f"`{word}`" for word in inner)
    if origin is tuple:
        part = inner[0]
        return f"{_told(part)} or list" if _told(part) in ("word", "text") else f"list of {_told(part)}"
    if origin is dict:
        return f"mapping of words to {_told(inner[1])}" if inner[1] is not Any else "mapping"
    if kind in TOLD:
        return TOLD[kind]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        parts = [f"{key}: {_kind(found)}" for key, found in _keys(kind).items()]
        return "{" + ", ".join(parts) + "}"
    return "anything"


def readme(written: str) -> str:
    """The README with its generated blocks made anew."""
    return BLOCK.sub(lambda found: found[1] + reference(TABLES[found[2]]) + found[3], written)


def main(arguments: Sequence[str]) -> int:
    """Write the README's tables, and the schemas where a folder is named for them."""
    README.write_text(readme(README.read_text("utf-8")), "utf-8")
    if arguments:
        folder = Path(arguments[0])
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in schemas().items():
            text = json.dumps(schema, ensure_ascii=False, indent=2)
            (folder / f"{name}.schema.json").write_text(f"{text}\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
