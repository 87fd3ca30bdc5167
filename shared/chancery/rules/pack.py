"""A rule pack: one government's rules, compiled. Frozen, cheap to ask, and it always says which rows answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from string import Formatter
from typing import Annotated, Any, Final, Generic, Literal, TypeVar, cast

from pydantic import AfterValidator, Field

from chancery.envelope import PackRef
from chancery.refusal import Citation
from chancery.rules.grammar import Closed, Fact, Facts, Predicate, Selector, Unless, Word
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import TABLES, Bilingual, Body, Table

O = TypeVar("O", bound=Closed)  # noqa: E741  an outcome


Excepted = Callable[[Unless], bool]
"""Whether an exception that rows name is claimed in the case at hand, with what it needs."""
Tier = Literal["national", "province", "city", "district", "town"]
EXCEPTIONS: Final = Fact("set")
"""Exceptions claimed and proved: what every table can be asked with beside its own facts."""


class BadFacts(ValueError):
    """The caller asked with facts the table does not have, or with words the pack does not know."""


class Clause(Closed):
    """One clause of the text, in our own words. ``kind`` says what it asks of the software."""

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9]+[A-Za-z0-9-]*$")]
    article: str
    zh: str
    en: str
    kind: Literal["enforce", "derive", "track", "record", "declare"]
    act: Word | None = None
    """The act it restates, of the head's ``bases``; None: the pack's own text."""
    binds: tuple[Tier, ...] = ()
    """The tiers it binds; empty: all of them. A row binds whom all of its clauses bind."""


class Dates(Closed):
    """The dates of the instrument; ``governs`` names the one that counts."""

    adopted: date | None = None
    dated: date | None = None
    printed: date | None = None
    published: date | None = None
    effective: date
    governs: Literal["effective", "published", "dated"] = "effective"


class NotModelled(Closed):
    clause: str
    why: Bilingual


def _plain(pattern: str) -> str:
    """A number's pattern names its parts and nothing else of them: it is no template."""
    parts = [(name, spec, turned) for _, name, spec, turned in Formatter().parse(pattern) if name is not None]
    for name, spec, turned in parts:
        plain = not spec or (name == "seq" and spec.strip("0123456789") == "d")
        if name not in ("code", "year", "seq") or turned or not plain:
            raise ValueError(
                f"{pattern!r} has a part {{{name}}}: there are {{code}}, {{year}} and {{seq}} (or {{seq:05d}})"
            )
    if not any(name == "seq" for name, _, _ in parts):
        raise ValueError(f"{pattern!r} has no {{seq}}")
    return pattern


NumberPattern = Annotated[str, AfterValidator(_plain)]


class Numbering(Closed):
    """How a number is written: ``{code}〔{year}〕{seq}号`` with the parts in braces filled in.

    One without ``{year}`` counts on from year to year. ``of_kind`` are kinds of documents that are numbered for
    themselves: orders, letters.
    """

    code: str
    pattern: NumberPattern
    of_kind: "dict[Word, KindNumbering]" = Field(default_factory=dict["Word", "KindNumbering"])

    def of(self, kind: str | None) -> "Numbering | KindNumbering":
        """The form of one kind; that of the name where the kind has none of its own."""
        return self.of_kind.get(kind, self) if kind is not None else self


class KindNumbering(Closed):
    code: str
    pattern: NumberPattern


class Annex(Closed):
    name: str
    status: Literal["loaded", "missing"]


class Basis(Closed):
    """An act that the text rests on or names: its title, number, and the days between which it is in force.

    ``from`` None: the day was not read in a source. ``until`` is its last day, ``replaced_by`` the act that followed
    (a word of ``bases``). ``clauses`` are those of this pack that name it.
    """

    zh: str
    en: str
    number: str | None = None
    from_: date | None = Field(default=None, alias="from")
    until: date | None = None
    replaced_by: Word | None = None
    clauses: tuple[str, ...] = ()

    def holds(self, on: date) -> bool:
        return (self.from_ is None or self.from_ <= on) and (self.until is None or on <= self.until)


class Power(Closed):
    """A power that only some tiers have: those its ``clause`` binds. The words by which packs speak of using it.

    A row speaks of it where it names one of ``kinds`` or ``features``, or stands in one of ``tables``. ``weight`` note:
    where another tier speaks of it nothing is wrong, but the law of it does not bind there.
    """

    zh: str
    en: str
    clause: str
    kinds: tuple[Word, ...] = ()
    features: tuple[Word, ...] = ()
    tables: tuple[Word, ...] = ()
    weight: Literal["finding", "note"] = "finding"


