"""What can be wrong with a pack as a whole: names nobody declared, rows nobody reaches, silence that speaks. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from pydantic import ValidationError

from chancery.calendar import Span
from chancery.rules.cast import Cast
from chancery.rules.grammar import Predicate, selectors_in
from chancery.rules.pack import Pack, Row, Term
from chancery.rules.reading import Lines, Problem, instead_of
from chancery.rules.tables import (
    AGENDA,
    BODIES,
    CLOCKS,
    COMPETENCE,
    CONSULTATION,
    GATES,
    PUBLICATION,
    TABLES,
    TASK_SOURCES,
    Table,
)

SILENCES: Final = (*TABLES, "quorum", "agenda_lead", "papers_delivery", "minutes_issue_limit")
EXCUSED: Final = frozenset({"gates", "checks", "agenda"})
"""Tables whose rows may hold in principle only where somebody can excuse them."""
OF_THE_CASE: Final = frozenset({"applicant", "raiser"})
"""People of the case whom ``except`` may leave out, beside posts and groups."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What stands in the files, also where it is wrong: so that one fault is told once, where it is."""

    folder: str
    files: Mapping[str, Lines]
    bodies: frozenset[str]


def checks(pack: Pack, declared: Declared) -> list[Problem]:
    """Everything wrong with a pack that its files alone do not show."""
    return list(_Checks(pack, declared).all())


