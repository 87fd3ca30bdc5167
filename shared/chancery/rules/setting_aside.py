"""What sets a row aside in one case: an excuse of whoever may give it, an exception claimed and proved. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from chancery.events.parts import Claim, Evidence, Excuse
from chancery.refusal import Excusable
from chancery.rules.grammar import Selector, Unless
from chancery.rules.pack import Excepted, Row
from chancery.rules.ruling import Hit
from chancery.rules.tables import Agenda

LEAD: Final = "lead"
PROPOSER: Final = "proposer"
RECORDED_REASON: Final = "recorded_reason"
"""What an exception needs where the reason written down with its claim is enough; other words are evidence."""


def permit_of(outcome: Any, force: str, permit: Selector | None, what: str) -> Selector | None:
    """Who may excuse what a row asks; None where nobody may.

    What must be is never excused. A lead time whose row itself says with whose permission late papers are taken is
    excused by him, however strongly the row speaks otherwise.
    """
    if isinstance(outcome, Agenda) and what == LEAD and outcome.on_late == "permit":
        return outcome.permit or permit
    return permit if force == "in_principle" else None


def excused(excuses: Iterable[Excuse], table: str, hit: Hit[Any], what: Sequence[str], of: str | None = None) -> bool:
    """Whether what a row asks was excused in this case; the words of ``what`` are as good as one another."""
    if hit.pack is not None or permit_of(hit.outcome, hit.force, hit.permit, what[0]) is None:
        return False  # what a pack beside the own one asks is for nobody of this government to excuse
    return any(
        one.table == table and one.row == hit.row and one.what in what and one.of == (of or None) for one in excuses
    )


def excusable(
    table: str, hit: Hit[Any], what: str, people: Callable[[Selector], frozenset[str]], of: str | None = None
) -> tuple[Excusable, ...]:
    """What would have to be excused, and by whom; nothing where nobody may."""
    permit = permit_of(hit.outcome, hit.force, hit.permit, what) if hit.pack is None else None
    return () if permit is None else (Excusable(table, hit.row, what, of or None, tuple(sorted(people(permit)))),)


def proved(claims: Sequence[Claim], on_file: Sequence[Evidence] = ()) -> Excepted:
    """Which exceptions hold: claimed, with the reason written down or the evidence on file that the row wants."""
    there = frozenset(one.evidence for one in on_file)

    def holds(unless: Unless) -> bool:
        for claim in claims:
            if claim.exception in unless.exception:
                if unless.needs is None or unless.needs in there:
                    return True
                if unless.needs == RECORDED_REASON and claim.reason.strip():
                    return True
        return False

    return holds


def effective(rows: Iterable[Row[Any]], claims: Sequence[Claim], on_file: Sequence[Evidence] = ()) -> tuple[str, ...]:
    """The exceptions claimed that take one of the rows away, so that what was decided under them can say so."""
    holds = proved(claims, on_file)
    claimed = {claim.exception for claim in claims}
    words = {word for row in rows for unless in row.unless if holds(unless) for word in unless.exception}
    return tuple(sorted(words & claimed))
