"""``governments.yaml``: which government has adopted which rules, from which day."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chancery.rules.pack import Pack
from chancery.rules.reading import Lines, Problem, instead_of, read_lines


class Adoption(BaseModel):
    """A tenant adopts a pack from a day on, by its id or by ``id@version``; ``until`` is the last day.

    ``beside`` marks a pack that is asked beside the government's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pack: str
    from_: date = Field(alias="from")
    until: date | None = None
    beside: bool = False

    @model_validator(mode="after")
    def ends_after_it_begins(self) -> "Adoption":
        if self.until is not None and self.until < self.from_:
            raise ValueError(f"it ends on {self.until}, before it begins on {self.from_}")
        return self

    def holds(self, on: date) -> bool:
        return self.from_ <= on and (self.until is None or on <= self.until)

    def meets(self, other: "Adoption") -> date | None:
        """The first day on which both hold, if there is one."""
        first = max(self.from_, other.from_)
        return first if self.holds(first) and other.holds(first) else None


class Government(BaseModel):
    """One tenant: what it is called and which packs it has adopted. ``id`` may be a pattern (``try-…-*``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(min_length=1)]
    zh: str
    en: str
    adopted: tuple[Adoption, ...]


def read_governments(path: Path, packs: Mapping[str, Pack] | None) -> tuple[tuple[Government, ...], list[Problem]]:
    """The governments of a file, and everything wrong with it. ``packs`` None: they did not load, so none is missed."""
    lines = read_lines(path, path.name)
    problems = list(lines.problems)
    entries: Any = lines.mapping.get("governments")
    if not problems and not isinstance(entries, list):
        problems.append(Problem(lines.file, 1, "there are no governments here", "governments: [{id: …, adopted: […]}]"))
    found: list[Government] = []
    seen: set[str] = set()
    for index, entry in enumerate(cast("list[Any]", entries) if isinstance(entries, list) else []):
        try:
            government = Government.model_validate(entry)
        except ValidationError as error:
            for wrong in error.errors(include_url=False):
                place = ".".join(map(str, wrong["loc"]))
                said = f"{place}: {wrong['msg'].removeprefix('Value error, ')}" if place else str(wrong["msg"])
                line = lines.line("governments", index, *wrong["loc"])
                problems.append(Problem(lines.file, line, said, "see governments.yaml in packs/README.md"))
            continue
        if government.id in seen:
            line = lines.line("governments", index)
            problems.append(Problem(lines.file, line, f"{government.id} stands twice", "make one entry of the two"))
        seen.add(government.id)
        found.append(government)
        problems += _missing(lines, index, government, packs) if packs is not None else ()
        problems += _two_in_force(lines, index, government)
    return tuple(found), problems


def _missing(lines: Lines, index: int, government: Government, packs: Mapping[str, Pack]) -> Iterator[Problem]:
    ids = sorted({key.partition("@")[0] for key in packs})
    for number, adoption in enumerate(government.adopted):
        line = lines.line("governments", index, "adopted", number)
        if adoption.pack not in ids and adoption.pack not in packs:
            said = f"{government.id} adopts {adoption.pack}, which is not here"
            yield Problem(lines.file, line, said, instead_of(adoption.pack, ids))
        versions = sorted(key for key in packs if key.partition("@")[0] == adoption.pack)
        if len(versions) > 1:
            said = f"{government.id} adopts {adoption.pack}, which is here in {len(versions)} versions"
            yield Problem(lines.file, line, said, f"say which from that day: {', '.join(versions)}")


def _two_in_force(lines: Lines, index: int, government: Government) -> Iterator[Problem]:
    own = [(number, adoption) for number, adoption in enumerate(government.adopted) if not adoption.beside]
    for (_, one), (number, other) in combinations(own, 2):
        met = one.meets(other)
        if met is not None:
            line = lines.line("governments", index, "adopted", number)
            said = f"{government.id}: {one.pack} and {other.pack} are both in force on {met}"
            yield Problem(lines.file, line, said, "give the earlier one an until")
