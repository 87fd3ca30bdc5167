"""Whatever a pack's files say, they load or every problem is told with its place: no other error leaves the loader.

``CHANCERY_FUZZ`` says how many examples each property is tried on.
"""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import chancery
from chancery.rules.governments import read_governments
from chancery.rules.loader import PackRefused, load_folder, load_pack
from chancery.rules.pack import BadFacts, Pack
from chancery.rules.reading import SAFE, Problem
from chancery.rules.tables import TABLES
from tests.soft.soft import FILES_OF_THE_PACK

PACKS = Path(chancery.__file__).parent / "packs"
NASTY = (
    "{", "}", "[", "]", ":", "- ", "#", "&a ", "*a", "<<: *a", "!!python/object:os.system ", "!x ", "? ", "|", ">", "%",
    "@", "`", "\t", "\x00", "\ufeff", "\u2028", "'", '"', "\\", "~", "null", "true", "0x1f", "1e400", "-.inf", ".nan",
    "2024-02-31", "2024-01-31", "12:30", "{not: [a]}", "{has_any: []}", "{min: a}", "[[[[[[", "甲", "😀", "a" * 300,
    "---", "...",
)  # fmt: skip
FUZZED = settings(
    max_examples=int(os.environ.get("CHANCERY_FUZZ", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
    st.text(max_size=12),
    st.sampled_from(["head", "works", "must", "council", "agenda", "plan", "MP-1-1", "working_day", "..", "a-b"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=4),
    max_leaves=8,
)


def told_or_loaded(folder: Path) -> Pack | tuple[Problem, ...]:
    """The pack, or what is wrong with it; nothing else comes out of the loader."""
    try:
        return load_pack(folder)
    except PackRefused as refused:
        problems = refused.problems
    assert problems
    for problem in problems:
        assert problem.file.startswith(f"{folder.name}/")
        assert problem.line >= 1
        assert problem.what
        assert problem.how, str(problem)
    return problems


@cache
def texts_of(pack: str) -> Mapping[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((PACKS / pack).glob("*.yaml"))}


def put(folder: Path, files: Mapping[str, str]) -> Path:
    place = folder / "fuzzed-2024"
    place.mkdir()
    for name, text in files.items():
        (place / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    return place


# -- text: lines lost, doubled, moved, and characters where none belong -------------


@st.composite
def garbled(draw: st.DrawFn) -> dict[str, str]:
    """A good pack some of whose lines went wrong."""
    files = dict(texts_of(draw(st.sampled_from(sorted(path.parent.name for path in PACKS.glob("*/pack.yaml"))))))
    for _ in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(sorted(files)))
        lines = files[name].split("\n")
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        match draw(st.sampled_from(["drop", "double", "swap", "indent", "insert", "cut", "append"])):
            case "drop":
                del lines[at]
            case "double":
                lines.insert(at, line)
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case "indent":
                lines[at] = " " * draw(st.integers(1, 5)) + line
            case "insert":
                here = draw(st.integers(0, len(line)))
                lines[at] = line[:here] + draw(st.sampled_from(NASTY)) + line[here:]
            case "cut":
                lines[at] = line[: draw(st.integers(0, len(line)))]
            case _:
                lines.append(draw(st.text(max_size=30)))
        files[name] = "\n".join(lines)
    return files


@FUZZED
@given(garbled())
def test_a_garbled_pack_loads_or_is_told(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told_or_loaded(put(Path(folder), files))


# -- values: another kind of value, a key gone, a key renamed ------------------------


@cache
def trees() -> Mapping[str, Any]:
    return {f"{name}.yaml": yaml.load(text, SAFE) for name, text in FILES_OF_THE_PACK.items()}


def _places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(node, dict):
        for key, value in cast("dict[Any, Any]", node).items():
            found += _places(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(cast("list[Any]", node)):
            found += _places(value, (*path, index))
    return found


def _altered(node: Any, path: tuple[Any, ...], how: str, value: Any) -> Any:
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(node, dict):
        kept = dict(cast("dict[Any, Any]", node))
        if rest or how == "replace":
            kept[head] = _altered(kept[head], rest, how, value)
        elif how == "drop":
            del kept[head]
        else:
            kept[value if isinstance(value, str | int) else str(value)] = kept.pop(head)
        return kept
    kept_list = list(cast("list[Any]", node))
    if rest or how == "replace":
        kept_list[head] = _altered(kept_list[head], rest, how, value)
    elif how == "drop":
        del kept_list[head]
    else:
        kept_list.insert(head, value)
    return kept_list


@st.composite
def twisted(draw: st.DrawFn) -> dict[str, str]:
    """A good pack some of whose values are of another kind, gone, or under another key."""
    files = dict(trees())
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(files)))
        path = draw(st.sampled_from(_places(files[name])))
        files[name] = _altered(files[name], path, draw(st.sampled_from(["replace", "drop", "rename"])), draw(values))
    return {name: yaml.safe_dump(tree, allow_unicode=True, sort_keys=False) for name, tree in files.items()}


@FUZZED
@given(twisted(), st.data())
def test_a_twisted_pack_loads_and_answers_or_is_told(files: dict[str, str], data: st.DataObject) -> None:
    """What loads can be asked: an answer, or a plain word that the question is none of its facts."""
    with tempfile.TemporaryDirectory() as folder:
        found = told_or_loaded(put(Path(folder), files))
    if isinstance(found, tuple):
        return
    found.coverage()
    table = data.draw(st.sampled_from(sorted(TABLES)))
    facts = {name: data.draw(values) for name in list(TABLES[table].facts)[:3]}
    with contextlib.suppress(BadFacts):
        assert found.ask(TABLES[table], facts).pack == found.ref


# -- whatever bytes ------------------------------------------------------------


@FUZZED
@given(st.sampled_from(sorted(f"{name}.yaml" for name in (*TABLES, "pack", "clauses", "cast", "words"))), st.binary())
def test_any_bytes_for_a_file_are_told(name: str, bytes_: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = put(Path(folder), {f"{one}.yaml": text for one, text in FILES_OF_THE_PACK.items()})
        (place / name).write_bytes(bytes_)
        told_or_loaded(place)


@cache
def all_packs() -> Mapping[str, Pack]:
    return load_folder(PACKS)


@FUZZED
@given(st.one_of(values, st.fixed_dictionaries({"governments": values})), st.sampled_from(NASTY))
def test_any_file_of_governments_is_told(tree: Any, nasty: str) -> None:
    packs = all_packs()
    with tempfile.TemporaryDirectory() as folder:
        for text in (yaml.safe_dump(tree, allow_unicode=True), f"governments: {nasty}\n"):
            path = Path(folder) / "governments.yaml"
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
            _, problems = read_governments(path, packs)
            assert all(problem.line >= 1 and problem.what for problem in problems)
