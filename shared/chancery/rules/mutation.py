"""What if a row were otherwise: taken away, altered in one place, or put above the one before; who notices. Pure.

A pack whose scenarios notice nothing when a number is changed says more than it proves. Only what is written in a row
is altered: its clauses, force, cells, exceptions and orders; a key that is absent stays absent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, Literal, cast, get_args

from pydantic import TypeAdapter, ValidationError

from chancery.rehearsal.asking import holds
from chancery.rehearsal.scenario import Loaded, Step
from chancery.rules.grammar import HEADS, Closed, Fact, Force, Predicate, Selector, Unless, compile_predicate
from chancery.rules.pack import BadFacts, Pack, Row, table_named
from chancery.rules.tables import BODIES, Table

Sort = Literal["deletion", "alteration"]
FORCES: Final = cast("tuple[str, ...]", get_args(Force))
STRANGER: Final = "another_word"
"""Stands for a word of which no vocabulary knows another."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A pack with one row otherwise. ``what`` says where and how: ``when.body: gone``, ``lead.n: 5 → 6``."""

    table: str
    row: str
    sort: Sort
    what: str
    pack: Pack

    def __str__(self) -> str:
        return f"{self.table}/{self.row}: {self.what}"


@dataclass(frozen=True, slots=True)
class Survey:
    """How many mutants there were of each sort, and those that no scenario noticed."""

    made: Mapping[Sort, int]
    survivors: tuple[Mutant, ...]

    def left(self, sort: Sort) -> tuple[Mutant, ...]:
        return tuple(mutant for mutant in self.survivors if mutant.sort == sort)

    def share(self, sort: Sort) -> float:
        """The part that was noticed, 0 to 1; 1 where there was nothing to notice."""
        made = self.made[sort]
        return 1.0 if made == 0 else 1 - len(self.left(sort)) / made


def mutants(pack: Pack) -> Iterator[Mutant]:
    """Every row of a pack taken away, then altered in each place where it says something.

    Where the first row that matches answers, a row is also put above the one before it, if both can match.
    """
    for name, rows in pack.tables.items():
        table = table_named(name)
        for row in rows:
            yield Mutant(name, row.id, "deletion", "taken away", _with(pack, name, row, None))
            for what, altered in _altered(pack, table, row):
                yield Mutant(name, row.id, "alteration", what, _with(pack, name, row, altered))
        for before, row in _in_each_others_way(pack, table, rows):
            swapped = tuple({before.id: row, row.id: before}.get(one.id, one) for one in rows)
            yield Mutant(name, row.id, "alteration", f"order: above {before.id}", _of(pack, name, swapped))


def survivors(pack: Pack, scenarios: Iterable[Loaded]) -> list[Mutant]:
    """Mutants that no scenario notices."""
    return list(survey(pack, scenarios).survivors)


def survey(pack: Pack, scenarios: Iterable[Loaded]) -> Survey:
    """Ask every scenario's steps again of every mutant of the tables they ask.

    A step that the pack itself does not answer as it says notices nothing: such steps are left out.
    """
    steps: dict[str, list[Step]] = {}
    for one in scenarios:
        for step in one.scenario.steps:
            if step.ask is not None and _comes_out(pack, step):
                steps.setdefault(step.ask, []).append(step)
    made: dict[Sort, int] = {"deletion": 0, "alteration": 0}
    left: list[Mutant] = []
    for mutant in mutants(pack):
        made[mutant.sort] += 1
        if not any(_notices(step, mutant) for step in _likely_first(steps.get(mutant.table, ()), mutant.row)):
            left.append(mutant)
    return Survey(made, tuple(left))


def _comes_out(pack: Pack, step: Step) -> bool:
    """Whether a step is answered as it says; one that cannot be asked is not."""
    try:
        return holds(pack, step)
    except BadFacts:
        return False


def _notices(step: Step, mutant: Mutant) -> bool:
    return not _comes_out(mutant.pack, step)


def _likely_first(steps: Sequence[Step], row: str) -> list[Step]:
    """Steps that name the row before the others: they are the ones that notice."""
    return sorted(steps, key=lambda step: row not in ((step.ruling and step.ruling.rows) or ()))


