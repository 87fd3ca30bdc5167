"""A pack's files as JSON Schema, so that an editor completes them. Made from the declarations, like all else. Pure.

The loader knows more (words of the pack, rows nobody reaches); what it takes, a schema takes too.
"""

from collections.abc import Mapping
from typing import Any, Final, cast, get_args

from pydantic import TypeAdapter

from chancery.rules.cast import Cast
from chancery.rules.grammar import COMPANIONS, HEADS, Closed, Fact, Force, Unless
from chancery.rules.pack import Clause, Head, Term
from chancery.rules.predicates import REGISTRY
from chancery.rules.tables import CHECKS, TABLES, Bilingual, Table

Schema = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
WORD: Final = r"^[a-z][a-z0-9_]{0,63}$"
ROW_ID: Final = r"^[a-z0-9][a-z0-9_-]{0,99}$"
NODE: Final[Schema] = {"$ref": "#/$defs/Selector"}
OWN: Final = ("posts", "units", "groups", "features", "kinds")


def schemas() -> Mapping[str, Schema]:
    """One schema per file of a pack, by the file's name without its ending."""
    terms: Schema = {"type": "object", "propertyNames": {"pattern": WORD}, "additionalProperties": _plain(Term)}
    found: dict[str, Schema] = {
        "pack": _plain(Head),
        "clauses": {"type": "array", "items": _plain(Clause)},
        "cast": _plain(Cast),
        **dict.fromkeys(OWN, terms),
        "words": {"type": "object", "propertyNames": {"pattern": WORD}, "additionalProperties": terms},
        **{name: _table(table) for name, table in TABLES.items()},
    }
    return {name: {"$schema": DIALECT, "title": f"{name}.yaml", **_rooted(schema)} for name, schema in found.items()}


def _table(table: Table[Any]) -> Schema:
    """A list of rows: what every row has, the table's facts under ``when``, and the keys of its outcome."""
    outcome = _plain(table.outcome)
    row: Schema = {
        "id": {"type": "string", "pattern": WORD if table.hit == "by_id" else ROW_ID},
        "clauses": _one_or_more({"type": "string"}),
        "force": {"enum": list(get_args(Force))},
        "when": {
            "type": ["object", "null"],
            "properties": {name: _cell(fact) for name, fact in table.facts.items()},
            "additionalProperties": False,
        },
        "unless": {"type": "array", "items": _plain(Unless)},
        "reading": _plain(Bilingual),
        "excused_by": NODE,
    }
    named: Schema = {}
    if table is CHECKS:
        outcome["properties"]["params"] = {"type": "object"}
        named = {"allOf": [_named(name) for name in REGISTRY]}
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": row | outcome["properties"],
            "required": ["id", "clauses", *outcome.get("required", ())],
            "additionalProperties": False,
            **named,
        },
        "$defs": {"Selector": _selector()} | outcome.get("$defs", {}),
    }


def _named(predicate: str) -> Schema:
    """The parameters of a predicate, where a row names it."""
    params = _plain(REGISTRY[predicate].params)
    then: Schema = {"properties": {"params": params}} | ({"required": ["params"]} if params.get("required") else {})
    return {"if": {"properties": {"check": {"const": predicate}}, "required": ["check"]}, "then": then}


def _cell(fact: Fact) -> Schema:
    """The predicates a fact's type has."""
    words: Schema = {
        "type": "array",
        "minItems": 1,
        "items": {"enum": list(fact.words)} if isinstance(fact.words, tuple) else {"type": "string"},
    }
    match fact.kind:
        case "bool":
            return {"type": "boolean"}
        case "number":
            bounds: Schema = {"min": {"type": "number"}, "max": {"type": "number"}}
            return {"type": "object", "properties": bounds, "additionalProperties": False, "minProperties": 1}
        case "enum":
            return {"anyOf": [words, _keyed({"not": words})]}
        case _:
            return {"anyOf": [_keyed({how: words}) for how in ("has_any", "has_all", "has_none")]}


def _keyed(properties: Schema, *optional: str) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _selector() -> Schema:
    """Who: one head each, with the keys that go with it."""
    beside: Schema = {"except": {"type": "array", "items": {"type": "string"}}, "among": NODE, "prefer": NODE}
    ways: list[Schema] = []
    for head, shape in HEADS.items():
        value: Schema
        if shape == "list":
            value = {"type": "array", "items": NODE, "minItems": 1}
        elif shape == "selector":
            value = NODE
        else:
            value = {"enum": list(shape)} if isinstance(shape, tuple) else {"type": "string", "minLength": 1}
        more = COMPANIONS.get(head, set())
        ways.append(_keyed({head: value} | {name: beside[name] for name in sorted(more)}, *more))
    return {"anyOf": ways}


def _plain(model: type[Closed]) -> Schema:
    """A model's schema as it is written in a pack: selectors and routes in their written form, one word for a list."""
    schema = TypeAdapter(model).json_schema(by_alias=True)
    written: dict[str, Schema] = schema.get("$defs", {})
    for name, found in written.items():
        written[name] = _loosened(found)
    if "Selector" in written:
        written["Selector"] = _selector()
    if "Route" in written:
        steps: Schema = {"type": "array", "items": {"$ref": "#/$defs/Step"}}
        alternatives: Schema = {"type": "array", "items": steps, "minItems": 1}
        written["Route"] = {"anyOf": [steps, _keyed({"alternatives": alternatives})]}
    return _loosened({name: part for name, part in schema.items() if name != "$defs"}) | (
        {"$defs": written} if written else {}
    )


def _loosened(schema: Any) -> Any:
    """Where a list of words is wanted, one word will do."""
    if isinstance(schema, list):
        return [_loosened(part) for part in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    loose: Schema = {name: _loosened(part) for name, part in cast("Schema", schema).items()}
    items: Any = loose.get("items")
    if loose.get("type") == "array" and isinstance(items, dict) and cast("Schema", items).get("type") == "string":
        kept = {name: loose[name] for name in ("title", "description", "default") if name in loose}
        return kept | _one_or_more(cast("Schema", items))
    return loose


def _one_or_more(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _rooted(schema: Schema) -> Schema:
    """All definitions at the root, where the references look for them."""
    definitions: dict[str, Schema] = {}

    def lifted(part: Any) -> Any:
        if isinstance(part, list):
            return [lifted(one) for one in cast("list[Any]", part)]
        if not isinstance(part, dict):
            return part
        known = cast("Schema", part)
        for name, found in cast("Schema", known.get("$defs", {})).items():
            definitions.setdefault(name, lifted(found))
        return {name: lifted(one) for name, one in known.items() if name != "$defs"}

    root = cast("Schema", lifted(schema))
    return root | ({"$defs": definitions} if definitions else {})
