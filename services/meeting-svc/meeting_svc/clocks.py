"""A clock's ruling and count in the form in which events keep it."""

from chancery.calendar import Count
from chancery.deadlines import counted
from chancery.events.parts import Counted
from chancery.rules.ruling import Ruling
from chancery.rules.tables import Clock


def running(name: str, ruling: Ruling[Clock], count: Count | None) -> Counted | None:
    """None where the rules set no such clock."""
    hit = ruling.first
    if hit is None or count is None:
        return None
    return counted(count, name=name, rule=hit.row, clauses=tuple(cite.clause for cite in hit.cites), force=hit.force)
