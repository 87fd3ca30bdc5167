"""Every code a service may refuse with, as its code has it, and whether anybody wrote words for it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from chancery.texts.saying import Sayings

VERBS = frozenset({"last_is", "steps_before"})
"""Parameters of the walk along a route by which a service names its own codes."""


def codes_in(package: ModuleType) -> frozenset[str]:
    return frozenset(code for file in _files(package) for code in _codes(ast.parse(file.read_text("utf-8"))))


def unsaid(package: ModuleType, words: Path) -> list[str]:
    """Codes that no catalogue has a sentence for."""
    known = Sayings(words).reasons
    return sorted(code for code in codes_in(package) if code not in known)


def unused(package: ModuleType, words: Path) -> list[str]:
    """Sentences of the service's own catalogue that nothing says."""
    own = set(Sayings(words).reasons) - set(Sayings().reasons)
    return sorted(own - codes_in(package))


def _files(package: ModuleType) -> Iterator[Path]:
    assert package.__file__ is not None
    return Path(package.__file__).parent.rglob("*.py")


def _codes(tree: ast.Module) -> Iterator[str]:
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "Reason" and node.args:
                yield from _texts(node.args[0], constants)
            for keyword in node.keywords:
                if keyword.arg in VERBS:
                    yield from _texts(keyword.value, constants)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "code":
            yield from _texts(node.value, constants)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "wanted":
            yield from (one for part in ast.walk(node.value) for one in _texts(part, constants))


def _texts(node: ast.AST, constants: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id in constants:
        yield constants[node.id]
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, constants)
        yield from _texts(node.orelse, constants)
