"""Load a pack's folder. Every problem at once, each with file, line, what is wrong and how to mend it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from chancery.rules.cast import Cast
from chancery.rules.checks import Declared, checks
from chancery.rules.grammar import BadPredicate, Closed, Force, Predicate, Selector, Unless, compile_predicate
from chancery.rules.pack import Clause, Dates, Head, Pack, Row, Term
from chancery.rules.reading import SAFE, Lines, PackRefused, Problem, instead_of, read_lines
from chancery.rules.tables import TABLES, VOCABULARIES, Bilingual, Table

__all__ = ["ROW_KEYS", "SAFE", "Lines", "PackRefused", "Problem", "load_folder", "load_pack", "uncited"]

ROW_KEYS: Final = ("id", "clauses", "force", "when", "unless", "reading", "excused_by")
ROW_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
UNLESS: Final = TypeAdapter(tuple[Unless, ...])
FORCES: Final = cast("tuple[str, ...]", get_args(Force))
OWN_FILES: Final = ("posts", "units", "groups", "features", "kinds")
FILES: Final = ("pack", "clauses", *VOCABULARIES, "cast", *TABLES)


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.files: dict[str, Lines] = {}
        self.words: dict[str, dict[str, Term]] = {}
        self.clauses: dict[str, Clause] = {}
        self.tables: dict[str, tuple[Row[Any], ...]] = {}
        self.bodies: set[str] = set()

    # -- reading ---------------------------------------------------------

    def read(self, name: str) -> Lines | None:
        """A file of the pack, or None where it is not there or empty."""
        path = self.folder / f"{name}.yaml"
        if not path.exists():
            return None
        lines = read_lines(path, f"{self.folder.name}/{path.name}")
        self.problems += lines.problems
        self.files[name] = lines
        return lines if lines.node is not None else None

    def problem(self, name: str, line: int, what: str, how: str = "") -> None:
        self.problems.append(Problem(f"{self.folder.name}/{name}", line, what, how))

    def invalid(self, lines: Lines, model: type[BaseModel], error: ValidationError, *where: int | str) -> None:
        """What a value lacks of its model, a sentence each."""
        wrong = error.errors(include_url=False)
        for found in wrong:
            place = found["loc"]
            inner = any(other is not found and other["loc"][: len(place)] == place for other in wrong)
            if found["type"] == "too_short" and inner:
                continue  # what is wrong within is told already
            path = ".".join(map(str, place))
            what, how = _SAID.get(found["type"], found["msg"].removeprefix("Value error, ")), ""
            if found["type"] == "extra_forbidden":
                known = [f.alias or name for name, f in model.model_fields.items()] if len(place) == 1 else []
                also = [key for key in ROW_KEYS if len(place) == 1 and model in _OUTCOMES]
                what = f"the key {place[-1]} is not known here"
                how = instead_of(place[-1], [*known, *also]) if known else "see the table's keys in packs/README.md"
            elif found["type"] == "missing":
                what, how = f"{place[-1]} is missing", f"add {place[-1]}"
            elif found["type"] not in ("value_error", "too_short"):
                what = f"{what}, not {_short(found['input'])}"
            how = how or _mend(found["type"], found["input"], found.get("ctx", {}))
            said = f"{path}: {what}" if path and not what.startswith("the key") else what
            self.problems.append(Problem(lines.file, lines.line(*where, *place), said, how))

    def load(self) -> Pack:
        """The pack, or every problem."""
        head = self._head()
        self._vocabularies()
        self._clauses()
        for table in TABLES.values():
            self._table(table)
        cast_value = self._cast()
        self._stray_files()
        pack = Pack(head or self._stand_in(), self.clauses, self.words, self.tables, cast_value)
        self.problems += checks(pack, Declared(self.folder.name, self.files, frozenset(self.bodies)))
        if self.problems or head is None:
            raise PackRefused(sorted(set(self.problems), key=lambda p: (p.file, p.line, p.what)))
        return pack

    def _stray_files(self) -> None:
        for path in sorted(self.folder.iterdir()):
            if path.suffix == ".yaml" and path.stem not in FILES:
                self.problem(path.name, 1, f"there is no table {path.stem}", instead_of(path.stem, FILES))
            elif path.suffix in (".yml", ".json") and path.is_file():
                self.problem(path.name, 1, f"files ending in {path.suffix} are not read", f"call it {path.stem}.yaml")

    # -- head, words, clauses, cast -------------------------------------------

    def _head(self) -> Head | None:
        lines = self.read("pack")
        if lines is None:
            if not self.files.get("pack") or not self.files["pack"].problems:
                self.problem("pack.yaml", 1, "the pack has no head", "write pack.yaml as in packs/README.md")
            return None
        try:
            return Head.model_validate(lines.value)
        except ValidationError as error:
            self.invalid(lines, Head, error)
            return None

    def _stand_in(self) -> Head:
        """A head to go on checking with where the pack's own is wrong."""
        nothing = Bilingual(zh="", en="")
        blank: dict[str, Any] = {
            "id": self.folder.name,
            "version": "",
            "title": nothing,
            "tier": "district",
            "issuer": nothing,
            "dates": Dates.model_construct(),
        }
        settings: Any = self.files["pack"].mapping.get("settings") if "pack" in self.files else None
        known = cast("dict[str, Any]", settings) if isinstance(settings, dict) else {}
        return Head.model_construct(**blank, settings=known)

    def _vocabularies(self) -> None:
        for name in OWN_FILES:
            lines = self.read(name)
            if lines is not None:
                self.words[name] = self._terms(lines, lines.value)
        lines = self.read("words")
        if lines is None:
            return
        if not lines.mapping:
            self.problem("words.yaml", 1, "words.yaml is a mapping of vocabularies", "evidence: {word: {zh: …, en: …}}")
        for name, terms in lines.mapping.items():
            if name in OWN_FILES:
                self.problem("words.yaml", lines.line(name), f"{name} has a file of its own", f"move it to {name}.yaml")
                continue
            self.words[str(name)] = self._terms(lines, terms, name)

    def _terms(self, lines: Lines, value: Any, *where: str) -> dict[str, Term]:
        found: dict[str, Term] = {}
        if not isinstance(value, dict):
            self.problems.append(
                Problem(lines.file, lines.line(*where), "a vocabulary is a mapping of words", "word: {zh: …, en: …}")
            )
            return found
        for word, term in cast("dict[Any, Any]", value).items():
            if not isinstance(word, str) or not WORD.fullmatch(word):
                self.problems.append(
                    Problem(lines.file, lines.line(*where, word), f"{word!r} is no word", "small letters, digits and _")
                )
            try:
                found[str(word)] = Term.model_validate(term)
            except ValidationError as error:
                self.invalid(lines, Term, error, *where, word)
                found[str(word)] = Term.model_construct(zh=str(word), en=str(word))
        return found

    def _clauses(self) -> None:
        lines = self.read("clauses")
        if lines is None:
            if "clauses" not in self.files or not self.files["clauses"].problems:
                self.problem("clauses.yaml", 1, "the pack has no clause catalogue", "add clauses.yaml")
            return
        if not isinstance(lines.value, list):
            self.problem("clauses.yaml", 1, "the catalogue is a list of clauses", "begin each with `- id:`")
            return
        for index, entry in enumerate(cast("list[Any]", lines.value)):
            try:
                clause = Clause.model_validate(entry)
            except ValidationError as error:
                self.invalid(lines, Clause, error, index)
                continue
            if clause.id in self.clauses:
                self.problem(
                    "clauses.yaml", lines.line(index), f"{clause.id} stands twice", "give each clause its own id"
                )
            self.clauses[clause.id] = clause

    def _cast(self) -> Mapping[str, Any]:
        lines = self.read("cast")
        if lines is None:
            return {}
        try:
            Cast.model_validate(lines.value)
        except ValidationError as error:
            self.invalid(lines, Cast, error)
            return {}
        return lines.mapping

    # -- tables ----------------------------------------------------------

    def _table(self, table: Table[Any]) -> None:
        lines = self.read(table.name)
        if lines is None:
            return
        if not isinstance(lines.value, list):
            self.problems.append(Problem(lines.file, 1, "a table is a list of rows", "begin each row with `- id:`"))
            return
        rows: list[Row[Any]] = []
        seen: dict[str, int] = {}
        for index, entry in enumerate(cast("list[Any]", lines.value)):
            if not isinstance(entry, dict):
                self.problems.append(
                    Problem(lines.file, lines.line(index), "a row is a mapping", "- {id: …, clauses: […], when: {…}}")
                )
                continue
            raw = cast("dict[str, Any]", entry)
            id_ = str(raw.get("id"))
            if id_ in seen and raw.get("id"):
                said = f"the row id {id_} stands twice, first in line {seen[id_]}"
                self.problems.append(Problem(lines.file, lines.line(index), said, "rename one row"))
            seen.setdefault(id_, lines.line(index))
            if table.hit == "by_id":
                self.bodies.add(id_)
            row = self._row(table, lines, index, raw)
            if row is not None:
                rows.append(row)
        self.tables[table.name] = tuple(rows)

    def _row(self, table: Table[Any], lines: Lines, index: int, raw: dict[str, Any]) -> Row[Any] | None:
        before = len(self.problems)

        def wrong(key: str, what: str, how: str) -> None:
            self.problems.append(Problem(lines.file, lines.line(index, key), what, how))

        id_, clauses, force = raw.get("id"), raw.get("clauses"), raw.get("force", "must")
        pattern, told = (WORD, "a word: small letters, digits and _") if table.hit == "by_id" else (ROW_ID, "")
        if not id_:
            wrong("id", "the row has no id", "every row has an id of its own")
        elif not isinstance(id_, str) or not pattern.fullmatch(id_):
            wrong("id", f"{id_!r} is no id of a row", told or "small letters, digits, - and _")
        listed: Any = [clauses] if isinstance(clauses, str) else clauses
        cited = cast("list[Any]", listed) if isinstance(listed, list) else []
        if not cited or not all(isinstance(clause, str) for clause in cited):
            wrong("clauses", "the row has no clauses", "clauses: [AB-1-2], of the catalogue")
        if force not in FORCES:
            wrong("force", f"force {force!r} is not known", instead_of(force, FORCES))
        when = tuple(self._cells(table, lines, index, raw.get("when") or {}))
        unless: tuple[Unless, ...] = ()
        permit: Selector | None = None
        reading: Bilingual | None = None
        outcome: Closed | None = None
        try:
            unless = UNLESS.validate_python(raw.get("unless", ()))
        except ValidationError as error:
            self.invalid(lines, Unless, error, index, "unless")
        try:
            permit = Selector.model_validate(raw["excused_by"]) if "excused_by" in raw else None
        except ValidationError as error:
            self.invalid(lines, Selector, error, index, "excused_by")
        try:
            reading = Bilingual.model_validate(raw["reading"]) if "reading" in raw else None
        except ValidationError:
            wrong("reading", "a reading is a sentence in both languages", "reading: {zh: …, en: …}, the choice made")
        try:
            outcome = table.outcome.model_validate({str(k): v for k, v in raw.items() if k not in ROW_KEYS})
        except ValidationError as error:
            self.invalid(lines, table.outcome, error, index)
        if len(self.problems) > before or outcome is None:
            return None
        return Row(
            id=str(id_),
            clauses=tuple(cited),
            force=force,
            when=when,
            unless=unless,
            outcome=outcome,
            reading=reading,
            file=lines.file,
            line=lines.line(index),
            permit=permit,
        )

    def _cells(self, table: Table[Any], lines: Lines, index: int, when: Any) -> Iterator[Predicate]:
        if not isinstance(when, dict):
            self.problems.append(
                Problem(lines.file, lines.line(index, "when"), "when is a mapping of facts", "when: {fact: …}")
            )
            return
        for name, written in cast("dict[Any, Any]", when).items():
            line = lines.line(index, "when", name)
            fact = table.facts.get(name)
            if fact is None:
                how = instead_of(name, tuple(table.facts)) if table.facts else "its rows are asked by their id"
                self.problems.append(Problem(lines.file, line, f"{table.name} has no fact {name}", how))
                continue
            try:
                yield compile_predicate(name, fact, written)
            except BadPredicate as error:
                how = "write the cell so, or take it away"
                self.problems.append(Problem(lines.file, line, str(error), how))


