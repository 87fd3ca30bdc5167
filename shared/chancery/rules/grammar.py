"""The closed grammar of a row: facts, predicates, forces, selectors, steps and routes. No expression language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_serializer, model_validator

Force = Literal["must", "in_principle", "normally", "as_needed", "may"]
FactKind = Literal["enum", "bool", "number", "set"]
Facts = Mapping[str, Any]
Test = Callable[[Any], bool]

Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


class Closed(BaseModel):
    """A value of a row: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed column of a table. ``words`` names the vocabulary its values come from, or lists them; None: any word."""

    kind: FactKind
    words: str | tuple[str, ...] | None = None

    def takes(self, value: object) -> bool:
        """Whether a value is of this fact's type."""
        match self.kind:
            case "bool":
                return isinstance(value, bool)
            case "number":
                return isinstance(value, (int, float)) and not isinstance(value, bool)
            case "enum":
                return isinstance(value, str)
            case _:
                if not isinstance(value, (frozenset, set, tuple, list)):
                    return False
                return all(isinstance(word, str) for word in cast("Sequence[object]", value))

    @property
    def told(self) -> str:
        return {"bool": "true or false", "number": "a number", "enum": "one word", "set": "a set of words"}[self.kind]


# -- predicates ------------------------------------------------------------


class BadPredicate(ValueError):
    """A predicate that its fact's type does not have; the sentence says which ones it has."""


SHAPES = {
    "enum": "a list of words, or {not: [words]}",
    "bool": "true or false",
    "number": "{min: n}, {max: n} or both",
    "set": "{has_any: [words]}, {has_all: [words]} or {has_none: [words]}",
}


@dataclass(frozen=True, slots=True)
class Predicate:
    """One cell of a row: the fact it looks at, how it is written, the words it names, and the test itself.

    ``how`` is the form: any_of, not, is, between, has_any, has_all, has_none.
    """

    fact: str
    how: str
    written: Any
    words: frozenset[str]
    test: Test
    low: float | None = None
    high: float | None = None


def compile_predicate(name: str, fact: Fact, written: Any) -> Predicate:
    """Make a test of a cell.

    Raises:
        BadPredicate: the cell does not fit the fact's type.
    """
    wrong = BadPredicate(f"{name} is a {fact.kind}: write {SHAPES[fact.kind]}, not {written!r}")
    if fact.kind == "bool":
        if not isinstance(written, bool):
            raise wrong
        return Predicate(name, "is", written, frozenset(), lambda value: value is written)
    if fact.kind == "number":
        low, high = _bounds(written, wrong)
        return Predicate(
            name,
            "between",
            written,
            frozenset(),
            lambda value: value is not None and (low is None or value >= low) and (high is None or value <= high),
            low,
            high,
        )
    if fact.kind == "enum":
        if isinstance(written, dict):
            excluded = _words(_only(written, ("not",), wrong)[1], wrong)
            return Predicate(name, "not", written, excluded, lambda value: value is not None and value not in excluded)
        allowed = _words(written, wrong)
        return Predicate(name, "any_of", written, allowed, lambda value: value in allowed)
    how, listed = _only(written, ("has_any", "has_all", "has_none"), wrong)
    words = _words(listed, wrong)
    tests: dict[str, Test] = {
        "has_any": lambda value: not words.isdisjoint(value or ()),
        "has_all": lambda value: words <= frozenset(value or ()),
        "has_none": lambda value: words.isdisjoint(value or ()),
    }
    return Predicate(name, how, written, words, tests[how])


def _only(written: Any, keys: tuple[str, ...], wrong: BadPredicate) -> tuple[str, Any]:
    if not isinstance(written, dict) or len(cast("dict[str, Any]", written)) != 1:
        raise wrong
    ((how, listed),) = cast("dict[str, Any]", written).items()
    if how not in keys:
        raise wrong
    return how, listed


def _words(listed: Any, wrong: BadPredicate) -> frozenset[str]:
    if not isinstance(listed, list) or not listed or not all(isinstance(w, str) for w in cast("list[Any]", listed)):
        raise wrong
    return frozenset(cast("list[str]", listed))


def _bounds(written: Any, wrong: BadPredicate) -> tuple[float | None, float | None]:
    if not isinstance(written, dict) or not written or set(cast("dict[str, Any]", written)) - {"min", "max"}:
        raise wrong
    bounds = cast("dict[str, Any]", written)
    for bound in bounds.values():
        if isinstance(bound, bool) or not isinstance(bound, (int, float)):
            raise wrong
    return bounds.get("min"), bounds.get("max")


# -- selectors ------------------------------------------------------------

HEADS = {
    "post": "word",
    "group": "word",
    "unit": "word",
    "external": "word",
    "in_charge_of": ("doc", "item", "matter", "unit", "subject", "other_portfolios"),
    "head_of": ("lead_unit", "unit", "involved_unit", "coordinating_body"),
    "responsible_of": ("involved_unit", "lead_unit"),
    "assistant_of": "selector",
    "chair_of": ("sitting",),
    "convener_of": ("sitting",),
    "raiser_of": ("item", "doc", "matter"),
    "applicant": ("self",),
    "chosen_by": "selector",
    "authorised_by": "selector",
    "counterpart_of": "word",
    "any": "list",
    "all": "list",
    "each": "selector",
}
COMPANIONS = {"group": {"except"}, "chosen_by": {"among"}, "authorised_by": {"among"}, "counterpart_of": {"prefer"}}


