"""Who sees all of a thing, a stub, or nothing of it: the table of visibility, asked in one way by all who show things.

A row's ``what`` is the thing (``decision``, ``minutes``, ``agenda_papers``), or ``record``: anything kept here. Beside
them stand ``record_to_named_reader``, for whoever is named as a reader, and ``decision_to_attendee_or_handler``, for
whoever was there or carries it out. A row with ``who`` that shows all shows nothing to anybody else. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from chancery.rules.resolve import Case
from chancery.rules.rulebook import NOTHING, Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import VISIBILITY, Visibility

Sees = Literal["all", "stub", "nothing"]
RECORD: Final = "record"
TO_READER: Final = "record_to_named_reader"
STRANGER: Final = ""
"""Nobody in particular: what is not for everybody's eyes is not for his."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees, and the rows that say so; none where the rules keep nothing back."""

    sees: Sees
    under: Ruling[Visibility] | None = None


def sight(
    rules: Rules,
    what: str,
    person: str,
    *,
    features: Iterable[str],
    body: str | None = None,
    case: Case = NOTHING,
    named: Sequence[str] = (),
) -> Sight:
    """What a person sees of a thing. ``named`` are the words of rows that speak for him because of what he is to it."""
    facts: dict[str, Any] = {"features": tuple(features), "body": body}
    for word in named:
        ruling = rules.ask(VISIBILITY, what=word, **facts)
        if ruling.first is not None:
            return Sight(ruling.first.outcome.sees, ruling)
    for word in (what, RECORD):
        ruling = rules.ask(VISIBILITY, what=word, **facts)
        hit = ruling.first
        if hit is None:
            continue
        row = hit.outcome
        meant = not row.who or rules.is_one_of(person, row.who, case, "see") is not None
        if meant:
            return Sight(row.sees, ruling)
        if row.sees == "all":
            return Sight("nothing", ruling)
    return Sight("all")


def kept_features(rules: Rules) -> frozenset[str]:
    """The features of which any row speaks: of what has none of them, everybody sees everything."""
    return frozenset(
        word
        for row in rules.pack.rows(VISIBILITY)
        for cell in row.when
        if cell.fact == "features"
        for word in cell.words
    )
