"""Two packs, or two versions of one, side by side: heads, settings, and every table row by row, in words. Pure.

Rows of two governments have no ids in common, so they are paired by what they speak of: the facts and words of their
cells, and the name of what they order. Nothing is matched that has little in common: such rows stand on one side alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, cast

from chancery.rules.grammar import Closed
from chancery.rules.pack import Head, Pack, Row
from chancery.rules.tables import TABLES, VOCABULARIES, Bilingual, Table
from chancery.rules.wording import (
    LIST,
    Line,
    RowTold,
    Said,
    both,
    head_title,
    row_told,
    silence,
    table_title,
    vocabulary_title,
)

ENOUGH: Final = 0.34
"""How much of what two rows speak of must be the same for them to speak of one thing."""
WEIGHTS: Final[Mapping[str, float]] = {"stage": 0.3, "body": 0.6}
"""Facts that many rows share and that say little of what a row is about."""
NAMES: Final = ("name", "counts", "check", "rule", "artefact", "body", "duty", "seal", "on", "answer", "mode", "adds")
"""Keys of an outcome that say what a row is about, not what follows."""


class Difference(Closed):
    """One thing that is said otherwise; None where one side says nothing of it."""

    label: Said
    one: Said | None
    other: Said | None


class RowPair(Closed):
    """Two rows that speak of the same, or one that stands alone."""

    one: RowTold | None
    other: RowTold | None
    differs: tuple[Difference, ...] = ()

    @property
    def sort(self) -> Literal["only_one", "only_other", "otherwise", "same"]:
        if self.other is None:
            return "only_one"
        if self.one is None:
            return "only_other"
        return "otherwise" if self.differs else "same"


class TableDiff(Closed):
    """One table of both packs."""

    table: str
    title: Said
    pairs: tuple[RowPair, ...]

    def of(self, sort: str) -> tuple[RowPair, ...]:
        return tuple(pair for pair in self.pairs if pair.sort == sort)


class PackDiff(Closed):
    """Two packs side by side. ``head`` and ``settings`` hold only what is said otherwise."""

    one: str
    other: str
    one_title: Said
    other_title: Said
    head: tuple[Difference, ...]
    settings: tuple[Difference, ...]
    words: tuple[Difference, ...]
    tables: tuple[TableDiff, ...]

    @property
    def same(self) -> bool:
        return not (self.head or self.settings or self.words) and all(
            pair.sort == "same" for table in self.tables for pair in table.pairs
        )


def diff(one: Pack, other: Pack) -> PackDiff:
    """What two packs say otherwise."""
    return PackDiff(
        one=name_of(one),
        other=name_of(other),
        one_title=_title(one),
        other_title=_title(other),
        head=tuple(_heads(one, other)),
        settings=tuple(_settings(one, other)),
        words=tuple(_words(one, other)),
        tables=tuple(
            _table(TABLES[name], one, other) for name in TABLES if one.tables.get(name) or other.tables.get(name)
        ),
    )


def name_of(pack: Pack) -> str:
    return f"{pack.head.id}@{pack.head.version}"


def _title(pack: Pack) -> Said:
    return Said(zh=pack.head.title.zh, en=pack.head.title.en)


def compared(one: RowTold, other: RowTold) -> tuple[Difference, ...]:
    """What two rows say otherwise: condition, force, and each key of what they order."""
    found: list[Difference] = []
    if one.when != other.when:
        found.append(Difference(label=Said(zh="适用", en="when"), one=one.when, other=other.when))
    if one.force != other.force:
        found.append(Difference(label=Said(zh="力度", en="force"), one=one.strength, other=other.strength))
    left, right = _by_key(one), _by_key(other)
    for key in dict.fromkeys((*left, *right)):
        mine, yours = left.get(key), right.get(key)
        if (mine and mine.says) != (yours and yours.says):
            label = mine.label if mine else yours.label if yours else Said(zh=key, en=key)
            found.append(Difference(label=label, one=mine and mine.says, other=yours and yours.says))
    return tuple(found)


def _by_key(row: RowTold) -> Mapping[str, Line]:
    """What a row orders, with what it leaves at the default, so that saying a default is no difference."""
    return {line.key: line for line in (*row.orders, *row.by_default)}


# -- rows ------------------------------------------------------------------


def _table(table: Table[Any], one: Pack, other: Pack) -> TableDiff:
    pairs = [
        RowPair(one=mine, other=yours, differs=compared(mine, yours) if mine and yours else ())
        for mine, yours in (
            (row_told(one, table, a) if a else None, row_told(other, table, b) if b else None)
            for a, b in _paired(table, one, other)
        )
    ]
    return TableDiff(table=table.name, title=table_title(table.name), pairs=tuple(pairs))


def _paired(table: Table[Any], one: Pack, other: Pack) -> Iterator[tuple[Row[Any] | None, Row[Any] | None]]:
    """Each row of the first with its counterpart, in the first's order; then what the second alone has."""
    left, right = list(one.rows(table)), list(other.rows(table))
    chosen: dict[str, Row[Any]] = {}
    taken: set[str] = set()
    versions = one.head.id == other.head.id
    by_id = {row.id: row for row in right}
    for row in left:
        if row.id in by_id and (versions or table.hit == "by_id" or _alike(row, by_id[row.id]) >= ENOUGH):
            chosen[row.id] = by_id[row.id]
            taken.add(row.id)
    near = [] if table.hit == "by_id" else [(a, b) for a in enumerate(left) for b in enumerate(right)]
    nearest = sorted(
        ((_alike(a, b), -i, -j, a, b) for (i, a), (j, b) in near),
        key=lambda found: found[:3],
        reverse=True,
    )
    for share, _, _, a, b in nearest:
        if share >= ENOUGH and a.id not in chosen and b.id not in taken:
            chosen[a.id] = b
            taken.add(b.id)
    yield from ((row, chosen.get(row.id)) for row in left)
    yield from ((None, row) for row in right if row.id not in taken)