class _Checks:
    def __init__(self, pack: Pack, declared: Declared) -> None:
        self.pack = pack
        self.declared = declared
        self.clocks = frozenset(str(row.outcome.name) for row in pack.tables.get(CLOCKS.name, ()))

    def vocabulary(self, words: str | tuple[str, ...]) -> frozenset[str]:
        if words == BODIES.name:
            return self.declared.bodies
        return frozenset(self.pack.vocabulary(words))

    def in_file(self, name: str, what: str, how: str, *where: int | str) -> Problem:
        lines = self.declared.files.get(name)
        return Problem(f"{self.declared.folder}/{name}.yaml", lines.line(*where) if lines else 1, what, how)

    def all(self) -> Iterator[Problem]:
        yield from self._head()
        yield from self._vocabularies()
        yield from self._cast()
        for name, rows in self.pack.tables.items():
            table = TABLES[name]
            for row in rows:
                yield from self._row(table, row)
            if table.hit == "first":
                yield from _unreachable(rows)
            if table.hit == "unique":
                yield from _overlaps(rows)
            if table.hit == "by_name":
                for shared in {str(row.outcome.name): None for row in rows}:
                    yield from _unreachable([row for row in rows if row.outcome.name == shared])
        yield from self._silences()

    # -- rows ----------------------------------------------------------------

    def _row(self, table: Table[Any], row: Row[Any]) -> Iterator[Problem]:
        for clause in row.clauses:
            if clause not in self.pack.clauses:
                yield _at(row, f"cites {clause}, which is not in clauses.yaml", "mend the id or add the clause")
        for cell in row.when:
            yield from self._known(row, cell.fact, table.facts[cell.fact].words, cell.words)
        yield from self._selectors(row)
        if row.force == "in_principle" and table.name in EXCUSED and row.permit is None:
            yield _at(row, "holds in principle, and nobody may excuse it", "add excused_by: {post: …}")
        for key, words, named in _named_in(table, row.outcome):
            yield from self._known(row, key, words, frozenset(named))
        if table is CLOCKS and row.outcome.from_setting is not None:
            yield from self._setting_of(row, row.outcome.from_setting)
        if table is TASK_SOURCES and row.outcome.clock is not None and row.outcome.clock not in self.clocks:
            how = instead_of(row.outcome.clock, sorted(self.clocks))
            yield _at(row, f"there is no clock {row.outcome.clock}", how)

    def _known(
        self, row: Row[Any], what: str, words: str | tuple[str, ...] | None, named: frozenset[str]
    ) -> Iterator[Problem]:
        if words is None or not named:
            return
        known = self.vocabulary(words)
        if not known:
            yield _at(row, f"the pack has no vocabulary {words}", f"add {words}, or take {what} away")
            return
        for word in sorted(named - known):
            yield _at(row, f"{what} knows no word {word}", instead_of(word, sorted(known)))

    def _selectors(self, row: Row[Any]) -> Iterator[Problem]:
        posts, groups, units = (self.pack.words.get(name, {}) for name in ("posts", "groups", "units"))
        for selector in (*selectors_in(row.outcome), *selectors_in(row.permit)):
            held: Mapping[str, Term] | None = {"post": posts, "group": groups, "unit": units}.get(selector.how)
            if held is not None and selector.name not in held:
                how = instead_of(selector.name, sorted(held))
                yield _at(row, f"there is no {selector.how} {selector.name}", how)
            for left_out in selector.without:
                if left_out not in posts and left_out not in groups and left_out not in OF_THE_CASE:
                    yield _at(row, f"except names {left_out}", "a post, a group, applicant or raiser")

    def _setting_of(self, row: Row[Any], setting: str) -> Iterator[Problem]:
        settings = self.pack.head.settings
        if setting not in settings:
            yield _at(
                row, f"there is no setting {setting}", "add it to settings in pack.yaml, null where nobody set it"
            )
        elif settings[setting] is not None and _span(settings[setting]) is None:
            how = "write {n: 5, unit: working_day}, or null"
            yield self.in_file("pack", f"the setting {setting} is no span of time", how, "settings", setting)

    # -- head and words --------------------------------------------------------

    def _head(self) -> Iterator[Problem]:
        head = self.pack.head
        for index, clause in enumerate(head.clauses):
            if clause not in self.pack.clauses:
                said = f"the head rests on {clause}, which is no clause"
                yield self.in_file("pack", said, "mend the id or add the clause", "clauses", index)
        for index, entry in enumerate(head.not_modelled):
            if entry.clause not in self.pack.clauses:
                said = f"not_modelled names {entry.clause}, which is no clause"
                yield self.in_file("pack", said, "mend the id", "not_modelled", index)
        for word, act in head.bases.items():
            if act.replaced_by is not None and act.replaced_by not in head.bases:
                said = f"{word} was replaced by {act.replaced_by}, which is not among bases"
                yield self.in_file("pack", said, instead_of(act.replaced_by, sorted(head.bases)), "bases", word)
            for clause in act.clauses:
                if clause not in self.pack.clauses:
                    yield self.in_file(
                        "pack", f"{word} is named by {clause}, which is no clause", "mend the id", "bases", word
                    )
        for word, power in head.powers.items():
            if power.clause not in self.pack.clauses:
                said = f"the power {word} rests on {power.clause}, which is no clause"
                yield self.in_file("pack", said, "mend the id", "powers", word)
            for table in power.tables:
                if table not in TABLES:
                    said = f"the power {word} speaks of the table {table}, which is none"
                    yield self.in_file("pack", said, instead_of(table, tuple(TABLES)), "powers", word)
        for clause in self.pack.clauses.values():
            if clause.act is not None and clause.act not in head.bases:
                said = f"{clause.id} restates {clause.act}, which is not among bases in pack.yaml"
                yield self.in_file("clauses", said, instead_of(clause.act, sorted(head.bases)))
        closing = head.settings.get("closing_time")
        if closing is not None and not _is_time(closing):
            said = f"the setting closing_time is no time of day: {closing!r}"
            yield self.in_file("pack", said, 'write "17:30", or null', "settings", "closing_time")

    def _vocabularies(self) -> Iterator[Problem]:
        words = self.pack.words
        posts, groups, units = (words.get(name, {}) for name in ("posts", "groups", "units"))
        for post, term in posts.items():
            for kind in term.is_a:
                if kind not in posts:
                    how = instead_of(kind, sorted(posts))
                    yield self.in_file("posts", f"{post} is a {kind}, which is no post", how, post)
            if post in groups:
                yield self.in_file("groups", f"{post} is a post and a group", "rename the group", post)
        for group, term in groups.items():
            for part in term.posts:
                if part not in posts and part not in groups:
                    how = instead_of(part, sorted((*posts, *groups)))
                    yield self.in_file("groups", f"{group} holds {part}, which is no post", how, group)
        for unit, term in units.items():
            if term.parent is not None and term.parent not in units:
                how = instead_of(term.parent, sorted(units))
                yield self.in_file("units", f"{unit} is under {term.parent}, which is no unit", how, unit)
        for name, terms, up in (("posts", posts, "is_a"), ("groups", groups, "posts"), ("units", units, "parent")):
            for word in _in_a_circle(terms, up):
                yield self.in_file(name, f"{word} is within itself", "break the circle", word)

    def _cast(self) -> Iterator[Problem]:
        if not self.pack.cast:
            return
        cast_ = Cast.model_validate(self.pack.cast)
        posts, units = self.pack.words.get("posts", {}), self.pack.words.get("units", {})
        held: dict[tuple[str, str | None], list[tuple[date, date]]] = {}
        for index, seat in enumerate(cast_.appointments):
            where = ("appointments", index)
            yield from self._in_cast(where, seat.person, cast_.persons, "person")
            yield from self._in_cast(where, seat.post, posts, "post")
            yield from self._in_cast(where, seat.unit, units, "unit")
            if seat.post in posts and posts[seat.post].seats == "one":
                last = seat.until or date.max
                terms = held.setdefault((seat.post, seat.unit), [])
                if any(seat.from_ <= other_last and first <= last for first, other_last in terms):
                    said = f"{seat.post} has one seat, and two people hold it at a time"
                    yield self.in_file("cast", said, "end the earlier appointment before", *where)
                terms.append((seat.from_, last))
        for index, charge in enumerate(cast_.portfolios):
            yield from self._in_cast(("portfolios", index), charge.person, cast_.persons, "person")
            for unit in charge.units:
                yield from self._in_cast(("portfolios", index), unit, units, "unit")
        for index, pair in enumerate(cast_.pairings):
            for person in (pair.assistant, pair.principal):
                yield from self._in_cast(("pairings", index), person, cast_.persons, "person")

    def _in_cast(
        self, where: tuple[str, int], word: str | None, known: Mapping[str, Any], what: str
    ) -> Iterator[Problem]:
        if word is not None and word not in known:
            yield self.in_file("cast", f"there is no {what} {word}", instead_of(word, sorted(known)), *where)

    # -- silence -----------------------------------------------------------------

    def _silences(self) -> Iterator[Problem]:
        for index, silence in enumerate(self.pack.head.silent):
            if silence not in SILENCES:
                said = f"nobody knows what silence on {silence} means"
                yield self.in_file("pack", said, instead_of(silence, SILENCES), "silent", index)
                continue
            speaks = next(self._speaking_of(silence), None)
            if speaks is not None:
                said = f"the pack says it is silent on {silence}, but {speaks.id} speaks ({speaks.file}:{speaks.line})"
                yield self.in_file("pack", said, "take one of the two away", "silent", index)

    def _speaking_of(self, silence: str) -> Iterator[Row[Any]]:
        rows = self.pack.tables.get
        match silence:
            case "quorum":
                yield from (row for row in rows(BODIES.name, ()) if row.outcome.quorum is not None)
            case "papers_delivery":
                yield from (row for row in rows(BODIES.name, ()) if row.outcome.papers is not None)
            case "agenda_lead":
                yield from (row for row in rows(AGENDA.name, ()) if row.outcome.lead is not None)
            case "minutes_issue_limit":
                yield from (row for row in rows(CLOCKS.name, ()) if row.outcome.name == "minutes_issue")
            case table:
                yield from rows(table, ())