def _with(pack: Pack, table: str, row: Row[Any], altered: Row[Any] | None) -> Pack:
    """The pack with one row replaced or, with None, without it."""
    rows = (altered if one is row else one for one in pack.tables[table])
    return _of(pack, table, tuple(one for one in rows if one is not None))


def _of(pack: Pack, table: str, rows: tuple[Row[Any], ...]) -> Pack:
    """The pack with other rows in a table; the other tables, which its steps never look at, are left out."""
    return replace(pack, tables={BODIES.name: pack.tables.get(BODIES.name, ()), table: rows})


# -- two rows ------------------------------------------------------------------


def _in_each_others_way(pack: Pack, table: Table[Any], rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Row[Any]]]:
    """Neighbours of which only the upper one answers where both match, and that some facts no row above takes match."""
    if table.hit not in ("first", "by_name"):
        return
    for index, row in enumerate(rows):
        alike = [one for one in rows[:index] if table.hit == "first" or one.outcome.name == row.outcome.name]
        facts = _facts_of_both(pack, table, alike[-1], row) if alike else None
        if facts is not None and not any(above.misses(facts) is None for above in alike[:-1]):
            yield alike[-1], row


def _facts_of_both(pack: Pack, table: Table[Any], one: Row[Any], other: Row[Any]) -> dict[str, Any] | None:
    """Facts that both rows match; None where there seem to be none."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(cell.fact for cell in (*one.when, *other.when)):
        cells = [cell for cell in (*one.when, *other.when) if cell.fact == name]
        fitting = [value for value in _values(pack, table.facts[name], cells) if all(c.test(value) for c in cells)]
        if not fitting:
            return None
        found[name] = fitting[0]
    return found


def _values(pack: Pack, fact: Fact, cells: Sequence[Predicate]) -> list[Any]:
    """Values that might pass all cells of a fact, if any does."""
    named = [word for cell in cells for word in sorted(cell.words)]
    match fact.kind:
        case "bool":
            return [True, False]
        case "number":
            return [bound for cell in cells for bound in (cell.low, cell.high) if bound is not None]
        case "set":
            barred = {word for cell in cells if cell.how == "has_none" for word in cell.words}
            return [frozenset(named) - barred]
        case _:
            return [*named, *(sorted(pack.vocabulary(fact.words)) if fact.words is not None else ()), STRANGER]


# -- one row ------------------------------------------------------------------


def _altered(pack: Pack, table: Table[Any], row: Row[Any]) -> Iterator[tuple[str, Row[Any]]]:
    for clause in row.clauses if len(row.clauses) > 1 else ():
        yield f"clauses: without {clause}", replace(row, clauses=tuple(c for c in row.clauses if c != clause))
    other = FORCES[(FORCES.index(row.force) + 1) % len(FORCES)]
    yield f"force: {row.force} → {other}", replace(row, force=other)
    for index, cell in enumerate(row.when):
        where = f"when.{cell.fact}"
        yield f"{where}: gone", replace(row, when=(*row.when[:index], *row.when[index + 1 :]))
        for written in _other_cells(pack, table.facts[cell.fact], cell):
            made = compile_predicate(cell.fact, table.facts[cell.fact], written)
            yield f"{where}: {cell.written} → {written}", replace(row, when=_put(row.when, index, made))
    if row.permit is not None:
        yield "excused_by: gone", replace(row, permit=None)
        for what, permit in _others(pack, Selector, row.permit):
            yield f"excused_by{what}", replace(row, permit=permit)
    if row.unless:
        yield "unless: gone", replace(row, unless=())
    for index, unless in enumerate(row.unless):
        for what, exception in _others(pack, Unless, unless):
            yield f"unless.{index}{what}", replace(row, unless=_put(row.unless, index, exception))
    for what, outcome in _others(pack, table.outcome, row.outcome):
        yield what.removeprefix("."), replace(row, outcome=outcome)


def _put(parts: tuple[Any, ...], index: int, part: Any) -> tuple[Any, ...]:
    return (*parts[:index], part, *parts[index + 1 :])


def _other_cells(pack: Pack, fact: Fact, cell: Predicate) -> Iterator[Any]:
    """Other ways to write a cell: turned, moved by one, each of its words left out, all of them another word."""
    match cell.how:
        case "is":
            yield not cell.written
        case "between":
            for bound, value in cast("dict[str, float]", cell.written).items():
                for by in (-1, 1):
                    yield {**cell.written, bound: value + by}
        case how:
            listed = cast("list[str]", cell.written if how == "any_of" else cell.written[how])
            known = pack.vocabulary(fact.words) if fact.words is not None else ()
            other = next((word for word in sorted(known) if word not in cell.words), STRANGER)
            for words in ([other], *([w for w in listed if w != word] for word in listed if len(listed) > 1)):
                yield words if how == "any_of" else {how: words}


# -- one value ------------------------------------------------------------------


def _others(pack: Pack, model: type[Closed], value: Closed) -> Iterator[tuple[str, Any]]:
    """Every value one place away from this one that the model still takes, each once, with what was altered."""
    written = value.model_dump(mode="json", by_alias=True, exclude_unset=True)
    seen: list[Any] = [value]
    for what, ways in _places(pack, model, written):
        for told, other in ways:
            try:
                made = model.model_validate(other)
            except ValidationError:
                continue
            if made not in seen:
                seen.append(made)
                yield f"{what}: {told}", made
                break


def _places(pack: Pack, model: type[Closed], value: Any) -> Iterator[tuple[str, Iterator[tuple[str, Any]]]]:
    """Each place of a written value, with the ways it might be otherwise; the first that is still sound counts."""
    match value:
        case dict():
            written = cast("dict[str, Any]", value)
            for key, part in written.items():
                without = {k: v for k, v in written.items() if k != key}
                yield f".{key}", iter([("gone", without)])
                for what, ways in _places(pack, model, part):
                    yield f".{key}{what}", ((told, {**written, key: other}) for told, other in ways)
        case list():
            parts = cast("list[Any]", value)
            for index, part in enumerate(parts):
                shorter = [*parts[:index], *parts[index + 1 :]]
                yield f".{index}", iter([(f"without {_short(part)}", shorter)])
                for what, ways in _places(pack, model, part):
                    longer = ((told, [*parts[:index], other, *parts[index + 1 :]]) for told, other in ways)
                    yield f".{index}{what}", longer
        case _:
            yield "", ((f"{_short(value)} → {_short(other)}", other) for other in _other_values(pack, model, value))


def _other_values(pack: Pack, model: type[Closed], value: Any) -> Iterator[Any]:
    """What might stand in place of a single value."""
    match value:
        case bool():
            yield not value
        case int() | float():
            yield value + 1
            yield value / 2
        case str():
            for words in (*_enums(model), *_vocabularies(pack)):
                if value in words:
                    yield words[(words.index(value) + 1) % len(words)]
            yield STRANGER
        case _:
            return


@cache
def _enums(model: type[Closed]) -> tuple[tuple[str, ...], ...]:
    """Closed lists of words that a model, or a selector within it, takes somewhere."""
    found: list[tuple[str, ...]] = [shape for shape in HEADS.values() if isinstance(shape, tuple) and len(shape) > 1]

    def look(schema: Any) -> None:
        if isinstance(schema, dict):
            node = cast("dict[str, Any]", schema)
            listed = node.get("enum")
            if isinstance(listed, list):
                found.append(tuple(cast("list[str]", listed)))
            for part in node.values():
                look(part)
        elif isinstance(schema, list):
            for part in cast("list[Any]", schema):
                look(part)

    look(TypeAdapter(model).json_schema(by_alias=True))
    return tuple(found)


def _vocabularies(pack: Pack) -> Iterator[tuple[str, ...]]:
    yield tuple(row.id for row in pack.tables.get(BODIES.name, ()))
    for terms in pack.words.values():
        yield tuple(terms)


def _short(value: Any) -> str:
    said = str(value)
    return said if len(said) <= 50 else f"{said[:49]}…"
