"""A case as people write it: ``name=value``, a set as ``a,b``."""

from collections.abc import Sequence
from contextlib import suppress
from math import isfinite
from typing import Any

from chancery.rules.pack import EXCEPTIONS, BadFacts
from chancery.rules.tables import Table

TRUE = frozenset({"true", "yes", "1", "是"})
FALSE = frozenset({"false", "no", "0", "否"})


def facts_of(table: Table[Any], written: Sequence[str]) -> dict[str, Any]:
    """``name=value`` by the table's types.

    Raises:
        BadFacts: a fact the table does not have, or a value of another type.
    """
    facts: dict[str, Any] = {}
    for part in written:
        name, sign, value = part.partition("=")
        if not sign:
            raise BadFacts(f"{part}: 写作 write name=value")
        facts[name.strip()] = fact_of(table, name.strip(), value.strip())
    return facts


def fact_of(table: Table[Any], name: str, value: str) -> Any:
    """One fact by its type.

    Raises:
        BadFacts: the table does not have it, or the value is of another type.
    """
    fact = EXCEPTIONS if name == "exceptions" else table.facts.get(name)
    if fact is None:
        raise BadFacts(f"{table.name} 没有事实 has no fact {name}; 有 it has {', '.join(table.facts) or 'none'}")
    match fact.kind:
        case "bool":
            if value.lower() not in TRUE | FALSE:
                raise BadFacts(f"{name} 是真假值 is true or false, not {value!r}")
            return value.lower() in TRUE
        case "number":
            with suppress(ValueError):
                if isfinite(number := float(value)):
                    return number
            raise BadFacts(f"{name} 是数 is a number, {value!r} is none")
        case "set":
            return frozenset(word.strip() for word in value.split(",") if word.strip())
        case _:
            return value
