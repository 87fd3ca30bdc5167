"""A scenario file: what it may say, and what is wrong with it, all at once and with its line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator


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
    """What the rules alone must answer, for a table asked with given facts."""

    regulated: bool | None = None
    rows: tuple[str, ...] | None = None
    clauses: tuple[str, ...] | None = None
    outcome: Any = None


class Step(_Closed):
    """One line of a scenario: somebody does something, the clock moves, events are looked for, or a table is asked."""

    at: AwareDatetime | None = None
    as_: str | None = Field(default=None, alias="as")
    do: str | None = Field(default=None, pattern=r"^[a-z]+\.[a-z][a-z0-9_]*$")
    with_: Mapping[str, Any] = Field(default_factory=dict[str, Any], alias="with")
    save: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    expect: Expectation = Expectation()
    events: EventsExpectation | None = None
    ask: str | None = None
    given: Mapping[str, Any] = Field(default_factory=dict[str, Any])
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
        return self


class Scenario(_Closed):
    """The acceptance test of a clause, readable by anyone."""

    scenario: str
    pack: str
    clauses: tuple[str, ...] = ()
    cast: str | Mapping[str, Any] | None = None
    clock: AwareDatetime
    steps: tuple[Step, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a file: where, what, and how to mend it."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario and where it stands."""

    path: Path
    scenario: Scenario


def load(path: Path) -> Loaded | list[Problem]:
    """Read one file; every problem in it, not the first alone."""
    try:
        text = path.read_text(encoding="utf-8")
        node = cast("yaml.Node | None", yaml.compose(text, yaml.SafeLoader))  # pyright: ignore[reportUnknownMemberType]
        raw: object = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        return [Problem(str(path), 1, f"the file is not UTF-8 ({error.reason}); save it as UTF-8")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        return [Problem(str(path), line, f"this is not YAML: {getattr(error, 'problem', error)}")]
    except OSError as error:
        return [Problem(str(path), 1, f"the file cannot be read: {error.strerror}")]
    if node is None or not isinstance(raw, dict):
        return [Problem(str(path), 1, "a scenario is a mapping with scenario, pack, clock and steps")]
    try:
        return Loaded(path, Scenario.model_validate(raw))
    except ValidationError as error:
        return [
            Problem(str(path), _line(node, found["loc"]), f"{'.'.join(map(str, found['loc']))}: {found['msg']}")
            for found in error.errors(include_url=False)
        ]


def _line(node: yaml.Node, where: Iterable[int | str]) -> int:
    """The line of the innermost part of ``where`` that stands in the file."""
    line = node.start_mark.line + 1
    for step in where:
        inner: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
                if isinstance(key, yaml.ScalarNode) and key.value == str(step):
                    line, inner = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            parts = cast("list[yaml.Node]", node.value)
            if step < len(parts):
                inner = parts[step]
                line = inner.start_mark.line + 1
        if inner is None:
            break
        node = inner
    return line


def load_all(place: Path) -> tuple[list[Loaded], list[Problem]]:
    """Every scenario of a file or folder, and every problem."""
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    for path in _files(place):
        found = load(path)
        if isinstance(found, Loaded):
            loaded.append(found)
        else:
            problems += found
    if not loaded and not problems:
        problems.append(Problem(str(place), 1, "there is no scenario here (a file ending in .yaml)"))
    return loaded, problems


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from sorted(p for p in place.rglob("*.yaml") if "scenarios" in p.parts or p.parent == place)
    else:
        yield place
