"""Scenarios of the packs, asked of the engine alone: all come out, every duty has one, and a missing row is noticed."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

import chancery
from chancery.rehearsal.asking import answer, unlike
from chancery.rehearsal.scenario import AskExpectation, Loaded, Step, load_all
from chancery.rules.loader import load_folder
from chancery.rules.mutation import survey
from chancery.rules.pack import Pack

PACKS = Path(chancery.__file__).parent / "packs"
WITH_SCENARIOS = sorted(path.parent.name for path in PACKS.glob("*/scenarios"))
ALTERED = {
    "hongkou-2022": 1.0,
    "gaojing-2024": 1.0,
    "haimen-2022": 1.0,
    "jinchuan-2020": 1.0,
    "national-baseline": 1.0,
    "jinshan-2022": 1.0,
}
"""The share of alterations that scenarios must notice, per pack whose every duty is carried by a row and a scenario."""
FULLY = tuple(ALTERED)


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


@pytest.mark.parametrize("pack", WITH_SCENARIOS)
def test_every_scenario_comes_out_as_it_says(pack: str) -> None:
    otherwise = [
        f"{one.path.name}: {step.ask} {dict(facts)}: {line}"
        for one, step in asks(pack)
        for facts in step.cases
        for line in unlike(step.ruling or AskExpectation(), answer(packs()[pack], str(step.ask), facts))
    ]
    assert otherwise == []


@pytest.mark.parametrize("pack", WITH_SCENARIOS)
def test_a_scenario_names_its_own_pack_and_clauses_that_exist(pack: str) -> None:
    for one in scenarios(pack):
        assert one.scenario.pack == pack, one.path
        assert set(one.scenario.clauses) <= set(packs()[pack].clauses), one.path


@pytest.mark.parametrize("pack", FULLY)
def test_every_duty_that_a_row_keeps_has_a_scenario_that_cites_it(pack: str) -> None:
    told = packs()[pack]
    cited, given_up, left = told.coverage()
    shown = {
        clause
        for _, step in asks(pack)
        for facts in step.cases
        for clause in answer(told, str(step.ask), facts)["clauses"]
    }
    of_the_head = set(told.head.clauses)
    assert sorted(cited - shown - of_the_head) == []
    assert left == frozenset()
    assert len(given_up) <= 0.05 * len(cited | given_up)


@pytest.mark.parametrize("pack", FULLY)
def test_a_row_taken_away_or_altered_is_noticed(pack: str, record_property: Callable[[str, object], None]) -> None:
    """Each row is taken away, then altered in each place; the share of it that makes a scenario come out otherwise."""
    found = survey(packs()[pack], scenarios(pack))
    told = ", ".join(f"{found.share(sort):.1%} of {made} {sort}s" for sort, made in found.made.items())
    record_property("noticed", told)
    print(f"{pack}: {told}")
    assert [str(mutant) for mutant in found.left("deletion")] == []
    unnoticed = [str(mutant) for mutant in found.left("alteration")]
    assert found.share("alteration") >= ALTERED[pack], unnoticed
