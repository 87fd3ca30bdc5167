"""A case explained: which rows answer, which do not and by what, and the smallest change that turns each. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final, Literal, cast

from chancery.rules.grammar import Closed, Facts, Predicate
from chancery.rules.pack import EXCEPTIONS, Pack, Row
from chancery.rules.tables import Table
from chancery.rules.wording import RowTold, Said, both, fact_title, row_told

MOST_TRIED: Final = 4000
"""Steps of the search for the smallest change of one row; far more than any table of a real pack needs."""
MOST_SHOWN: Final = 4
CLAIMED: Final = "exceptions"

Value = str | bool | float | tuple[str, ...] | None


class Cell(Closed):
    """One cell of a row that did not hold: what it wants and what was found, as written and in words."""

    fact: str
    wants: Said
    found: Value
    found_says: Said


class Change(Closed):
    """One fact put otherwise. ``found`` None: it was not known before."""

    fact: str
    found: Value
    to: Value
    says: Said


class RowAccount(Closed):
    """How a row stands to a case.

    ``answers``: it is among the hits. ``misses``: a cell does not hold. ``excepted``: an exception was claimed.
    ``behind``: it would hold, but ``before`` answered first. ``turns`` are the smallest changes that would make a row
    that answers not answer, and one that does not answer: each a set of facts to put otherwise, any one of them enough.
    """

    row: RowTold
    stands: Literal["answers", "misses", "excepted", "behind"]
    missed: tuple[Cell, ...] = ()
    before: str | None = None
    turns: tuple[tuple[Change, ...], ...] = ()


class Account(Closed):
    """What a table says of a case, and why. ``silent``: the pack says it means to say nothing here."""

    pack: str
    version: str
    table: str
    facts: Mapping[str, Value]
    regulated: bool
    silent: bool
    rows: tuple[RowAccount, ...]

    @property
    def hits(self) -> tuple[RowAccount, ...]:
        return tuple(row for row in self.rows if row.stands == "answers")

    @property
    def others(self) -> tuple[RowAccount, ...]:
        return tuple(row for row in self.rows if row.stands != "answers")


def explain(pack: Pack, table: Table[Any], facts: Facts) -> Account:
    """Ask a table and account for every row of it.

    Raises:
        BadFacts: a fact the table does not have, a value of another type, or a word this pack does not know.
    """
    known = {name: value for name, value in facts.items() if value is not None}
    hits = pack.ask(table, known).rows
    finder = _Finder(pack, table)
    return Account(
        pack=pack.head.id,
        version=pack.head.version,
        table=table.name,
        facts={name: _plain(value) for name, value in known.items()},
        regulated=bool(hits),
        silent=table.name in pack.head.silent,
        rows=tuple(_row(pack, table, row, known, row.id in hits, finder) for row in pack.rows(table)),
    )


def _row(pack: Pack, table: Table[Any], row: Row[Any], facts: Facts, answers: bool, finder: "_Finder") -> RowAccount:
    told = row_told(pack, table, row)
    turns = tuple(_told(pack, table, facts, change) for change in finder.turns(row, facts, to_hit=not answers))
    if answers:
        return RowAccount(row=told, stands="answers", turns=turns)
    zh, en = both(pack)
    missed = tuple(
        Cell(
            fact=cell.fact,
            wants=Said(zh=zh.cell(table, cell), en=en.cell(table, cell)),
            found=_plain(facts.get(cell.fact)),
            found_says=_known(pack, table, cell.fact, facts.get(cell.fact)),
        )
        for cell in row.when
        if not _holds(cell, facts)
    )
    if missed:
        return RowAccount(row=told, stands="misses", missed=missed, turns=turns)
    if _claimed(row, facts):
        return RowAccount(row=told, stands="excepted", turns=turns)
    before = finder.before(row, facts)
    return RowAccount(row=told, stands="behind", before=before.id if before else None, turns=turns)


# -- the smallest change ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Finder:
    """Looks for the fewest facts to put otherwise so that a row answers, or does not."""

    pack: Pack
    table: Table[Any]

    def turns(self, row: Row[Any], facts: Facts, *, to_hit: bool) -> list[dict[str, Any]]:
        """The smallest changes, any one of them enough; none where no change was found."""
        if to_hit:
            found = self._to_hit(row, facts)
            return found[1][:MOST_SHOWN]
        ways = [(self._cost(facts, change), change) for change in self._breaking(row, facts, {})]
        if self.table.hit in ("first", "unique", "by_name"):
            for earlier in self._earlier(row):
                cost, changes = self._to_hit(earlier, facts)
                ways += [(cost, change) for change in changes]
        least = min((cost for cost, _ in ways), default=0)
        return [change for cost, change in ways if cost == least][:MOST_SHOWN]

    def before(self, row: Row[Any], facts: Facts) -> Row[Any] | None:
        """The row that answers in place of this one, where only one of a kind answers."""
        if self.table.hit not in ("first", "unique", "by_name"):
            return None
        return next((one for one in self._earlier(row) if one.misses(facts) is None and not _claimed(one, facts)), None)

    def _earlier(self, row: Row[Any]) -> Iterator[Row[Any]]:
        """Rows that stand before this one and would answer in its place."""
        named = getattr(row.outcome, "name", None)
        for one in self.pack.rows(self.table):
            if one.id == row.id:
                return
            if self.table.hit != "by_name" or getattr(one.outcome, "name", None) == named:
                yield one

    def _to_hit(self, row: Row[Any], facts: Facts) -> tuple[int, list[dict[str, Any]]]:
        """Cheapest first: mend what the row misses, then put aside whatever answers before it."""
        order = count()
        queue: list[tuple[int, int, dict[str, Any]]] = [(0, next(order), {})]
        seen: set[tuple[tuple[str, Any], ...]] = set()
        found: list[dict[str, Any]] = []
        least = 0
        for _ in range(MOST_TRIED):
            if not queue:
                break
            cost, _, changes = heappop(queue)
            if found and cost > least:
                break
            key = tuple((name, changes[name]) for name in sorted(changes))
            if key in seen:
                continue
            seen.add(key)
            now = {**facts, **changes}
            steps = self._mending(row, now, changes)
            if steps is None:
                found.append(changes)
                least = cost
                if len(found) >= MOST_SHOWN:
                    break
                continue
            for step in steps:
                heappush(queue, (self._cost(facts, step), next(order), step))
        return least, found

    def _mending(self, row: Row[Any], now: Facts, changes: dict[str, Any]) -> Iterator[dict[str, Any]] | None:
        """The next changes to try; None where the row answers already."""
        missed = next((cell for cell in row.when if not _holds(cell, now)), None)
        if missed is not None:
            if missed.fact in changes:
                return iter(())  # put otherwise once already, for something else
            return ({**changes, missed.fact: value} for value in self._mended(missed, now))
        if _claimed(row, now):
            kept = _set(now, CLAIMED) - {name for unless in row.unless for name in unless.exception}
            return iter([{**changes, CLAIMED: kept}])
        before = self.before(row, now)
        return None if before is None else self._breaking(before, now, changes, keeping=row)

    def _breaking(
        self, row: Row[Any], now: Facts, changes: dict[str, Any], keeping: Row[Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        """Changes of one fact by which a row no longer holds, and another still does."""
        for cell in row.when:
            for value in self._broken(cell, now):
                put = {**now, cell.fact: value}
                if keeping is None or all(_holds(other, put) for other in keeping.when if other.fact == cell.fact):
                    yield {**changes, cell.fact: value}
        spared = {name for unless in keeping.unless for name in unless.exception} if keeping else set[str]()
        for name in sorted({name for unless in row.unless for name in unless.exception} - spared):
            yield {**changes, CLAIMED: _set(now, CLAIMED) | {name}}

    # -- values to try ------------------------------------------------------

    def _mended(self, cell: Predicate, now: Facts) -> Iterator[Any]:
        """Values of a fact by which a cell holds, near to what they are."""
        had = _set(now, cell.fact)
        match cell.how:
            case "is":
                yield cell.written
            case "between":
                yield cell.low if cell.low is not None and not _at_least(now.get(cell.fact), cell.low) else cell.high
            case "any_of":
                yield from self._one_of_each(cell.fact, sorted(cell.words))
            case "not":
                yield from self._one_of_each(cell.fact, self._others(cell))
            case "has_any":
                yield from (had | {word} for word in self._one_of_each(cell.fact, sorted(cell.words)))
            case "has_all":
                yield had | cell.words
            case _:
                yield had - cell.words

    def _broken(self, cell: Predicate, now: Facts) -> Iterator[Any]:
        """Values of a fact by which a cell does not hold."""
        had = _set(now, cell.fact)
        match cell.how:
            case "is":
                yield not cell.written
            case "between":
                yield from (value for value in (_below(cell.low), _above(cell.high)) if value is not None)
            case "any_of":
                yield from self._one_of_each(cell.fact, self._others(cell))
            case "not":
                yield from self._one_of_each(cell.fact, sorted(cell.words))
            case "has_any":
                yield had - cell.words
            case "has_all":
                yield from (had - {word} for word in sorted(cell.words))
            case _:
                yield from (had | {word} for word in self._one_of_each(cell.fact, sorted(cell.words)))

    def _others(self, cell: Predicate) -> list[str]:
        """The words a fact may take beside those of a cell: of its vocabulary, else of the table's other rows."""
        declared = self.table.facts[cell.fact].words
        known = list(self.pack.vocabulary(declared)) if declared is not None else []
        known = known or [word for one in self._cells(cell.fact) for word in one.words]
        return sorted(set(known) - cell.words)

    def _one_of_each(self, fact: str, words: Sequence[str]) -> Iterator[str]:
        """Of words that no row of the table tells apart, the first."""
        cells = list(self._cells(fact))
        seen: set[tuple[bool, ...]] = set()
        for word in words:
            sort = tuple(word in cell.words for cell in cells)
            if sort not in seen:
                seen.add(sort)
                yield word

    def _cells(self, fact: str) -> Iterator[Predicate]:
        return (cell for row in self.pack.rows(self.table) for cell in row.when if cell.fact == fact)

    def _cost(self, facts: Facts, changes: Mapping[str, Any]) -> int:
        """One for each fact put otherwise, one for each word of a set."""
        return sum(
            max(1, len(_set(facts, name) ^ _set(changes, name))) if isinstance(value, frozenset) else 1
            for name, value in changes.items()
        )


