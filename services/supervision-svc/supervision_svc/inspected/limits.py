"""What inspections may not do (督查限制): each limit of the rules, held against what is planned.

The words of limits have a meaning here, as those of clocks do: planned, no_repeat, no_overlap, within_own_powers,
no_government_inspection, paper_issued_is_no_criterion, with_a_partner_body, after_inspection_cooling_off,
after_assessment_cooling_off, not_just_after_arranging, not_widened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from chancery.calendar import Span, count_forward, local_day, local_moment
from chancery.events.parts import Claim, Evidence
from chancery.refusal import Reason
from chancery.rules.rulebook import Rules
from chancery.rules.ruling import Hit, Ruling
from chancery.rules.setting_aside import proved
from chancery.rules.tables import INSPECTION_LIMITS, InspectionLimit
from supervision_svc.inspected.state import Inspected, Inspection

SAME_DAY: Final = {"inspection": "inspection_on_day_of_assignment", "assessment": "assessment_on_day_of_deployment"}
REPEAT: Final = "inspection_repeat"
"""The setting that says for how long one subject is not looked at again in one unit; unset: the calendar year."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned, with what is known of it. ``arranged_at`` is when the last of its tasks was assigned."""

    unit: str
    subject: str
    form: str
    inspector: str
    partners: tuple[str, ...]
    first_on: date
    last_on: date
    plan: str
    criteria: tuple[str, ...]
    major: bool
    arranged_at: datetime | None
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]

    def forms(self) -> tuple[str, ...]:
        """As what the rules are asked about it."""
        same_day = self.arranged_at is not None and local_day(self.arranged_at) == self.first_on
        found = [self.form, *(f"criterion_{word}" for word in self.criteria)]
        found += [f"{self.form}_of_major_decision"] if self.major else []
        found += [SAME_DAY[self.form]] if same_day else []
        return tuple(found)


def limits(planned: Planned, rules: Rules) -> Ruling[InspectionLimit]:
    """Every row that speaks of it, each once."""
    by = _inspector(planned, rules)
    excepted = proved(planned.claims, planned.evidence)
    hits: dict[tuple[object, str], Hit[InspectionLimit]] = {}
    ruling: Ruling[InspectionLimit] = Ruling(INSPECTION_LIMITS.name, rules.pack.ref, ())
    for form in planned.forms():
        ruling = rules.ask(INSPECTION_LIMITS, excepted=excepted, form=form, by=by)
        hits |= {(hit.pack, hit.row): hit for hit in ruling.hits}
    return Ruling(ruling.table, ruling.pack, tuple(hits.values()))


def _inspector(planned: Planned, rules: Rules) -> str:
    """The kind of unit that inspects; with nobody at its side, that it is alone."""
    kind = rules.roster.units[planned.inspector].kind
    return kind if planned.partners or kind == "department" else f"{kind}_alone"


def broken(planned: Planned, there: Inspected, rules: Rules) -> tuple[Ruling[InspectionLimit], list[Reason], list[str]]:
    """The limits, what refuses, and the words of those that only say so."""
    ruling = limits(planned, rules)
    reasons: list[Reason] = []
    flagged: list[str] = []
    for hit in ruling.hits:
        held = HELD.get(hit.outcome.rule, _always)
        because = held(planned, there, rules, hit)
        if because is None:
            continue
        if hit.outcome.on_breach == "flag" or hit.force in ("may", "as_needed", "normally"):
            flagged.append(hit.outcome.rule)
            continue
        params = {
            "limit_zh": rules.titled(hit.outcome.rule),
            "limit_en": rules.titled(hit.outcome.rule, "en"),
            "because": because or "—",
        }
        reasons.append(Reason("inspection_not_allowed", hit.cites, params, subject=hit.outcome.rule))
    return ruling, reasons, list(dict.fromkeys(flagged))


Held = Callable[[Planned, Inspected, Rules, Hit[InspectionLimit]], str | None]


def _always(planned: Planned, there: Inspected, rules: Rules, hit: Hit[InspectionLimit]) -> str | None:
    """The row itself says when; what it speaks of is not kept."""
    del there, rules, hit
    return planned.subject


def _never(planned: Planned, there: Inspected, rules: Rules, hit: Hit[InspectionLimit]) -> str | None:
    del planned, there, rules, hit
    return None


def _has_plan(planned: Planned, there: Inspected, rules: Rules, hit: Hit[InspectionLimit]) -> str | None:
    del there, rules, hit
    return None if planned.plan.strip() else planned.subject


def _standing(there: Inspected) -> list[Inspection]:
    return [one for one in there.all.values() if not one.cancelled]


def _repeats(planned: Planned, there: Inspected, rules: Rules, hit: Hit[InspectionLimit]) -> str | None:
    """The same subject at the same unit: still going on, or within the time of row or setting, else the year."""
    setting = rules.setting(REPEAT)
    span = hit.outcome.window or (Span.model_validate(setting) if isinstance(setting, dict) else None)
    for one in _standing(there):
        earlier = one.planned
        if earlier.subject.strip() != planned.subject.strip():
            continue
        if span is None:
            near = planned.first_on.year in (earlier.first_on.year, earlier.last_on.year)
        else:
            until = count_forward(rules.calendar, local_moment(earlier.last_on, _NOON), span).due_on
            near = planned.first_on <= until
        if near or one.concluded is None:
            return f"{earlier.first_on.isoformat()}—{earlier.last_on.isoformat()}"
    return None


def _overlaps(planned: Planned, there: Inspected, rules: Rules, hit: Hit[InspectionLimit]) -> str | None:
    """Another inspection of the unit on the same days, whoever makes it."""
    del hit
    for one in _standing(there):
        earlier = one.planned
        if earlier.first_on <= planned.last_on and planned.first_on <= earlier.last_on:
            return f"{rules.titled(earlier.inspector)}：{earlier.subject}"
    return None


def _beyond_powers(planned: Planned, there: Inspected, rules: Rules, hit: Hit[InspectionLimit]) -> str | None:
    """Nobody inspects himself, nor a unit of his own rank, unless an exception that the rules name holds."""
    del there, hit
    if planned.inspector == planned.unit:
        return rules.titled(planned.unit)
    kinds = rules.roster.units[planned.inspector].kind, rules.roster.units[planned.unit].kind
    designated = bool(planned.claims) and bool(planned.evidence)
    return rules.titled(planned.unit) if kinds[0] == kinds[1] == "department" and not designated else None


def _cooling_off(planned: Planned, there: Inspected, rules: Rules, hit: Hit[InspectionLimit]) -> str | None:
    """Not before the time that the clock of the same form counts from the arrangement."""
    del there, hit
    if planned.arranged_at is None:
        return None
    _, count = rules.clock(f"{planned.form}_cooling_off", planned.arranged_at, source=planned.form)
    return count.due_on.isoformat() if count is not None and planned.first_on <= count.due_on else None


def _same_day(planned: Planned, there: Inspected, rules: Rules, hit: Hit[InspectionLimit]) -> str | None:
    del there, rules, hit
    same = planned.arranged_at is not None and local_day(planned.arranged_at) == planned.first_on
    return planned.first_on.isoformat() if same else None


_NOON: Final = time(12)
HELD: Final[Mapping[str, Held]] = {
    "planned": _has_plan,
    "no_repeat": _repeats,
    "no_overlap": _overlaps,
    "within_own_powers": _beyond_powers,
    "not_just_after_arranging": _same_day,
    "after_inspection_cooling_off": _cooling_off,
    "after_assessment_cooling_off": _cooling_off,
    "not_widened": _never,
}
