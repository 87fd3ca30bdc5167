"""What the scenarios of a pack prove: each table they ask is asked of the engine alone and held against their words.

Steps that need a running service (``do``, ``events``) are not taken here; ``chancery rehearse`` takes them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chancery.rehearsal.asking import answer, unlike
from chancery.rehearsal.matching import REFERENCE
from chancery.rehearsal.scenario import AskExpectation, Loaded, Step, load_all
from chancery.rules.pack import BadFacts, Pack
from chancery.rules.reading import Problem


@dataclass(frozen=True, slots=True)
class Proof:
    """One asking of a scenario: what was asked, which rows answered, and what the answer lacks of what it must be.

    ``clauses`` are those cited, ``named`` those that the scenario says must be.
    """

    path: Path
    scenario: str
    number: int
    says: str | None
    table: str
    facts: Mapping[str, Any]
    rows: tuple[str, ...]
    clauses: tuple[str, ...]
    lacks: tuple[str, ...]
    named: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.lacks


def scenarios_of(folder: Path) -> tuple[tuple[Loaded, ...], tuple[Problem, ...]]:
    """The scenarios of a pack's folder and everything wrong with their files; a pack without any has none."""
    place = folder / "scenarios"
    if not place.is_dir() or not any(place.rglob("*.yaml")):
        return (), ()
    loaded, problems = load_all(place)
    return tuple(loaded), tuple(problems)


def prove(pack: Pack, scenarios: Sequence[Loaded]) -> tuple[Proof, ...]:
    """Every table asked by the scenarios, in their order; a step that asks with ``each`` gives a proof a case."""
    return tuple(_proof(pack, one, number, step, facts) for one, number, step, facts in _askings(scenarios))


def needs_services(one: Loaded) -> bool:
    """Whether a scenario has steps that only a running house can take."""
    return any(step.do or step.events for step in one.scenario.steps)


def _askings(scenarios: Sequence[Loaded]) -> Iterator[tuple[Loaded, int, Step, Mapping[str, Any]]]:
    for one in scenarios:
        for number, step in enumerate(one.scenario.steps, 1):
            if step.ask is None or _speaks_of_saved(step.given):
                continue
            yield from ((one, number, step, facts) for facts in step.cases)


def _speaks_of_saved(given: Mapping[str, Any]) -> bool:
    return any(isinstance(value, str) and REFERENCE.search(value) for value in given.values())


def _proof(pack: Pack, one: Loaded, number: int, step: Step, facts: Mapping[str, Any]) -> Proof:
    rows: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    try:
        found = answer(pack, str(step.ask), facts)
    except BadFacts as error:
        lacks = [str(error)]
    else:
        rows, clauses = tuple(found["rows"]), tuple(found["clauses"])
        lacks = unlike(step.ruling or AskExpectation(), found)
    scenario = one.scenario.scenario
    named = tuple(step.ruling.clauses or ()) if step.ruling else ()
    return Proof(one.path, scenario, number, step.says, str(step.ask), facts, rows, clauses, tuple(lacks), named)
