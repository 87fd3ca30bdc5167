"""What an editor completes is what the loader takes: every file of every pack, and no file with a fault."""

import copy
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator

from chancery.rules import schema
from chancery.rules.json_schema import schemas
from chancery.rules.reading import read_lines
from chancery.rules.tables import TABLES
from tests.hongkou import PACKS

FILES = sorted(path for path in PACKS.glob("*-*/*.yaml") if path.parent.joinpath("pack.yaml").exists())
HONGKOU = PACKS / "hongkou-2022"


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schemas()[name])


def written(path: Path) -> Any:
    """A file as an editor sees it: days are text."""
    return as_text(read_lines(path, path.name).value)


def as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_text(part) for key, part in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [as_text(part) for part in cast("list[Any]", value)]
    return value.isoformat() if isinstance(value, date) else value


def faults(name: str, value: Any) -> list[str]:
    return [error.json_path for error in validator(name).iter_errors(value)]  # pyright: ignore[reportUnknownMemberType] untyped library


@pytest.mark.parametrize("name", sorted(schemas()))
def test_each_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(schemas()[name])


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_the_loader_takes_the_schema_takes(path: Path) -> None:
    assert faults(path.stem, written(path)) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("gates", {"stag": "agenda"}),  # a key nobody knows
        ("gates", {"when": {"weather": ["rain"]}}),  # a fact the table has not
        ("gates", {"when": {"stage": ["breakfast"]}}),  # a word the fact has not
        ("gates", {"when": {"major": "yes"}}),  # text for truth
        ("gates", {"when": {"departments": 2}}),  # a number for a range
        ("gates", {"when": {"features": ["important"]}}),  # a list for has_any
        ("gates", {"force": "strongly"}),
        ("gates", {"require": [{"evidence": "opinion", "of_each": "everybody"}]}),
        ("signing", {"route": [{"do": "dance", "by": {"post": "mayor"}}]}),
        ("signing", {"route": [{"do": "sign", "by": {"posts": "mayor"}}]}),  # no such selector
        ("signing", {"route": [{"do": "sign", "by": {"post": "mayor", "among": {"post": "clerk"}}}]}),
        ("clocks", {"unit": "fortnight"}),
        ("bodies", {"organiser": None}),
        ("absences", {"mode": "ask"}),
    ],
)
def test_a_fault_is_seen_while_it_is_written(name: str, change: dict[str, Any]) -> None:
    rows = copy.deepcopy(written(HONGKOU / f"{name}.yaml"))
    rows[0] |= change
    assert faults(name, rows) != []


@pytest.mark.parametrize("left_out", ["id", "clauses", "require"])
def test_what_every_row_needs_is_asked_for(left_out: str) -> None:
    rows = copy.deepcopy(written(HONGKOU / "gates.yaml"))
    del rows[0][left_out]
    assert faults("gates", rows) != []


def test_the_readme_of_the_packs_says_what_the_declarations_say() -> None:
    """Where this fails: ``python -m chancery.rules.schema``."""
    written_now = schema.README.read_text("utf-8")
    assert {found[1] for found in schema.BLOCK.findall(written_now)} == set(TABLES)
    assert schema.readme(written_now) == written_now


def test_one_schema_per_file_is_written_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("<!-- table gates -->\nyesterday\n<!-- end -->\n", "utf-8")
    monkeypatch.setattr(schema, "README", readme)
    assert schema.main([str(tmp_path / "schemas")]) == 0
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == {f"{name}.schema.json" for name in schemas()}
    assert "yesterday" not in readme.read_text("utf-8")
