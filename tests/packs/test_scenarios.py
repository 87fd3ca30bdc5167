"""Scenarios of the packs, asked of the engine alone: all come out, every duty has one, and a missing row is noticed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

import chancery
from chancery.rehearsal.matching import differences
from chancery.rehearsal.scenario import AskExpectation, Loaded, Step, load_all
from chancery.rules.loader import load_folder
from chancery.rules.pack import Pack, table_named

PACKS = Path(chancery.__file__).parent / "packs"
WITH_SCENARIOS = sorted(path.parent.name for path in PACKS.glob("*/scenarios"))
FULLY = ("hongkou-2022",)
"""Packs whose every duty is carried by a row and a scenario."""


@cache
def packs() -> Mapping[str, Pack]:
    return {pack.head.id: pack for pack in load_folder(PACKS).values()}


@cache
def scenarios(pack: str) -> tuple[Loaded, ...]:
    loaded, problems = load_all(PACKS / pack / "scenarios")
    assert problems == []
    return tuple(loaded)


def asks(pack: str) -> Iterator[tuple[Loaded, Step]]:
    for one in scenarios(pack):
        for step in one.scenario.steps:
            if step.ask is not None:
                yield one, step


def answer(pack: Pack, step: Step) -> dict[str, Any]:
    facts = {k: frozenset(cast("list[str]", v)) if isinstance(v, list) else v for k, v in step.given.items()}
    ruling = pack.ask(table_named(str(step.ask)), facts)
    return {
        "regulated": ruling.regulated,
        "rows": ruling.rows,
        "clauses": [cite.clause for cite in ruling.citations],
        "outcome": [hit.outcome.model_dump(mode="json", exclude_none=True) for hit in ruling.hits],
    }


def wrong(pack: Pack, step: Step) -> list[str]:
    """What an answer lacks of what the scenario says."""
    wanted, found = step.ruling or AskExpectation(), answer(pack, step)
    lacks = [f"{clause} is not cited" for clause in wanted.clauses or () if clause not in found["clauses"]]
    for name in ("regulated", "rows"):
        expected = getattr(wanted, name)
        if expected is not None and expected != found[name]:
            lacks.append(f"{name}: expected {expected}, found {found[name]}")
    if wanted.outcome is not None:
        lacks += differences(wanted.outcome, found["outcome"])
    return lacks


@pytest.mark.parametrize("pack", WITH_SCENARIOS)
def test_every_scenario_comes_out_as_it_says(pack: str) -> None:
    unlike = [
        f"{one.path.name}: {step.given}: {line}" for one, step in asks(pack) for line in wrong(packs()[pack], step)
    ]
    assert unlike == []


@pytest.mark.parametrize("pack", WITH_SCENARIOS)
def test_a_scenario_names_its_own_pack_and_clauses_that_exist(pack: str) -> None:
    for one in scenarios(pack):
        assert one.scenario.pack == pack, one.path
        assert set(one.scenario.clauses) <= set(packs()[pack].clauses), one.path


@pytest.mark.parametrize("pack", FULLY)
def test_every_duty_that_a_row_keeps_has_a_scenario_that_cites_it(pack: str) -> None:
    told = packs()[pack]
    cited, given_up, left = told.coverage()
    shown = {clause for _, step in asks(pack) for clause in answer(told, step)["clauses"]}
    of_the_head = set(told.head.clauses)
    assert sorted(cited - shown - of_the_head) == []
    assert left == frozenset()
    assert len(given_up) <= 0.05 * len(cited | given_up)


@pytest.mark.parametrize("pack", FULLY)
def test_a_row_taken_away_is_noticed(pack: str) -> None:
    """The share of rows whose loss makes a scenario come out otherwise: all of them."""
    told = packs()[pack]
    rows = [(table, row) for table, rows in told.tables.items() for row in rows]
    unnoticed = [
        f"{table}/{row.id}"
        for table, row in rows
        if not any(wrong(without(told, table, row.id), step) for _, step in asks(pack) if step.ask == table)
    ]
    assert unnoticed == []


def without(pack: Pack, table: str, row: str) -> Pack:
    return replace(pack, tables={**pack.tables, table: tuple(r for r in pack.tables[table] if r.id != row)})
