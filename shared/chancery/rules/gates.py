"""What has to be on file before something may go on, and what of it is missing: everything at once. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from chancery.events.parts import Evidence, Excuse
from chancery.refusal import Citation, Excusable, Reason
from chancery.rules.grammar import Selector
from chancery.rules.resolve import Case, Resolution
from chancery.rules.ruling import Ruling
from chancery.rules.setting_aside import excusable, excused
from chancery.rules.tables import Gate, Requirement

Titled = Callable[[str], tuple[str, str]]
UnitKind = Callable[[str], str]


Resolve = Callable[[Selector], Resolution]


def unmet(
    ruling: Ruling[Gate],
    on_file: Sequence[Evidence],
    case: Case,
    *,
    resolve: Resolve,
    kind_of: UnitKind,
    titled: Titled,
    excuses: Sequence[Excuse] = (),
    shown: bool = False,
) -> tuple[Reason, ...]:
    """One reason per missing thing; where two clauses ask the same, one reason cites both and says the stricter.

    What was excused is no reason. A reason can be excused where every row behind it can. ``shown`` asks for what is
    missing that holds nothing up and is only pointed out.
    """
    found: dict[tuple[str, str], _Missing] = {}
    for hit in ruling.hits:
        if hit.force in ("may", "as_needed"):
            continue
        if (hit.force == "normally" or hit.outcome.on_missing == "show") != shown:
            continue
        for need in hit.outcome.require:
            for of in _missing(need, on_file, case, resolve, kind_of):
                if excused(excuses, ruling.table, hit, need.evidence, of):
                    continue
                known = found.setdefault((need.evidence[0], of), _Missing(need))
                known.cites += [cite for cite in hit.cites if cite not in known.cites]
                known.need = max(known.need, need, key=_says)
                known.ways.append(excusable(ruling.table, hit, need.evidence[0], lambda who: resolve(who).people(), of))
    return tuple(_reason(one, of, titled) for (_, of), one in found.items())


def joined(known: Sequence[Reason], more: Iterable[Reason]) -> list[Reason]:
    """What several stages lack, each thing once, with all that ask for it; excused where each of them can be."""
    found = {(one.code, one.subject): one for one in known}
    for one in more:
        before = found.setdefault((one.code, one.subject), one)
        if before != one:
            found[one.code, one.subject] = replace(
                before if len(before.params) >= len(one.params) else one,
                cites=tuple(dict.fromkeys((*before.cites, *one.cites))),
                excusable=(*before.excusable, *one.excusable) if before.excusable and one.excusable else (),
            )
    return list(found.values())


@dataclass(slots=True)
class _Missing:
    """One missing thing: what says most of it, the clauses that ask for it, and how each row could be excused."""

    need: Requirement
    cites: list[Citation] = field(default_factory=list[Citation])
    ways: list[tuple[Excusable, ...]] = field(default_factory=list[tuple[Excusable, ...]])

    @property
    def excusable(self) -> tuple[Excusable, ...]:
        return tuple(way for ways in self.ways for way in ways) if all(self.ways) else ()


def _says(need: Requirement) -> int:
    """How much a requirement says of what it wants."""
    return len(need.attrs) + (need.by is not None) + (need.state is not None) + (need.chaired_by is not None)


def _missing(
    need: Requirement, on_file: Sequence[Evidence], case: Case, resolve: Resolve, kind_of: UnitKind
) -> list[str]:
    """For which unit or body the requirement is not met; "" stands for the matter as a whole."""
    fitting = [e for e in on_file if e.evidence in need.evidence and _fits(need, e, resolve)]
    if need.of_each is not None:
        return [unit for unit in _each(need.of_each, case, kind_of) if not any(_speaks_for(e, unit) for e in fitting)]
    if need.of:
        fitting = [e for e in fitting if e.of in need.of]
    there = len(fitting) if len(need.evidence) == 1 else len({e.evidence for e in fitting})
    return [] if there >= need.n else [""]


def _speaks_for(evidence: Evidence, unit: str) -> bool:
    return unit in (evidence.of, evidence.by)


def _fits(need: Requirement, evidence: Evidence, resolve: Resolve) -> bool:
    """``state`` and ``chaired_by`` are looked up among what the evidence says of itself."""
    if evidence.deemed and not need.deemed_counts:
        return False
    if any(evidence.attrs.get(name) not in allowed for name, allowed in need.attrs.items()):
        return False
    if need.state is not None and evidence.attrs.get("state") != need.state:
        return False
    if need.chaired_by is not None and evidence.attrs.get("chaired_by") not in resolve(need.chaired_by).people():
        return False
    if need.by is None or (need.by.how == "unit" and evidence.by == need.by.name):
        return True
    return need.by.how != "unit" and evidence.by in resolve(need.by).people()


def _each(what: str, case: Case, kind_of: UnitKind) -> Iterable[str]:
    kinds = {
        "units_involved": None,
        "departments_involved": {"department"},
        "towns_or_streets_involved": {"town", "street", "zone"},
    }[what]
    others = [unit for unit in case.units_involved if unit != case.lead_unit]
    return [unit for unit in others if kinds is None or kind_of(unit) in kinds]


def _reason(missing: _Missing, of: str, titled: Titled) -> Reason:
    need = missing.need
    names = [titled(name) for name in need.evidence]
    params: dict[str, object] = {
        "evidence": need.evidence[0],
        "evidence_zh": "或".join(zh for zh, _ in names),
        "evidence_en": " or ".join(en for _, en in names),
    }
    if of:
        params["of_zh"], params["of_en"] = titled(of)
    if need.by is not None and need.by.how == "unit" and need.by.name:
        params["by_zh"], params["by_en"] = titled(need.by.name)
    says = dict(need.attrs) | ({"state": (need.state,)} if need.state is not None else {})
    if says:
        params["attrs"] = "; ".join(f"{name}: {'/'.join(words)}" for name, words in says.items())
    code = f"needs_{need.evidence[0]}"
    return Reason(code, tuple(missing.cites), params, subject=of or None, excusable=missing.excusable)