class Selector(Closed):
    """Who: a typed node resolved from the roster on the day of the step. Written as ``{post: mayor}`` and the like."""

    how: str
    name: str | None = None
    of: "Selector | None" = None
    among: "Selector | None" = None
    prefer: "Selector | None" = None
    parts: tuple["Selector", ...] = ()
    without: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def read(cls, written: Any) -> Any:
        """Turn the written form into the node; a sentence says what is allowed."""
        if isinstance(written, Selector):
            return written
        if not isinstance(written, dict):
            raise ValueError(f"a selector is written like {{post: a_post}}, not {written!r}")
        node = cast("dict[str, Any]", written)
        heads = [key for key in node if key in HEADS]
        if len(heads) != 1:
            found = ", ".join(map(str, node)) or "nothing"
            raise ValueError(f"a selector has exactly one of {', '.join(HEADS)}; found {found}")
        head = heads[0]
        extra = set(node) - {head} - COMPANIONS.get(head, set())
        if extra:
            raise ValueError(f"{head} does not go with {', '.join(sorted(map(str, extra)))}")
        return cls._node(head, node)

    @classmethod
    def _node(cls, head: str, node: dict[str, Any]) -> dict[str, Any]:
        value, shape = node[head], HEADS[head]
        out: dict[str, Any] = {"how": head}
        if shape == "list":
            if not isinstance(value, list) or not value:
                raise ValueError(f"{head} takes a list of selectors")
            out["parts"] = value
        elif shape == "selector":
            if not isinstance(value, dict):
                raise ValueError(f"{head} takes a selector like {{post: a_post}}, not {value!r}")
            out["of"] = value
        elif isinstance(value, str) and value:
            if isinstance(shape, tuple) and value not in shape:
                raise ValueError(f"{head} takes one of {', '.join(shape)}, not {value!r}")
            out["name"] = value
        else:
            raise ValueError(f"{head} takes one word, not {value!r}")
        if "except" in node:
            out["without"] = node["except"]
        for companion in ("among", "prefer"):
            if companion in node:
                out[companion] = node[companion]
        return out

    @model_serializer
    def as_written(self) -> dict[str, Any]:
        """The node as it stands in a pack."""
        value: Any = list(self.parts) or self.of or self.name
        more = {"except": list(self.without), "among": self.among, "prefer": self.prefer}
        return {self.how: value} | {key: found for key, found in more.items() if found}

    def walk(self) -> "list[Selector]":
        """This node and all within it."""
        inner = [part for part in (self.of, self.among, self.prefer) if part is not None] + list(self.parts)
        return [self, *(deep for part in inner for deep in part.walk())]

    def written(self) -> str:
        """How it stands in a pack, shortly, for explanations."""
        if self.parts:
            return f"{self.how}({', '.join(part.written() for part in self.parts)})"
        inner = self.name or (self.of.written() if self.of else "")
        among = f" among {self.among.written()}" if self.among else ""
        return f"{self.how} {inner}{among}"


# -- steps and routes ------------------------------------------------------------

Verb = Literal[
    "propose", "review", "recheck", "consult", "consent", "countersign", "approve", "sign_off", "sign",
    "report", "file", "notify", "request", "apply", "receive", "register", "handle",
]  # fmt: skip
DECIDING: frozenset[str] = frozenset({"review", "recheck", "consent", "countersign", "approve", "sign_off", "sign"})
"""Acts that nobody does on his own request, also not while acting for another."""
TOLD: frozenset[str] = frozenset({"report", "file", "notify", "request", "apply"})
"""Acts of whoever put the case forward, where the row names nobody."""


class Step(Closed):
    """One act of a route. ``by`` None: whoever put the case forward. ``blocks`` False: the route goes on without it.

    ``only_if`` names a condition that switches the step on; ``force: as_needed`` a step that the named person may
    switch on (``called_by``; where nobody is named, whoever takes an open step of the route, or the step's own person).
    ``acting`` says whether somebody acting for the holder may take it (``listed_only``: only where the
    acting row's scope lists the act).
    """

    do: Verb
    by: Selector | None = None
    to: Selector | None = None
    order: Literal["serial", "parallel"] = "serial"
    quorum: Literal["any_of", "all_of"] = "any_of"
    form: Literal["written", "oral", "any"] = "any"
    force: Force = "must"
    only_if: Word | None = None
    called_by: Selector | None = None
    acting: Literal["allowed", "listed_only", "never"] = "allowed"
    merge_if_same_person: bool = False
    blocks: bool = True

    @model_validator(mode="after")
    def is_somebodys(self) -> "Step":
        if self.by is None and self.do not in TOLD:
            raise ValueError(f"nobody is named to {self.do}: add by")
        return self


class Route(Closed):
    """Alternatives of steps; a route with one alternative is written as its list of steps."""

    alternatives: tuple[tuple[Step, ...], ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def read(cls, written: Any) -> Any:
        if isinstance(written, list):
            return {"alternatives": [cast("list[Any]", written)]}
        return written

    @model_serializer
    def as_written(self) -> Any:
        """One way as its list of steps, several as alternatives."""
        ways = [list(steps) for steps in self.alternatives]
        return ways[0] if len(ways) == 1 else {"alternatives": ways}


def _listed(value: Any) -> Any:
    """One word is a list of one."""
    return [value] if isinstance(value, str) else value


Words = Annotated[tuple[Word, ...], BeforeValidator(_listed)]
Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Unless(Closed):
    """A named exception that takes a row away; ``needs`` is what must be on file for it."""

    exception: Words
    needs: Word | None = None


Selectors = tuple[Selector, ...]


def selectors_in(value: object) -> Sequence[Selector]:
    """Every selector inside an outcome, for the checks at load time."""
    if isinstance(value, Selector):
        return value.walk()
    if isinstance(value, BaseModel):
        return [found for name in type(value).model_fields for found in selectors_in(getattr(value, name))]
    if isinstance(value, (list, tuple)):
        return [found for part in cast("Sequence[object]", value) for found in selectors_in(part)]
    return []
