"""Named predicates asked of a sitting as it is called and as it opens: what the table of checks says of sittings.

A row speaks of sittings where its ``stage`` is ``convening`` or ``opening``; ``features`` are those of the items. A cap
of ``sitting`` counts the body's sittings of the period that were called or held. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from chancery.refusal import Reason
from chancery.rules.grammar import Selector
from chancery.rules.predicates import REGISTRY, Known, PeriodCap, Verdict, judged
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.tables import CHECKS, Check

Moment = Literal["convening", "opening"]
ASKED: Final = frozenset({"period_cap", "quorum", "presence_of", "no_live_duplicate", "calendar_known"})
"""Predicates that look at what is known of a sitting; all others look at papers."""
COUNTED: Final = "sitting"
BINDING: Final = frozenset({"must", "in_principle"})
MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Facts:
    """``on`` is its day, ``others`` the days of the body's other sittings, ``live`` of those yet to be held.

    ``members`` and ``present`` count at the opening; ``is_there`` tells whether anybody a selector means is present.
    """

    on: date
    features: frozenset[str] = frozenset()
    others: tuple[date, ...] = ()
    live: tuple[date, ...] = ()
    members: int | None = None
    present: int | None = None
    is_there: Callable[[Selector], bool] | None = None


def against(rules: Rules, moment: Moment, facts: Facts) -> tuple[Ruling[Check], list[Reason]]:
    """The checks that bind a sitting at this moment, and one reason for each that does not hold."""
    ruling = rules.ask(CHECKS, stage=moment, features=tuple(sorted(facts.features)))
    spoken_of = {row.id for row in rules.pack.rows(CHECKS) if any(cell.fact == "stage" for cell in row.when)}
    hits = tuple(hit for hit in ruling.hits if hit.row in spoken_of and hit.outcome.check in ASKED)
    known = Known(
        members=facts.members,
        present=facts.present,
        is_present=facts.is_there,
        live_duplicates=sum(1 for day in facts.live if day == facts.on) if moment == "convening" else None,
        days=(facts.on,),
        calendar=rules.calendar,
    )
    binding = tuple(hit for hit in hits if hit.force in BINDING and hit.outcome.on_fail != "flag")
    reasons = [
        _reason(hit, verdict)
        for hit in binding
        if (verdict := judged(hit.outcome.check, hit.outcome.params, _counted(hit, known, facts)))
        in (Verdict.FAILS, Verdict.OPEN)
    ]
    return Ruling(ruling.table, ruling.pack, binding), reasons


def _counted(hit: Hit[Check], known: Known, facts: Facts) -> Known:
    params = hit.outcome.params
    if not isinstance(params, PeriodCap):
        return known
    held = float(sum(1 for day in facts.others if _period(day, params.period) == _period(facts.on, params.period)))
    return replace(known, counted={COUNTED: held})


def _period(day: date, period: str) -> tuple[int, int]:
    return day.year, (day.month - 1) // MONTHS[period]


def _reason(hit: Hit[Check], verdict: Verdict) -> Reason:
    named, ground = REGISTRY[hit.outcome.check], hit.outcome.ground
    params = {"check_zh": ground.zh if ground else named.zh, "check_en": ground.en if ground else named.en}
    code = "check_fails" if verdict is Verdict.FAILS else "check_open"
    return Reason(code, hit.cites, params, subject=hit.outcome.check)


def union(*features: Sequence[str]) -> frozenset[str]:
    return frozenset(word for one in features for word in one)
