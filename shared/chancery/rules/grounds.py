"""What an event rests on, no more and no less: rulings narrowed to the rows that bound it. Pure."""

from chancery.events.parts import Counted
from chancery.rules.excusing import row_named
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Ruling
from chancery.rules.tables import CLOCKS, Clock, Gate

BINDING = frozenset({"must", "in_principle"})


def bound_by(gates: Ruling[Gate]) -> Ruling[Gate]:
    """The gates that had to be met; one that is only shown, or normally asked, may be open, so nothing rests on it."""
    hits = tuple(hit for hit in gates.hits if hit.force in BINDING and hit.outcome.on_missing != "show")
    return Ruling(gates.table, gates.pack, hits)


def clock_of(rules: Rules, due: Counted) -> Ruling[Clock]:
    """The row a running clock was counted by; no hit where no pack in force has such a row."""
    return row_named(rules, CLOCKS.name, due.rule)