def _at(row: Row[Any], what: str, how: str) -> Problem:
    return Problem(row.file, row.line, f"{row.id}: {what}", how)


def _named_in(table: Table[Any], outcome: Any) -> Iterable[tuple[str, str, Iterable[str]]]:
    """Words an outcome takes from a vocabulary: key, vocabulary, words."""
    if table is COMPETENCE:
        yield "body", BODIES.name, [outcome.body]
    if table is GATES:
        yield "evidence", "evidence", [name for need in outcome.require for name in need.evidence]
    if table is AGENDA:
        yield "proposers", "proposers", outcome.proposers
    if table is CONSULTATION:
        yield "never_deemed", "evidence", outcome.never_deemed
    if table is PUBLICATION:
        yield "needs", "evidence", outcome.needs
        yield "channels", "channels", outcome.channels
        yield "grounds", "grounds", outcome.grounds
        yield "gives", "evidence", outcome.gives


def _span(written: object) -> Span | None:
    try:
        return Span.model_validate(written)
    except ValidationError:
        return None


def _is_time(written: object) -> bool:
    if not isinstance(written, str):
        return False
    try:
        time.fromisoformat(written)
    except ValueError:
        return False
    return True


def _in_a_circle(terms: Mapping[str, Term], up: str) -> Iterator[str]:
    """Words that reach themselves by going up."""

    def above(word: str) -> Sequence[str]:
        found: str | tuple[str, ...] | None = getattr(terms[word], up, None) if word in terms else None
        return (found,) if isinstance(found, str) else found or ()

    for word in terms:
        seen: set[str] = set()
        left = list(above(word))
        while left:
            one = left.pop()
            if one == word:
                yield word
                break
            if one not in seen:
                seen.add(one)
                left += above(one)


