"""Load a pack's folder and check it. Every problem at once, each with file, line, what is wrong and how to mend it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast, get_args

import yaml
from pydantic import TypeAdapter, ValidationError

from chancery.rules.grammar import (
    BadPredicate,
    Closed,
    Force,
    Predicate,
    Selector,
    Unless,
    compile_predicate,
    selectors_in,
)
from chancery.rules.pack import Clause, Head, Pack, Row, Term
from chancery.rules.tables import AGENDA, TABLES, Clock, Competent, Gate, Table


class _Safe(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # pyright: ignore[reportUntypedBaseClass, reportGeneralTypeIssues]
    """YAML 1.2 where it matters: ``on``, ``off``, ``yes`` and ``no`` are words and not truth values."""


_Safe.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
SAFE: Any = _Safe
ROW_KEYS = frozenset({"id", "clauses", "force", "when", "unless", "reading", "excused_by"})
UNLESS = TypeAdapter(tuple[Unless, ...])
SILENCES: Mapping[str, str] = {table: table for table in TABLES} | {
    "quorum": "bodies",
    "agenda_lead": "agenda",
    "papers_delivery": "bodies",
    "minutes_issue_limit": "clocks",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a pack."""

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
    """A YAML document with the line of every part of it."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.node: yaml.Node | None = None
        self.value: Any = None
        try:
            loader = SAFE(text)
            try:
                self.node = cast("yaml.Node | None", loader.get_single_node())
                if self.node is not None:
                    self._duplicates(self.node)
                    self.value = loader.construct_document(self.node)
            finally:
                loader.dispose()
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark is not None else 1
            told = getattr(error, "problem", None) or str(error)
            self.problems.append(Problem(file, line, f"this is not YAML: {told}", "mend the line and load again"))
        except ValueError as error:
            self.problems.append(Problem(file, 1, f"a value cannot be read: {error}", "put it in quotes"))

    def _duplicates(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
                name = str(key.value)
                if name in seen:
                    line = key.start_mark.line + 1
                    self.problems.append(Problem(self.file, line, f"{name} is written twice", "keep one of the two"))
                seen.add(name)
                self._duplicates(value)
        elif isinstance(node, yaml.SequenceNode):
            for part in cast("list[yaml.Node]", node.value):
                self._duplicates(part)

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


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.files: dict[str, Lines] = {}
        self.words: dict[str, dict[str, Term]] = {}
        self.clauses: dict[str, Clause] = {}
        self.tables: dict[str, tuple[Row[Any], ...]] = {}
        self.head: Head | None = None

    # -- reading ---------------------------------------------------------

    def read(self, name: str) -> Lines | None:
        path = self.folder / f"{name}.yaml"
        if not path.exists():
            return None
        try:
            lines = Lines(f"{self.folder.name}/{path.name}", path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(
                Problem(f"{self.folder.name}/{path.name}", 1, f"cannot be read: {error}", "save it as UTF-8")
            )
            return None
        self.problems += lines.problems
        self.files[name] = lines
        return lines if lines.node is not None else None

    def invalid(self, lines: Lines, error: ValidationError, *where: int | str) -> None:
        for found in error.errors(include_url=False):
            place = found["loc"]
            path = ".".join(map(str, place))
            what = found["msg"].removeprefix("Value error, ")
            how = ""
            if found["type"] == "extra_forbidden":
                what, how = f"the key {place[-1]} is not known here", "look up the table's keys in packs/README.md"
            elif found["type"] == "missing":
                what, how = f"{place[-1]} is missing", f"add {place[-1]}"
            self.problems.append(
                Problem(lines.file, lines.line(*where, *place), f"{path}: {what}" if path else what, how)
            )

    def load(self) -> Pack:
        """The pack, or every problem."""
        self._head()
        self._vocabularies()
        self._clauses()
        for table in TABLES.values():
            self._table(table)
        known = {path.stem for path in self.folder.glob("*.yaml")}
        for stem in sorted(
            known - set(TABLES) - {"pack", "clauses", "posts", "units", "groups", "features", "kinds", "words", "cast"}
        ):
            self.problems.append(
                Problem(
                    f"{self.folder.name}/{stem}.yaml",
                    1,
                    f"there is no table {stem}",
                    f"tables are: {', '.join(TABLES)}",
                )
            )
        cast_lines = self.read("cast")
        pack = None
        if self.head is not None:
            cast_value = cast("Mapping[str, Any]", (cast_lines.value if cast_lines else None) or {})
            pack = Pack(self.head, self.clauses, self.words, self.tables, cast_value)
            self.problems += list(_checks(pack, self.files))
        if self.problems or pack is None:
            raise PackRefused(sorted(self.problems, key=lambda p: (p.file, p.line)))
        return pack

    def _head(self) -> None:
        lines = self.read("pack")
        if lines is None:
            if "pack" not in self.files:
                self.problems.append(
                    Problem(
                        f"{self.folder.name}/pack.yaml",
                        1,
                        "the pack has no pack.yaml",
                        "start with `chancery rules new`",
                    )
                )
            return
        try:
            self.head = Head.model_validate(lines.value)
        except ValidationError as error:
            self.invalid(lines, error)

    def _vocabularies(self) -> None:
        for name in ("posts", "units", "groups", "features", "kinds"):
            lines = self.read(name)
            if lines is not None:
                self.words[name] = self._terms(lines, lines.value)
        lines = self.read("words")
        if lines is not None and isinstance(lines.value, dict):
            for name, terms in cast("dict[str, Any]", lines.value).items():
                self.words[name] = self._terms(lines, terms, name)

    def _terms(self, lines: Lines, value: Any, *where: str) -> dict[str, Term]:
        found: dict[str, Term] = {}
        if not isinstance(value, dict):
            self.problems.append(
                Problem(lines.file, lines.line(*where), "a vocabulary is a mapping of words", "word: {zh: …, en: …}")
            )
            return found
        for word, term in cast("dict[str, Any]", value).items():
            try:
                found[str(word)] = Term.model_validate(term)
            except ValidationError as error:
                self.invalid(lines, error, *where, word)
        return found

    def _clauses(self) -> None:
        lines = self.read("clauses")
        if lines is None:
            self.problems.append(
                Problem(f"{self.folder.name}/clauses.yaml", 1, "the pack has no clause catalogue", "add clauses.yaml")
            )
            return
        for index, entry in enumerate(cast("list[Any]", lines.value or [])):
            try:
                clause = Clause.model_validate(entry)
            except ValidationError as error:
                self.invalid(lines, error, index)
                continue
            if clause.id in self.clauses:
                self.problems.append(
                    Problem(lines.file, lines.line(index), f"{clause.id} stands twice", "give each clause its own id")
                )
            self.clauses[clause.id] = clause

    # -- tables ----------------------------------------------------------

    def _table(self, table: Table[Any]) -> None:
        lines = self.read(table.name)
        if lines is None:
            return
        if not isinstance(lines.value, list):
            self.problems.append(Problem(lines.file, 1, "a table is a list of rows", "begin each row with `- id:`"))
            return
        rows: list[Row[Any]] = []
        seen: set[str] = set()
        for index, entry in enumerate(cast("list[Any]", lines.value)):
            row = self._row(table, lines, index, entry)
            if row is None:
                continue
            if row.id in seen:
                self.problems.append(
                    Problem(lines.file, row.line, f"the row id {row.id} stands twice", "rename one row")
                )
            seen.add(row.id)
            rows.append(row)
        self.tables[table.name] = tuple(rows)

    def _row(self, table: Table[Any], lines: Lines, index: int, entry: Any) -> Row[Any] | None:
        if not isinstance(entry, dict):
            self.problems.append(
                Problem(lines.file, lines.line(index), "a row is a mapping", "- {id: …, clauses: […], when: {…}, …}")
            )
            return None
        raw = cast("dict[str, Any]", entry)
        before = len(self.problems)
        for key in ("id", "clauses"):
            if not raw.get(key):
                self.problems.append(
                    Problem(
                        lines.file, lines.line(index), f"the row has no {key}", "every row has an id and cites a clause"
                    )
                )
        force = raw.get("force", "must")
        if force not in get_args(Force):
            self.problems.append(
                Problem(
                    lines.file,
                    lines.line(index, "force"),
                    f"force {force!r} is not known",
                    f"one of {', '.join(get_args(Force))}",
                )
            )
        when = tuple(self._cells(table, lines, index, raw.get("when", {})))
        unless: tuple[Unless, ...] = ()
        permit: Selector | None = None
        try:
            unless = UNLESS.validate_python(raw.get("unless", ()))
        except ValidationError as error:
            self.invalid(lines, error, index, "unless")
        try:
            permit = Selector.model_validate(raw["excused_by"]) if "excused_by" in raw else None
        except ValidationError as error:
            self.invalid(lines, error, index, "excused_by")
        outcome: Closed | None = None
        try:
            outcome = table.outcome.model_validate({k: v for k, v in raw.items() if k not in ROW_KEYS})
        except ValidationError as error:
            self.invalid(lines, error, index)
        if len(self.problems) > before or outcome is None:
            return None
        clauses = cast("list[str] | str", raw["clauses"])
        return Row(
            id=str(raw["id"]),
            clauses=(clauses,) if isinstance(clauses, str) else tuple(clauses),
            force=force,
            when=when,
            unless=unless,
            outcome=outcome,
            reading=raw.get("reading"),
            file=lines.file,
            line=lines.line(index),
            permit=permit,
        )

    def _cells(self, table: Table[Any], lines: Lines, index: int, when: Any) -> Iterator[Predicate]:
        if not isinstance(when, dict):
            self.problems.append(
                Problem(
                    lines.file, lines.line(index, "when"), "when is a mapping of facts", "when: {body: [executive]}"
                )
            )
            return
        for name, written in cast("dict[str, Any]", when).items():
            fact = table.facts.get(name)
            if fact is None:
                known = ", ".join(table.facts) or "none"
                self.problems.append(
                    Problem(
                        lines.file,
                        lines.line(index, "when", name),
                        f"{table.name} has no fact {name}",
                        f"facts are: {known}",
                    )
                )
                continue
            try:
                yield compile_predicate(name, fact, written)
            except BadPredicate as error:
                self.problems.append(Problem(lines.file, lines.line(index, "when", name), str(error), ""))


def load_pack(folder: Path) -> Pack:
    """One pack.

    Raises:
        PackRefused: with every problem found, sorted by file and line.
    """
    return _Loader(folder).load()


# -- checks over the whole pack ------------------------------------------


def _checks(pack: Pack, files: Mapping[str, Lines]) -> Iterator[Problem]:
    for name, rows in pack.tables.items():
        table = TABLES[name]
        for row in rows:
            yield from _cited(pack, row)
            yield from _known_words(pack, table, row)
            yield from _known_selectors(pack, row)
            if row.force == "in_principle" and name in ("gates", "checks", "agenda") and row.permit is None:
                yield Problem(
                    row.file,
                    row.line,
                    f"{row.id} holds in principle, and nobody may excuse it",
                    "add excused_by: {post: …}",
                )
        if table.hit == "first":
            yield from _unreachable(rows)
        if table.hit == "unique":
            yield from _overlaps(rows)
    yield from _vocabulary_of_outcomes(pack)
    yield from _silences(pack, files)
    for entry in pack.head.not_modelled:
        if entry.clause not in pack.clauses:
            yield Problem(
                files["pack"].file,
                files["pack"].line("not_modelled"),
                f"not_modelled names {entry.clause}, which is no clause",
                "mend the id",
            )


def _cited(pack: Pack, row: Row[Any]) -> Iterator[Problem]:
    for clause in row.clauses:
        if clause not in pack.clauses:
            yield Problem(
                row.file,
                row.line,
                f"{row.id} cites {clause}, which is not in clauses.yaml",
                "mend the id or add the clause",
            )


def _known_words(pack: Pack, table: Table[Any], row: Row[Any]) -> Iterator[Problem]:
    for cell in row.when:
        words = table.facts[cell.fact].words
        if words is None:
            continue
        known = pack.vocabulary(words)
        if not known and isinstance(words, str):
            yield Problem(
                row.file, row.line, f"{row.id}: the pack has no vocabulary {words}", f"add {words} to words.yaml"
            )
            continue
        for word in sorted(cell.words - frozenset(known)):
            yield Problem(
                row.file,
                row.line,
                f"{row.id}: {cell.fact} knows no word {word}",
                f"one of {', '.join(sorted(known))[:300]}",
            )


def _known_selectors(pack: Pack, row: Row[Any]) -> Iterator[Problem]:
    posts, groups, units = (pack.words.get(name, {}) for name in ("posts", "groups", "units"))
    for selector in (*selectors_in(row.outcome), *selectors_in(row.permit)):
        if selector.how == "post" and selector.name not in posts:
            yield Problem(row.file, row.line, f"{row.id}: there is no post {selector.name}", "add it to posts.yaml")
        if selector.how == "group" and selector.name not in groups:
            yield Problem(row.file, row.line, f"{row.id}: there is no group {selector.name}", "add it to groups.yaml")
        if selector.how == "unit" and selector.name not in units:
            yield Problem(row.file, row.line, f"{row.id}: there is no unit {selector.name}", "add it to units.yaml")


def _weaker(earlier: Row[Any], later: Row[Any]) -> bool:
    """Whether the earlier row matches all that the later one matches, as far as the cells can tell."""
    cells = {cell.fact: cell for cell in later.when}
    if any(unless for unless in earlier.unless):
        return False
    return all(cell.fact in cells and _covers(cell, cells[cell.fact]) for cell in earlier.when)


def _covers(wide: Predicate, narrow: Predicate) -> bool:
    """Whether whatever the narrow cell lets through, the wide one lets through as well."""
    if wide.written == narrow.written:
        return True
    ways = (wide.how, narrow.how)
    if ways in (("any_of", "any_of"), ("has_any", "has_any")):
        return narrow.words <= wide.words
    if ways == ("has_any", "has_all"):
        return not narrow.words.isdisjoint(wide.words)
    if ways == ("has_all", "has_all"):
        return wide.words <= narrow.words
    if ways == ("not", "any_of"):
        return narrow.words.isdisjoint(wide.words)
    if ways == ("between", "between"):
        low = wide.low is None or (narrow.low is not None and narrow.low >= wide.low)
        return low and (wide.high is None or (narrow.high is not None and narrow.high <= wide.high))
    return False


def _unreachable(rows: Sequence[Row[Any]]) -> Iterator[Problem]:
    for index, row in enumerate(rows):
        for earlier in rows[:index]:
            if _weaker(earlier, row):
                yield Problem(
                    row.file,
                    row.line,
                    f"{row.id} is never reached: {earlier.id} above matches all it matches",
                    "put the special row above the general one",
                )
                break


def _overlaps(rows: Sequence[Row[Any]]) -> Iterator[Problem]:
    for index, row in enumerate(rows):
        for other in rows[:index]:
            if not _disjoint(row, other):
                yield Problem(
                    row.file,
                    row.line,
                    f"{row.id} and {other.id} can both match, and this table allows one",
                    "tell them apart by a fact",
                )


def _disjoint(one: Row[Any], other: Row[Any]) -> bool:
    cells = {cell.fact: cell for cell in other.when}
    for cell in one.when:
        match = cells.get(cell.fact)
        if match is None:
            continue
        if cell.how == match.how == "is" and cell.written != match.written:
            return True
        if cell.how == match.how == "any_of" and cell.words.isdisjoint(match.words):
            return True
    return False


def _vocabulary_of_outcomes(pack: Pack) -> Iterator[Problem]:
    bodies = pack.vocabulary("bodies")
    evidence = pack.words.get("evidence", {})
    for row in pack.tables.get("competence", ()):
        if isinstance(row.outcome, Competent) and row.outcome.body not in bodies:
            yield Problem(
                row.file,
                row.line,
                f"{row.id}: there is no body {row.outcome.body}",
                f"one of {', '.join(sorted(bodies))}",
            )
    for row in pack.tables.get("gates", ()):
        if isinstance(row.outcome, Gate):
            for name in (name for need in row.outcome.require for name in need.evidence):
                if name not in evidence:
                    yield Problem(
                        row.file,
                        row.line,
                        f"{row.id}: evidence {name} has no words",
                        "add it to evidence in words.yaml",
                    )
    for row in pack.tables.get("clocks", ()):
        if (
            isinstance(row.outcome, Clock)
            and row.outcome.from_setting
            and row.outcome.from_setting not in pack.head.settings
        ):
            yield Problem(
                row.file,
                row.line,
                f"{row.id}: there is no setting {row.outcome.from_setting}",
                "add it to settings in pack.yaml, null where nobody set it",
            )


def _silences(pack: Pack, files: Mapping[str, Lines]) -> Iterator[Problem]:
    for index, silence in enumerate(pack.head.silent):
        contradicted: str | None = None
        if silence in TABLES and pack.tables.get(silence):
            contradicted = pack.tables[silence][0].id
        elif silence == "quorum":
            contradicted = next((r.id for r in pack.tables.get("bodies", ()) if r.outcome.quorum is not None), None)
        elif silence == "agenda_lead":
            contradicted = next((r.id for r in pack.tables.get(AGENDA.name, ()) if r.outcome.lead is not None), None)
        elif silence == "papers_delivery":
            contradicted = next((r.id for r in pack.tables.get("bodies", ()) if r.outcome.papers is not None), None)
        elif silence == "minutes_issue_limit":
            contradicted = next(
                (r.id for r in pack.tables.get("clocks", ()) if r.outcome.name == "minutes_issue"), None
            )
        elif silence not in SILENCES:
            yield Problem(
                files["pack"].file,
                files["pack"].line("silent", index),
                f"nobody knows what silence on {silence} means",
                f"one of {', '.join(SILENCES)}",
            )
        if contradicted is not None:
            yield Problem(
                files["pack"].file,
                files["pack"].line("silent", index),
                f"the pack says it is silent on {silence}, but {contradicted} speaks",
                "take one of the two away",
            )


def load_folder(folder: Path) -> dict[str, Pack]:
    """Every pack of a folder by id.

    Raises:
        PackRefused: with the problems of all packs together.
    """
    packs: dict[str, Pack] = {}
    problems: list[Problem] = []
    for place in sorted(path for path in folder.iterdir() if (path / "pack.yaml").exists()):
        try:
            pack = load_pack(place)
        except PackRefused as refused:
            problems += refused.problems
            continue
        packs[f"{pack.head.id}@{pack.head.version}"] = pack
    for one, other in pairwise(sorted(packs)):
        if one == other:
            problems.append(Problem(str(folder), 1, f"two folders hold the pack {one}", "rename one"))
    if problems:
        raise PackRefused(problems)
    return packs


def uncited(pack: Pack) -> list[str]:
    """Clauses that ask something of the software and are neither cited by a row nor given up with a reason."""
    return sorted(pack.coverage()[2])
