"""What the rules ask to be brought along with a request, and what is there (应附材料). Pure."""

from collections.abc import Sequence
from typing import Any

from chancery.calendar import local_day
from chancery.events.attendance import Brought
from chancery.events.parts import Evidence, Excuse
from chancery.refusal import Reason
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit
from chancery.rules.setting_aside import excusable, excused

OWN_REASON = "reason"
"""What the form itself carries of that which a row asks to be brought."""


def on_file(brings: Sequence[Brought], rules: Rules) -> tuple[Evidence, ...]:
    """What was brought, as the evidence that an exception of the rules may need."""
    today = local_day(rules.at)
    return tuple(Evidence(evidence=one.what, given_on=today, reference=one.reference) for one in brings)


def missing(
    rules: Rules,
    table: str,
    row: Hit[Any],
    brings: Sequence[Brought],
    reason: str | None,
    excuses: Sequence[Excuse],
) -> Sequence[Reason]:
    """Everything the row asks for and nobody brought; what it asks in principle may be excused, word by word."""
    if row.force not in ("must", "in_principle"):
        return []
    there = {one.what for one in brings}
    if reason and reason.strip():
        there.add(OWN_REASON)
    wanted = [word for word in row.outcome.requires if word not in there]
    return [
        Reason(
            "must_bring",
            row.cites,
            {"what": word},
            subject="brings",
            excusable=excusable(table, row, word, lambda who: rules.who(who).people()),
        )
        for word in wanted
        if not excused(excuses, table, row, [word])
    ]
