"""References to saved answers, and what it means that an answer holds what was expected."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

REFERENCE = re.compile(r"\$([a-z][a-z0-9_]*)((?:\.[A-Za-z0-9_]+)*)")


class UnknownReference(Exception):
    """A scenario speaks of something no earlier step saved."""


def filled(value: Any, saved: Mapping[str, Any]) -> Any:
    """Put saved answers in place of ``$name.path``; a text that is nothing but a reference keeps its type."""
    if isinstance(value, str):
        whole = REFERENCE.fullmatch(value)
        if whole:
            return _look_up(whole, saved)
        return REFERENCE.sub(lambda found: str(_look_up(found, saved)), value)
    if isinstance(value, Mapping):
        return {key: filled(part, saved) for key, part in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, Sequence):
        return [filled(part, saved) for part in cast("Sequence[Any]", value)]
    return value


def _look_up(found: re.Match[str], saved: Mapping[str, Any]) -> Any:
    name, path = found[1], found[2]
    if name not in saved:
        raise UnknownReference(f"${name} was saved by no earlier step")
    value: Any = saved[name]
    for step in path.split(".")[1:]:
        try:
            value = cast("Any", value[int(step)] if isinstance(value, list) else value[step])
        except (KeyError, IndexError, TypeError, ValueError):
            raise UnknownReference(f"${name}{path}: there is no {step!r} in what was saved") from None
    return value


def differences(expected: Any, found: Any, where: str = "") -> list[str]:
    """Where ``found`` does not hold what was expected, each a line; empty when all is there."""
    place = where or "the answer"
    if isinstance(expected, Mapping):
        if not isinstance(found, Mapping):
            return [f"{place}: expected fields, found {found!r}"]
        lines: list[str] = []
        for key, value in cast("Mapping[str, Any]", expected).items():
            inner = f"{where}.{key}" if where else str(key)
            if key not in found:
                lines.append(f"{inner}: missing")
            else:
                lines += differences(value, cast("Mapping[str, Any]", found)[key], inner)
        return lines
    if isinstance(expected, (list, tuple)):
        wanted = cast("Sequence[Any]", expected)
        if not isinstance(found, (list, tuple)):
            return [f"{place}: expected a list, found {found!r}"]
        given = cast("Sequence[Any]", found)
        if len(wanted) != len(given):
            return [f"{place}: expected {len(wanted)}, found {len(given)}: {list(given)!r}"]
        return [
            line
            for i, (e, f) in enumerate(zip(wanted, given, strict=True))
            for line in differences(e, f, f"{where}[{i}]")
        ]
    if _plain(expected) != _plain(found):
        return [f"{place}: expected {expected!r}, found {found!r}"]
    return []


def _plain(value: Any) -> Any:
    """Dates and moments as JSON writes them, since YAML reads them as such."""
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat is not None else value
