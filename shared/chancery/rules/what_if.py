"""The same case under another pack, or another version of one, side by side. Pure.

What the other pack does not know is not guessed: the word is left out of the question, and that is said.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from chancery.rules.beside import heard_by
from chancery.rules.diff import Difference, compared
from chancery.rules.explain import Account, RowAccount, explain
from chancery.rules.grammar import Closed, Facts
from chancery.rules.pack import EXCEPTIONS, Pack
from chancery.rules.tables import Table
from chancery.rules.wording import Said, both, fact_title


class Unknown(Closed):
    """A word of the case that the other pack does not have, so that it was not asked with it."""

    fact: str
    word: str
    says: Said


class Answers(Closed):
    """Two rows that answer one case, and what they say otherwise. None: the pack has nothing more to say."""

    one: RowAccount | None
    other: RowAccount | None
    differs: tuple[Difference, ...] = ()


class WhatIf(Closed):
    """One case under two packs. ``same``: both answer with the same force and the same orders, in the same words."""

    one: Account
    other: Account
    unknown: tuple[Unknown, ...]
    answers: tuple[Answers, ...]

    @property
    def same(self) -> bool:
        return all(pair.one and pair.other and not pair.differs for pair in self.answers)


def what_if(pack: Pack, other: Pack, table: Table[Any], facts: Facts, on: date) -> WhatIf:
    """Ask one pack, then another with what it knows of the case.

    Higher law is heard in the first pack's own words, as far as it binds its tier and its acts are in force ``on``
    that day.

    Raises:
        BadFacts: the first pack cannot be asked with these facts.
    """
    if other.head.tier == "national" != pack.head.tier:
        other = heard_by(other, pack, on)
    first = explain(pack, table, facts)
    kept, unknown = _known_to(pack, other, table, facts)
    second = explain(other, table, kept)
    return WhatIf(one=first, other=second, unknown=tuple(unknown), answers=tuple(_paired(first.hits, second.hits)))


def _known_to(pack: Pack, other: Pack, table: Table[Any], facts: Facts) -> tuple[dict[str, Any], list[Unknown]]:
    """The facts that another pack can be asked with, and the words that it does not have."""
    kept: dict[str, Any] = {}
    unknown: list[Unknown] = []
    zh, en = both(pack)
    for name, value in facts.items():
        fact = EXCEPTIONS if name == "exceptions" else table.facts[name]
        if value is None or fact.words is None or fact.kind in ("bool", "number"):
            kept[name] = value
            continue
        words = other.vocabulary(fact.words)
        given = [value] if isinstance(value, str) else sorted(cast("Sequence[str]", value))
        strange = [word for word in given if words and word not in words]
        title = fact_title(name)
        for word in strange:
            said_zh = f"{other.head.title.zh}没有“{zh.word(word, fact.words)}”（{title.zh}），未以此提问"
            said_en = (
                f"{other.head.id} has no word for {en.word(word, fact.words)} ({title.en}), and is asked without it"
            )
            unknown.append(Unknown(fact=name, word=word, says=Said(zh=said_zh, en=said_en)))
        if isinstance(value, str):
            if not strange:
                kept[name] = value
        else:
            kept[name] = frozenset(given) - frozenset(strange)
    return kept, unknown


def _paired(left: Sequence[RowAccount], right: Sequence[RowAccount]) -> list[Answers]:
    """Answers by the name of what they order where they have one, otherwise in their order."""
    rest = list(right)
    pairs: list[Answers] = []
    for one in left:
        named = _name(one)
        other = next((row for row in rest if named is None or _name(row) == named), None)
        if other is not None:
            rest.remove(other)
        differs = _orders(one, other) if other is not None else ()
        pairs.append(Answers(one=one, other=other, differs=differs))
    return pairs + [Answers(one=None, other=row) for row in rest]


def _orders(one: RowAccount, other: RowAccount) -> tuple[Difference, ...]:
    """What two answers say otherwise; when they hold is not asked, since both hold here."""
    return compared(one.row.model_copy(update={"when": other.row.when}), other.row)


def _name(row: RowAccount) -> str | None:
    return next((line.says.en for line in row.row.orders if line.key in ("name", "check", "counts", "rule")), None)