def _told(pack: Pack, table: Table[Any], facts: Facts, changes: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(fact=name, found=_plain(facts.get(name)), to=_plain(value), says=_says(pack, table, name, facts, value))
        for name, value in changes.items()
    )


def _says(pack: Pack, table: Table[Any], name: str, facts: Facts, value: Any) -> Said:
    """A change in words."""
    title = fact_title(name)
    zh, en = both(pack)
    declared = EXCEPTIONS.words if name == CLAIMED else table.facts[name].words
    if isinstance(value, frozenset):
        words, had = cast("frozenset[str]", value), _set(facts, name)
        more, less = sorted(words - had), sorted(had - words)
        parts_zh = ["增加" + zh.words(more, declared)] if more else []
        parts_zh += ["去掉" + zh.words(less, declared)] if less else []
        parts_en = ["add " + en.words(more, declared)] if more else []
        parts_en += ["take away " + en.words(less, declared)] if less else []
        if not parts_zh:
            return Said(zh=f"{title.zh}：说明没有", en=f"{title.en}: say that there are none")
        return Said(zh=f"{title.zh}：{'，'.join(parts_zh)}", en=f"{title.en}: {', '.join(parts_en)}")
    if isinstance(value, bool):
        return Said(zh=f"{title.zh}：{'是' if value else '否'}", en=f"{title.en}: {'yes' if value else 'no'}")
    if isinstance(value, str):
        return Said(zh=f"{title.zh}：改为{zh.word(value, declared)}", en=f"{title.en}: {en.word(value, declared)}")
    return Said(zh=f"{title.zh}：改为{value:g}", en=f"{title.en}: {value:g}")


