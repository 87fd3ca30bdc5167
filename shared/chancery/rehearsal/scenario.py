"""A scenario file: what it may say, and what is wrong with it, all at once and with its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from chancery.rules.reading import Problem, read_lines

__all__ = [
    "AskExpectation",
    "EventsExpectation",
    "Expectation",
    "Loaded",
    "Problem",
    "Scenario",
    "Step",
    "load",
    "load_all",
]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Expectation(_Closed):
    """What an answer must be. What is not named is not looked at.

    ``refused_by`` and ``reasons`` are exact: no clause and no reason more, none less. ``clauses`` must be among
    those cited. ``body`` is a subset: named fields must be there and equal, lists have the named length.
    """

    status: int | None = None
    clauses: tuple[str, ...] | None = None
    refused_by: tuple[str, ...] | None = None
    reasons: tuple[str, ...] | None = None
    body: Any = None


class EventsExpectation(_Closed):
    """Events that must have been told in the scenario's tenant: exactly ``count`` that hold ``with`` in their body."""

    type: str
    count: int = Field(default=1, ge=0)
    holding: Mapping[str, Any] = Field(default_factory=dict[str, Any], alias="with")
    clauses: tuple[str, ...] | None = None


class AskExpectation(_Closed):
    """What the rules alone must answer, for a table asked with given facts.

    ``rows`` and ``regulated`` are exact, ``clauses`` among those cited. ``outcome`` is a list with a part of each hit
    as it stands in the pack: the table's own keys, and ``clauses``, ``force``, ``excused_by``, ``unless``.
    """

    regulated: bool | None = None
    rows: tuple[str, ...] | None = None
    clauses: tuple[str, ...] | None = None
    outcome: Any = None


class Step(_Closed):
    """One line of a scenario: somebody does something, the clock moves, events are looked for, or a table is asked.

    ``each`` asks once for every value of a fact (``{kind: [request, report]}``), the rest of ``given`` being the same;
    several facts: every combination. All must be answered alike.
    """

    at: AwareDatetime | None = None
    as_: str | None = Field(default=None, alias="as")
    do: str | None = Field(default=None, pattern=r"^[a-z]+\.[a-z][a-z0-9_]*$")
    with_: Mapping[str, Any] = Field(default_factory=dict[str, Any], alias="with")
    save: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    expect: Expectation = Expectation()
    events: EventsExpectation | None = None
    ask: str | None = None
    given: Mapping[str, Any] = Field(default_factory=dict[str, Any])
    each: Mapping[str, tuple[Any, ...]] = Field(default_factory=dict[str, tuple[Any, ...]])
    ruling: AskExpectation | None = None
    says: str | None = None

    @model_validator(mode="after")
    def does_one_thing(self) -> "Step":
        if self.at is None and self.do is None and self.events is None and self.ask is None:
            raise ValueError("a step needs one of: do, at, events, ask")
        if sum(part is not None for part in (self.do, self.events, self.ask)) > 1:
            raise ValueError("a step does one thing: do, events or ask")
        if self.do is None and (self.with_ or self.save or self.as_):
            raise ValueError("as, with and save belong to a step with do")
        if (self.ask is None) != (self.ruling is None):
            raise ValueError("ask and ruling go together")
        if self.each and self.ask is None:
            raise ValueError("each belongs to a step with ask")
        if not all(self.each.values()):
            raise ValueError("each needs at least one value a fact")
        if self.each.keys() & self.given.keys():
            raise ValueError("a fact stands in given or in each, not in both")
        return self

    @property
    def cases(self) -> Iterator[Mapping[str, Any]]:
        """The facts the table is asked with, one mapping an asking."""
        for values in product(*self.each.values()):
            yield {**self.given, **dict(zip(self.each, values, strict=True))}


class Scenario(_Closed):
    """The acceptance test of a clause, readable by anyone."""

    scenario: str
    pack: str
    clauses: tuple[str, ...] = ()
    cast: str | Mapping[str, Any] | None = None
    clock: AwareDatetime
    steps: tuple[Step, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario and where it stands."""

    path: Path
    scenario: Scenario


def load(path: Path) -> Loaded | list[Problem]:
    """Read one file, in the YAML of the packs (1.2); every problem in it, not the first alone."""
    lines = read_lines(path, str(path))
    if lines.problems:
        return lines.problems
    if not lines.mapping:
        return [Problem(str(path), 1, "a scenario is a mapping with scenario, pack, clock and steps")]
    try:
        return Loaded(path, Scenario.model_validate(lines.value))
    except ValidationError as error:
        return [
            Problem(str(path), lines.line(*found["loc"]), f"{'.'.join(map(str, found['loc']))}: {found['msg']}")
            for found in error.errors(include_url=False)
        ]


def load_all(*places: Path) -> tuple[list[Loaded], list[Problem]]:
    """Every scenario of some files and folders, and every problem. Of a folder of packs, their scenarios alone."""
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    for place in places:
        files = list(_files(place))
        if not files:
            problems.append(Problem(str(place), 1, "there is no scenario here (a file ending in .yaml)"))
        for path in files:
            found = load(path)
            if isinstance(found, Loaded):
                loaded.append(found)
            else:
                problems += found
    return loaded, problems


def _files(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
        return
    found = sorted(place.rglob("*.yaml"))
    kept = [path for path in found if "scenarios" in path.parts]
    yield from kept or [path for path in found if path.parent == place]
