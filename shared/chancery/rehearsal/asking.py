"""What a pack answers to a scenario, in the pack's own words, and what an answer lacks of what was said of it. Pure."""

from collections.abc import Mapping
from typing import Any, cast

from chancery.rehearsal.matching import differences
from chancery.rehearsal.scenario import AskExpectation, Step
from chancery.rules.pack import Pack, Row, table_named
from chancery.rules.ruling import Hit

Answer = Mapping[str, Any]
"""``regulated``, ``rows``, ``clauses``; ``outcome``: a mapping a hit, with its row's own keys."""


def answer(pack: Pack, table: str, given: Mapping[str, Any]) -> Answer:
    """Ask a table; a list among the facts is a set.

    Raises:
        BadFacts: there is no such table, or it cannot be asked with these facts.
    """
    facts = {name: frozenset(cast("list[str]", v)) if isinstance(v, (list, tuple)) else v for name, v in given.items()}
    ruling = pack.ask(table_named(table), facts)
    rows = {row.id: row for row in pack.tables.get(table, ())}
    return {
        "regulated": ruling.regulated,
        "rows": list(ruling.rows),
        "clauses": [cite.clause for cite in ruling.citations],
        "outcome": [as_written(hit, rows[hit.row]) for hit in ruling.hits],
    }


def as_written(hit: Hit[Any], row: Row[Any]) -> dict[str, Any]:
    """A hit in the words of the pack's file, what is absent there filled in."""
    written: dict[str, Any] = {
        "clauses": list(row.clauses),
        "force": hit.force,
        **hit.outcome.model_dump(mode="json", by_alias=True),
    }
    if row.permit is not None:
        written["excused_by"] = row.permit.model_dump(mode="json")
    if row.unless:
        written["unless"] = [exception.model_dump(mode="json", exclude_none=True) for exception in row.unless]
    return {key: value for key, value in written.items() if value is not None}


def unlike(wanted: AskExpectation, found: Answer) -> list[str]:
    """What an answer lacks of what it must be, each a line; empty when it is as it was said."""
    wrong: list[str] = []
    for name in ("regulated", "rows"):
        expected: Any = getattr(wanted, name)
        expected = list(cast("tuple[str, ...]", expected)) if isinstance(expected, tuple) else expected
        if expected is not None and expected != found[name]:
            wrong.append(f"{name}: expected {expected}, found {found[name]}")
    wrong += [f"{clause} is not cited" for clause in wanted.clauses or () if clause not in found["clauses"]]
    if wanted.outcome is not None:
        wrong += differences(wanted.outcome, found["outcome"], "outcome")
    return wrong


def holds(pack: Pack, step: Step) -> bool:
    """Whether every case of a step that asks is answered as the step says."""
    wanted = step.ruling or AskExpectation()
    return not any(unlike(wanted, answer(pack, str(step.ask), facts)) for facts in step.cases)