def _alike(one: Row[Any], other: Row[Any]) -> float:
    """The share of what two rows speak of that both speak of, 0 to 1."""
    mine, yours = _topic(one), _topic(other)
    shared = sum(min(mine[said], yours[said]) for said in mine.keys() & yours.keys())
    return shared / (sum(mine.values()) + sum(yours.values()) - shared)


def _topic(row: Row[Any]) -> Mapping[str, float]:
    """What a row speaks of, with its weight: its cells word by word, and the name of what it orders."""
    said = {
        f"{cell.fact}={word}": WEIGHTS.get(cell.fact, 1.0)
        for cell in row.when
        for word in sorted(cell.words) or [str(cell.written)]
    }
    for key in NAMES:
        value: Any = getattr(row.outcome, key, None)
        if isinstance(value, str):
            said[f"{key}:{value}"] = 1.0
    if not row.when:
        said["in every case"] = 1.0
    return said


# -- heads, settings, words -----------------------------------------------------


def _heads(one: Pack, other: Pack) -> Iterator[Difference]:
    left, right = dict(head_lines(one)), dict(head_lines(other))
    for key in dict.fromkeys((*left, *right)):
        if left.get(key) != right.get(key):
            yield Difference(label=head_title(key), one=left.get(key), other=right.get(key))


def head_lines(pack: Pack) -> Iterator[tuple[str, Said]]:
    """The head of a pack, key by key, without its settings; what it does not say is left out."""
    head: Head = pack.head
    zh, en = both(pack)
    plain: dict[str, Any] = {"version": head.version, "title": head.title, "issuer": head.issuer, "number": head.number}
    yield from ((key, _plain(value)) for key, value in plain.items() if value is not None)
    yield "tier", head_title(head.tier)
    for key in ("adopted", "dated", "printed", "published", "effective"):
        day = getattr(head.dates, key)
        if day is not None:
            yield key, Said(zh=f"{day:%Y年%-m月%-d日}", en=day.isoformat())
    if head.bases:
        acts = head.bases.values()
        yield "bases", Said(zh=LIST["zh"].join(a.zh for a in acts), en="; ".join(a.en for a in acts))
    for key in ("supersedes", "yields_to"):
        listed: tuple[str, ...] = getattr(head, key)
        if listed:
            yield key, Said(zh=LIST["zh"].join(listed), en=LIST["en"].join(listed))
    if head.applies_to:
        yield "applies_to", Said(zh=zh.words(head.applies_to), en=en.words(head.applies_to))
    yield from ((key, _plain(area)) for key, area in head.areas.items())
    if head.interpreted_by:
        yield "interpreted_by", Said(zh=zh.word(head.interpreted_by), en=en.word(head.interpreted_by))
    if head.silent:
        said = [silence(word) for word in head.silent]
        yield "silent", Said(zh=LIST["zh"].join(s.zh for s in said), en=LIST["en"].join(s.en for s in said))
    if head.out_of_power:
        yield "out_of_power", Said(zh=zh.words(head.out_of_power), en=en.words(head.out_of_power))
    if head.annexes:
        told = [(annex.name, head_title(annex.status)) for annex in head.annexes]
        zh_said = LIST["zh"].join(f"{name}（{status.zh}）" for name, status in told)
        yield "annexes", Said(zh=zh_said, en=LIST["en"].join(f"{name} ({status.en})" for name, status in told))
    if head.not_modelled:
        given = LIST["en"].join(one.clause for one in head.not_modelled)
        yield "not_modelled", Said(zh=given, en=given)


def setting_lines(pack: Pack) -> Iterator[tuple[Said, Said]]:
    """The settings of a pack with their values, in words."""
    zh, en = both(pack)
    for name, value in pack.head.settings.items():
        yield Said(zh=zh.word(name), en=en.word(name)), Said(zh=zh.setting(value), en=en.setting(value))


def _settings(one: Pack, other: Pack) -> Iterator[Difference]:
    left, right = _by_name(one), _by_name(other)
    for name in dict.fromkeys((*left, *right)):
        mine, yours = left.get(name), right.get(name)
        if (mine and mine[1]) != (yours and yours[1]):
            label = mine[0] if mine else yours[0] if yours else Said(zh=name, en=name)
            yield Difference(label=label, one=mine and mine[1], other=yours and yours[1])


def _by_name(pack: Pack) -> Mapping[str, tuple[Said, Said]]:
    return dict(zip(pack.head.settings, setting_lines(pack), strict=True))


def _words(one: Pack, other: Pack) -> Iterator[Difference]:
    """Words that one side alone has; of two versions of one pack only, since governments never share a vocabulary."""
    if one.head.id != other.head.id:
        return
    names = dict.fromkeys((*VOCABULARIES, *one.words, *other.words))
    for name in names:
        mine, yours = one.words.get(name, {}), other.words.get(name, {})
        lost, new = [word for word in mine if word not in yours], [word for word in yours if word not in mine]
        if lost or new:
            yield Difference(
                label=vocabulary_title(name), one=_listed(one, name, lost), other=_listed(other, name, new)
            )


def _listed(pack: Pack, vocabulary: str, words: Sequence[str]) -> Said | None:
    if not words:
        return None
    zh, en = both(pack)
    return Said(zh=zh.words(words, vocabulary), en=en.words(words, vocabulary))


def _plain(value: Any) -> Said:
    if isinstance(value, Bilingual):
        return Said(zh=value.zh, en=value.en)
    return Said(zh=str(cast("object", value)), en=str(value))