class Head(Closed):
    """``pack.yaml``: whose rules, since when, and what is meant by its silence."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)+$")]
    version: str
    title: Bilingual
    tier: Tier
    issuer: Bilingual
    number: str | None = None
    dates: Dates
    supersedes: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    applies_to: tuple[str, ...] = ()
    areas: dict[str, str] = Field(default_factory=dict[str, str])
    interpreted_by: str | None = None
    silent: tuple[str, ...] = ()
    out_of_power: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
    settings: dict[str, Any] = Field(default_factory=dict[str, Any])
    numbers: dict[str, Numbering] = Field(default_factory=dict[str, Numbering])
    index_number: NumberPattern | None = None
    not_modelled: tuple[NotModelled, ...] = ()
    clauses: tuple[str, ...] = ()
    """What the head itself rests on: validity, succession, whom it applies to."""
    bases: dict[Word, Basis] = Field(default_factory=dict[str, Basis])
    """The acts the text names; ``lint`` looks whether each is in force."""
    powers: dict[Word, Power] = Field(default_factory=dict[str, Power])
    """Powers that only some tiers have, in a pack of higher law."""


class Term(Closed):
    """A word of the pack. Posts say how many seats, which line, whether they head a unit; units of which class."""

    zh: str
    en: str
    line: Literal["government", "party", "outside"] = "government"
    seats: Literal["one", "many"] = "many"
    is_a: tuple[str, ...] = ()
    heads_unit: bool = False
    kind: str | None = None
    posts: tuple[str, ...] = ()
    parent: str | None = None
    also: tuple[Word, ...] = ()
    """Words of other packs that mean this one: a pack asked beside another hears them so."""


@dataclass(frozen=True, slots=True)
class Row(Generic[O]):
    """One row, compiled: all of its predicates must hold, and no exception of ``unless`` be claimed."""

    id: str
    clauses: tuple[str, ...]
    force: str
    when: tuple[Predicate, ...]
    unless: tuple[Unless, ...]
    outcome: O
    reading: Bilingual | None
    file: str
    line: int
    permit: Selector | None = None

    def misses(self, facts: Facts) -> Predicate | None:
        """The first cell that does not hold, or None when the row matches."""
        for predicate in self.when:
            value = facts.get(predicate.fact)
            if value is None or not predicate.test(value):
                return predicate
        return None


@dataclass(frozen=True)
class Pack:
    """Everything of one pack. ``words`` maps a vocabulary to its terms."""

    head: Head
    clauses: Mapping[str, Clause]
    words: Mapping[str, Mapping[str, Term]]
    tables: Mapping[str, tuple[Row[Any], ...]]
    cast: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @cached_property
    def ref(self) -> PackRef:
        return PackRef(self.head.id, self.head.version)

    @cached_property
    def citations(self) -> Mapping[str, Mapping[str, tuple[Citation, ...]]]:
        """Per table and row, what it cites; made once."""
        return {
            table: {row.id: tuple(self.cite(c, row.id, row.force) for c in row.clauses) for row in rows}
            for table, rows in self.tables.items()
        }

    def cite(self, clause: str, row: str = "", force: str = "must") -> Citation:
        found = self.clauses.get(clause)
        return Citation(
            clause=clause,
            article=found.article if found else "",
            says_zh=found.zh if found else "",
            says_en=found.en if found else "",
            force=force,
            row=row,
            pack=self.head.id,
        )

    def rows(self, table: Table[O]) -> Sequence[Row[O]]:
        return cast("Sequence[Row[O]]", self.tables.get(table.name, ()))

    def ask(self, table: Table[O], facts: Facts, excepted: Excepted | None = None) -> Ruling[O]:
        """What a table says of given facts. ``exceptions`` in the facts are the exceptions claimed and proved.

        ``excepted`` says of each ``unless`` whether it is claimed with what it needs; see ``setting_aside.proved``.

        Raises:
            BadFacts: a fact the table does not have, or a word this pack does not know.
        """
        self.check_facts(table, facts)
        claimed = frozenset(cast("Sequence[str]", facts.get("exceptions") or ()))
        cites = self.citations.get(table.name, {})
        hits: list[Hit[O]] = []
        names: set[str] = set()
        for row in self.rows(table):
            if row.misses(facts) is not None or _excepted(row, claimed, excepted):
                continue
            if table.hit == "by_name":
                name = str(getattr(row.outcome, "name", row.id))
                if name in names:
                    continue
                names.add(name)
            hits.append(Hit(row.id, row.outcome, row.force, cites[row.id], row.permit))
            if table.hit in ("first", "unique"):
                break
        return Ruling(table.name, self.ref, tuple(hits))

    def check_facts(self, table: Table[Any], facts: Facts) -> None:
        """Refuse what the table cannot be asked with; a fact that is None is not known, and that is no fault.

        Raises:
            BadFacts: a fact the table does not have, a value of another type, or a word this pack does not know.
        """
        for name, value in facts.items():
            fact = EXCEPTIONS if name == "exceptions" else table.facts.get(name)
            if fact is None:
                known = ", ".join(table.facts)
                raise BadFacts(f"{table.name} has no fact {name}; it has {known}")
            if value is None:
                continue
            if not fact.takes(value):
                raise BadFacts(f"{table.name}: {name} is {fact.told}, not {value!r}")
            if fact.words is None or fact.kind in ("bool", "number"):
                continue
            known_words = self.vocabulary(fact.words)
            for word in (value,) if isinstance(value, str) else cast("Sequence[str]", value):
                if known_words and word not in known_words:
                    raise BadFacts(f"{name}: {self.head.id} does not know the word {word!r}")

    def vocabulary(self, words: str | tuple[str, ...]) -> frozenset[str] | tuple[str, ...]:
        """The words a fact may take; empty where the pack lists none (any word goes)."""
        if isinstance(words, tuple):
            return words
        found = self._vocabularies.get(words)
        if found is None:
            found = frozenset(self.words.get(words, {}))
            if words == "posts":
                found |= frozenset(self.words.get("groups", {}))
            if words == "bodies":
                found = frozenset(row.id for row in self.tables.get("bodies", ()))
            self._vocabularies[words] = found
        return found

    @cached_property
    def _vocabularies(self) -> dict[str, frozenset[str]]:
        return {}

    def body(self, id_: str) -> Body | None:
        """A body of this government by its word."""
        found = self._bodies.get(id_)
        return found.outcome if found else None

    def body_ruling(self, id_: str) -> Ruling[Body]:
        """The row of a body as a ruling, so that what rests on it can cite it."""
        row = self._bodies.get(id_)
        if row is None:
            return Ruling("bodies", self.ref, ())
        return Ruling("bodies", self.ref, (Hit(row.id, row.outcome, row.force, self.citations["bodies"][row.id]),))

    @cached_property
    def _bodies(self) -> Mapping[str, Row[Body]]:
        return {row.id: cast("Row[Body]", row) for row in self.tables.get("bodies", ())}

    def term(self, vocabulary: str, word: str) -> Term | None:
        return self.words.get(vocabulary, {}).get(word)

    def titled(self, word: str | None, language: Literal["zh", "en"]) -> str:
        """What people call a word of the pack, whichever vocabulary it is in; the word itself when none knows it."""
        if word is None:
            return ""
        body = self._bodies.get(word)
        if body is not None:
            return getattr(body.outcome.title, language)
        for terms in self.words.values():
            if word in terms:
                return getattr(terms[word], language)
        return word

    def posts_of(self, group: str) -> frozenset[str]:
        """The posts of a group, or the post itself, with every post that is one of its kind."""
        found = self._posts_of.get(group)
        if found is None:
            if group in self.words.get("groups", {}):
                found = frozenset(post for part in self.words["groups"][group].posts for post in self.posts_of(part))
            else:
                posts = self.words.get("posts", {})
                kinds = (self.posts_of(word) for word, term in posts.items() if group in term.is_a)
                found = frozenset({group}).union(*kinds)
            self._posts_of[group] = found
        return found

    @cached_property
    def _posts_of(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def unit_heads(self) -> frozenset[str]:
        """The posts whose holder heads the unit he is appointed in."""
        posts = self.words.get("posts", {})
        return frozenset(held for word, term in posts.items() if term.heads_unit for held in self.posts_of(word))

    def coverage(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """Clauses that ask something of the software: cited by a row, given up with a reason, and neither."""
        asked = frozenset(c.id for c in self.clauses.values() if c.kind in ("enforce", "derive", "track"))
        found = {c for rows in self.tables.values() for row in rows for c in row.clauses} | set(self.head.clauses)
        cited = asked & found
        given_up = frozenset(n.clause for n in self.head.not_modelled) & asked
        return cited, given_up - cited, asked - cited - given_up


def _excepted(row: Row[Any], claimed: frozenset[str], excepted: Excepted | None = None) -> bool:
    return any(
        not claimed.isdisjoint(unless.exception) or (excepted is not None and excepted(unless)) for unless in row.unless
    )


def table_named(name: str) -> Table[Any]:
    """A table by its name.

    Raises:
        BadFacts: there is no such table; names those there are.
    """
    found = TABLES.get(name)
    if found is None:
        raise BadFacts(f"there is no table {name}; there are {', '.join(TABLES)}")
    return found