def _known(pack: Pack, table: Table[Any], name: str, value: Any) -> Said:
    """What is known of a fact, in words."""
    zh, en = both(pack)
    declared = table.facts[name].words
    match value:
        case None:
            return Said(zh="未知", en="not known")
        case bool():
            return Said(zh="是" if value else "否", en="yes" if value else "no")
        case str():
            return Said(zh=zh.word(value, declared), en=en.word(value, declared))
        case frozenset() | set() | tuple() | list():
            words = sorted(cast("Sequence[str]", value))
            return Said(zh=zh.words(words, declared) or "没有", en=en.words(words, declared) or "none")
        case _:
            return Said(zh=f"{value:g}", en=f"{value:g}")


# -- facts ------------------------------------------------------------------


def _holds(cell: Predicate, facts: Facts) -> bool:
    value = facts.get(cell.fact)
    return value is not None and cell.test(value)


def _claimed(row: Row[Any], facts: Facts) -> bool:
    claimed = _set(facts, CLAIMED)
    return any(not claimed.isdisjoint(unless.exception) for unless in row.unless)


def _set(facts: Facts, name: str) -> frozenset[str]:
    """The words of a set; none where the fact is unknown or is no set."""
    value = facts.get(name)
    return frozenset(cast("Sequence[str]", value)) if isinstance(value, (frozenset, set, list, tuple)) else frozenset()


def _at_least(value: Any, low: float) -> bool:
    return value is not None and value >= low


def _below(low: float | None) -> float | None:
    return None if low is None else low - 1


def _above(high: float | None) -> float | None:
    return None if high is None else high + 1


def _plain(value: Any) -> Value:
    """A fact as JSON can hold it: a set in order."""
    if isinstance(value, (frozenset, set, list, tuple)):
        return tuple(sorted(cast("Sequence[str]", value)))
    return cast("Value", value)
