"""Read a YAML file of a pack with the line of every part. All that is wrong is told; nothing in it is executed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import yaml

if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MOST_BYTES: Final = 4_000_000
MOST_PARTS: Final = 400_000
"""Parts of one file with its anchors unfolded: far above any pack, far below what hurts."""
PLAIN_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge")
)
TEXT: Final = "tag:yaml.org,2002:str"
_CORE: Final = (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$", "-+0123456789"),
    ("null", r"^(?:~|null|Null|NULL|)$", ("~", "n", "N", "")),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
    ("merge", r"^<<$", "<"),
)


class _Safe(_Base):
    """YAML 1.2: ``on``, ``off``, ``yes``, ``no`` and ``17:30`` are text, and so is a number that begins with 0."""


_Safe.yaml_implicit_resolvers = {}
for _name, _pattern, _first in _CORE:
    _Safe.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), list(_first))  # pyright: ignore[reportUnknownMemberType]
SAFE: Any = _Safe


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a pack: where, what, and how to mend it."""

    file: str
    line: int
    what: str
    how: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" + (f" → {self.how}" if self.how else "")


class PackRefused(Exception):
    """A pack that does not load, with every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class Lines:
    """A YAML document with the line of every part of it. ``node`` is None where there is nothing to read."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.node: yaml.Node | None = None
        self.value: Any = None
        if len(text) > MOST_BYTES:
            self.problem(1, "the file is too large", f"at most {MOST_BYTES:,} characters")
            return
        try:
            self._read(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            told = getattr(error, "problem", None) or str(error).partition("\n")[0]
            self.problem(
                mark.line + 1 if mark is not None else 1, f"this is not YAML: {told}", "mend it and load again"
            )
            self.node = self.value = None
        except ValueError as error:
            self.problem(1, f"a value cannot be read: {error}", "take its tag away, or put it in quotes")
            self.node = self.value = None
        except RecursionError:
            self.problem(1, "the file is nested too deeply", "a pack needs some ten levels")
            self.node = self.value = None

    def _read(self, text: str) -> None:
        loader = SAFE(text)
        try:
            node = cast("yaml.Node | None", loader.get_single_node())
            if node is None or self._walk(node, {}, ()) > MOST_PARTS:
                if node is not None:
                    self.problem(1, "the file unfolds into too many parts", "write fewer anchors within anchors")
                return
            self.node = node
            if not any("holds itself" in problem.what for problem in self.problems):
                self.value = loader.construct_document(node)
        finally:
            loader.dispose()

    def problem(self, line: int, what: str, how: str = "") -> None:
        self.problems.append(Problem(self.file, line, what, how))

    def _walk(self, node: yaml.Node, seen: dict[int, int], path: tuple[int, ...]) -> int:
        """Look at each node once: keys written twice, tags, dates. Gives how many parts it unfolds into."""
        if id(node) in path:
            self.problem(node.start_mark.line + 1, "an anchor holds itself", "write the part out")
            return 1
        if id(node) in seen:
            return seen[id(node)]
        if node.tag not in PLAIN_TAGS:
            line = node.start_mark.line + 1
            self.problem(line, f"the tag {node.tag} is refused", "a pack is plain text, numbers, lists and mappings")
            self._untag(node)
        path = (*path, id(node))
        size = 1
        if isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
                size += self._walk(key, seen, path) + self._walk(value, seen, path)
                if not isinstance(key, yaml.ScalarNode):
                    self.problem(key.start_mark.line + 1, "a key is a list or mapping", "a key is one word")
                    key.tag = TEXT
                elif key.value in keys:
                    self.problem(key.start_mark.line + 1, f"{key.value} is written twice", "keep one of the two")
                keys.add(str(key.value))
            node.value = [pair for pair in node.value if isinstance(pair[0], yaml.ScalarNode)]
        elif isinstance(node, yaml.SequenceNode):
            size += sum(self._walk(part, seen, path) for part in cast("list[yaml.Node]", node.value))
        elif node.tag.endswith(":timestamp"):
            try:
                date.fromisoformat(str(node.value))
            except ValueError:
                line = node.start_mark.line + 1
                self.problem(line, f"{node.value} is no day of the calendar", "mend the date")
                node.tag = TEXT
        seen[id(node)] = size
        return size

    def _untag(self, node: yaml.Node) -> None:
        kind = "map" if isinstance(node, yaml.MappingNode) else "seq" if isinstance(node, yaml.SequenceNode) else "str"
        node.tag = f"tag:yaml.org,2002:{kind}"

    def line(self, *where: int | str) -> int:
        """The line of the innermost part of ``where`` that stands in the file."""
        node = self.node
        if node is None:
            return 1
        line = node.start_mark.line + 1
        for step in where:
            inner: yaml.Node | None = None
            if isinstance(node, yaml.MappingNode):
                for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
                    if key.value == str(step):
                        line, inner = key.start_mark.line + 1, value
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                inner = cast("yaml.Node", node.value[step])
                line = inner.start_mark.line + 1
            if inner is None:
                break
            node = inner
        return line

    @property
    def mapping(self) -> Mapping[str, Any]:
        """The file as a mapping; empty where it is none."""
        return cast("dict[str, Any]", self.value) if isinstance(self.value, dict) else {}


def read_lines(path: Path, called: str) -> Lines:
    """A file with its lines; a file that cannot be read is a problem, not an error."""
    try:
        return Lines(called, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        lines = Lines(called, "")
        lines.problem(1, f"the file is not UTF-8 ({error.reason})", "save it as UTF-8")
    except OSError as error:
        lines = Lines(called, "")
        lines.problem(1, f"the file cannot be read: {error.strerror or error}", "look at its rights and its place")
    return lines


def instead_of(word: object, known: Sequence[str]) -> str:
    """What was meant, perhaps, and otherwise what there is."""
    near = get_close_matches(str(word), known, 1, 0.7)
    if near:
        return f"did you mean {near[0]}?"
    return f"one of {', '.join(known)}"[:400] if known else "there is none"