_SAID: Final = {
    "tuple_type": "this is a list",
    "model_type": "this is a mapping of its keys",
    "dict_type": "this is a mapping",
    "string_type": "this is text (put it in quotes)",
    "too_short": "at least one is needed",
}
_OUTCOMES: Final = frozenset(table.outcome for table in TABLES.values())


MENDED: Final = {
    "tuple_type": "[one, two], or one `- ` a line",
    "model_type": "{key: value, …}",
    "dict_type": "{key: value, …}",
    "string_type": "put it in quotes",
    "too_short": "add one, or take the key away",
    "value_error": "see the table and its example in packs/README.md",
    "date_from_datetime_parsing": "a day of the calendar: 2024-01-31",
    "bool_parsing": "true or false, without quotes",
    "int_parsing": "a whole number, without quotes",
    "float_parsing": "a number, without quotes",
    "string_pattern_mismatch": "letters, digits and signs in that order; see packs/README.md",
    "string_too_short": "write it out",
    "string_too_long": "say it shorter",
    "less_than_equal": "a smaller number",
    "greater_than_equal": "a larger number",
    "greater_than": "a larger number",
}


def _mend(kind: str, written: object, context: Mapping[str, Any]) -> str:
    """How to mend a value of the wrong kind: what was meant, perhaps, or what there is."""
    if kind in ("literal_error", "enum"):
        return instead_of(written, re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    return MENDED.get(kind, "see the key in packs/README.md")


def _short(written: object) -> str:
    said = repr(written)
    return said if len(said) <= 60 else f"{said[:57]}…"


def load_pack(folder: Path) -> Pack:
    """One pack.

    Raises:
        PackRefused: with every problem found, sorted by file and line.
    """
    if not folder.is_dir():
        raise PackRefused([Problem(str(folder), 1, "there is no such folder", "name the folder of a pack")])
    return _Loader(folder).load()


def load_folder(folder: Path) -> dict[str, Pack]:
    """Every pack of a folder, by ``id@version``.

    Raises:
        PackRefused: with the problems of all packs together.
    """
    if not folder.is_dir():
        raise PackRefused([Problem(str(folder), 1, "there is no such folder", "name the folder that holds the packs")])
    packs: dict[str, Pack] = {}
    held: dict[str, str] = {}
    problems: list[Problem] = []
    for place in sorted(path for path in folder.iterdir() if (path / "pack.yaml").exists()):
        try:
            pack = load_pack(place)
        except PackRefused as refused:
            problems += refused.problems
            continue
        name = f"{pack.head.id}@{pack.head.version}"
        if name in held:
            said = f"this pack is {name}, and so is that in {held[name]}"
            problems.append(Problem(f"{place.name}/pack.yaml", 1, said, "give a reissue a version of its own"))
        packs[name], held[name] = pack, place.name
    if problems:
        raise PackRefused(problems)
    return packs


def uncited(pack: Pack) -> list[str]:
    """Clauses that ask something of the software and are neither cited by a row nor given up with a reason."""
    return sorted(pack.coverage()[2])
