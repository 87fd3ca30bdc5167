"""A pack asked beside a government's own: what of it binds this government today, in this government's words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeVar, cast

from chancery.calendar import Count
from chancery.rules.grammar import Closed, Fact, Predicate, Selector, compile_predicate
from chancery.rules.pack import Pack, Row, Term, Tier
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import (
    BODIES,
    CAPS,
    CHECKS,
    CLOCKS,
    GATES,
    INSPECTION_LIMITS,
    PUBLICATION,
    TABLES,
    Clock,
    Gate,
    Publication,
)

O = TypeVar("O", bound=Closed)  # noqa: E741  an outcome

UNITED: Final = frozenset(t.name for t in (GATES, CHECKS, PUBLICATION, CLOCKS, CAPS, INSPECTION_LIMITS))
"""Tables whose rows only ever demand more: those of all packs bind together. Elsewhere the own pack alone answers."""


def in_force(pack: Pack, on: date) -> frozenset[str]:
    """The acts of a pack of higher law that are in force on a day."""
    return frozenset(word for word, act in pack.head.bases.items() if act.holds(on))


def binds(pack: Pack, row: Row[Any], tier: Tier, on: date) -> bool:
    """Whether a row binds a tier on a day: every clause it cites does, and its act is in force."""
    return all(clause_binds(pack, clause, tier, on) for clause in row.clauses)


def clause_binds(pack: Pack, clause: str, tier: Tier, on: date) -> bool:
    found = pack.clauses[clause]
    act = pack.head.bases.get(found.act or "")
    return (not found.binds or tier in found.binds) and (act is None or act.holds(on))


def heard_by(pack: Pack, own: Pack, on: date) -> Pack:
    """The pack as a government with its own pack hears it on a day.

    Rows that bind its tier stay. Their words are joined by those of the own pack that mean the same (``also`` of the
    vocabularies), so that both packs can be asked with the same facts and the same evidence. The bodies are the
    government's own: no pack beside founds another.
    """
    words = _Words(pack, own)
    tables: dict[str, tuple[Row[Any], ...]] = {
        name: tuple(_heard(name, row, words) for row in rows if binds(pack, row, own.head.tier, on))
        for name, rows in pack.tables.items()
    }
    tables[BODIES.name] = own.tables.get(BODIES.name, ())
    joined = {
        name: {**pack.words.get(name, {}), **own.words.get(name, {})}
        for name in dict.fromkeys((*pack.words, *own.words))
    }
    return Pack(pack.head, pack.clauses, joined, tables)


class _Words:
    """From the words of the pack beside to those of the own one."""

    def __init__(self, pack: Pack, own: Pack) -> None:
        self.pack = pack
        self.own = own

    def all(self, vocabulary: str, word: str) -> tuple[str, ...]:
        """The own words that mean it, first the same word; the word itself where the own pack has none."""
        term = self.pack.words.get(vocabulary, {}).get(word)
        known: Mapping[str, Term] = self.own.words.get(vocabulary, {})
        found = tuple(one for one in (word, *(term.also if term else ())) if one in known)
        return found or (word,)

    def any_of(self, vocabulary: str, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for word in words for one in self.all(vocabulary, word)))

    def each(self, vocabulary: str, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.all(vocabulary, word)[0] for word in words)

    def who(self, selector: Selector) -> Selector:
        """The selector with the own pack's posts, groups and units; several that mean one are any of them."""
        inner: dict[str, Any] = {
            "of": self.who(selector.of) if selector.of else None,
            "among": self.who(selector.among) if selector.among else None,
            "prefer": self.who(selector.prefer) if selector.prefer else None,
            "parts": tuple(self.who(part) for part in selector.parts),
        }
        vocabulary = {"post": "posts", "group": "groups", "unit": "units"}.get(selector.how)
        if vocabulary is None or selector.name is None:
            return selector.model_copy(update=inner)
        spelt = [selector.model_copy(update={"name": word}) for word in self.all(vocabulary, selector.name)]
        return spelt[0] if len(spelt) == 1 else Selector.model_construct(how="any", parts=tuple(spelt))

    def turned(self, value: Any) -> Any:
        """A value of an outcome with all of its selectors turned."""
        if isinstance(value, Selector):
            return self.who(value)
        if isinstance(value, tuple):
            return tuple(self.turned(part) for part in cast("tuple[Any, ...]", value))
        if isinstance(value, Closed):
            fields = {name: getattr(value, name) for name in type(value).model_fields}
            changed = {name: new for name, old in fields.items() if (new := self.turned(old)) is not old}
            return value.model_copy(update=changed) if changed else value
        return value


def _heard(table: str, row: Row[Any], words: _Words) -> Row[Any]:
    facts = TABLES[table].facts
    when = tuple(_cell(cell, facts[cell.fact], words) for cell in row.when)
    outcome: Any = words.turned(row.outcome)
    if isinstance(outcome, Gate):
        require = tuple(
            need.model_copy(update={"evidence": words.any_of("evidence", need.evidence)}) for need in outcome.require
        )
        outcome = outcome.model_copy(update={"require": require})
    elif isinstance(outcome, Publication):
        update = {
            "needs": words.each("evidence", outcome.needs),
            "channels": words.each("channels", outcome.channels),
            "grounds": words.any_of("grounds", outcome.grounds),
        }
        outcome = outcome.model_copy(update=update)
    return replace(row, when=when, outcome=outcome)


def _cell(cell: Predicate, fact: Fact, words: _Words) -> Predicate:
    """The cell with the own pack's words. All of a set (``has_all``) is each word in one of its spellings."""
    if not isinstance(fact.words, str) or not cell.words:
        return cell
    turned = words.each if cell.how == "has_all" else words.any_of
    named = sorted(turned(fact.words, sorted(cell.words)))
    written: Any = named if cell.how == "any_of" else {cell.how: named}
    return compile_predicate(cell.fact, fact, written)


def united(own: Ruling[O], others: Iterable[Ruling[O]]) -> Ruling[O]:
    """One ruling of all: the own hits first, then those of each pack beside, under its name."""
    hits = own.hits + tuple(replace(hit, pack=other.pack) for other in others for hit in other.hits)
    return Ruling(own.table, own.pack, hits)


def strictest(counts: Sequence[tuple[Hit[Clock], Count | None]]) -> tuple[tuple[Hit[Clock], ...], Count | None]:
    """Which of several packs' limits runs, with its row as the first hit.

    The shortest that must be kept. Where none must, the own pack's: no pack beside softens it, nor hardens.
    """
    musts = [(hit, count) for hit, count in counts if count is not None and hit.force == "must"]
    if len(counts) < 2 or not musts:
        return tuple(hit for hit, _ in counts), counts[0][1] if counts else None
    first, count = min(musts, key=lambda one: one[1].due_at)
    return (first, *(hit for hit, _ in counts if hit is not first)), count
