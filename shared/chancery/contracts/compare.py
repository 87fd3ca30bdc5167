"""What changed between a promised schema and the present one, and whether it breaks a listener or an old event."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

Schema = dict[str, Any]

PROSE = frozenset({"title", "description", "examples", "$comment", "$schema", "$id"})
BOUNDS_UP = ("minimum", "exclusiveMinimum", "minLength", "minItems")
BOUNDS_DOWN = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``breaking`` changes need the next version of the event, with an upcaster."""

    where: str
    what: str
    breaking: bool


def compare(promised: Schema, present: Schema) -> list[Change]:
    """Every difference between two schemas of the same event version."""
    return list(_walk(_inline(promised, promised), _inline(present, present), ""))


def _inline(node: Any, root: Schema, seen: tuple[str, ...] = ()) -> Any:
    """Put definitions in place of references, so that moving a definition is no difference."""
    if isinstance(node, list):
        return [_inline(part, root, seen) for part in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    found = cast("Schema", node)
    ref = found.get("$ref")
    if isinstance(ref, str) and ref.startswith("#/$defs/"):
        name = ref.removeprefix("#/$defs/")
        if name in seen:
            return {"$recursive": name}
        rest = {k: v for k, v in found.items() if k != "$ref"}
        return _inline({**root["$defs"][name], **rest}, root, (*seen, name))
    return {k: _inline(v, root, seen) for k, v in found.items() if k not in PROSE and k != "$defs"}


def _walk(old: Schema, new: Schema, where: str) -> Iterator[Change]:
    place = where or "(the event)"
    yield from _properties(old, new, where)
    yield from _enums(old, new, place)
    yield from _bounds(old, new, place)
    for key in ("type", "format", "pattern", "const", "$recursive"):
        if old.get(key) != new.get(key):
            yield Change(place, f"{key} was {old.get(key)!r}, is {new.get(key)!r}", breaking=True)
    if old.get("default") != new.get("default"):
        yield Change(place, f"default was {old.get('default')!r}, is {new.get('default')!r}", breaking=True)
    if old.get("additionalProperties", True) != new.get("additionalProperties", True):
        both = (old.get("additionalProperties", True), new.get("additionalProperties", True))
        if all(isinstance(side, dict) for side in both):
            yield from _walk(cast("Schema", both[0]), cast("Schema", both[1]), f"{where}.*")
        else:
            yield Change(place, "whether further fields are allowed changed", breaking=True)
    for key in ("items",):
        if (key in old) != (key in new):
            yield Change(place, f"{key} came or went", breaking=True)
        elif key in old and isinstance(old[key], dict):
            yield from _walk(old[key], new[key], f"{where}[]")
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        yield from _branches(old.get(key, []), new.get(key, []), f"{place} {key}")


def _properties(old: Schema, new: Schema, where: str) -> Iterator[Change]:
    before: Schema = old.get("properties", {})
    after: Schema = new.get("properties", {})
    needed_before, needed_after = set(old.get("required", [])), set(new.get("required", []))
    for name in before:
        path = f"{where}.{name}" if where else name
        if name not in after:
            yield Change(path, "the field is gone", breaking=True)
            continue
        if name in needed_after and name not in needed_before:
            yield Change(path, "the field is required now; old events may lack it", breaking=True)
        if name in needed_before and name not in needed_after:
            yield Change(path, "the field may be missing now; listeners count on it", breaking=True)
        yield from _walk(before[name], after[name], path)
    for name in after.keys() - before.keys():
        path = f"{where}.{name}" if where else name
        needed = name in needed_after and "default" not in after[name]
        yield Change(path, "a new field" + (" that old events lack" if needed else ""), breaking=needed)


def _enums(old: Schema, new: Schema, place: str) -> Iterator[Change]:
    if "enum" not in old and "enum" not in new:
        return
    if "enum" not in new:
        yield Change(place, "the list of allowed values is gone", breaking=False)
        return
    before, after = old.get("enum"), list(cast("list[Any]", new["enum"]))
    if before is None:
        yield Change(place, "only listed values are allowed now", breaking=True)
        return
    for value in cast("list[Any]", before):
        if value not in after:
            yield Change(place, f"the value {value!r} is gone", breaking=True)
    for value in after:
        if value not in before:
            yield Change(place, f"the value {value!r} is new", breaking=False)


def _bounds(old: Schema, new: Schema, place: str) -> Iterator[Change]:
    for key, tighter in [(k, 1) for k in BOUNDS_UP] + [(k, -1) for k in BOUNDS_DOWN]:
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        narrower = after is not None and (before is None or (after - before) * tighter > 0)
        yield Change(place, f"{key} was {before}, is {after}", breaking=narrower)


def _branches(before: list[Any], after: list[Any], place: str) -> Iterator[Change]:
    if len(before) > len(after):
        yield Change(place, "an alternative is gone", breaking=True)
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        yield from _walk(old, new, f"{place}[{index}]")
    if len(after) > len(before):
        yield Change(place, "a new alternative", breaking=not before)