# -- rows against rows -----------------------------------------------------------


def _unreachable(rows: Sequence[Row[Any]]) -> Iterator[Problem]:
    for index, row in enumerate(rows):
        for earlier in rows[:index]:
            if _weaker(earlier, row):
                said = f"is never reached: {earlier.id} above matches all it matches"
                yield _at(row, said, "put the special row above the general one")
                break


def _weaker(earlier: Row[Any], later: Row[Any]) -> bool:
    """Whether the earlier row matches all that the later one matches, as far as the cells can tell."""
    cells = {cell.fact: cell for cell in later.when}
    if earlier.unless:
        return False
    return all(cell.fact in cells and _covers(cell, cells[cell.fact]) for cell in earlier.when)


def _covers(wide: Predicate, narrow: Predicate) -> bool:
    """Whether whatever the narrow cell lets through, the wide one lets through as well."""
    if wide.written == narrow.written:
        return True
    match wide.how, narrow.how:
        case ("any_of", "any_of") | ("has_any", "has_any"):
            return narrow.words <= wide.words
        case ("has_any", "has_all"):
            return not narrow.words.isdisjoint(wide.words)
        case ("has_all", "has_all") | ("not", "not") | ("has_none", "has_none"):
            return wide.words <= narrow.words
        case ("not", "any_of"):
            return narrow.words.isdisjoint(wide.words)
        case ("between", "between"):
            low = wide.low is None or (narrow.low is not None and narrow.low >= wide.low)
            return low and (wide.high is None or (narrow.high is not None and narrow.high <= wide.high))
        case _:
            return False


def _overlaps(rows: Sequence[Row[Any]]) -> Iterator[Problem]:
    for index, row in enumerate(rows):
        for other in rows[:index]:
            if not disjoint(row, other):
                yield _at(row, f"and {other.id} can both match, and this table allows one", "tell them apart by a fact")


def disjoint(one: Row[Any], other: Row[Any]) -> bool:
    """Whether no case can be of both rows, as far as their cells tell."""
    cells = {cell.fact: cell for cell in other.when}
    return any(cell.fact in cells and _apart(cell, cells[cell.fact]) for cell in one.when)


def _apart(one: Predicate, other: Predicate) -> bool:
    """Whether no value passes both cells, as far as they can tell."""
    match one.how, other.how:
        case "is", "is":
            return one.written != other.written
        case "any_of", "any_of":
            return one.words.isdisjoint(other.words)
        case "any_of", "not":
            return one.words <= other.words
        case "not", "any_of":
            return other.words <= one.words
        case "between", "between":
            return _below(one, other) or _below(other, one)
        case ("has_none", "has_all") | ("has_all", "has_none"):
            return not one.words.isdisjoint(other.words)
        case "has_none", "has_any":
            return other.words <= one.words
        case "has_any", "has_none":
            return one.words <= other.words
        case _:
            return False


def _below(one: Predicate, other: Predicate) -> bool:
    return one.high is not None and other.low is not None and one.high < other.low
